"""JSON that obeys a schema, filled with what is known."""

import json
from collections.abc import Callable, Sequence
from typing import Any

from cosmos_reasoner.embedded.answers.outcomes import Outcome
from cosmos_reasoner.embedded.sight.facts import Box
from cosmos_reasoner.errors import InvalidRequest

__all__ = ["OUTCOMES", "Known", "fill", "outcomes_value"]

Schema = dict[str, Any]

Known = dict[str, Any]
"""Values by the names of the properties that ask for them, lower case."""

OUTCOMES = "outcomes"
"""The property that holds predicted outcomes."""


def outcomes_value(found: Sequence[Outcome], thousandths: bool) -> list[Known]:
    """Outcomes as JSON values."""
    return [
        {
            "text": entry.text,
            "probability": round(entry.probability, 2),
            "hazard": entry.hazard,
            "subject": _box(entry, thousandths),
            "camera": entry.camera or None,
        }
        for entry in found
    ]


def _box(outcome: Outcome, thousandths: bool) -> list[int] | None:
    if outcome.box is None:
        return None
    box: Box = outcome.box
    x, y = (1000 / outcome.size[0], 1000 / outcome.size[1]) if thousandths else (1.0, 1.0)
    return [round(box.left * x), round(box.top * y), round(box.right * x), round(box.bottom * y)]


_NAMES = {
    "text": ("description", "summary", "caption", "explanation", "reason", "outcome"),
    "outcomes": ("predictions",),
    "probability": ("confidence",),
    "hazard": ("risk",),
    "subject": ("box", "bbox", "bbox_2d", "region"),
    "score": ("rating",),
    "answer": ("choice",),
    "think": ("reasoning", "thoughts"),
}
_SYNONYMS = {other: name for name, others in _NAMES.items() for other in others}
"""Names of properties that mean what another name means."""


def fill(schema: Schema, known: Known) -> str:
    """Write JSON for a schema.

    Raises:
        InvalidRequest: It requires something that this endpoint does not know.
    """
    return json.dumps(_value(schema, known, "answer", schema), ensure_ascii=False)


def _value(schema: Schema, known: Known, place: str, root: Schema) -> Any:
    schema = _resolved(schema, root)
    kinds = _types(schema)
    if "object" in kinds or "properties" in schema:
        return _object(schema, known, place, root)
    name = place.rsplit(".", 1)[-1].lower()
    key = name if name in known else _SYNONYMS.get(name, name)
    if key not in known:
        raise InvalidRequest(f"schema: {place} is required, but this endpoint measures motion and knows no such thing")
    return _checked(schema, known[key], place, root)


def _object(schema: Schema, known: Known, place: str, root: Schema) -> Any:
    filled: dict[str, Any] = {}
    required = set(schema.get("required", []))
    for name, part in schema.get("properties", {}).items():
        try:
            filled[name] = _value(part, known, f"{place}.{name}", root)
        except InvalidRequest:
            if name in required:
                raise
    if missing := required - set(filled):
        raise InvalidRequest(f"schema: {place} requires {min(missing)!r}, of which the schema says nothing")
    if not schema.get("properties"):
        return {"answer": known["answer"]} if OUTCOMES not in known else {OUTCOMES: known[OUTCOMES]}
    return filled


def _checked(schema: Schema, value: Any, place: str, root: Schema) -> Any:
    if isinstance(value, list) and value and isinstance(value[0], dict):
        items = schema.get("items", {})
        values = [_value(items, entry, place, root) if items else entry for entry in value]
        return values[: schema.get("maxItems", len(values))]
    if not _fits(schema, value, root):
        raise InvalidRequest(f"schema: {place}: the measured value {value!r} does not fit")
    return value


def _fits(schema: Schema, value: Any, root: Schema) -> bool:
    schema = _resolved(schema, root)
    if parts := schema.get("anyOf") or schema.get("oneOf"):
        return any(_fits(part, value, root) for part in parts)
    kinds = _types(schema)
    if kinds and not any(_CHECKS[kind](value) for kind in kinds if kind in _CHECKS):
        return False
    return value in schema.get("enum", [value]) and _in_range(schema, value, root)


def _in_range(schema: Schema, value: Any, root: Schema) -> bool:
    if isinstance(value, bool) or value is None:
        return True
    if isinstance(value, int | float):
        return bool(schema.get("minimum", value) <= value <= schema.get("maximum", value))
    if isinstance(value, str):
        return bool(schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value)))
    if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)):
        return False
    return all(_fits(schema.get("items", {}), entry, root) for entry in value)


_CHECKS: dict[str, Callable[[Any], bool]] = {
    "string": lambda value: isinstance(value, str),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "boolean": lambda value: isinstance(value, bool),
    "array": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
    "null": lambda value: value is None,
}


def _types(schema: Schema) -> list[str]:
    given = schema.get("type", [])
    return [given] if isinstance(given, str) else list(given)


def _resolved(schema: Schema, root: Schema) -> Schema:
    """Follow $ref inside the same schema."""
    for _ in range(16):
        target = schema.get("$ref")
        if target is None:
            return schema
        found: Any = root
        for step in str(target).removeprefix("#/").split("/"):
            found = found.get(step) if isinstance(found, dict) else None
        if not isinstance(found, dict):
            raise InvalidRequest(f"schema: $ref {target!r} leads nowhere")
        schema = found
    raise InvalidRequest("schema: a chain of $ref without end")
