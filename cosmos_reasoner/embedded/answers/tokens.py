"""Text as tokens, and how many tokens a prompt takes.

A token here is a short word with the space before it, or one sign. A model's tokenizer would cut otherwise; what counts
is that the tokens joined are the text, that a lone letter is one token, and that the count grows as a model's does.
"""

import re
from collections.abc import Iterable

from cosmos_reasoner.clips.sizing import PixelLimits, fit

__all__ = ["picture_tokens", "split", "text_tokens", "video_tokens"]

_TOKEN = re.compile(r" ?[A-Za-z]{1,8}|[0-9]|\s|.", re.DOTALL)

_PROCESSOR = PixelLimits(smallest=28 * 28, largest=768 * 28 * 28, clip=1 << 40)
"""Size of a vision token and limit of a frame, as Qwen2.5-VL has them."""

_AROUND = 2
"""Tokens that mark the start and the end of a picture or video."""


def split(text: str) -> list[str]:
    """Cut a text into tokens; joined, they are the text."""
    return _TOKEN.findall(text)


def picture_tokens(width: int, height: int) -> int:
    """Tokens of a picture of that size, px: one for each 28x28 px, as Qwen2.5-VL counts."""
    w, h = fit(width, height, 1, _PROCESSOR)
    return w * h // _PROCESSOR.factor**2 + _AROUND


def video_tokens(width: int, height: int, frame_count: int) -> int:
    """Tokens of a video with frames of that size, px: two frames share theirs, as in Qwen2.5-VL."""
    pairs = (frame_count + 1) // 2
    return pairs * (picture_tokens(width, height) - _AROUND) + _AROUND


def text_tokens(texts: Iterable[str]) -> int:
    """Tokens of texts together."""
    return sum(len(split(text)) for text in texts)
