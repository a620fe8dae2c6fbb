"""Times written below the frames, for models that are told of time in no other way.

Cosmos-Reason1 was trained with them: a black strip of 28 px below the picture, the seconds in white. The number stands
in the left and the right half in turn, because the model sees two frames at once and both must stay legible.
"""

import cv2
import numpy as np

from cosmos_reasoner.clips.frame import Bgr

__all__ = ["STRIP_HEIGHT", "burn_in"]

STRIP_HEIGHT = 28
"""px; one row of vision tokens of Qwen2.5-VL."""

_FONT = cv2.FONT_HERSHEY_SIMPLEX
_BASELINE = 21
_WHITE = (255, 255, 255)


def burn_in(pixels: Bgr, seconds: float, index: int) -> Bgr:
    """Add the strip with a time.

    Args:
        pixels: HxWx3.
        seconds: What is written, as "1.25s".
        index: Place of the frame in its view; even ones are written on the left.

    Returns:
        (H + STRIP_HEIGHT)xWx3.
    """
    width = pixels.shape[1]
    strip = np.zeros((STRIP_HEIGHT, width, 3), np.uint8)
    text = f"{seconds:.2f}s"
    scale = _scale(text, width // 2)
    cv2.putText(strip, text, (2 + (index % 2) * (width // 2), _BASELINE), _FONT, scale, _WHITE, 1, cv2.LINE_AA)
    return np.vstack([pixels, strip])


def _scale(text: str, room: int) -> float:
    (width, _), _ = cv2.getTextSize(text, _FONT, 0.7, 1)
    return 0.7 * min(1.0, max(room - 4, 8) / width)
