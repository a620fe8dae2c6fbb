"""Pictures and clips that are small and still tell what a server makes of them."""

import base64
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import simplejpeg

from cosmos_reasoner.clips.clip import Clip
from cosmos_reasoner.clips.encode import EncodedClip, EncodedView, Encoding, MediaForm, encode
from cosmos_reasoner.clips.frame import Frame
from cosmos_reasoner.clips.processors import Processor, ProcessorName, image_tokens, processor_named, video_tokens
from cosmos_reasoner.clips.sizing import fit

__all__ = ["ODD_SIZE", "arrived", "film", "later", "picture", "processor_of", "small_picture"]

ODD_SIZE = (477, 333)
"""Width and height in px of a picture whose count tells the families apart: 204 squares of 28 px, 150 of 32 px."""

_LATER_SECONDS = 100.0
_SMALL_SIZE = (56, 56)
_FRAME_SIZE = (256, 192)
_FRAME_TOKENS = 48
"""A pair of frames takes more tokens than all stamps of a clip together vary with the rate."""

_RATES = (1.0, 2.0, 4.0)
"""Frames a second that servers assume of a sequence when they are told none; vLLM: the first."""


def picture() -> dict[str, object]:
    """A picture of odd size as a content part."""
    return _part(ODD_SIZE)


def small_picture() -> dict[str, object]:
    """A picture that costs hardly anything."""
    return _part(_SMALL_SIZE)


def processor_of(tokens: int) -> ProcessorName | None:
    """The family of models that counts so many tokens for the odd picture; None when it is none that we know."""
    for name in ProcessorName:
        rules = processor_named(name)
        largest = rules.image[1]
        if image_tokens(rules, fit(*ODD_SIZE, 1, rules.image_limits(largest, largest))) == tokens:
            return name
    return None


def film(count: int, rate: float, form: MediaForm, rules: Processor) -> EncodedClip:
    """A clip that gets brighter, with frames as small as can be counted.

    Args:
        count: Frames.
        rate: Frames a second.
        form: How it travels.
        rules: Who reads it.
    """
    frames = [_frame(index, round(index * 1e9 / rate)) for index in range(count)]
    largest = max(rules.video[0], _FRAME_TOKENS)
    limits = rules.video_limits(largest, count * largest)
    return encode(Clip.of(frames), Encoding(form, limits, max_frames=count, video_rate=rate))


def later(clip: EncodedClip) -> EncodedClip:
    """The same clip, a while later: whoever reads its times needs more letters to write them."""
    return EncodedClip(
        tuple(replace(view, seconds=tuple(_LATER_SECONDS + second for second in view.seconds)) for view in clip.views)
    )


def arrived(view: EncodedView, rules: Processor, tokens: int, seconds: Sequence[float] = ()) -> int | None:
    """How many frames of a clip a server saw.

    Args:
        view: What was sent.
        rules: Who read it.
        tokens: How many it took.
        seconds: Times that the server was told; none when it had to guess them.

    Returns:
        The number, rounded up to pairs; None when no number of frames takes so many tokens.
    """
    count = len(view.seconds)
    told = [seconds] if seconds else [[index / rate for index in range(count)] for rate in _RATES]
    for seen in range(count, 0, -1):
        if tokens in {video_tokens(rules, view.size, times[:seen]) for times in told}:
            return seen
    return None


def _frame(index: int, stamp: int) -> Frame:
    width, height = _FRAME_SIZE
    pixels = np.full((height, width, 3), 40 + 4 * index, np.uint8)
    return Frame("doctor", stamp, width, height, "bgr8", pixels.tobytes(), 3 * width)


def _part(size: tuple[int, int]) -> dict[str, object]:
    pixels = np.full((size[1], size[0], 3), 120, np.uint8)
    data = base64.b64encode(simplejpeg.encode_jpeg(pixels, 85, "BGR")).decode("ascii")
    return {"type": "image_url", "image_url": {"url": f"data:image/jpeg;base64,{data}"}}
