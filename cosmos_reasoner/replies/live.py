"""A reply in pieces, while it is written."""

from dataclasses import dataclass
from enum import Enum

from cosmos_reasoner.replies.tags import Tag, TagKind, find_tags, undecided

__all__ = ["LiveSplitter", "Part", "Piece"]


class Part(Enum):
    """What a piece of a reply belongs to, numbered as in the feedback of cosmos_reasoner_msgs/action/Reason.action."""

    THINK = 0
    ANSWER = 1
    RESTART = 2
    """Of nothing: the reply broke off and is asked for again, and every piece before this one is void."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Text that was written since the last piece."""

    part: Part
    text: str


class LiveSplitter:
    """Gives out a growing text as pieces, without tags and without the space around a part.

    Nothing is given out that could still be part of a tag (at most twelve characters are held back), nor the space at
    the end of a part. What follows an `<answer>` inside the reasoning is held back until a `</think>` shows that it
    was only talked about.

    Args:
        expects_reasoning: Text before any tag is reasoning; else it is the answer.
        answer_tag: Text that stands in no tag is not shown, because the answer will come in one.
    """

    def __init__(self, *, expects_reasoning: bool, answer_tag: bool) -> None:
        bare = None if answer_tag else Part.ANSWER
        self._bare = bare
        self._part = Part.THINK if expects_reasoning else bare
        self._blank = True
        self._begun = False
        self._closed = False
        self._spaces: list[str] = []
        self._doubt: list[str] | None = None
        self._before = ""
        self._tail = ""

    def feed(self, text: str) -> list[Piece]:
        """Take what was written next, at least one character, and give out what is certain now."""
        if self._tail or "<" in text:
            return self._split(text)
        self._before = text
        return self._show(text)

    def _split(self, text: str) -> list[Piece]:
        """Go from tag to tag; one character of what went before tells a tag in backticks."""
        before = self._before[-1:]
        text = before + self._tail + text
        end = undecided(text)
        at = len(before)
        pieces: list[Piece] = []
        for tag in find_tags(text, at, end):
            pieces += self._show(text[at : tag.start])
            pieces += self._turn(tag, text[tag.start : tag.end])
            at = tag.end
        pieces += self._show(text[at:end])
        self._before, self._tail = text[:end][-1:], text[end:]
        return pieces

    def _show(self, text: str) -> list[Piece]:
        if self._doubt is not None:
            self._doubt.append(text)
            return []
        body = text if self._begun else text.lstrip()
        shown = body.rstrip()
        if not shown:
            if self._begun:
                self._spaces.append(text)
            return []
        self._begun, self._blank = True, False
        spaces = self._spaces
        if len(shown) < len(body) or spaces:
            self._spaces = [body[len(shown) :]]
            shown = "".join(spaces) + shown
        return [Piece(self._part, shown)] if self._part else []

    def _turn(self, tag: Tag, raw: str) -> list[Piece]:
        if tag.kind is TagKind.THINK_CLOSE and not self._closed:
            return self._close_think()
        if self._doubt is not None:
            return self._show(raw)
        if tag.kind is TagKind.THINK_OPEN and self._blank:
            self._begin(Part.THINK)
        elif tag.kind is TagKind.ANSWER_OPEN and self._part is Part.THINK and not self._closed:
            self._doubt = [raw]
        elif tag.kind is TagKind.ANSWER_OPEN:
            self._begin(Part.ANSWER)
        elif tag.kind is TagKind.ANSWER_CLOSE and self._part is Part.ANSWER:
            self._begin(None)
        else:
            return self._show(raw)
        return []

    def _close_think(self) -> list[Piece]:
        held, self._doubt = self._doubt, None
        pieces = self._show("".join(held)) if held else []
        self._closed = True
        self._begin(self._bare)
        return pieces

    def _begin(self, part: Part | None) -> None:
        self._part, self._begun, self._spaces = part, False, []
