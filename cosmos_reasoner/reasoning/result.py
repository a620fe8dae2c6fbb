"""What comes of asking: a typed answer and how it came to be."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Any, TypeAlias

from cosmos_reasoner.replies.defects import Defect
from cosmos_reasoner.replies.levels import Hazard, Origin, Verdict
from cosmos_reasoner.tasks.task import Action, Question, RankingMethod

__all__ = [
    "Answer",
    "ChoiceAnswer",
    "DataAnswer",
    "Detection",
    "DetectionsAnswer",
    "Event",
    "EventsAnswer",
    "Latencies",
    "Outcome",
    "Prediction",
    "Provenance",
    "RankedAction",
    "Ranking",
    "Region",
    "Result",
    "ScoreAnswer",
    "Status",
    "TextAnswer",
    "VerdictAnswer",
]


class Status(IntEnum):
    """How far a result can be trusted; the numbers of Provenance.msg."""

    NONE = 0
    OK = 1
    STALE = 2
    TRUNCATED_THINK = 3
    DEFECTIVE = 4
    FAILED = 5


@dataclass(frozen=True, slots=True)
class Latencies:
    """Where the time went, s.

    Attributes:
        queue: Until its turn came: from the request to the start of the work, and until the endpoint had a free place.
        encode: Frames to bytes.
        first_token: From sending the request to its first token.
        think: From there to the first token of the answer.
        answer: From there to the end of the reply.
        total: From the request to the result; of a ranking, all requests, and the others only the first.
    """

    queue: float = 0.0
    encode: float = 0.0
    first_token: float = 0.0
    think: float = 0.0
    answer: float = 0.0
    total: float = 0.0


@dataclass(frozen=True, slots=True)
class Provenance:
    """How a result came to be; field by field Provenance.msg, with stamps in ns."""

    request_id: str
    clip_start: int
    clip_end: int
    cameras: tuple[str, ...]
    frame_id: str
    frame_count: int
    model: str
    profile: str
    task: str
    prompt_hash: str
    request_count: int
    prompt_tokens: int
    completion_tokens: int
    latencies: Latencies
    status: Status = Status.OK
    status_text: str = ""


@dataclass(frozen=True, slots=True)
class Region:
    """A box in the picture of a camera as it was taken, px."""

    camera: str
    left: int
    top: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class TextAnswer:
    """An answer in words."""

    text: str


@dataclass(frozen=True, slots=True)
class ChoiceAnswer:
    """One of the options.

    Attributes:
        index: Which.
        option: Its text, exactly as given.
        probabilities: Of all options, 0..1; empty when the endpoint gave none.
    """

    index: int
    option: str
    probabilities: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """Something that may happen. `probability` is None when unknown, `subject` when none was given."""

    text: str
    probability: float | None
    origin: Origin
    horizon: float
    hazard: Hazard
    subject: Region | None


@dataclass(frozen=True, slots=True)
class Prediction:
    """What may happen next, likeliest first."""

    outcomes: tuple[Outcome, ...]


@dataclass(frozen=True, slots=True)
class RankedAction:
    """An action with its score, 0..1, and one line each of the model's reasoning."""

    action: Action
    score: float
    expected_outcome: str = ""
    rationale: str = ""


@dataclass(frozen=True, slots=True)
class Ranking:
    """Actions, best first.

    Attributes:
        goal: What they shall serve.
        actions: Each of the caller's once; the scores sum to 1.
        method: How it was made; never AUTO.
        origin: Where the scores come from.
        entropy: Of the scores, 0 (one has all) to 1 (all alike).
        order_sensitivity: Mean total variation between the scores of each ordering and the mean of all orderings of the
            same actions, 0..1; None where nothing was asked in two orderings.
        asked: How many orderings were asked; by pairs, each of two actions.
        orderings: How many of them were answered.
    """

    goal: str
    actions: tuple[RankedAction, ...]
    method: RankingMethod
    origin: Origin
    entropy: float
    order_sensitivity: float | None
    asked: int
    orderings: int


@dataclass(frozen=True, slots=True)
class VerdictAnswer:
    """Whether a statement is true of a clip; `probability` that it is, None when unknown."""

    statement: str
    verdict: Verdict
    probability: float | None
    origin: Origin


@dataclass(frozen=True, slots=True)
class ScoreAnswer:
    """A whole number on the task's scale.

    Attributes:
        score: The median of the samples; of two middle ones the lower.
        agreement: Share of the samples that gave this score; None with one sample.
        samples: How many were read.
    """

    score: int
    agreement: float | None = None
    samples: int = 1


@dataclass(frozen=True, slots=True)
class Detection:
    """Something found in a picture.

    Attributes:
        label: What it is; empty when the model did not say.
        camera: In whose picture.
        box: Where it is; None when only a point was given.
        point: x, y in the picture as it was taken, px; None when only a box was given.
    """

    label: str
    camera: str
    box: Region | None
    point: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class DetectionsAnswer:
    """What was found, in the model's order; empty when it was nothing."""

    detections: tuple[Detection, ...]


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened; `start` <= `end` in ns of the clip's own clock, both inside the clip."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class EventsAnswer:
    """What happened, by its start; empty when it was nothing."""

    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class DataAnswer:
    """A JSON object or list that obeys the question's schema."""

    data: Any


Answer: TypeAlias = (
    TextAnswer
    | ChoiceAnswer
    | Prediction
    | Ranking
    | VerdictAnswer
    | ScoreAnswer
    | DetectionsAnswer
    | EventsAnswer
    | DataAnswer
)
"""An answer of any type."""


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a question.

    Attributes:
        question: What was asked.
        prompt: The words that the model read after the clip.
        think: Its reasoning; empty when it gave none.
        reply: Its answer in its own words; empty when there was none.
        answer: The typed answer; None when the status is DEFECTIVE.
        defects: What was wrong with the reply.
        provenance: How it came to be.
    """

    question: Question
    prompt: str
    think: str
    reply: str
    answer: Answer | None
    defects: tuple[Defect, ...]
    provenance: Provenance
