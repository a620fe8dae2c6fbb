"""Predicted outcomes, as a model states them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints, ValidationError

from cosmos_reasoner.errors import UnreadableAnswer
from cosmos_reasoner.replies.json_answer import read_json
from cosmos_reasoner.replies.levels import Hazard
from cosmos_reasoner.replies.wording import shortened

