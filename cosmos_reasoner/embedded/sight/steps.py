"""How the picture as a whole moves from one frame to the next."""

import math
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

__all__ = [
    "Gray",
    "Matrix",
    "Points",
    "Step",
    "corners_of",
    "measure_step",
    "moves",
    "similarity",
    "track_points",
]

Gray = npt.NDArray[np.uint8]
"""HxW uint8."""

Matrix = npt.NDArray[np.float64]
"""2x3: maps points of one picture to points of another."""

Points = npt.NDArray[np.float32]
"""Nx2: x, y in px."""

_POINTS = 200
_FEWEST = 12
_WINDOW = 21
_LEVELS = 3
_RETURN = 1.0
"""px; a point that is tracked forth and back must return this near."""
_INLIER = 1.5
"""px; distance from the common motion up to which a point follows it."""
_ENOUGH = (cv2.TERM_CRITERIA_COUNT | cv2.TERM_CRITERIA_EPS, 12, 0.03)
"""Rounds and px after which a point counts as found."""
_ALIKE = 10
"""Grey levels of 255 up to which a pixel is the same."""
_STILL = np.eye(3)[:2]
_MOVED = 0.5
"""px; shift of the picture's centre, and ..."""
_SCALED = 0.004
"""... change of scale, up to which a step counts as one of a camera that stands still."""


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """The motion between two frames.

    Attributes:
        matrix: Shift, turn and scale that map the earlier picture to the later one; None when too few points hold.
        earlier: Points of the earlier picture that were found again.
        later: The same points in the later picture.
        follows: Which of them the matrix explains.
        kept: Share of the earlier picture's points that were found again, 0..1; 1 when it had too few to tell.
        same: Share of the pixels that have not changed, 0..1.
    """

    matrix: Matrix | None
    earlier: Points
    later: Points
    follows: npt.NDArray[np.bool_]
    kept: float
    same: float

    @property
    def support(self) -> float:
        """Share of the tracked points that the matrix explains, 0..1."""
        return float(np.mean(self.follows)) if len(self.follows) else 0.0


def measure_step(earlier: Gray, later: Gray) -> Step:
    """Measure how the background moves between two pictures of one size.

    Corners are tracked by pyramidal Lucas-Kanade, forth and back; RANSAC finds the shift, turn and scale that most of
    them follow. Where no motion at all explains as many pixels, there is none: most points may lie on one thing that
    moves.
    """
    points = corners_of(earlier, _POINTS, 0.01, 7)
    if len(points) < _FEWEST:
        return _lost(earlier, later, 1.0)
    start, found, kept = track_points(earlier, later, points)
    fitted = similarity(start, found, _INLIER) if len(start) >= _FEWEST else None
    if fitted is None:
        return _lost(earlier, later, kept)
    same, explained = _alike(earlier, later), _alike(_moved(earlier, later, fitted[0]), later)
    if same < explained:
        return Step(fitted[0], start, found, fitted[1], kept, same)
    return Step(_STILL.copy(), start, found, np.linalg.norm(found - start, axis=1) < _INLIER, kept, same)


def corners_of(gray: Gray, most: int, quality: float, apart: int) -> Points:
    """Corners that can be tracked.

    Args:
        gray: The picture.
        most: How many at most.
        quality: Of the worst against the best, 0..1.
        apart: Distance between two of them at least, px.
    """
    found: Any = cv2.goodFeaturesToTrack(gray, most, quality, apart)
    return np.empty((0, 2), np.float32) if found is None else np.asarray(found, np.float32).reshape(-1, 2)


def similarity(start: Points, found: Points, within: float) -> tuple[Matrix, npt.NDArray[np.bool_]] | None:
    """Shift, turn and scale that most points follow, by RANSAC.

    Args:
        start: Points before.
        found: The same points after.
        within: Distance up to which a point follows, px.

    Returns:
        The matrix and which points follow it; None when there is no such motion.
    """
    fitted: Any = cv2.estimateAffinePartial2D(start, found, method=cv2.RANSAC, ransacReprojThreshold=within)
    matrix, follows = fitted
    return None if matrix is None else (np.asarray(matrix, np.float64), np.asarray(follows).ravel() == 1)


def track_points(
    earlier: Gray, later: Gray, points: Points, window: int = _WINDOW, levels: int = _LEVELS
) -> tuple[Points, Points, float]:
    """Find points of one picture again in another.

    Args:
        earlier: One picture.
        later: The other.
        points: Places in the first.
        window: Side of the surroundings by which a point is known again, px.
        levels: How often the pictures are halved, to find larger motions.

    Returns:
        Those that were found, where they were and where they are, and their share of all.
    """
    how: dict[str, Any] = {"winSize": (window, window), "maxLevel": levels, "criteria": _ENOUGH}
    found, forth, _ = cv2.calcOpticalFlowPyrLK(earlier, later, points, np.empty_like(points), **how)
    back, again, _ = cv2.calcOpticalFlowPyrLK(later, earlier, found, np.empty_like(points), **how)
    returned = np.linalg.norm(back - points, axis=1) < _RETURN
    good = (forth.ravel() == 1) & (again.ravel() == 1) & returned
    return points[good], np.asarray(found, np.float32)[good], float(np.mean(good))


def moves(step: Step, size: tuple[int, int]) -> bool:
    """Whether the camera moved in a step; pictures of that size, px."""
    if step.matrix is None:
        return False
    middle = np.array([size[0] / 2, size[1] / 2, 1.0])
    shift = float(np.linalg.norm(step.matrix @ middle - middle[:2]))
    return shift > _MOVED or abs(math.hypot(step.matrix[0, 0], step.matrix[1, 0]) - 1) > _SCALED


def _lost(earlier: Gray, later: Gray, kept: float) -> Step:
    nothing = np.empty((0, 2), np.float32)
    return Step(None, nothing, nothing, np.empty(0, np.bool_), kept, _alike(earlier, later))


def _moved(earlier: Gray, later: Gray, matrix: Matrix) -> Gray:
    """The earlier picture as it would be after a motion; the later one where it has no pixels."""
    size = (earlier.shape[1], earlier.shape[0])
    moved = cv2.warpAffine(earlier, matrix, size, later.copy(), cv2.INTER_LINEAR, cv2.BORDER_TRANSPARENT)
    return np.asarray(moved, np.uint8)


def _alike(one: Gray, other: Gray) -> float:
    """Share of the pixels that are the same in two pictures, 0..1."""
    return float(np.mean(cv2.absdiff(one, other) <= _ALIKE))
