"""Clips with scores that people gave for physical plausibility, 1 to 5."""

from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from cosmos_reasoner.evaluation.labels.faults import gather
from cosmos_reasoner.evaluation.labels.files import media, numbered, read_json
from cosmos_reasoner.evaluation.labels.item import Item, Labels
from cosmos_reasoner.evaluation.labels.truth import ScoreTruth
from cosmos_reasoner.evaluation.labels.validated import validated
from cosmos_reasoner.tasks.task import Question

__all__ = ["SCORE_KEY", "published_scores", "read_plausibility"]

SCORE_KEY = "human_physical_plausibility_1to5"
"""Field that tells such a file from others."""

_SET = "plausibility"


class _Clip(BaseModel):
    model_config = ConfigDict(strict=True, str_strip_whitespace=True)

    video: str
    score: int = Field(ge=1, le=5, alias=SCORE_KEY)
    published_model_scores: dict[str, int] = Field(default_factory=dict)


def read_plausibility(file: Path) -> Labels:
    """Read clips with the people's scores as questions to the task `critique`; ids are the names of the clips.

    Raises:
        ConfigurationError: The file cannot be read, or holds no list.
    """
    return gather(file, numbered(read_json(file)), lambda _, data: _item(file, data))


def published_scores(file: Path, model: str) -> dict[str, int]:
    """Scores, 1 to 5, that were published for a model, by item id; clips without one are left out.

    Args:
        file: As for `read_plausibility`.
        model: Its key in `published_model_scores`.

    Raises:
        ConfigurationError: The file or an entry cannot be read.
    """
    clips = [validated(_Clip, data) for data in read_json(file)]
    return {_id(clip): score for clip in clips if (score := clip.published_model_scores.get(model)) is not None}


def _item(file: Path, data: Any) -> Item:
    clip = validated(_Clip, data)
    recording = media(file.parent, clip.video, "video")
    return Item(_id(clip), _SET, recording, None, None, (), Question("critique"), ScoreTruth(clip.score))


def _id(clip: _Clip) -> str:
    return Path(clip.video).stem
