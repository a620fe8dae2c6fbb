"""The camera's own motion over a clip."""

import math
from collections.abc import Sequence

import numpy as np

from cosmos_reasoner.embedded.sight.facts import CameraMotion
from cosmos_reasoner.embedded.sight.steps import Matrix, Step

__all__ = ["camera_motion", "to_last"]


def camera_motion(steps: Sequence[Step], periods: Sequence[float], size: tuple[int, int]) -> CameraMotion | None:
    """Sum up the steps of a clip by their medians.

    Args:
        steps: From each frame to the next.
        periods: Seconds that each step takes.
        size: Width and height of the pictures in px.

    Returns:
        None when fewer than half of the steps could be measured.
    """
    known = [(step.matrix, step.support, period) for step, period in zip(steps, periods) if step.matrix is not None]
    if not known or len(known) < len(steps) / 2:
        return None
    rates = np.array([_rates(matrix, period, size) for matrix, _, period in known])
    dx, dy, growth, roll = (float(value) for value in np.median(rates, axis=0))
    shifts = rates[:, :2] * np.array([[period] for _, _, period in known])
    shake = float(np.mean(np.abs(np.diff(shifts, 2, axis=0)))) if len(shifts) > 2 else 0.0
    support = float(np.median([share for _, share, _ in known]))
    return CameraMotion(dx, dy, growth, roll, support, shake)


def to_last(steps: Sequence[Step]) -> list[Matrix]:
    """Matrices that map each picture onto the last one; a step that could not be measured counts as none."""
    total = np.eye(3)
    found = [total]
    for step in reversed(steps):
        matrix = step.matrix if step.matrix is not None else np.eye(3)[:2]
        total = total @ np.vstack([matrix, [0, 0, 1]])
        found.append(total)
    return [np.asarray(matrix[:2], np.float64) for matrix in reversed(found)]


def _rates(matrix: Matrix, period: float, size: tuple[int, int]) -> tuple[float, float, float, float]:
    """Shift at the picture's centre in widths/s, growth in 1/s, turn in degrees/s."""
    width, height = size
    middle = np.array([width / 2, height / 2, 1.0])
    dx, dy = (matrix @ middle - middle[:2]) / (width * period)
    scale, turn = math.hypot(matrix[0, 0], matrix[1, 0]), math.atan2(matrix[1, 0], matrix[0, 0])
    return float(dx), float(dy), math.log(scale) / period, math.degrees(turn) / period
