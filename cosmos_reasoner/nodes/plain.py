"""Messages as plain data, for pages and other programs that know no ROS."""

import math
from typing import Any

from builtin_interfaces.msg import Duration, Time
from diagnostic_msgs.msg import DiagnosticStatus

from cosmos_reasoner.nodes.conversions import nanoseconds, seconds

__all__ = ["plain", "plain_status"]

_LEVELS = ("ok", "warn", "error", "stale")
"""Of a DiagnosticStatus, by their numbers."""

_WORDS = {
    "confidence_origin": "ORIGIN_",
    "hazard": "HAZARD_",
    "kind": "",
    "part": "",
    "score_origin": "ORIGIN_",
    "status": "STATUS_",
    "verdict": "",
}
"""Fields of our messages that hold one of their constants, and how those begin."""


def plain(message: Any) -> dict[str, Any]:
    """Take a message of cosmos_reasoner_msgs apart, into what JSON can say.

    Fields keep their names. A Time becomes its seconds as text with nine decimals, which loses nothing and can be
    compared; a Duration becomes seconds; what is unknown (NaN) becomes None; a constant becomes its name in small
    letters ("imminent").
    """
    names = message.get_fields_and_field_types()
    return {name: _word(message, name) if name in _WORDS else _plain(getattr(message, name)) for name in names}


def plain_status(status: DiagnosticStatus) -> dict[str, Any]:
    """How a part of the reasoner is: its level ("ok", "warn", "error", "stale"), text and values."""
    values = {pair.key: pair.value for pair in status.values}
    return {"level": _LEVELS[min(status.level[0], len(_LEVELS) - 1)], "text": status.message, "values": values}


def _plain(value: Any) -> Any:
    if isinstance(value, Time):
        return _exact(nanoseconds(value))
    if isinstance(value, Duration):
        return seconds(value)
    if hasattr(value, "get_fields_and_field_types"):
        return plain(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, (str, int)):
        return value
    return [_plain(element) for element in (value.tolist() if hasattr(value, "tolist") else value)]


def _exact(time: int) -> str:
    whole, rest = divmod(abs(time), 1_000_000_000)
    return f"{'-' if time < 0 else ''}{whole}.{rest:09d}"


def _word(message: Any, name: str) -> Any:
    """The name of the constant that a field holds; a field of that name that has no constants stays as it is."""
    value, beginning = getattr(message, name), _WORDS[name]
    names = [each for each in dir(type(message)) if each.isupper() and _beginning(each) == beginning]
    words = (each.removeprefix(beginning).lower() for each in names if getattr(message, each) == value)
    return next(words, _plain(value))


def _beginning(constant: str) -> str:
    """Which of the known beginnings a constant's name has; empty for none."""
    return next((known for known in _WORDS.values() if known and constant.startswith(known)), "")
