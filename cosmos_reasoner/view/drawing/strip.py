"""The frames of a clip side by side, each moment with its time."""

import numpy as np
import simplejpeg

from cosmos_reasoner.clips.clip import Clip
from cosmos_reasoner.clips.frame import Bgr
from cosmos_reasoner.clips.strip import FilmStrip, draw_strip
from cosmos_reasoner.view.drawing.lettering import Lettering, lettering
from cosmos_reasoner.view.drawing.lines import fitted
from cosmos_reasoner.view.drawing.palette import QUIET, WHITE

__all__ = ["draw_timed_strip"]

_COLUMNS = 16
_ROWS = 8

_QUALITY = 75
_SIZE = 15
_TIMES = 24
"""px of the row of times."""

_MARGIN = 4


def draw_timed_strip(clip: Clip) -> bytes:
    """Draw a clip's frames: a column a moment, a row a camera, and below them the times, in s before the last one.

    Args:
        clip: What was seen; of more than 16 moments, 16 evenly chosen ones.

    Returns:
        A JPEG file. A frame that cannot be decoded is black.
    """
    film = draw_strip(clip, _COLUMNS, _ROWS)
    letters = lettering()
    rows = [_named(row, film, camera, letters) for row, camera in zip(film.rows, film.cameras)]
    whole = np.ascontiguousarray(np.vstack([*rows, _times(film, letters)]))
    return bytes(simplejpeg.encode_jpeg(whole, _QUALITY, "BGR", fastdct=True))


def _named(row: Bgr, film: FilmStrip, camera: str, letters: Lettering) -> Bgr:
    """Write the camera's name into its first picture, where there are several."""
    if len(film.cameras) > 1:
        text = fitted(letters, camera, film.width - 2 * _MARGIN, _SIZE)
        row[:_TIMES, : letters.width(text, _SIZE) + 2 * _MARGIN] //= 4
        letters.draw(row, text, (_MARGIN, _SIZE + 2), _SIZE, WHITE)
    return row


def _times(film: FilmStrip, letters: Lettering) -> Bgr:
    band = np.zeros((_TIMES, film.width * len(film.stamps), 3), np.uint8)
    for column, stamp in enumerate(film.stamps):
        ago = (stamp - film.stamps[-1]) / 1e9
        text, left = f"{ago:.2f} s", column * film.width
        letters.draw(band, text, (left + _MARGIN, _SIZE + 2), _SIZE, WHITE if ago == 0 else QUIET)
    return band
