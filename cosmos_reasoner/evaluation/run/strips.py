"""The strip of a clip as a file beside the results."""

from pathlib import Path

import numpy as np
import simplejpeg

from cosmos_reasoner.clips import strip
from cosmos_reasoner.clips.clip import Clip
from cosmos_reasoner.evaluation.run.record import Strip

__all__ = ["COLUMNS", "draw_strip"]

COLUMNS = 12
"""Moments that a strip shows at most."""

_ROWS = 4
_QUALITY = 60


def draw_strip(clip: Clip, file: Path) -> Strip:
    """Draw a clip's strip and write it as a JPEG.

    Args:
        clip: What was seen; of more than four cameras, the first four.
        file: Where to; it is replaced.

    Raises:
        OSError: It cannot be written.
    """
    film = strip.draw_strip(clip, COLUMNS, _ROWS)
    file.write_bytes(simplejpeg.encode_jpeg(np.ascontiguousarray(np.vstack(film.rows)), _QUALITY, "BGR", fastdct=True))
    times = tuple(round((stamp - clip.start) / 1e9, 3) for stamp in film.stamps)
    return Strip(times, film.width, film.height, film.cameras)
