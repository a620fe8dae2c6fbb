"""Pictures in another size."""

import cv2
import numpy as np

from cosmos_reasoner.clips.frame import Bgr

__all__ = ["resize"]


def resize(pixels: Bgr, size: tuple[int, int]) -> Bgr:
    """Make a picture smaller or larger.

    A smaller one is halved while it can be, by the mean of four pixels, and interpolated the rest of the way: as good
    to the eye as the mean over the whole area, and several times quicker.

    Args:
        pixels: HxWx3.
        size: Width and height, px.

    Returns:
        The picture in that size; the same one if it has it.
    """
    width, height = size
    while pixels.shape[1] >= 2 * width and pixels.shape[0] >= 2 * height:
        pixels = _half(pixels)
    if pixels.shape[:2] == (height, width):
        return pixels
    shape = cv2.INTER_LINEAR if pixels.shape[1] > width else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(pixels, size, interpolation=shape), np.uint8)


def _half(pixels: Bgr) -> Bgr:
    """Half of it; an odd row or column at the end is left out, since only even sizes are quick."""
    height, width = pixels.shape[0] // 2, pixels.shape[1] // 2
    even = pixels[: 2 * height, : 2 * width]
    return np.asarray(cv2.resize(even, (width, height), interpolation=cv2.INTER_AREA), np.uint8)
