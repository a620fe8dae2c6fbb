"""JSON out of an answer that should be nothing else.

Only faults with one possible meaning are mended: words around a single value, a comma before a closing bracket, a raw
newline in a string, Python's `True`, `False`, `None` and single quotes. General repairers (the `json-repair` package)
were considered and not taken: they also close what was cut off, drop what they do not understand and quote bare words,
so that a broken answer comes back as a plausible one. Here that is an unreadable answer.
"""

import json
import math
import re
from collections.abc import Iterator
from typing import Any, NoReturn

from cosmos_reasoner.errors import UnreadableAnswer
from cosmos_reasoner.replies.wording import shortened

__all__ = ["DEEPEST", "read_json"]

DEEPEST = 32
"""Levels of brackets in brackets at most; the answers of this package have four."""

_STRING = r'"(?:[^"\\]|\\.)*(?:"|\Z)' + r"|'(?:[^'\\]|\\.)*(?:'|\Z)"
_OPENING = re.compile(r"[\[{]")
_BRACKETS = re.compile(rf"{_STRING}|[\[\]{{}}]", re.DOTALL)
_STEPS = {"[": 1, "{": 1, "]": -1, "}": -1}
_FAULTS = re.compile(
    rf"""(?P<string>{_STRING})|(?<=["'\w\]}}])(?P<comma>,)(?=\s*[\]}}])|(?P<word>[A-Za-z]+)""", re.DOTALL
)
_ESCAPES = re.compile(r'\\.|"', re.DOTALL)
_ESCAPED = {"\\'": "'", '"': '\\"'}
_WORDS = {"True": "true", "False": "false", "None": "null"}
_FENCES = ("", "```", "```json", "```JSON")


def read_json(answer: str) -> tuple[object, bool]:
    """Read the one JSON object or list of an answer.

    Args:
        answer: What the model wrote; a fence (```json) around the value is usual and no fault.

    Returns:
        The value, and whether something had to be mended: a fault in it, or words around it.

    Raises:
        UnreadableAnswer: There is no such value, or several, or it is broken, cut, deeper than `DEEPEST`, names a key
            twice, or holds a number that is not finite or half of a character.
    """
    spans = list(_spans(answer))
    if len(spans) != 1:
        raise _unreadable(answer, f"it has {len(spans) or 'no'} JSON objects or lists where one was asked for")
    start, end = spans[0]
    worded = answer[:start].strip() not in _FENCES or answer[end:].strip() not in _FENCES
    value, mended = _parsed(answer[start:end])
    return value, mended or worded


def _spans(text: str) -> Iterator[tuple[int, int]]:
    """Find the outermost objects and lists; quotes outside of them are prose."""
    opening = _OPENING.search(text)
    while opening:
        end = _closing(text, opening.start())
        yield opening.start(), end
        opening = _OPENING.search(text, end)


def _closing(text: str, start: int) -> int:
    depth = 0
    for match in _BRACKETS.finditer(text, start):
        depth += _STEPS.get(match[0], 0)
        if depth > DEEPEST:
            raise _unreadable(text, f"its brackets are more than {DEEPEST} levels deep")
        if depth == 0:
            return match.end()
    raise _unreadable(text, f"the bracket {text[start]!r} never closes")


def _parsed(text: str) -> tuple[object, bool]:
    try:
        return _loaded(text, strict=True), False
    except ValueError:
        pass
    try:
        return _loaded(_FAULTS.sub(_mended, text), strict=False), True
    except ValueError as error:
        raise _unreadable(text, f"it is not JSON: {error}") from error


def _loaded(text: str, *, strict: bool) -> object:
    value = json.loads(text, parse_float=_finite, parse_constant=_not_finite, object_pairs_hook=_unique, strict=strict)
    json.dumps(value, ensure_ascii=False).encode()  # a UnicodeEncodeError, hence ValueError, at half of a character
    return value


def _finite(digits: str) -> float:
    number = float(digits)
    return number if math.isfinite(number) else _not_finite(digits)


def _not_finite(digits: str) -> NoReturn:
    raise _unreadable(digits, "it is not a finite number")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs):
        raise _unreadable(", ".join(key for key, _ in pairs), "an object names a key twice")
    return value


def _mended(fault: re.Match[str]) -> str:
    if fault["comma"]:
        return ""
    if fault["word"]:
        return _WORDS.get(fault["word"], fault["word"])
    return _double_quoted(fault["string"]) if fault["string"][0] == "'" else fault["string"]


def _double_quoted(string: str) -> str:
    inner = _ESCAPES.sub(lambda escape: _ESCAPED.get(escape[0], escape[0]), string[1:-1])
    return f'"{inner}"'


def _unreadable(text: str, why: str) -> UnreadableAnswer:
    return UnreadableAnswer(f"unreadable answer {shortened(text)}: {why}")
