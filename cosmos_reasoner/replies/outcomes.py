"""Predicted outcomes, as a model states them."""

import math
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, Field, StrictFloat, StrictInt, StrictStr, StringConstraints, ValidationError

from cosmos_reasoner.errors import UnreadableAnswer
from cosmos_reasoner.replies.json_answer import read_json
from cosmos_reasoner.replies.levels import Hazard
from cosmos_reasoner.replies.shares import read_shares
from cosmos_reasoner.replies.wording import shortened

__all__ = ["OUTCOMES_SCHEMA", "Box", "OutcomesAnswer", "StatedOutcome", "read_outcomes"]

Box = tuple[float, float, float, float]
"""Left, top, right, bottom, in the coordinates that the prompt asked for."""

OUTCOMES_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "outcomes": {
            "type": "array",
            "minItems": 1,
            "maxItems": 8,
            "items": {
                "type": "object",
                "properties": {
                    "text": {"type": "string", "minLength": 1},
                    "probability": {"type": "number", "minimum": 0, "maximum": 1},
                    "hazard": {"type": "string", "enum": ["NONE", "LOW", "HIGH", "IMMINENT"]},
                    "subject": {
                        "anyOf": [
                            {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 4},
                            {"type": "null"},
                        ]
                    },
                    "camera": {"anyOf": [{"type": "string"}, {"type": "null"}]},
                },
                "required": ["text", "probability", "hazard", "subject", "camera"],
                "additionalProperties": False,
            },
        }
    },
    "required": ["outcomes"],
    "additionalProperties": False,
}
"""JSON schema that a request may hold the answer to; every key is required, as OpenAI's strict mode wants it."""

_LARGEST_COORDINATE = 1e6


@dataclass(frozen=True, slots=True)
class StatedOutcome:
    """Something that may happen, as the model stated it.

    Attributes:
        text: What happens.
        probability: 0..1; None when it stated none.
        hazard: To people, the robot or things.
        subject: Box of the main thing, with left < right and top < bottom; None when there is none.
        camera: Name of the camera that shows it; None when there is none.
    """

    text: str
    probability: float | None = None
    hazard: Hazard = Hazard.UNKNOWN
    subject: Box | None = None
    camera: str | None = None


@dataclass(frozen=True, slots=True)
class OutcomesAnswer:
    """The outcomes of one answer.

    Attributes:
        outcomes: At least one; by probability, highest first, those without one last.
        repaired: Something was mended, without ambiguity, or an unusable hazard, subject or camera was left out.
    """

    outcomes: tuple[StatedOutcome, ...]
    repaired: bool


class _Entry(BaseModel):
    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
    probability: StrictInt | StrictFloat | StrictStr | None = None
    hazard: object = None
    subject: object = None
    camera: object = None


class _Answer(BaseModel):
    outcomes: list[_Entry] = Field(min_length=1)


def read_outcomes(answer: str) -> OutcomesAnswer:
    """Read `{"outcomes": [{"text", "probability", "hazard", "subject", "camera"}, ...]}`, or the bare list.

    Only "text" must be there. Percentages ("70%", or 70 beside other such numbers) are divided by 100, and
    probabilities that sum to more than 1 are scaled down to 1; both count as repaired.

    Raises:
        UnreadableAnswer: It is no such JSON, or a probability is out of its range.
    """
    value, mended = read_json(answer)
    entries = _validated(value, answer)
    shares, converted = read_shares([entry.probability for entry in entries])
    repaired = mended or converted
    outcomes = []
    for entry, share in zip(entries, shares, strict=True):
        hazard, subject, camera = _hazard(entry.hazard), _box(entry.subject), _camera(entry.camera)
        repaired |= _lost(entry.hazard, absent=hazard is Hazard.UNKNOWN)
        repaired |= _lost(entry.subject, absent=subject is None)
        repaired |= _lost(entry.camera, absent=camera is None)
        outcomes.append(StatedOutcome(entry.text, share, hazard, subject, camera))
    outcomes.sort(key=lambda outcome: math.inf if outcome.probability is None else -outcome.probability)
    return OutcomesAnswer(tuple(outcomes), repaired)


def _validated(value: object, answer: str) -> list[_Entry]:
    try:
        return _Answer.model_validate({"outcomes": value} if isinstance(value, list) else value).outcomes
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "the answer"
        raise UnreadableAnswer(f"unreadable outcomes {shortened(answer)}: {place}: {first['msg']}") from error


def _hazard(stated: object) -> Hazard:
    name = stated.strip().upper() if isinstance(stated, str) else ""
    return Hazard[name] if name in Hazard.__members__ else Hazard.UNKNOWN


def _box(stated: object) -> Box | None:
    if not isinstance(stated, list) or len(stated) != 4:
        return None
    if not all(type(edge) in (int, float) and abs(edge) <= _LARGEST_COORDINATE for edge in stated):
        return None
    left, top, right, bottom = (float(edge) for edge in stated)
    return (left, top, right, bottom) if left < right and top < bottom else None


def _camera(stated: object) -> str | None:
    return (stated.strip() or None) if isinstance(stated, str) else None


def _lost(stated: object, *, absent: bool) -> bool:
    """Tell whether something was stated and could not be used."""
    return absent and stated not in (None, "", "UNKNOWN")
