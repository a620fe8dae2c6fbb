"""How large a picture is sent: exactly as large as the model's own processor would make it.

The rule is `smart_resize` of Qwen2.5-VL and Qwen3-VL (Hugging Face Transformers): both sides are multiples of `factor`,
and the pixel count lies between two bounds. A picture that has this size already is not touched again by the server, so
that nothing is sent that the model will not see.
"""

import math
from dataclasses import dataclass

__all__ = ["PixelLimits", "fit"]


@dataclass(frozen=True, slots=True)
class PixelLimits:
    """Bounds of a model's processor.

    Attributes:
        factor: Side of one vision token, px: 28 for Qwen2.5-VL and Cosmos-Reason1, 32 for Qwen3-VL.
        smallest: Pixels of a picture at least.
        largest: Pixels of a picture at most.
        clip: Pixels of all pictures of a clip together at most. Two frames share their vision tokens (temporal patch),
            so that a clip may hold twice as many pixels as its token budget says.
    """

    factor: int = 28
    smallest: int = 128 * 28 * 28
    largest: int = 768 * 28 * 28
    clip: int = 8192 * 28 * 28 * 2

    def of_frame(self, frame_count: int) -> int:
        """Pixels that each of so many frames may have at most."""
        return max(min(self.largest, self.clip // frame_count), self.smallest)


def fit(width: int, height: int, frame_count: int, limits: PixelLimits, strip: int = 0) -> tuple[int, int]:
    """Size in which a picture is sent.

    Args:
        width: px, as taken.
        height: px, as taken.
        frame_count: How many share the clip's budget.
        limits: Bounds of the processor.
        strip: Height that will be added below the picture, px, a multiple of the factor; it counts.

    Returns:
        Width and height in px without the strip, both multiples of the factor.
    """
    largest, factor = limits.of_frame(frame_count), limits.factor
    sent = _resized(width, height, factor, limits.smallest, largest)
    room = largest
    while strip and sent[0] * (sent[1] + strip) > largest and min(sent) > factor:
        room -= factor * factor
        sent = _resized(width, height, factor, min(limits.smallest, room), room)
    return sent


def _resized(width: int, height: int, factor: int, smallest: int, largest: int) -> tuple[int, int]:
    w, h = (round(side / factor) * factor for side in (width, height))
    if w * h > largest:
        shrink = math.sqrt(width * height / largest)
        w, h = (max(factor, math.floor(side / shrink / factor) * factor) for side in (width, height))
    elif w * h < smallest:
        grow = math.sqrt(smallest / (width * height))
        w, h = (math.ceil(side * grow / factor) * factor for side in (width, height))
    return w, h
