"""The four tags that divide a reply, found in its text.

A tag may be in any case and hold a single space or newline where one can stand: `< /Think >`. A tag right between two
backticks is only talked about, and is text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

__all__ = ["Tag", "TagKind", "find_tags", "undecided"]


class TagKind(Enum):
    """The four tags, as they are usually written."""

    THINK_OPEN = "<think>"
    THINK_CLOSE = "</think>"
    ANSWER_OPEN = "<answer>"
    ANSWER_CLOSE = "</answer>"


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag at text[start:end]."""

    kind: TagKind
    start: int
    end: int


_SPELLING = r"<\s?/?\s?(?:think|answer)\s?>"
_TAG = re.compile(rf"(?<!`){_SPELLING}|{_SPELLING}(?!`)", re.IGNORECASE | re.ASCII)
_LONGEST = len("< / answer >")


def find_tags(text: str, start: int = 0, end: int | None = None) -> Iterator[Tag]:
    """Find the tags of text[start:end], in order; the character before `start` is looked at, too."""
    for match in _TAG.finditer(text, start, len(text) if end is None else end):
        yield Tag(TagKind(_squeezed(match[0])), match.start(), match.end())


def undecided(text: str) -> int:
    """Index from which more text could still make a tag; the text's length when there is no such place."""
    start = text.rfind("<", max(0, len(text) - _LONGEST))
    if start < 0:
        return len(text)
    begun = _squeezed(text[start:])
    quoted = text[start - 1 : start] == "`"
    could_be = any(tag.value.startswith(begun) and (quoted or tag.value != begun) for tag in TagKind)
    return start if could_be else len(text)


def _squeezed(tag: str) -> str:
    return "".join(tag.split()).lower()
