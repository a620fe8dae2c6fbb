"""A clip as the bytes that travel to the endpoint."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import TypeVar

import numpy as np
import simplejpeg

from cosmos_reasoner.clips.burn_in import STRIP_HEIGHT, burn_in
from cosmos_reasoner.clips.clip import Clip, View
from cosmos_reasoner.clips.frame import Bgr, Frame
from cosmos_reasoner.clips.mp4 import mp4_file
from cosmos_reasoner.clips.pixels import decode
from cosmos_reasoner.clips.resize import resize
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
        limits: Bounds of the model's processor for the frames of a video.
        picture_limits: The same for single pictures.
        max_frames: Frames of a view at most; of more, this many are chosen evenly, first and last among them; one
            alone is the last.
        burn_in: Whether the times are written below the frames; never below a single one, which has none to tell.
        quality: JPEG quality, 1 to 100.
        video_rate: Frames a second that the endpoint reads of an mp4 file; more are not sent.
        link_limits: Bounds of the processor for pictures that the endpoint fetches itself, from the address of their
            frame; None to send the bytes of these too.
        max_bytes: Of all files together at most; pictures are made smaller until they fit. 0 for no limit.
    """

    form: MediaForm = MediaForm.JPEG_SEQUENCE
    limits: PixelLimits = field(default_factory=PixelLimits)
    picture_limits: PixelLimits = field(default_factory=PixelLimits)
    max_frames: int = 32
    burn_in: bool = False
    quality: int = 85
    video_rate: float = 4.0
    link_limits: PixelLimits | None = None
    max_bytes: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class EncodedView:
    """One camera's frames, encoded.

    Attributes:
        camera: Name of the camera.
        form: How they travel.
        files: One mp4 file, or one JPEG file a frame; none of a picture that the endpoint fetches from `address`.
        seconds: Time of each frame from the clip's start, s.
        taken: Width and height in px of the picture as taken.
        sent: Width and height in px of the picture as sent, without the strip of the time.
        strip: Height of the strip of the time below the picture, px.
        address: Where the endpoint fetches the picture; empty when it is sent.
    """

    camera: str
    form: MediaForm
    files: tuple[bytes, ...]
    seconds: tuple[float, ...]
    taken: tuple[int, int]
    sent: tuple[int, int]
    strip: int = 0
    address: str = ""

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in px of the whole picture as sent."""
        return self.sent[0], self.sent[1] + self.strip

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
        FrameError: None of a camera's frames can be decoded (single broken ones are left out), or the pictures, however
            small, are too many bytes.
    """
    encoded = _encode(clip, encoding)
    while encoding.max_bytes and encoded.nbytes > encoding.max_bytes:
        encoding = replace(
            encoding, limits=_halved(encoding.limits, encoded), picture_limits=_halved(encoding.picture_limits, encoded)
        )
        encoded = _encode(clip, encoding)
    return encoded


def _encode(clip: Clip, encoding: Encoding) -> EncodedClip:
    chosen = _chosen(clip, encoding)
    total = sum(len(view.frames) for view in chosen)
    return EncodedClip(tuple(_encode_view(clip, view, total, encoding) for view in chosen))


def _chosen(clip: Clip, encoding: Encoding) -> list[View]:
    """Choose the frames: as many as fit into the clip's pixels when each has the fewest that the processor allows."""
    most = encoding.max_frames
    while True:
        chosen = [View(view.camera, _spread(view.frames, min(most, _read(view.frames, encoding)))) for view in clip]
        total = sum(len(view.frames) for view in chosen)
        if most == 1 or sum(_share(view, total, encoding) for view in chosen) <= 1:
            return chosen
        most = max(len(view.frames) for view in chosen) - 1


def _share(view: View, total: int, encoding: Encoding) -> float:
    """Part of the clip's pixels that a view takes."""
    _, limits, strip = _form(view, encoding)
    width, height = fit(view.frames[-1].width, view.frames[-1].height, len(view.frames), limits, strip, total)
    return len(view.frames) * width * (height + strip) / limits.clip


def _form(view: View, encoding: Encoding) -> tuple[MediaForm, PixelLimits, int]:
    """How a view travels: its form, what bounds its size, and the height of its strip, px."""
    if len(view.frames) == 1:
        return MediaForm.IMAGES, encoding.picture_limits, 0
    limits = encoding.picture_limits if encoding.form is MediaForm.IMAGES else encoding.limits
    return encoding.form, limits, STRIP_HEIGHT if encoding.burn_in else 0


def _halved(limits: PixelLimits, encoded: EncodedClip) -> PixelLimits:
    """Half the pixels of a picture."""
    largest = max(view.size[0] * view.size[1] for view in encoded.views) // 2
    if largest < limits.smallest:
        raise FrameError(f"the clip is {encoded.nbytes} bytes, more than the endpoint takes: send fewer frames")
    return replace(limits, largest=min(limits.largest, largest))


def _read(frames: tuple[Frame, ...], encoding: Encoding) -> int:
    """Frames that a vLLM reads of an mp4 file: four at least, then as many as its rate says; all of anything else."""
    if encoding.form is not MediaForm.MP4:
        return len(frames)
    length = (frames[-1].stamp - frames[0].stamp) / 1e9
    return max(4, int(1.1 * length * encoding.video_rate) + 1)


def _spread(frames: tuple[Frame, ...], at_most: int) -> tuple[Frame, ...]:
    if len(frames) <= at_most:
        return frames
    if at_most == 1:
        return frames[-1:]
    return tuple(frames[round(i)] for i in np.linspace(0, len(frames) - 1, at_most))


def _encode_view(clip: Clip, view: View, total: int, encoding: Encoding) -> EncodedView:
    last, count = view.frames[-1], len(view.frames)
    taken = (last.width, last.height)
    if encoding.link_limits and last.address and count == 1:
        sent = fit(*taken, 1, encoding.link_limits)
        return EncodedView(view.camera, MediaForm.IMAGES, (), (clip.seconds(last),), taken, sent, address=last.address)
    form, limits, strip = _form(view, encoding)
    sent = fit(*taken, count, limits, strip, total)

    def picture(frame: Frame, second: float, index: int) -> Bgr:
        return _picture(frame, second, index, sent, strip > 0)

    def jpeg(frame: Frame, second: float, index: int) -> bytes:
        return _jpeg(frame, second, index, sent, strip > 0, encoding.quality)

    files: list[bytes]
    if form is MediaForm.MP4:
        pictures, seconds = _usable(clip, view, picture)
        files = [mp4_file(pictures, seconds, encoding.video_rate)]
    else:
        files, seconds = _usable(clip, view, jpeg)
        form = form if len(files) > 1 else MediaForm.IMAGES
    return EncodedView(view.camera, form, tuple(files), seconds, taken, sent, strip)


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


def _picture(frame: Frame, seconds: float, index: int, sent: tuple[int, int], burned: bool) -> Bgr:
    pixels = resize(decode(frame, at_least=sent), sent)
    return burn_in(pixels, seconds, index) if burned else pixels


def _jpeg(frame: Frame, seconds: float, index: int, sent: tuple[int, int], burned: bool, quality: int) -> bytes:
    if frame.encoding == "jpeg" and (frame.width, frame.height) == sent and not burned:
        return bytes(frame.data)
    pixels = np.ascontiguousarray(_picture(frame, seconds, index, sent, burned))
    return bytes(simplejpeg.encode_jpeg(pixels, quality, "BGR", "420", fastdct=True))
