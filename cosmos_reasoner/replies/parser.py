"""A streamed reply taken apart into reasoning and answer."""

from dataclasses import dataclass, replace

from cosmos_reasoner.replies.defects import Defect, DefectKind
from cosmos_reasoner.replies.layout import Layout, Span, lay_out
from cosmos_reasoner.replies.live import LiveSplitter, Part, Piece
from cosmos_reasoner.replies.refusal import is_refusal
from cosmos_reasoner.replies.tags import find_tags
from cosmos_reasoner.replies.wording import shortened

__all__ = ["Part", "Piece", "Reply", "ReplyParser"]

_CUTS = {
    "length": Defect(DefectKind.TRUNCATED, "the token limit cut the reply"),
    "abort": Defect(DefectKind.TRUNCATED, "the endpoint broke the reply off"),
    "content_filter": Defect(DefectKind.REFUSED, "the endpoint's content filter cut the reply"),
}
"""Finish reasons of the OpenAI API and of vLLM that mean: more was to come."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole reply, taken apart.

    Attributes:
        think: The reasoning; empty when there was none.
        answer: The answer; empty when there was none that can be trusted to be whole.
        defects: What was wrong; an empty answer always has one.
        answer_start: Index of the answer in the content; -1 when it is empty or does not stand in the content.
    """

    think: str
    answer: str
    defects: tuple[Defect, ...]
    answer_start: int


class ReplyParser:
    """Takes a streamed reply apart: pieces while it is written, the `Reply` at its end.

    The reply is read once more as a whole at its end, and that reading counts. The pieces put together are the same,
    part for part, when the reply ended by itself, is no refusal, and has the form `<think>..</think>` with an
    answer behind it, in `<answer>..</answer>` when `answer_tag`, bare otherwise; `<think>` may be missing when
    `expects_reasoning`, and the whole reasoning when not. They differ when a tag that was to come is missing (the
    answer is then not shown at all, or was shown as reasoning), when `</think>` comes against expectation, when an
    answer is given twice, and when an unclosed answer is cut. Any text is taken; nothing raises.

    Args:
        expects_reasoning: The prompt asked for <think>.
        answer_tag: The prompt asked for <answer>.
    """

    def __init__(self, expects_reasoning: bool, answer_tag: bool) -> None:
        self._expects_reasoning = expects_reasoning
        self._answer_tag = answer_tag
        self._content: list[str] = []
        self._reasoning: list[str] = []
        self._live = LiveSplitter(expects_reasoning=expects_reasoning, answer_tag=answer_tag)
        self._live_reasoning = LiveSplitter(expects_reasoning=True, answer_tag=answer_tag)

    def feed(self, content: str) -> list[Piece]:
        """Take the next content, and give out what is certain now."""
        if not content:
            return []
        self._content.append(content)
        return self._live.feed(content)

    def feed_reasoning(self, text: str) -> list[Piece]:
        """Take the next text of the field that a server-side reasoning parser fills."""
        if not text:
            return []
        if not self._reasoning and not self._content:
            self._live = LiveSplitter(expects_reasoning=False, answer_tag=self._answer_tag)
        self._reasoning.append(text)
        return self._live_reasoning.feed(text)

    def finish(self, reason: str | None) -> Reply:
        """Read the whole reply.

        Args:
            reason: Why the endpoint stopped: "stop", "length", ...; None, when it did not say, counts as "stop".
        """
        content, reasoning = "".join(self._content), "".join(self._reasoning)
        if not content.strip() and any(find_tags(reasoning)):
            return replace(_read(reasoning, "", self._expects_reasoning, reason), answer_start=-1)
        return _read(content, reasoning.strip(), self._expects_reasoning, reason)


def _read(text: str, reasoning: str, expects_reasoning: bool, reason: str | None) -> Reply:
    """Read a whole text, when the `reasoning` before it has come apart from it."""
    cut = _CUTS.get(reason or "")
    layout = lay_out(text, expects_reasoning=expects_reasoning and not reasoning, cut=cut is not None)
    think = "\n".join(part for part in (reasoning, _within(text, layout.think)) if part)
    answer = _within(text, layout.answer)
    defects = [Defect(cut.kind, f"{cut.text}; it ends with {shortened(text[-60:])}")] if cut else []
    if expects_reasoning and not think:
        defects.append(Defect(DefectKind.NO_REASONING, "no reasoning stands before the answer"))
    defects += _layout_defects(layout, answer)
    if cut and not layout.answer_closed:
        answer = ""
    elif not answer:
        defects.append(Defect(DefectKind.NO_ANSWER, "nothing follows the reasoning" if think else "the reply is empty"))
    elif is_refusal(answer):
        defects.append(Defect(DefectKind.REFUSED, f"the model wrote {shortened(answer)}"))
        answer = ""
    return Reply(think, answer, tuple(defects), layout.answer.start if answer else -1)


def _layout_defects(layout: Layout, answer: str) -> list[Defect]:
    defects = []
    if layout.think_open:
        defects.append(Defect(DefectKind.UNCLOSED_THINK, "no </think> ends the reasoning"))
    if layout.answers and not layout.answer_closed:
        defects.append(Defect(DefectKind.UNCLOSED_ANSWER, f"no </answer> follows {shortened(answer)}"))
    if layout.answers > 1:
        defects.append(Defect(DefectKind.SEVERAL_ANSWERS, f"{layout.answers} answers; the last counts"))
    return defects


def _within(text: str, span: Span) -> str:
    return text[span.start : span.end]
