"""What became of an item, in one word."""

from enum import Enum

from cosmos_reasoner.evaluation.scoring.judged import Judged
from cosmos_reasoner.evaluation.scoring.tables import NOT_SCORED

__all__ = ["Outcome", "outcome_of"]


class Outcome(str, Enum):
    """What became of an item, in one word."""

    RIGHT = "right"
    WRONG = "wrong"
    UNREADABLE = "unreadable"
    """A reply came, but no answer could be read from it; it counts as wrong."""
    FAILED = "failed"
    """No reply came, or the item was not asked."""
    DROPPED = "dropped"
    """A simulated robot passed it over."""
    OPEN = "open"
    """Nobody said what would be right."""

    @property
    def mark(self) -> str:
        """A sign, so that the word does not need a colour."""
        return _MARKS[self]

    @property
    def is_trouble(self) -> bool:
        """Whether people look at such items first."""
        return self in (Outcome.WRONG, Outcome.UNREADABLE, Outcome.FAILED)


_MARKS = {
    Outcome.RIGHT: "✓",
    Outcome.WRONG: "✗",
    Outcome.UNREADABLE: "?",
    Outcome.FAILED: "!",
    Outcome.DROPPED: "↷",
    Outcome.OPEN: "·",
}


def outcome_of(judged: Judged) -> Outcome:
    """Say what became of an item."""
    if judged.status == "DROPPED":
        return Outcome.DROPPED
    if judged.status in NOT_SCORED:
        return Outcome.FAILED
    if judged.status == "DEFECTIVE":
        return Outcome.UNREADABLE
    if judged.right is None:
        return Outcome.OPEN
    return Outcome.RIGHT if judged.right else Outcome.WRONG
