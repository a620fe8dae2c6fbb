"""A clip as one small picture: a column a moment, a row a camera."""

from dataclasses import dataclass

import cv2
import numpy as np

from cosmos_reasoner.clips.clip import Clip, View
from cosmos_reasoner.clips.frame import Bgr, Frame
from cosmos_reasoner.clips.pixels import decode
from cosmos_reasoner.errors import FrameError

__all__ = ["FilmStrip", "draw_strip"]

_WIDTH = 160
"""px of one picture."""

_TALLEST = 480
"""px of one picture; a narrower one is squeezed."""


@dataclass(frozen=True, slots=True, eq=False)
class FilmStrip:
    """Small pictures of a clip.

    Attributes:
        stamps: Of the moments, ns.
        cameras: Names, from top to bottom.
        rows: Of each camera the pictures side by side, each height x width x 3 uint8 BGR.
    """

    stamps: tuple[int, ...]
    cameras: tuple[str, ...]
    rows: tuple[Bgr, ...]

    @property
    def width(self) -> int:
        """Of one picture, px."""
        return int(self.rows[0].shape[1]) // len(self.stamps)

    @property
    def height(self) -> int:
        """Of one picture, px."""
        return int(self.rows[0].shape[0])


def draw_strip(clip: Clip, columns: int, rows: int) -> FilmStrip:
    """Draw a clip small.

    A frame that cannot be decoded is black. The moments are those of the camera with most frames; where another one has
    none, its nearest is shown.

    Args:
        clip: What was seen.
        columns: Moments at most, evenly chosen, first and last among them.
        rows: Cameras at most, the first ones.
    """
    views = clip.views[:rows]
    stamps = _moments(max(views, key=lambda view: len(view.frames)), columns)
    first = views[0].frames[0]
    height = min(max(round(_WIDTH * first.height / max(first.width, 1)), 1), _TALLEST)
    drawn = tuple(np.hstack([_picture(_nearest(view, stamp), height) for stamp in stamps]) for view in views)
    return FilmStrip(tuple(stamps), tuple(view.camera for view in views), drawn)


def _moments(view: View, columns: int) -> list[int]:
    count = min(len(view.frames), columns)
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
