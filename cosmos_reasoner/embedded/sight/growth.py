"""How fast a thing grows in the picture, and when it would reach the camera."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from cosmos_reasoner.embedded.sight.facts import Box
from cosmos_reasoner.embedded.sight.paths import Floats
from cosmos_reasoner.embedded.sight.steps import Gray, Matrix, Points, corners_of, similarity, track_points

__all__ = ["NO_GROWTH", "Growth", "growth_of_sizes", "sizes_back"]

_POINTS = 60
_WINDOW, _LEVELS = 9, 2
"""Small surroundings: larger ones reach over the thing's outline, and the background makes it shrink too fast."""
_FEWEST_POINTS = 6
_SMALLEST = 8
"""px; side of the smallest box whose points are followed."""
_INNER = 0.75
"""Share of a box whose points are followed: at its outline the background is seen too."""
_GUESSES = (1.0, 0.8, 1.25)
"""Sizes in the earlier frame, against the later one, from which the points are looked for."""
_SUPPORT = 0.3
"""Share of the points that must follow one scaling, and ..."""
_CLEAR_SUPPORT = 0.7
"""... the share from which no other guess is tried."""
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
"""What neither comes nor goes."""


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
    """How the points inside a box of the later frame lie in the earlier one; the best of several guesses."""
    part = box.clipped(later.shape[1], later.shape[0]).moved(0, 0, _INNER)
    left, top, right, bottom = int(part.left), int(part.top), math.ceil(part.right), math.ceil(part.bottom)
    if min(right - left, bottom - top) < _SMALLEST:
        return None
    inside = np.ascontiguousarray(later[top:bottom, left:right])
    points = corners_of(inside, _POINTS, 0.02, 3) + np.array([left, top], np.float32)
    best, support = None, _SUPPORT
    for guess in _GUESSES:
        fitted = _fitted(later, earlier, points, _about(part.centre, guess))
        if fitted is not None and fitted[1] > support:
            best, support = fitted
        if support > _CLEAR_SUPPORT:
            break
    return best


def _fitted(later: Gray, earlier: Gray, points: Points, guess: Matrix) -> tuple[Matrix, float] | None:
    """Follow points into the earlier frame from where a guess puts them: tracking alone finds small changes only.

    Returns:
        Their common motion, and the share of all points that follow it.
    """
    if len(points) < _FEWEST_POINTS:
        return None
    guessed = np.asarray(cv2.warpAffine(later, guess, (later.shape[1], later.shape[0])), np.uint8)
    placed = (points @ guess[:, :2].T + guess[:, 2]).astype(np.float32)
    start, found, kept = track_points(guessed, earlier, placed, _WINDOW, _LEVELS)
    fitted = similarity(start, found, _INLIER) if len(start) >= _FEWEST_POINTS else None
    if fitted is None:
        return None
    whole = np.vstack([fitted[0], [0, 0, 1]]) @ np.vstack([guess, [0, 0, 1]])
    return whole[:2], kept * float(fitted[1].mean())


def _about(centre: tuple[float, float], scale: float) -> Matrix:
    """Scaling about a point."""
    x, y = centre
    return np.array([[scale, 0, (1 - scale) * x], [0, scale, (1 - scale) * y]])


def _mapped(box: Box, matrix: Matrix) -> Box:
    x, y = box.centre
    dx, dy = matrix @ np.array([x, y, 1.0]) - np.array([x, y])
    return box.moved(float(dx), float(dy), math.hypot(matrix[0, 0], matrix[1, 0]))
