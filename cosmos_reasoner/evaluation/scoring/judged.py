"""An item with what came of it, judged by what would have been right."""

from dataclasses import dataclass, field
from enum import Enum

__all__ = ["Forecast", "Judged", "Kind"]


class Kind(str, Enum):
    """How an item is scored."""

    CHOICE = "choice"
    RANKING = "ranking"
    EVENTS = "events"
    SCORE = "score"
    OUTCOME = "outcome"
    TEXT = "text"
    PREDICTION = "prediction"
    """Outcomes whose truth, if any, comes from the recording's own future."""
    UNSCORED = "unscored"
    """Nobody said what would be right."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """A probability, 0..1, and whether what it was given to is so."""

    probability: float
    happened: bool


@dataclass(frozen=True, slots=True)
class Judged:
    """An item with what came of it, in plain values that fit into summary.json.

    Attributes:
        id: The item's.
        set: What it is counted with.
        group: What it counts as right with; empty for nothing.
        run: Which of several runs, from 0.
        kind: How it is scored.
        status: OK, TRUNCATED_THINK, DEFECTIVE, FAILED (no reply came) or DROPPED (by a simulated robot).
        note: What there is to say of the status; empty where it is OK.
        answer: What was answered, in one line; empty where nothing could be read.
        truth: What would be right, in one line; empty where nobody knows.
        right: Whether the answer is right; an unreadable or missing one is not. None where that cannot be said.
        defects: Names of what was wrong with the reply.
        values: Numbers by name: `score` and `true_score`; `top_1`, `ndcg`, `kendall_tau`; all that the kind has.
        ious: Overlap of each event that there is with what was answered, 0..1.
        forecasts: Probabilities with what came of them.
        unclear: How many probabilities have no outcome that anybody could tell.
    """

    id: str
    set: str
    group: str
    run: int
    kind: Kind
    status: str
    note: str = ""
    answer: str = ""
    truth: str = ""
    right: bool | None = None
    defects: tuple[str, ...] = ()
    values: dict[str, float] = field(default_factory=dict)
    ious: tuple[float, ...] = ()
    forecasts: tuple[Forecast, ...] = ()
    unclear: int = 0
