"""What the records of public benchmarks have in common."""

from abc import abstractmethod
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from cosmos_reasoner.evaluation.labels.item import Item

__all__ = ["PublicRecord", "Text"]

Text = Annotated[str, Field(min_length=1)]
"""A text that is not empty."""


class PublicRecord(BaseModel):
    """A record of a public benchmark; fields that are of no use here are passed over."""

    model_config = ConfigDict(strict=True, str_strip_whitespace=True)

    @abstractmethod
    def item(self, name: str, place: str, folder: Path) -> Item:
        """Make an item.

        Args:
            name: Of the benchmark.
            place: The record's place in its file.
            folder: Where that file is.

        Raises:
            ConfigurationError: Its media are not there, or its fields contradict each other.
        """
