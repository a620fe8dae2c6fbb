"""What differs from the background that stays, once the camera's own motion is taken out."""

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

from cosmos_reasoner.clips.frame import Bgr
from cosmos_reasoner.embedded.sight.steps import Matrix

__all__ = ["Mask", "align", "changed", "differences"]

Mask = npt.NDArray[np.uint8]
"""HxW, 255 where changed."""

_LEAST = 16.0
"""Grey levels of 255 that a change must have."""
_OVER_NOISE = 8.0
"""How many times the difference of the quietest quarter of the pixels a change must have."""
_GRAIN = (3, 3)


def align(pictures: Sequence[Bgr], to_last: Sequence[Matrix]) -> list[Bgr]:
    """Move every picture onto the last one; where it has no pixels, the last one's are taken."""
    last = pictures[-1]
    size = (last.shape[1], last.shape[0])
    moved = [
        cv2.warpAffine(picture, matrix, size, last.copy(), cv2.INTER_LINEAR, cv2.BORDER_TRANSPARENT)
        for picture, matrix in zip(pictures, to_last)
    ]
    return [np.asarray(picture, np.uint8) for picture in moved]


def differences(pictures: Sequence[Bgr]) -> list[npt.NDArray[np.uint8]]:
    """Largest difference of the three colours from the clip's background, for each picture, HxW.

    The background is the median of each pixel; a change of the light over the whole picture is taken out first.
    """
    smooth = [np.asarray(cv2.GaussianBlur(picture, _GRAIN, 0), np.uint8) for picture in pictures]
    background = _median(_lit_alike(smooth, smooth[-1]))
    return [_largest(picture, background) for picture in _lit_alike(smooth, background)]


def changed(difference: Sequence[npt.NDArray[np.uint8]]) -> list[Mask]:
    """Where each picture differs by more than the noise of the clip."""
    noise = float(np.median([np.percentile(part[::2, ::2], 25) for part in difference]))
    level = max(_LEAST, _OVER_NOISE * noise)
    return [np.asarray(cv2.threshold(part, level, 255, cv2.THRESH_BINARY)[1], np.uint8) for part in difference]


def _largest(picture: Bgr, background: Bgr) -> npt.NDArray[np.uint8]:
    blue, green, red = cv2.split(cv2.absdiff(picture, background))
    return np.asarray(cv2.max(cv2.max(blue, green), red), np.uint8)


def _lit_alike(pictures: Sequence[Bgr], model: Bgr) -> list[Bgr]:
    """Bring every picture to the brightness of the model, colour by colour."""
    wanted = model[::4, ::4].astype(np.int16)
    shifts = [np.median(wanted - picture[::4, ::4], axis=(0, 1)).round().astype(np.int16) for picture in pictures]
    return [
        np.clip(picture + shift, 0, 255).astype(np.uint8) if shift.any() else picture
        for picture, shift in zip(pictures, shifts)
    ]


def _median(pictures: Sequence[Bgr]) -> Bgr:
    """The lower median of each pixel, by a sorting network: far faster on bytes than a sort of each pixel."""
    rows = list(pictures)
    for turn in range(len(rows)):
        for i in range(turn % 2, len(rows) - 1, 2):
            rows[i], rows[i + 1] = np.minimum(rows[i], rows[i + 1]), np.maximum(rows[i], rows[i + 1])
    return rows[(len(rows) - 1) // 2]
