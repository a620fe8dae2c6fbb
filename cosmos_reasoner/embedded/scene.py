"""Pictures in, measured facts out."""

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

from cosmos_reasoner.clips.frame import Bgr
from cosmos_reasoner.embedded.background import align, changes, median
from cosmos_reasoner.embedded.blobs import find_blobs
from cosmos_reasoner.embedded.camera_motion import Gray, Matrix, Step, camera_motion, measure_step
from cosmos_reasoner.embedded.facts import Facts, ViewFacts
from cosmos_reasoner.embedded.footage import Footage
from cosmos_reasoner.embedded.movers import movers_of
from cosmos_reasoner.embedded.tracks import follow

__all__ = ["observe"]

_LOST = 0.15
"""Share of points found again below which a step is a cut."""
_CROWDED = 0.3
"""Share of the picture that differs from the background above which single things cannot be told apart."""


def observe(footage: Sequence[Footage]) -> Facts:
    """Measure what moves in each view."""
    return Facts(tuple(_observe(view) for view in footage))


def _observe(footage: Footage) -> ViewFacts:
    film = footage.film
    grays = [np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), np.uint8) for picture in film.pictures]
    steps = [measure_step(earlier, later) for earlier, later in zip(grays, grays[1:])]
    first = _after_cut(steps)
    seconds, pictures, steps = film.seconds[first:], film.pictures[first:], steps[first:]
    brightness = float(grays[-1].mean())
    cut = seconds[0] if first else None
    if len(seconds) < 2:
        return ViewFacts(footage.camera, film.size, seconds, cut, None, (), 0.0, False, brightness)
    periods = [later - earlier for earlier, later in zip(seconds, seconds[1:])]
    height, width = grays[0].shape
    motion = camera_motion(steps, periods, (width, height))
    aligned = align(pictures, _to_last(steps))
    differences = changes(aligned, median(aligned))
    masks = [_mask(difference) for difference in differences]
    residual = float(np.mean([difference.mean() for difference in differences]))
    crowded = float(np.mean([mask.mean() / 255 for mask in masks])) > _CROWDED
    found = [find_blobs(mask, picture) for mask, picture in zip(masks, aligned)]
    tracks = [] if crowded else follow(found, seconds, width)
    movers = movers_of(tracks, seconds, (width, height), film.size[0] / width)
    return ViewFacts(footage.camera, film.size, seconds, cut, motion, movers, residual, crowded, brightness)


def _after_cut(steps: Sequence[Step]) -> int:
    lost = [index for index, step in enumerate(steps) if step.kept is not None and step.kept < _LOST]
    return lost[-1] + 1 if lost else 0


def _to_last(steps: Sequence[Step]) -> list[Matrix]:
    """Matrices that map each picture to the last one."""
    total = np.eye(3)
    found = [total]
    for step in reversed(steps):
        matrix = step.matrix if step.matrix is not None else np.eye(3)[:2]
        total = total @ np.vstack([matrix, [0, 0, 1]])
        found.append(total)
    return [np.asarray(matrix[:2], np.float64) for matrix in reversed(found)]


def _mask(difference: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    noise = float(np.percentile(difference, 75))
    blurred = cv2.GaussianBlur(difference, (3, 3), 0)
    return np.asarray((blurred > max(18.0, 4 * noise)) * 255, np.uint8)
