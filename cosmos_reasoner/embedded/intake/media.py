"""Data URLs as pictures, small enough to analyse."""

import base64
import binascii
import io
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice

import av
import cv2
import numpy as np

from cosmos_reasoner.clips.frame import Bgr, Frame
from cosmos_reasoner.clips.headers import compressed_size, sniff
from cosmos_reasoner.clips.pixels import decode
from cosmos_reasoner.embedded.settings import Settings
from cosmos_reasoner.errors import FrameError, InvalidRequest

__all__ = ["LONGEST_SIDE", "Film", "read_files", "read_film", "read_picture"]

LONGEST_SIDE = 320
"""px; pictures are analysed in this size at most."""

_DATA_URL = re.compile(r"data:([a-z]+/[\w.+-]+);base64,", re.ASCII)
_MOST_DECODED = 4000
"""Frames of an mp4 file that are decoded at most, chosen or not."""


@dataclass(frozen=True, slots=True, eq=False)
class Film:
    """Decoded frames of one size.

    Attributes:
        seconds: When each was taken, s, rising.
        pictures: HxWx3 uint8 BGR each, at most LONGEST_SIDE px.
        size: Width and height in px as sent.
    """

    seconds: tuple[float, ...]
    pictures: tuple[Bgr, ...]
    size: tuple[int, int]


def read_files(url: str) -> tuple[str, list[bytes]]:
    """Take a data URL apart.

    Returns:
        Its MIME type, and its files: base64 texts parted by commas.

    Raises:
        InvalidRequest: It is no data URL in base64. Nothing is ever fetched from the network.
    """
    match = _DATA_URL.match(url)
    if match is None:
        start = url[:40].partition(",")[0]
        raise InvalidRequest(f"url {start!r}: only data URLs in base64 are read; nothing is fetched from the network")
    try:
        return match[1], [base64.b64decode(text, validate=True) for text in url[match.end() :].split(",")]
    except binascii.Error as error:
        raise InvalidRequest(f"url data:{match[1]}: broken base64: {error}") from error


def read_picture(file: bytes, name: str, settings: Settings) -> tuple[Bgr, tuple[int, int]]:
    """Decode a JPEG or PNG file.

    Args:
        file: The file.
        name: Which picture, for errors.
        settings: Limits.

    Returns:
        The picture in the size of the analysis, and its width and height in px as sent.

    Raises:
        FrameError: It cannot be decoded.
        InvalidRequest: It is larger than allowed.
    """
    try:
        width, height = compressed_size(file)
    except FrameError as error:
        raise FrameError(f"{name}: {error}") from error
    _check_size(width, height, name, settings)
    small = _small(width, height)
    pixels = decode(Frame(name, 0, width, height, sniff(file), file), at_least=small)
    if pixels.shape[1::-1] != small:
        pixels = np.asarray(cv2.resize(pixels, small, interpolation=cv2.INTER_AREA), np.uint8)
    return pixels, (width, height)


def read_film(file: bytes, name: str, fps: float, most: int, settings: Settings) -> Film:
    """Decode a video file, with the true times of its frames.

    Args:
        file: mp4, or anything else that FFmpeg reads.
        name: Which video, for errors.
        fps: Frames to keep a second at most.
        most: Frames that it may give.
        settings: Limits.

    Raises:
        FrameError: It cannot be decoded.
        InvalidRequest: Its frames are larger, or there are more of them, than allowed.
    """
    try:
        with av.open(io.BytesIO(file), mode="r") as container:
            if not container.streams.video:
                raise FrameError(f"{name}: the file has no video in it")
            context = container.streams.video[0].codec_context
            size = (context.width, context.height)
            _check_size(*size, name, settings)
            sampled = _sampled(_decoded(container, name), fps)
            chosen = [(second, _pixels(frame, size, name)) for second, frame in islice(sampled, most + 1)]
    except (av.error.FFmpegError, EOFError) as error:
        raise FrameError(f"{name}: broken video: {error}") from error
    if not chosen:
        raise FrameError(f"{name}: the video has no frame")
    if len(chosen) > most:
        raise InvalidRequest(f"{name}: more than the {most} frames that may still come; send a shorter part")
    return Film(tuple(second for second, _ in chosen), tuple(pixels for _, pixels in chosen), size)


def _check_size(width: int, height: int, name: str, settings: Settings) -> None:
    if width < 1 or height < 1:
        raise FrameError(f"{name}: {width}x{height} px")
    if width * height > settings.max_pixels:
        raise InvalidRequest(f"{name}: {width}x{height} px; at most {settings.max_pixels} pixels are taken")


def _small(width: int, height: int) -> tuple[int, int]:
    shrink = max(1.0, max(width, height) / LONGEST_SIDE)
    return max(1, round(width / shrink)), max(1, round(height / shrink))


def _decoded(container: av.container.InputContainer, name: str) -> Iterator[tuple[float, av.VideoFrame]]:
    stream = container.streams.video[0]
    rate = stream.average_rate or Fraction(25)
    for index, frame in enumerate(container.decode(stream)):
        if index == _MOST_DECODED:
            raise InvalidRequest(f"{name}: more than {_MOST_DECODED} frames; send a shorter part")
        yield (frame.time if frame.time is not None else float(index / rate)), frame


def _sampled(frames: Iterator[tuple[float, av.VideoFrame]], fps: float) -> Iterator[tuple[float, av.VideoFrame]]:
    """Keep the first frame of each period of time."""
    last = -math.inf
    for second, frame in frames:
        if second - last >= 0.9 / fps:
            last = second
            yield second, frame


def _pixels(frame: av.VideoFrame, size: tuple[int, int], name: str) -> Bgr:
    if (frame.width, frame.height) != size:
        raise FrameError(f"{name}: its frames have different sizes")
    width, height = _small(*size)
    small = frame.reformat(width=width, height=height, format="bgr24", interpolation="AREA")
    return np.ascontiguousarray(small.to_ndarray(), dtype=np.uint8)
