"""What would be right: one small type for each kind of answer."""

from dataclasses import dataclass
from typing import TypeAlias

__all__ = [
    "EventsTruth",
    "LabelledEvent",
    "OptionTruth",
    "OutcomeTruth",
    "RankingTruth",
    "ScoreTruth",
    "TextTruth",
    "Truth",
]


@dataclass(frozen=True, slots=True)
class OptionTruth:
    """The right one of a question's options; `index` counts from 0."""

    index: int


@dataclass(frozen=True, slots=True)
class RankingTruth:
    """Ids of all actions of the question, best first."""

    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LabelledEvent:
    """Something that happens; `start` <= `end` in s from the recording's start."""

    start: float
    end: float
    text: str = ""


@dataclass(frozen=True, slots=True)
class EventsTruth:
    """What happens in the window, by its start; empty when it is nothing."""

    events: tuple[LabelledEvent, ...]


@dataclass(frozen=True, slots=True)
class ScoreTruth:
    """A whole number on the task's scale."""

    score: int


@dataclass(frozen=True, slots=True)
class OutcomeTruth:
    """Whether what the question states is so, or came to be so."""

    happened: bool


@dataclass(frozen=True, slots=True)
class TextTruth:
    """Texts, at least one, each of which is a right answer."""

    texts: tuple[str, ...]


Truth: TypeAlias = OptionTruth | RankingTruth | EventsTruth | ScoreTruth | OutcomeTruth | TextTruth
"""What is right, of any kind."""
