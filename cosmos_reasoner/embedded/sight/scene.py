"""Pictures in, measured facts out."""

from collections.abc import Sequence
from itertools import pairwise

import cv2
import numpy as np

from cosmos_reasoner.clips.frame import Bgr
from cosmos_reasoner.embedded.intake.footage import Footage
from cosmos_reasoner.embedded.sight.background import align, changed, differences
from cosmos_reasoner.embedded.sight.blobs import Blob, find_blobs
from cosmos_reasoner.embedded.sight.camera_motion import camera_motion, to_last
from cosmos_reasoner.embedded.sight.cuts import last_cut
from cosmos_reasoner.embedded.sight.facts import Facts, ViewFacts
from cosmos_reasoner.embedded.sight.movers import Shots, movers_of
from cosmos_reasoner.embedded.sight.parallax import has_parallax, unruly
from cosmos_reasoner.embedded.sight.steps import Step, measure_step
from cosmos_reasoner.embedded.sight.tracks import follow

__all__ = ["observe"]

_CROWDED = 0.35
"""Share of the picture that differs from the background above which single things cannot be told apart."""


def observe(footage: Sequence[Footage]) -> Facts:
    """Measure what moves in each view."""
    return Facts(tuple(_observe(view) for view in footage))


def _observe(footage: Footage) -> ViewFacts:
    film = footage.film
    grays = tuple(np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), np.uint8) for picture in film.pictures)
    steps = [measure_step(earlier, later) for earlier, later in pairwise(grays)]
    first = last_cut(grays, steps)
    seconds, steps = film.seconds[first:], steps[first:]
    size = (grays[0].shape[1], grays[0].shape[0])
    periods = [later - earlier for earlier, later in pairwise(seconds)]
    shots = Shots(seconds, grays[first:], tuple(to_last(steps)), film.size[0] / size[0])
    parallax = has_parallax(steps, size)
    blobs, residual, crowded = _blobs(film.pictures[first:], steps, shots, parallax)
    tracks = [] if crowded else follow(blobs, seconds, size[0])
    return ViewFacts(
        camera=footage.camera,
        size=film.size,
        seconds=seconds,
        cut=seconds[0] if first else None,
        motion=camera_motion(steps, periods, size),
        movers=movers_of(tracks, shots),
        residual=residual,
        crowded=crowded,
        parallax=parallax,
        brightness=float(grays[-1].mean()),
    )


def _blobs(
    pictures: Sequence[Bgr], steps: Sequence[Step], shots: Shots, parallax: bool
) -> tuple[list[list[Blob]], float, bool]:
    """What may move in each frame, placed on the last one; the mean change; and whether it is too much at once."""
    if len(pictures) < 2:
        return [[]], 0.0, False
    aligned = align(pictures, shots.to_last)
    difference = differences(aligned)
    residual = float(np.mean([part.mean() for part in difference]))
    if parallax:
        found = [unruly(step, picture) for step, picture in zip(steps, pictures[1:])]
        placed = [[blob.placed(matrix) for blob in blobs] for blobs, matrix in zip(found, shots.to_last[1:])]
        return [[], *placed], residual, False
    masks = changed(difference)
    crowded = float(np.mean([mask.mean() / 255 for mask in masks])) > _CROWDED
    return [find_blobs(mask, picture) for mask, picture in zip(masks, aligned)], residual, crowded
