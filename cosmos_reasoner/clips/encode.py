"""A clip as the bytes that travel to the endpoint."""

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from fractions import Fraction
from itertools import accumulate
from typing import TypeVar

import av
import cv2
import numpy as np
import simplejpeg

from cosmos_reasoner.clips.burn_in import STRIP_HEIGHT, burn_in
from cosmos_reasoner.clips.clip import Clip, View
from cosmos_reasoner.clips.frame import Bgr, Frame
from cosmos_reasoner.clips.pixels import decode
from cosmos_reasoner.clips.sizing import PixelLimits, fit
from cosmos_reasoner.errors import FrameError

__all__ = ["EncodedClip", "EncodedView", "Encoding", "MediaForm", "encode"]


T = TypeVar("T")


class MediaForm(str, Enum):
    """How the frames of a view travel. A view of one frame always travels as an image."""

    MP4 = "mp4"
    JPEG_SEQUENCE = "jpeg_sequence"
    IMAGES = "images"


@dataclass(frozen=True, slots=True)
class Encoding:
    """How a clip is encoded.

    Attributes:
        form: How the frames travel.
        limits: Bounds of the model's processor.
        max_frames: Frames of a view at most; of more, this many are chosen evenly, first and last among them; one
            alone is the last.
        burn_in: Whether the times are written below the frames.
        quality: JPEG quality, 1 to 100.
    """

    form: MediaForm = MediaForm.JPEG_SEQUENCE
    limits: PixelLimits = field(default_factory=PixelLimits)
    max_frames: int = 32
    burn_in: bool = False
    quality: int = 85


@dataclass(frozen=True, slots=True, eq=False)
class EncodedView:
    """One camera's frames, encoded.

    Attributes:
        camera: Name of the camera.
        form: How they travel.
        files: One mp4 file, or one JPEG file a frame.
        seconds: Time of each frame from the clip's start, s.
        taken: Width and height in px of the picture as taken.
        sent: Width and height in px of the picture as sent, without the strip of the time.
    """

    camera: str
    form: MediaForm
    files: tuple[bytes, ...]
    seconds: tuple[float, ...]
    taken: tuple[int, int]
    sent: tuple[int, int]

    @property
    def scale(self) -> tuple[float, float]:
        """Factors from px as sent to px as taken, for x and y."""
        return self.taken[0] / self.sent[0], self.taken[1] / self.sent[1]


@dataclass(frozen=True, slots=True, eq=False)
class EncodedClip:
    """A clip as the bytes that travel, view by view."""

    views: tuple[EncodedView, ...]

    @property
    def frame_count(self) -> int:
        """Frames of all views together."""
        return sum(len(view.seconds) for view in self.views)

    @property
    def nbytes(self) -> int:
        """Bytes of all files together."""
        return sum(len(file) for view in self.views for file in view.files)


def encode(clip: Clip, encoding: Encoding) -> EncodedClip:
    """Encode a clip.

    Raises:
        FrameError: None of a camera's frames can be decoded; single broken ones are left out.
    """
    chosen = [View(view.camera, _spread(view.frames, encoding.max_frames)) for view in clip]
    total = sum(len(view.frames) for view in chosen)
    return EncodedClip(tuple(_encode_view(clip, view, total, encoding) for view in chosen))


def _spread(frames: tuple[Frame, ...], at_most: int) -> tuple[Frame, ...]:
    if len(frames) <= at_most:
        return frames
    if at_most == 1:
        return frames[-1:]
    return tuple(frames[round(i)] for i in np.linspace(0, len(frames) - 1, at_most))


def _encode_view(clip: Clip, view: View, total: int, encoding: Encoding) -> EncodedView:
    last = view.frames[-1]
    taken = (last.width, last.height)
    strip = STRIP_HEIGHT if encoding.burn_in else 0
    sent = fit(*taken, total, encoding.limits, strip)

    def picture(frame: Frame, second: float, index: int) -> Bgr:
        return _picture(frame, second, index, sent, encoding)

    def jpeg(frame: Frame, second: float, index: int) -> bytes:
        return _jpeg(frame, second, index, sent, encoding)

    if encoding.form is MediaForm.MP4 and len(view.frames) > 1:
        pictures, seconds = _usable(clip, view, picture)
        return EncodedView(view.camera, MediaForm.MP4, (_mp4(pictures, seconds),), seconds, taken, sent)
    files, seconds = _usable(clip, view, jpeg)
    form = MediaForm.JPEG_SEQUENCE if encoding.form is MediaForm.JPEG_SEQUENCE and len(files) > 1 else MediaForm.IMAGES
    return EncodedView(view.camera, form, tuple(files), seconds, taken, sent)


def _usable(clip: Clip, view: View, make: Callable[[Frame, float, int], T]) -> tuple[list[T], tuple[float, ...]]:
    """What is made of each frame, and the times of those; broken frames are left out unless all are."""
    made: list[T] = []
    seconds: list[float] = []
    failure = None
    for frame in view.frames:
        second = clip.seconds(frame)
        try:
            made.append(make(frame, second, len(made)))
            seconds.append(second)
        except FrameError as error:
            failure = error
    if failure and not made:
        raise failure
    return made, tuple(seconds)


def _picture(frame: Frame, seconds: float, index: int, sent: tuple[int, int], encoding: Encoding) -> Bgr:
    pixels = decode(frame, at_least=sent)
    if (pixels.shape[1], pixels.shape[0]) != sent:
        smaller = pixels.shape[1] > sent[0]
        shape = cv2.INTER_AREA if smaller else cv2.INTER_CUBIC
        pixels = np.asarray(cv2.resize(pixels, sent, interpolation=shape), np.uint8)
    return burn_in(pixels, seconds, index) if encoding.burn_in else pixels


def _jpeg(frame: Frame, seconds: float, index: int, sent: tuple[int, int], encoding: Encoding) -> bytes:
    if frame.encoding == "jpeg" and (frame.width, frame.height) == sent and not encoding.burn_in:
        return bytes(frame.data)
    pixels = np.ascontiguousarray(_picture(frame, seconds, index, sent, encoding))
    return bytes(simplejpeg.encode_jpeg(pixels, encoding.quality, "BGR", "420"))


def _mp4(pictures: list[Bgr], seconds: tuple[float, ...]) -> bytes:
    """Make an H.264 file whose time stamps are the true ones, to the millisecond."""
    times = _rising([round(second * 1000) for second in seconds])
    memory = io.BytesIO()
    with av.open(memory, "w", format="mp4") as container:
        rate = Fraction(1000 * (len(times) - 1), times[-1] - times[0])
        stream = container.add_stream("libx264", rate=rate)
        stream.height, stream.width = pictures[0].shape[:2]
        stream.pix_fmt = "yuv420p"
        stream.options = {"preset": "veryfast", "tune": "zerolatency", "crf": "20"}
        stream.codec_context.time_base = Fraction(1, 1000)
        for picture, time in zip(pictures, times):
            frame = av.VideoFrame.from_ndarray(picture, format="bgr24")
            frame.pts, frame.time_base = time, Fraction(1, 1000)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return memory.getvalue()


def _rising(times: list[int]) -> list[int]:
    """Move times that do not rise to 1 after the one before: a video's must rise."""
    return list(accumulate(times, lambda last, time: max(time, last + 1)))
