"""Answers that are lists of objects."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from cosmos_reasoner.errors import UnreadableAnswer
from cosmos_reasoner.replies.json_answer import read_json
from cosmos_reasoner.replies.wording import shortened

__all__ = ["Listed", "as_number", "read_list"]

T = TypeVar("T")

_LARGEST = 1e6


@dataclass(frozen=True, slots=True)
class Listed(Generic[T]):
    """What of a list could be used.

    Attributes:
        entries: In the order of the answer; empty when the list is.
        unusable: How many more there were.
        mended: The JSON had a fault or words around it.
    """

    entries: tuple[T, ...]
    unusable: int
    mended: bool


def read_list(answer: str, what: str, read_entry: Callable[[dict[str, Any]], T | None]) -> Listed[T]:
    """Read a JSON list of objects, or the only object of what should be one.

    Args:
        answer: What the model wrote.
        what: The entries, for errors: "detections".
        read_entry: Reads one object; None when it is not usable.

    Raises:
        UnreadableAnswer: It is no such JSON, or has entries of which none is usable.
    """
    value, mended = read_json(answer)
    objects = value if isinstance(value, list) else [value]
    read = [read_entry(entry) if isinstance(entry, dict) else None for entry in objects]
    entries = tuple(entry for entry in read if entry is not None)
    if objects and not entries:
        raise UnreadableAnswer(f"unreadable {what} {shortened(answer)}: none of {len(objects)} has what was asked for")
    return Listed(entries, len(objects) - len(entries), mended)


def as_number(value: Any) -> float | None:
    """A number as JSON has them, no further from 0 than a million; None for anything else."""
    return float(value) if type(value) in (int, float) and abs(value) <= _LARGEST else None
