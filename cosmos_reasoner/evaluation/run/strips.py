"""A clip as one small picture: a column a moment, a row a camera."""

from pathlib import Path

import cv2
import numpy as np
import simplejpeg

from cosmos_reasoner.clips.clip import Clip, View
from cosmos_reasoner.clips.frame import Bgr, Frame
from cosmos_reasoner.clips.pixels import decode
from cosmos_reasoner.errors import FrameError
from cosmos_reasoner.evaluation.run.record import Strip

__all__ = ["COLUMNS", "draw_strip"]

COLUMNS = 12
"""Moments that a strip shows at most, evenly chosen, first and last among them."""

_WIDTH = 160
"""px of one picture."""

_TALLEST = 480
"""px of one picture; a narrower one is squeezed."""

_ROWS = 4
_QUALITY = 60


def draw_strip(clip: Clip, file: Path) -> Strip:
    """Draw a clip's strip and write it as a JPEG.

    A frame that cannot be decoded, or that a camera does not have, is black.

    Args:
        clip: What was seen; of more than four cameras, the first four.
        file: Where to; it is replaced.

    Raises:
        OSError: It cannot be written.
    """
    views = clip.views[:_ROWS]
    stamps = _moments(views[0])
    first = views[0].frames[0]
    height = min(max(round(_WIDTH * first.height / max(first.width, 1)), 1), _TALLEST)
    rows = [np.hstack([_picture(_nearest(view, stamp), height) for stamp in stamps]) for view in views]
    file.write_bytes(simplejpeg.encode_jpeg(np.ascontiguousarray(np.vstack(rows)), _QUALITY, "BGR", fastdct=True))
    times = tuple(round((stamp - clip.start) / 1e9, 3) for stamp in stamps)
    return Strip(times, _WIDTH, height, tuple(view.camera for view in views))


def _moments(view: View) -> list[int]:
    count = min(len(view.frames), COLUMNS)
    places = np.linspace(0, len(view.frames) - 1, count).round().astype(int)
    return [view.frames[place].stamp for place in places]


def _nearest(view: View, stamp: int) -> Frame:
    return min(view.frames, key=lambda frame: abs(frame.stamp - stamp))


def _picture(frame: Frame, height: int) -> Bgr:
    try:
        pixels = decode(frame, (_WIDTH, height))
    except FrameError:
        return np.zeros((height, _WIDTH, 3), np.uint8)
    return np.asarray(cv2.resize(pixels, (_WIDTH, height), interpolation=cv2.INTER_AREA), np.uint8)
