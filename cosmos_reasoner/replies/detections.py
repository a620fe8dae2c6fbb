"""Boxes and points, as a model states them."""

from dataclasses import dataclass
from typing import Any

from cosmos_reasoner.replies.listed import Listed, as_number, read_list
from cosmos_reasoner.replies.outcomes import Box

__all__ = ["DETECTIONS_SCHEMA", "Point", "StatedDetection", "read_detections"]

Point = tuple[float, float]
"""x, y, in the coordinates that the prompt asked for."""


def _place(name: str, numbers: int) -> dict[str, Any]:
    """Schema of an object with one place; its keys in the order in which the Qwen-VL models were taught to write."""
    return {
        "type": "object",
        "properties": {
            name: {"type": "array", "items": {"type": "integer"}, "minItems": numbers, "maxItems": numbers},
            "label": {"type": "string", "minLength": 1},
            "camera": {"type": "string"},
        },
        "required": [name, "label"],
        "additionalProperties": False,
    }


DETECTIONS_SCHEMA: dict[str, Any] = {
    "type": "array",
    "maxItems": 100,
    "items": {"anyOf": [_place("bbox_2d", 4), _place("point_2d", 2)]},
}
"""JSON schema that a request may hold the answer to; the bound ends lists that a model would go on writing for ever."""


@dataclass(frozen=True, slots=True)
class StatedDetection:
    """Something found, as the model stated it.

    Attributes:
        label: What it is; empty when it did not say.
        box: With left < right and top < bottom; None when there is none.
        point: None when there is none; never without a box too.
        camera: Name of the camera whose picture shows it; None when there is none.
    """

    label: str
    box: Box | None
    point: Point | None
    camera: str | None


def read_detections(answer: str) -> Listed[StatedDetection]:
    """Read `[{"bbox_2d": [left, top, right, bottom], "label"}, {"point_2d": [x, y], "label"}, ...]`.

    "bbox" and "point" do too, and "camera" may be there.

    Raises:
        UnreadableAnswer: It is no such JSON, or has entries of which none has a box or a point.
    """
    return read_list(answer, "detections", _read)


def _read(entry: dict[str, Any]) -> StatedDetection | None:
    box = _box(entry.get("bbox_2d", entry.get("bbox")))
    point = _point(entry.get("point_2d", entry.get("point")))
    if box is None and point is None:
        return None
    return StatedDetection(_text(entry.get("label")), box, point, _text(entry.get("camera")) or None)


def _box(stated: object) -> Box | None:
    match _numbers(stated):
        case [left, top, right, bottom] if left < right and top < bottom:
            return left, top, right, bottom
    return None


def _point(stated: object) -> Point | None:
    match _numbers(stated):
        case [x, y]:
            return x, y
    return None


def _numbers(stated: object) -> list[float]:
    """The numbers of a list; none when something else is among them."""
    numbers = [as_number(value) for value in stated] if isinstance(stated, list) else []
    known = [value for value in numbers if value is not None]
    return known if len(known) == len(numbers) else []


def _text(stated: object) -> str:
    return stated.strip() if isinstance(stated, str) else ""
