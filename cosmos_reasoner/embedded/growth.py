"""How fast a thing grows in the picture, and when it would reach the camera."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cosmos_reasoner.embedded.facts import Box
from cosmos_reasoner.embedded.paths import Floats
from cosmos_reasoner.embedded.steps import Gray, Matrix, corners_of, similarity, track_points

__all__ = ["NO_GROWTH", "Growth", "growth_of_sizes", "sizes_back"]

_POINTS = 60
_FEWEST_POINTS = 6
_SMALLEST = 8
"""px; side of the smallest box whose points are followed."""
_SUPPORT = 0.5
_INLIER = 1.0
"""px; distance from the common scaling up to which a point follows it."""
_FEWEST_SIZES = 3
_SIGNIFICANT = 3.0
"""Slope of the sizes over its standard error, at least."""
_SLOWEST = 0.04
"""1/s; less is no growth."""


@dataclass(frozen=True, slots=True)
class Growth:
    """How a thing grows.

    Attributes:
        rate: 1/s at the last sight, positive when it nears; 0 where none shows.
        contact: Seconds from the last sight until it would reach the camera; None when it does not near.
    """

    rate: float
    contact: float | None


NO_GROWTH = Growth(0.0, None)


def growth_of_sizes(times: Floats, sizes: Floats) -> Growth:
    """Fit a thing's sizes as those of one that comes or goes at constant speed: 1/size is then a straight line.

    The time to contact is where that line is zero (Lee 1976, A theory of visual control of braking).

    Args:
        times: s, rising.
        sizes: In any unit.
    """
    if len(times) < _FEWEST_SIZES:
        return NO_GROWTH
    before = times - times[-1]
    powers = np.vander(before, 2)
    slope, start = np.linalg.lstsq(powers, 1 / sizes, rcond=None)[0]
    off = 1 / sizes - powers @ np.array([slope, start])
    error = math.sqrt(float(off @ off) / max(1, len(times) - 2) / float(np.sum((before - before.mean()) ** 2)))
    if start <= 0 or abs(slope) < _SIGNIFICANT * error or abs(slope / start) < _SLOWEST:
        return NO_GROWTH
    return Growth(float(-slope / start), float(-start / slope) if slope < 0 else None)


def sizes_back(grays: Sequence[Gray], box: Box) -> Floats:
    """Sizes of a thing in successive frames against its size in the last one, by following the points on it back.

    Args:
        grays: Successive frames.
        box: Where it is in the last of them.

    Returns:
        One size for each of the last frames over which the points hold, the last one 1.
    """
    sizes = [1.0]
    for later, earlier in zip(grays[::-1], grays[-2::-1]):
        matrix = _scaling(later, earlier, box)
        if matrix is None:
            break
        sizes.append(sizes[-1] * math.hypot(matrix[0, 0], matrix[1, 0]))
        box = _mapped(box, matrix)
    return np.array(sizes[::-1])


def _scaling(later: Gray, earlier: Gray, box: Box) -> Matrix | None:
    """How the points inside a box of the later frame lie in the earlier one."""
    part = box.clipped(later.shape[1], later.shape[0])
    left, top, right, bottom = int(part.left), int(part.top), math.ceil(part.right), math.ceil(part.bottom)
    if min(right - left, bottom - top) < _SMALLEST:
        return None
    inside = np.ascontiguousarray(later[top:bottom, left:right])
    points = corners_of(inside, _POINTS, 0.02, 3) + np.array([left, top], np.float32)
    if len(points) < _FEWEST_POINTS:
        return None
    start, found, _ = track_points(later, earlier, points)
    fitted = similarity(start, found, _INLIER) if len(start) >= _FEWEST_POINTS else None
    return fitted[0] if fitted and float(fitted[1].mean()) >= _SUPPORT else None


def _mapped(box: Box, matrix: Matrix) -> Box:
    x, y = box.centre
    dx, dy = matrix @ np.array([x, y, 1.0]) - np.array([x, y])
    return box.moved(float(dx), float(dy), math.hypot(matrix[0, 0], matrix[1, 0]))
