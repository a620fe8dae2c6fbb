"""Connected parts of a picture that are marked as changed."""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from cosmos_reasoner.clips.frame import Bgr
from cosmos_reasoner.embedded.sight.facts import Box
from cosmos_reasoner.embedded.sight.steps import Matrix

__all__ = ["Blob", "find_blobs"]

_SMALLEST = 0.0004
"""Share of the picture that a blob must cover; less is taken for noise."""
_MOST = 24

_Numbers = npt.NDArray[np.number[Any]]


@dataclass(frozen=True, slots=True)
class Blob:
    """One connected part.

    Attributes:
        centre: Mean place of its pixels, x, y.
        box: Its extent.
        area: Its pixels.
        colour: Their mean colour, BGR.
    """

    centre: tuple[float, float]
    box: Box
    area: int
    colour: tuple[float, float, float]

    def placed(self, matrix: Matrix) -> "Blob":
        """The same where a matrix maps its centre."""
        x, y = (float(value) for value in matrix @ np.array([*self.centre, 1.0]))
        box = self.box.moved(x - self.centre[0], y - self.centre[1])
        return Blob((x, y), box, self.area, self.colour)


def find_blobs(mask: npt.NDArray[np.uint8], picture: Bgr) -> list[Blob]:
    """Find the connected parts of a mask, the largest first.

    Args:
        mask: HxW, 255 where changed.
        picture: The frame, for the colours.
    """
    kernel = np.ones((3, 3), np.uint8)
    cleaned = cv2.morphologyEx(mask, cv2.MORPH_OPEN, kernel)
    cleaned = cv2.morphologyEx(cleaned, cv2.MORPH_CLOSE, np.ones((7, 7), np.uint8))
    count, labels, stats, centres = cv2.connectedComponentsWithStats(cleaned, connectivity=8)
    smallest = max(9.0, _SMALLEST * mask.size)
    order = sorted(range(1, count), key=lambda index: -int(stats[index, cv2.CC_STAT_AREA]))
    large = [index for index in order[:_MOST] if stats[index, cv2.CC_STAT_AREA] >= smallest]
    return [_blob(np.asarray(labels), index, stats[index], centres[index], picture) for index in large]


def _blob(labels: _Numbers, index: int, stats: _Numbers, centre: _Numbers, picture: Bgr) -> Blob:
    left, top, width, height, area = (int(value) for value in stats)
    inside = (labels[top : top + height, left : left + width] == index).astype(np.uint8)
    colour = cv2.mean(picture[top : top + height, left : left + width], inside)
    box = Box(left, top, left + width, top + height)
    return Blob((float(centre[0]), float(centre[1])), box, area, (colour[0], colour[1], colour[2]))
