"""How large a picture is sent: exactly as large as the model's own processor would make it.

The rule is `smart_resize` of Qwen2.5-VL and Qwen3-VL (Hugging Face Transformers): both sides are multiples of `factor`,
and the pixel count lies between two bounds: of each frame (Qwen2.5-VL, and every single picture), or of all frames of a
video together (Qwen3-VL). A picture that has this size already is not touched again by the server, so
that nothing is sent that the model will not see.
"""

import math
from dataclasses import dataclass

__all__ = ["PixelLimits", "fit"]

_ANY = 1 << 62
"""px; no bound at all."""


@dataclass(frozen=True, slots=True)
class PixelLimits:
    """Bounds of a model's processor.

    Attributes:
        factor: Side of one vision token, px: 28 for Qwen2.5-VL and Cosmos-Reason1, 32 for Qwen3-VL.
        smallest: Pixels of a picture at least; of all frames of a video together when `together`.
        largest: Pixels of a picture at most.
        clip: Pixels of all pictures of a clip together at most. Two frames share their vision tokens (temporal patch),
            so that a clip may hold twice as many pixels as its token budget says.
        together: The processor bounds all frames of a video together, not each.
    """

    factor: int = 28
    smallest: int = 128 * 28 * 28
    largest: int = 768 * 28 * 28
    clip: int = 8192 * 28 * 28 * 2
    together: bool = False

    def of_frame(self, frame_count: int) -> int:
        """Pixels that each of so many frames may have at most."""
        fewest = self.smallest // frame_count if self.together else self.smallest
        return max(min(self.largest, self.clip // frame_count), fewest)


def fit(
    width: int, height: int, frame_count: int, limits: PixelLimits, strip: int = 0, shared_by: int = 0
) -> tuple[int, int]:
    """Size in which a picture is sent.

    Args:
        width: px, as taken.
        height: px, as taken.
        frame_count: Frames of its view.
        limits: Bounds of the processor.
        strip: Height that will be added below the picture, px, a multiple of the factor; it counts.
        shared_by: Frames of all views that share the clip's pixels; 0 for those of its view alone.

    Returns:
        Width and height in px without the strip, both multiples of the factor.
    """
    most, factor = limits.of_frame(shared_by or frame_count), limits.factor
    frames = frame_count if limits.together else None
    room, smallest = most, limits.smallest
    sent = _resized(width, height, factor, smallest, room * (frames or 1), frames)
    unbounded = _resized(width, height, factor, smallest, _ANY, frames)
    while _counted(frames) * sent[0] * sent[1] < smallest and sent != unbounded:  # the server would enlarge it again
        room += factor * factor
        sent = _resized(width, height, factor, smallest, room * (frames or 1), frames)
    while strip and sent[0] * (sent[1] + strip) > most and min(sent) > factor:
        room -= factor * factor
        smaller = _resized(width, height, factor, min(smallest, room), room)
        if smaller[0] * (smaller[1] + strip) < smallest:  # the server would enlarge it again
            break
        sent = smaller
    return sent


def _resized(
    width: float, height: float, factor: int, smallest: int, largest: int, frames: int | None = None
) -> tuple[int, int]:
    """Resize as the processor does; with frames, the bounds are for so many together."""
    if frames and min(width, height) < factor:  # only Qwen3-VL does this, and only to the frames of a video
        scale = max(factor / height, factor / width)
        width, height = int(width * scale), int(height * scale)
    w, h = (round(side / factor) * factor for side in (width, height))
    counted = _counted(frames)
    pixels = (frames or 1) * width * height
    if counted * w * h > largest:
        shrink = math.sqrt(pixels / largest)
        w, h = (max(factor, math.floor(side / shrink / factor) * factor) for side in (width, height))
    elif counted * w * h < smallest:
        grow = math.sqrt(smallest / pixels)
        w, h = (math.ceil(side * grow / factor) * factor for side in (width, height))
    return w, h


def _counted(frames: int | None) -> int:
    """Frames as the processor counts them when it compares with its bounds: 5 / 2 is rounded to 2."""
    return max(1, round(frames / 2) * 2) if frames else 1
