"""Near things that shift against far ones because the camera moves, and what moves in spite of that."""

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

from cosmos_reasoner.clips.frame import Bgr
from cosmos_reasoner.embedded.sight.blobs import Blob
from cosmos_reasoner.embedded.sight.facts import Box
from cosmos_reasoner.embedded.sight.steps import Points, Step, moves

__all__ = ["has_parallax", "unruly"]

_CELLS = (6, 4)
_CELL_SHARE = 0.3
"""Share of a cell's points that do not follow the picture, for the cell to count."""
_SPREAD = 0.25
"""Share of cells that count above which it is parallax: one thing that moves fills few of them."""
_RIGID = 1.5
"""px; distance from its epipolar line up to which a point may belong to a rigid scene."""
_FEWEST = 5
_NEAR = 0.08
"""Share of the width within which points of like motion belong together."""
_ALIKE = 3.0
"""px; difference of motion up to which two points move alike."""


def has_parallax(steps: Sequence[Step], size: tuple[int, int]) -> bool:
    """Whether the camera moves so that one shift, turn and scale does not explain the background."""
    moving = [step for step in steps if moves(step, size)]
    if len(moving) < len(steps) / 2 or not moving:
        return False
    return float(np.percentile([_spread(step, size) for step in moving], 75)) > _SPREAD


def unruly(step: Step, picture: Bgr) -> list[Blob]:
    """Groups of points that move as no rigid scene can, whatever its depths.

    Points of a rigid scene stay on their epipolar lines (Longuet-Higgins 1981); what moves along them is not found so.

    Args:
        step: The step that ends at the picture.
        picture: For the colours.
    """
    if len(step.earlier) < 2 * _FEWEST:
        return []
    matrix, _ = cv2.findFundamentalMat(step.earlier, step.later, cv2.FM_RANSAC, 1.0, 0.99, 300)
    if matrix is None or matrix.shape != (3, 3):
        return []
    off = (_distances(np.asarray(matrix, np.float64), step.earlier, step.later) > _RIGID) & ~step.follows
    groups = _groups(step.later[off], (step.later - step.earlier)[off], _NEAR * picture.shape[1])
    return [_blob(points, picture) for points in groups if len(points) >= _FEWEST]


def _spread(step: Step, size: tuple[int, int]) -> float:
    """Share of the picture's cells in which many points do not follow the picture as a whole."""
    columns, rows = _CELLS
    column = np.clip(step.earlier[:, 0] * columns // size[0], 0, columns - 1)
    row = np.clip(step.earlier[:, 1] * rows // size[1], 0, rows - 1)
    cells = (row * columns + column).astype(np.int64)
    count = np.bincount(cells, minlength=columns * rows)
    off = np.bincount(cells[~step.follows], minlength=columns * rows)
    share = off[count > 0] / count[count > 0]
    return float(np.mean(share > _CELL_SHARE)) if len(share) else 0.0


def _distances(matrix: npt.NDArray[np.float64], earlier: Points, later: Points) -> npt.NDArray[np.float64]:
    """Distance of each later point from the epipolar line of the earlier one, px."""
    lines = np.column_stack([earlier, np.ones(len(earlier))]) @ matrix.T
    along = np.abs(np.sum(lines[:, :2] * later, axis=1) + lines[:, 2])
    return np.asarray(along / np.maximum(np.linalg.norm(lines[:, :2], axis=1), 1e-9), np.float64)


def _groups(points: Points, motions: Points, near: float) -> list[Points]:
    """Points that lie near each other and move alike, joined from one to the next."""
    left = set(range(len(points)))
    groups: list[Points] = []
    while left:
        members, fresh = [], [left.pop()]
        while fresh:
            at = fresh.pop()
            members.append(at)
            close = [i for i in left if _belong(points, motions, at, i, near)]
            left -= set(close)
            fresh.extend(close)
        groups.append(points[members])
    return groups


def _belong(points: Points, motions: Points, i: int, j: int, near: float) -> bool:
    return bool(np.linalg.norm(points[i] - points[j]) < near and np.linalg.norm(motions[i] - motions[j]) < _ALIKE)


def _blob(points: Points, picture: Bgr) -> Blob:
    left, top = (float(value) for value in points.min(axis=0))
    right, bottom = (float(value) for value in points.max(axis=0) + 1)
    inside = picture[int(top) : int(bottom) + 1, int(left) : int(right) + 1]
    colour = inside.reshape(-1, 3).mean(axis=0)
    x, y = (float(value) for value in points.mean(axis=0))
    area = max(1, round((right - left) * (bottom - top)))
    return Blob((x, y), Box(left, top, right, bottom), area, (float(colour[0]), float(colour[1]), float(colour[2])))
