"""Large raw pictures in less memory, while they wait to be asked about."""

from dataclasses import replace

import numpy as np
import simplejpeg

from cosmos_reasoner.clips.frame import Frame
from cosmos_reasoner.clips.pixels import decode
from cosmos_reasoner.errors import FrameError

__all__ = ["compact"]

_LARGE = 1_000_000
"""Bytes from which a raw picture is kept as a JPEG: a clip of such would take 16 MB a camera, and many clips wait."""

_QUALITY = 95
_COLOUR = frozenset({"bgr8", "rgb8", "bgra8", "rgba8", "8UC3", "8UC4"})


def compact(frame: Frame) -> Frame:
    """A frame that takes little memory: a large raw one in colour becomes a JPEG of quality 95 with all its colour.

    No model is sent pictures of that size; what it is sent is made of the JPEG, as with a camera that compresses. A
    broken one stays as it is.
    """
    if frame.encoding not in _COLOUR or frame.nbytes < _LARGE:
        return frame
    try:
        pixels = decode(frame)
    except FrameError:
        return frame
    data = simplejpeg.encode_jpeg(np.ascontiguousarray(pixels), _QUALITY, "BGR", "444", fastdct=False)
    return replace(frame, encoding="jpeg", data=bytes(data), step=0)
