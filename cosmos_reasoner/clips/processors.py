"""How families of models resize what they are sent, and how many tokens that takes.

The rules are those of Qwen2.5-VL (Cosmos-Reason1) and Qwen3-VL (Cosmos-Reason2) in Hugging Face Transformers, with the
bounds of their published preprocessor files; the counts were measured on vLLM 0.32 with Transformers 5.19.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from cosmos_reasoner.clips.sizing import PixelLimits

__all__ = ["Processor", "ProcessorName", "image_tokens", "processor_named", "video_tokens"]

_AROUND = 2
"""Tokens that mark the start and the end of a picture, video or pair of frames."""


class ProcessorName(str, Enum):
    """Families of models."""

    QWEN2_5_VL = "qwen2_5_vl"
    QWEN3_VL = "qwen3_vl"


@dataclass(frozen=True, slots=True)
class Processor:
    """What a family of models does to pictures; bounds in vision tokens of `factor` x `factor` px.

    Attributes:
        factor: Side of a vision token, px.
        image: Fewest and most of a single picture.
        video: Fewest and most of a frame; of all frames together when `whole_clip`.
        whole_clip: The bounds of a video hold for all its frames together.
        stamps: The time of each pair of frames is written before it, as text.
    """

    factor: int
    image: tuple[int, int]
    video: tuple[int, int]
    whole_clip: bool = False
    stamps: bool = False

    def image_limits(self, most: int, clip: int) -> PixelLimits:
        """Limits of single pictures.

        Args:
            most: Vision tokens of a picture at most.
            clip: Vision tokens of all pictures together at most.
        """
        token = self.factor**2
        fewest = self.image[0]
        return PixelLimits(self.factor, fewest * token, max(fewest, min(most, self.image[1])) * token, clip * token)

    def video_limits(self, most: int, clip: int) -> PixelLimits:
        """Limits of the frames of a video, two of which share their tokens.

        Args:
            most: Vision tokens of a frame at most.
            clip: Vision tokens of all videos together at most.
        """
        token = self.factor**2
        fewest, largest = self.video
        if self.whole_clip:
            return PixelLimits(self.factor, fewest * token, most * token, min(2 * clip, largest) * token, True)
        return PixelLimits(self.factor, fewest * token, max(fewest, min(most, largest)) * token, 2 * clip * token)


_PROCESSORS = {
    ProcessorName.QWEN2_5_VL: Processor(28, image=(4, 16384), video=(128, 768)),
    ProcessorName.QWEN3_VL: Processor(32, image=(64, 16384), video=(4, 24576), whole_clip=True, stamps=True),
}


def processor_named(name: ProcessorName) -> Processor:
    """The processor of a family of models."""
    return _PROCESSORS[name]


def image_tokens(processor: Processor, size: tuple[int, int]) -> int:
    """Prompt tokens of a picture.

    Args:
        processor: Who reads it.
        size: Width and height in px as sent: multiples of the factor within the bounds.
    """
    return size[0] * size[1] // processor.factor**2 + _AROUND


def video_tokens(processor: Processor, size: tuple[int, int], seconds: Sequence[float]) -> int:
    """Prompt tokens of a video.

    Args:
        processor: Who reads it.
        size: Width and height of a frame in px as sent: multiples of the factor within the bounds.
        seconds: Time of each frame as the endpoint is told it, s.
    """
    pairs = (len(seconds) + 1) // 2
    tokens = size[0] * size[1] // processor.factor**2
    if not processor.stamps:
        return pairs * tokens + _AROUND
    return pairs * (tokens + _AROUND) + sum(len(stamp) + 3 for stamp in _stamps(seconds)) + _AROUND


def _stamps(seconds: Sequence[float]) -> list[str]:
    """What Qwen3-VL writes before each pair of frames, as "<0.5 seconds>": the mean of the two."""
    even = [*seconds, seconds[-1]] if len(seconds) % 2 else seconds
    return [f"{(one + other) / 2:.1f}" for one, other in zip(even[::2], even[1::2])]
