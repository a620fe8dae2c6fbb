"""Pictures as small JPEGs, and where things in them are then."""

from dataclasses import dataclass

import cv2
import numpy as np
import simplejpeg

from cosmos_reasoner.clips.frame import Frame
from cosmos_reasoner.clips.pixels import decode
from cosmos_reasoner.errors import FrameError
from cosmos_reasoner.reasoning.result import Region

__all__ = ["LONGEST", "Scale", "jpeg_of_size", "jpeg_size", "small_picture"]

LONGEST = 960
"""px of the longer side of a picture at most."""

_QUALITY = 80


@dataclass(frozen=True, slots=True)
class Scale:
    """Pixels of the small picture for each pixel that was taken, from left to right and from top to bottom."""

    across: float
    down: float

    def box(self, region: Region) -> tuple[float, float, float, float]:
        """Left, top, width and height of a box, px of the small picture."""
        return (
            region.left * self.across,
            region.top * self.down,
            region.width * self.across,
            region.height * self.down,
        )

    def middle(self, point: tuple[int, int]) -> tuple[float, float]:
        """x and y of the middle of a pixel, px of the small picture."""
        return (point[0] + 0.5) * self.across, (point[1] + 0.5) * self.down


def small_picture(frame: Frame) -> tuple[bytes, Scale]:
    """Make a JPEG of a frame, no longer or wider than LONGEST; a JPEG that is not stays as it is.

    Raises:
        FrameError: The frame is broken.
    """
    share = min(LONGEST / max(frame.width, frame.height, 1), 1.0)
    if frame.encoding == "jpeg" and share == 1.0:
        return bytes(frame.data), Scale(1.0, 1.0)
    width, height = (max(round(side * share), 1) for side in (frame.width, frame.height))
    pixels = cv2.resize(decode(frame, (width, height)), (width, height), interpolation=cv2.INTER_AREA)
    jpeg = simplejpeg.encode_jpeg(np.ascontiguousarray(pixels), _QUALITY, "BGR")
    return bytes(jpeg), Scale(width / frame.width, height / frame.height)


def jpeg_size(jpeg: bytes) -> tuple[int, int]:
    """Width and height of a JPEG, px.

    Raises:
        FrameError: It is none.
    """
    try:
        height, width, *_ = simplejpeg.decode_jpeg_header(jpeg)
    except ValueError as error:
        raise FrameError(f"no JPEG: {error}") from error
    return int(width), int(height)


def jpeg_of_size(jpeg: bytes, width: int, height: int) -> bytes:
    """Make a JPEG of exactly this size: black to the right and below, or smaller where there is no room.

    Raises:
        FrameError: It is none.
    """
    if jpeg_size(jpeg) == (width, height):
        return jpeg
    try:
        pixels = simplejpeg.decode_jpeg(jpeg, "BGR")
    except ValueError as error:
        raise FrameError(f"a broken JPEG: {error}") from error
    share = min(width / pixels.shape[1], height / pixels.shape[0], 1.0)
    size = max(round(share * pixels.shape[1]), 1), max(round(share * pixels.shape[0]), 1)
    whole = np.zeros((height, width, 3), np.uint8)
    whole[: size[1], : size[0]] = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    return bytes(simplejpeg.encode_jpeg(whole, _QUALITY, "BGR"))
