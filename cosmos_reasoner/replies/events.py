"""Events with their times, as a model states them."""

import re
from dataclasses import dataclass
from typing import Any

from cosmos_reasoner.replies.listed import Listed, as_number, read_list

__all__ = ["EVENTS_SCHEMA", "StatedEvent", "read_events"]

EVENTS_SCHEMA: dict[str, Any] = {
    "type": "array",
    "maxItems": 50,
    "items": {
        "type": "object",
        "properties": {
            "start": {"type": "number", "minimum": 0},
            "end": {"type": "number", "minimum": 0},
            "text": {"type": "string", "minLength": 1},
        },
        "required": ["start", "end", "text"],
        "additionalProperties": False,
    },
}
"""JSON schema that a request may hold the answer to; the bound ends lists that a model would go on writing for ever."""

_SECONDS = re.compile(r"(\d{1,7}(?:\.\d{1,9})?)\s?(?:s|sec|secs|seconds?)?", re.IGNORECASE)
_CLOCK = re.compile(r"(?:(\d{1,3}):)?(\d{1,3}):(\d{1,2}(?:\.\d{1,9})?)")
_TEXTS = ("text", "caption", "description", "event", "label")


@dataclass(frozen=True, slots=True)
class StatedEvent:
    """Something that happens, as the model stated it; `start` <= `end` in seconds from the clip's start."""

    text: str
    start: float
    end: float


def read_events(answer: str) -> Listed[StatedEvent]:
    """Read `[{"start", "end", "text"}, ...]`.

    Times are seconds (3.2, "3.2", "3.2s") or "mm:ss.ff", "h:mm:ss". As other prompts teach the models to, they may be
    called "start_time" and "end_time", and the text "caption", "description", "event" or "label".

    Raises:
        UnreadableAnswer: It is no such JSON, or has entries of which none has a text and times in their order.
    """
    return read_list(answer, "events", _read)


def _read(entry: dict[str, Any]) -> StatedEvent | None:
    start, end = (_seconds(entry.get(name, entry.get(f"{name}_time"))) for name in ("start", "end"))
    text = next((entry[name].strip() for name in _TEXTS if isinstance(entry.get(name), str)), "")
    if start is None or end is None or start > end or not text:
        return None
    return StatedEvent(text, start, end)


def _seconds(stated: object) -> float | None:
    if not isinstance(stated, str):
        return as_number(stated)
    if plain := _SECONDS.fullmatch(stated.strip()):
        return float(plain[1])
    if clock := _CLOCK.fullmatch(stated.strip()):
        hours, minutes, seconds = clock.groups(default="0")
        return 3600 * int(hours) + 60 * int(minutes) + float(seconds)
    return None
