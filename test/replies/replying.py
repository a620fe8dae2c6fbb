"""What the tests of replies share: feeding a parser, and texts that are hard on it."""

from collections.abc import Iterable
from itertools import pairwise

from hypothesis import strategies as st

from cosmos_reasoner.replies.defects import DefectKind
from cosmos_reasoner.replies.parser import Part, Piece, Reply, ReplyParser

WORDS = [
    "a", " ", "\n", "　", "<", ">", "/", "`", "think", "</", "<ans", "x < y", "杯子", "，", "The arm",
    "B", "{", "I'm sorry",
]  # fmt: skip
TAGS = [
    "<think>", "</think>", "<answer>", "</answer>", "</THINK>", "< answer >", "`<answer>`", "`</think>`",
    "< / answer >",
]  # fmt: skip
REASONS = [None, "stop", "length", "content_filter", "abort", "tool_calls", "something new"]

hard_texts = st.lists(st.sampled_from(WORDS + TAGS), max_size=30).map("".join)
plain_texts = st.lists(st.sampled_from(WORDS), max_size=12).map("".join)


def chunked(text: str, cuts: Iterable[int]) -> list[str]:
    """Cut a text at the given places."""
    places = [0, *sorted(min(cut, len(text)) for cut in cuts), len(text)]
    return [text[start:end] for start, end in pairwise(places)]


def read(
    chunks: Iterable[str], reason: str | None = "stop", *, expects: bool = True, tag: bool = True
) -> tuple[Reply, dict[Part, str]]:
    """Read a reply, and put its pieces together."""
    parser = ReplyParser(expects, tag)
    pieces = [piece for chunk in chunks for piece in parser.feed(chunk)]
    return parser.finish(reason), together(pieces)


def together(pieces: Iterable[Piece]) -> dict[Part, str]:
    """Put pieces together, part by part."""
    texts = {Part.THINK: "", Part.ANSWER: ""}
    for piece in pieces:
        texts[piece.part] += piece.text
    return texts


def kinds(reply: Reply) -> list[DefectKind]:
    """Kinds of a reply's defects."""
    return [defect.kind for defect in reply.defects]
