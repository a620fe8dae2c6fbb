"""A verdict as advice to go on, to wait or to give up."""

import re

from cosmos_reasoner.reasoning.result import Result, VerdictAnswer
from cosmos_reasoner.replies.levels import Verdict
from cosmos_reasoner_msgs.srv import Verify

__all__ = ["decision", "last_sentence"]

_DECISIONS = {
    Verdict.HAPPENED: Verify.Response.PROCEED,
    Verdict.DID_NOT: Verify.Response.ABORT,
    Verdict.UNCLEAR: Verify.Response.HOLD,
}

_END_OF_SENTENCE = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])\s*|\n+")


def decision(result: Result) -> int:
    """PROCEED, HOLD or ABORT of Verify.srv; HOLD when there is no answer."""
    if not isinstance(result.answer, VerdictAnswer):
        return int(Verify.Response.HOLD)
    return int(_DECISIONS[result.answer.verdict])


def last_sentence(text: str) -> str:
    """The last sentence of a text, on one line; empty when there is none."""
    sentences = [" ".join(part.split()) for part in _END_OF_SENTENCE.split(text)]
    return next((sentence for sentence in reversed(sentences) if sentence), "")
