"""Cuts: places where one scene ends and another begins."""

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

from cosmos_reasoner.embedded.sight.steps import Gray, Step

__all__ = ["last_cut"]

_ALL_LOST = 0.15
"""Share of points found again below which there is a cut, unless ..."""
_SAME = 0.5
"""... this share of the pixels is the same: then one thing has covered most of the points."""
_MANY_LOST = 0.5
"""The same where the grey levels are others too: a fast turn of the camera loses points, but not the grey levels."""
_OTHER_LEVELS = 0.4
"""Distance of the histograms of a part of the picture, 0..1; measured 0.5 at cuts and up to 0.31 in fast turns."""


def last_cut(grays: Sequence[Gray], steps: Sequence[Step]) -> int:
    """Number of the first frame after the last cut; 0 without one."""
    cuts = [index + 1 for index, step in enumerate(steps) if _is_cut(grays[index], grays[index + 1], step)]
    return cuts[-1] if cuts else 0


def _is_cut(earlier: Gray, later: Gray, step: Step) -> bool:
    if step.kept < _ALL_LOST:
        return step.same < _SAME
    return step.kept < _MANY_LOST and _distance(earlier, later) > _OTHER_LEVELS


def _distance(earlier: Gray, later: Gray) -> float:
    """Median over twelve parts of the picture of the distance between their histograms, 0..1."""
    return float(np.median(np.abs(_histograms(earlier) - _histograms(later)).sum(axis=1) / 2))


def _histograms(gray: Gray) -> npt.NDArray[np.float64]:
    parts = [part for row in np.array_split(gray, 3) for part in np.array_split(row, 4, axis=1)]
    counted = [cv2.calcHist([np.ascontiguousarray(part)], [0], None, [16], [0, 256]) for part in parts]
    return np.array([count.ravel() / part.size for count, part in zip(counted, parts)], np.float64)
