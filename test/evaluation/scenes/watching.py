"""What can be seen in a scene's video, found by colour alone."""

from itertools import islice
from pathlib import Path

import av
import cv2
import numpy as np

from cosmos_reasoner.evaluation.scenes.arena import FPS
from cosmos_reasoner.evaluation.scenes.looks import COLOURS

Mask = np.ndarray
"""HxW bool."""


def pictures(path: Path, count: int | None = None) -> list[np.ndarray]:
    """All pictures of a video or the first ones, HxWx3 uint8 BGR."""
    with av.open(str(path)) as container:
        return [frame.to_ndarray(format="bgr24") for frame in islice(container.decode(video=0), count)]


def number_at(time: float) -> int:
    """The last frame up to a time in s."""
    return int(time * FPS)


def vivid(picture: np.ndarray) -> Mask:
    """Where anything has a strong colour."""
    return picture.max(axis=2).astype(int) - picture.min(axis=2) > 70


def coloured(picture: np.ndarray, name: str) -> Mask:
    """Where something has nearly the hue of a named colour."""
    swatch = np.full((1, 1, 3), COLOURS[name], np.uint8)
    hue = int(cv2.cvtColor(swatch, cv2.COLOR_BGR2HSV)[0, 0, 0])
    hues = cv2.cvtColor(picture, cv2.COLOR_BGR2HSV)[..., 0].astype(int)
    away = np.abs((hues - hue + 90) % 180 - 90)
    return vivid(picture) & (away <= 12)


def middle(mask: Mask) -> tuple[float, float] | None:
    """Column and row of the middle of what is seen, px; None when it is hardly anything."""
    rows, columns = np.nonzero(mask)
    return (float(columns.mean()), float(rows.mean())) if len(rows) > 12 else None


def gap(one: Mask, other: Mask) -> float:
    """Least distance between two things, px; 1 for neighbours."""
    away = cv2.distanceTransform((~one).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    return float(away[other].min()) if one.any() and other.any() else float("inf")
