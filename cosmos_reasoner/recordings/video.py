"""Video and picture files as recordings."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

import av
from av.container import InputContainer
from av.video.stream import VideoStream
from typing_extensions import Self

from cosmos_reasoner.clips.frame import Bgr, Frame
from cosmos_reasoner.errors import RecordingError
from cosmos_reasoner.recordings.pictures import (
    TimedPicture,
    frame_interval,
    length,
    pixels,
    ticks_per_second,
    timed_pictures,
)
from cosmos_reasoner.recordings.recording import VIDEO, CameraTrack

__all__ = ["VIDEO_FRAME_ID", "VIDEO_START", "VideoRecording"]

VIDEO_START = 1_000_000_000
"""Stamp of a video's first frame unless the caller says another, ns: one second, since a stamp of 0 means "not set"."""

VIDEO_FRAME_ID = "camera"
"""Frame in which a video's camera stands, since no file says it."""

_TEXT = "tty"
"""FFmpeg's format for text files, which it would draw."""


class VideoRecording:
    """A video file, or a picture file as a video of one frame: a `Recording` with one camera.

    Stamps follow the file's own display times, so that variable frame rates stay what they are. Frames are bgr8,
    turned upright where the file says how the camera was held.

    Args:
        path: A file of any format that FFmpeg reads.
        start: Stamp of the first frame, ns.

    Raises:
        RecordingError: It cannot be read, or holds no readable picture.
    """

    def __init__(self, path: Path, start: int = VIDEO_START) -> None:
        self.path = path
        self.start = start
        self.skipped = 0
        with self._opened() as (container, stream):
            self.end = start + round(length(container, stream) * 1_000_000_000)
            rate = float(1 / frame_interval(container, stream)) if self.end > start else None
            self.cameras = (CameraTrack(path.stem, VIDEO, stream.frames or None, rate),)
        with self._opened() as (container, stream):
            self._ticks_per_second = ticks_per_second(stream)
            first = next(timed_pictures(container, stream, self._skip), None)
        if first is None:
            raise RecordingError(f"{path}: no picture in this file can be decoded")
        self._first_ticks = first[0]
        self.skipped = 0

    def frames(
        self, cameras: Sequence[str] | None = None, start: int | None = None, stop: int | None = None
    ) -> Iterator[Frame]:
        """Read frames; see `Recording`."""
        name = self.cameras[0].name
        if unknown := [camera for camera in cameras or () if camera != name]:
            raise RecordingError(f"{self.path}: no camera {', '.join(unknown)}; there is {name}")
        if cameras is not None and not cameras:
            return iter(())
        return self._frames(name, self.start if start is None else start, stop)

    samples = frames

    def close(self) -> None:
        """Do nothing: a file is open only while its frames are read."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _frames(self, name: str, start: int, stop: int | None) -> Iterator[Frame]:
        wanted = self._first_ticks + int((start - self.start) * self._ticks_per_second / 1_000_000_000)
        for ticks, picture in self._pictures(wanted):
            stamp = self.start + round((ticks - self._first_ticks) * 1_000_000_000 / self._ticks_per_second)
            if stop is not None and stamp >= stop:
                return
            if stamp >= start:
                yield _frame(name, stamp, pixels(picture))

    def _pictures(self, wanted: int) -> Iterator[TimedPicture]:
        """Decode from a time in ticks or somewhat before it; files that cannot seek there are read from the start."""
        if wanted > self._first_ticks:
            with self._opened() as (container, stream):
                pictures = timed_pictures(container, stream, self._skip)
                first = next(pictures, None) if _seek(container, stream, wanted) else None
                if first is not None and first[0] <= wanted:
                    yield first
                    yield from pictures
                    return
        with self._opened() as (container, stream):
            yield from timed_pictures(container, stream, self._skip)

    def _skip(self) -> None:
        self.skipped += 1

    @contextmanager
    def _opened(self) -> Iterator[tuple[InputContainer, VideoStream]]:
        try:
            with av.open(str(self.path), metadata_errors="replace") as container:
                stream = container.streams.best("video")
                if not isinstance(stream, VideoStream) or container.format.name == _TEXT:
                    raise RecordingError(f"{self.path}: there is no video in this file")
                yield container, stream
        except av.FFmpegError as error:
            why = f"neither a bag nor a video that can be read: {error.strerror}"
            raise RecordingError(f"{self.path}: {why}") from error


def _seek(container: InputContainer, stream: VideoStream, ticks: int) -> bool:
    try:
        container.seek(ticks, stream=stream)
    except av.FFmpegError:
        return False
    return True


def _frame(name: str, stamp: int, array: Bgr) -> Frame:
    height, width, channels = array.shape
    data = array.reshape(-1).data
    return Frame(name, stamp, width, height, "bgr8", data, step=width * channels, frame_id=VIDEO_FRAME_ID)
