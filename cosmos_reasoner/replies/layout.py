"""Where the reasoning and the answer of a whole reply stand."""

from collections.abc import Sequence
from dataclasses import dataclass

from cosmos_reasoner.replies.tags import Tag, TagKind, find_tags

__all__ = ["Layout", "Span", "lay_out"]


@dataclass(frozen=True, slots=True)
class Span:
    """text[start:end], without the space around it."""

    start: int
    end: int

    @classmethod
    def of(cls, text: str, start: int, end: int) -> "Span":
        """Take text[start:end] and leave the space at its ends out."""
        body = text[start:end]
        start += len(body) - len(body.lstrip())
        return cls(start, start + len(body.strip()))


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the reasoning and the answer of a whole reply stand.

    Attributes:
        think: The reasoning; may be empty.
        answer: The answer; may be empty.
        think_open: The reasoning was begun and never closed.
        answer_closed: `</answer>` ends the answer.
        answers: How many `<answer>` count as opening one.
    """

    think: Span
    answer: Span
    think_open: bool
    answer_closed: bool
    answers: int


def lay_out(text: str, *, expects_reasoning: bool, cut: bool) -> Layout:
    """Find the reasoning and the answer.

    The reasoning ends at the first `</think>`, or at a later one when no `<answer>` stands between; all before it is
    reasoning, so `<answer>` there opens nothing. The last `<answer>` behind it counts, up to its `</answer>`; without
    one the bare text counts. When no `</think>` comes at all, what precedes the first `<answer>` is reasoning; when the
    reply is cut then, so is everything, because a `</think>` may have been to come.

    Args:
        text: The whole reply.
        expects_reasoning: Text before any tag is reasoning rather than a preamble.
        cut: The end of the reply is missing.
    """
    tags = list(find_tags(text))
    head = _head(tags)
    body = tags[head:]
    first = _first(body, TagKind.ANSWER_OPEN)
    opened = any(tag.kind is TagKind.THINK_OPEN for tag in body[:first])
    forgotten = expects_reasoning and not head
    unanswered = (opened and first == len(body)) or ((opened or forgotten) and cut)
    think = Span.of(text, _start(text, tags), len(text) if unanswered else _end(tags, head, first))
    think_open = opened or (forgotten and think.start < think.end)
    if unanswered:
        return Layout(think, Span(len(text), len(text)), think_open=think_open, answer_closed=False, answers=0)
    return _with_answer(text, body, tags[head - 1].end if head else 0, think, think_open=think_open)


def _head(tags: Sequence[Tag]) -> int:
    """Count the tags up to the `</think>` that ends the reasoning; 0 when none does."""
    head = 0
    for index, tag in enumerate(tags):
        if tag.kind is TagKind.ANSWER_OPEN and head:
            break
        if tag.kind is TagKind.THINK_CLOSE:
            head = index + 1
    return head


def _start(text: str, tags: Sequence[Tag]) -> int:
    """Where the reasoning starts: behind a `<think>` that opens the reply, else at the very start."""
    opens = tags and tags[0].kind is TagKind.THINK_OPEN and not text[: tags[0].start].strip()
    return tags[0].end if opens else 0


def _end(tags: Sequence[Tag], head: int, first: int) -> int:
    """Where the reasoning ends: at its `</think>`, else at the first `<answer>`, else there is none."""
    if head:
        return tags[head - 1].start
    return tags[first].start if first < len(tags) else 0


def _with_answer(text: str, body: Sequence[Tag], start: int, think: Span, *, think_open: bool) -> Layout:
    """Find the answer in what follows the reasoning: its tags, and where it starts."""
    opens = [index for index, tag in enumerate(body) if tag.kind is TagKind.ANSWER_OPEN]
    if opens:
        body = body[opens[-1] :]
        start = body[0].end
    close = _first(body, TagKind.ANSWER_CLOSE)
    closed = close < len(body)
    answer = Span.of(text, start, body[close].start if closed else len(text))
    return Layout(think, answer, think_open, closed, len(opens))


def _first(tags: Sequence[Tag], kind: TagKind) -> int:
    """Index of the first tag of a kind; their number when there is none."""
    return next((index for index, tag in enumerate(tags) if tag.kind is kind), len(tags))
