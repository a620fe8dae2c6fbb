"""How the picture as a whole moves from one frame to the next."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from cosmos_reasoner.embedded.facts import CameraMotion

__all__ = ["Gray", "Step", "camera_motion", "measure_step"]

Gray = npt.NDArray[np.uint8]
"""HxW uint8."""

Matrix = npt.NDArray[np.float64]
"""2x3: maps points of one picture to points of another."""

_POINTS = 200
_FEWEST = 12
_RETURN = 1.0
"""px; a point that is tracked forth and back must return this near."""
_INLIER = 1.5
"""px; distance from the common motion up to which a point follows it."""


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """The motion between two frames.

    Attributes:
        matrix: Shift, turn and scale that map the earlier picture to the later one; None when too few points hold.
        support: Share of the tracked points that it explains, 0..1.
        kept: Share of the earlier picture's points that were found again, 0..1; None when it had too few.
    """

    matrix: Matrix | None
    support: float
    kept: float | None


def measure_step(earlier: Gray, later: Gray) -> Step:
    """Measure how the background moves between two pictures of one size.

    Corners are tracked by pyramidal Lucas-Kanade, forth and back; RANSAC finds the shift, turn and scale that most follow.
    """
    points = cv2.goodFeaturesToTrack(earlier, _POINTS, 0.01, 7)
    if points is None or len(points) < _FEWEST:
        return Step(None, 0.0, None)
    found, good = _tracked(earlier, later, points)
    kept = float(np.mean(good))
    if good.sum() < _FEWEST:
        return Step(None, 0.0, kept)
    matrix, inliers = cv2.estimateAffinePartial2D(
        points[good], found[good], method=cv2.RANSAC, ransacReprojThreshold=_INLIER
    )
    if matrix is None:
        return Step(None, 0.0, kept)
    return Step(np.asarray(matrix, np.float64), float(np.mean(inliers)), kept)


def camera_motion(steps: Sequence[Step], periods: Sequence[float], size: tuple[int, int]) -> CameraMotion | None:
    """Sum up the steps of a clip.

    Args:
        steps: From each frame to the next.
        periods: Seconds that each step takes.
        size: Width and height of the pictures in px.

    Returns:
        None when fewer than half of the steps could be measured.
    """
    measured = [(step, period) for step, period in zip(steps, periods) if step.matrix is not None]
    if not measured or len(measured) < len(steps) / 2:
        return None
    rates = np.array([_rates(step.matrix, period, size) for step, period in measured if step.matrix is not None])
    dx, dy, growth, roll = (float(value) for value in np.median(rates, axis=0))
    steady = rates[:, :2] * np.array([[period] for _, period in measured])
    shake = float(np.mean(np.abs(np.diff(steady, 2, axis=0)))) if len(steady) > 2 else 0.0
    support = float(np.median([step.support for step, _ in measured]))
    return CameraMotion(dx, dy, growth, roll, support, shake)


def _tracked(
    earlier: Gray, later: Gray, points: npt.NDArray[np.float32]
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.bool_]]:
    found, forth, _ = cv2.calcOpticalFlowPyrLK(earlier, later, points, np.empty_like(points))
    back, again, _ = cv2.calcOpticalFlowPyrLK(later, earlier, found, np.empty_like(points))
    returned = np.linalg.norm(back - points, axis=2).ravel() < _RETURN
    return np.asarray(found, np.float32), (forth.ravel() == 1) & (again.ravel() == 1) & returned


def _rates(matrix: Matrix, period: float, size: tuple[int, int]) -> tuple[float, float, float, float]:
    """Shift at the picture's centre in widths/s, growth in 1/s, turn in degrees/s."""
    width, height = size
    centre = np.array([width / 2, height / 2, 1.0])
    dx, dy = (matrix @ centre - centre[:2]) / (width * period)
    scale, turn = math.hypot(matrix[0, 0], matrix[1, 0]), math.atan2(matrix[1, 0], matrix[0, 0])
    return dx, dy, math.log(scale) / period, math.degrees(turn) / period
