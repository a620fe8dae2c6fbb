"""Video and picture files as recordings."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

import av
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from typing_extensions import Self

from cosmos_reasoner.clips.frame import Frame
from cosmos_reasoner.errors import RecordingError
from cosmos_reasoner.recordings.ending import Ending, of_tail, of_whole
from cosmos_reasoner.recordings.names import readable
from cosmos_reasoner.recordings.pictures import (
    TimedPicture,
    bgr_frame,
    frame_interval,
    pixels,
    seek,
    ticks_per_second,
    timed_pictures,
)
from cosmos_reasoner.recordings.recording import VIDEO, VIDEO_START, CameraTrack, Wanted

__all__ = ["VideoRecording"]

_SHORTER = 1
"""Seconds that a file may be shorter than it says."""

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
        self._faults: dict[str, str] = {}
        with self._opened() as (container, stream):
            self.format = f"video ({container.format.long_name}, {stream.codec_context.name})"
            self._ticks_per_second = ticks_per_second(stream)
            first = next(timed_pictures(container, stream, self._skip), None)
        if first is None:
            raise RecordingError(f"{path}: no picture in this file can be decoded")
        self.skipped = 0
        self._first_ticks = first[0]
        ending = self._ending()
        self.end = self._stamp(max(ending.last, self._first_ticks))
        with self._opened() as (container, stream):
            rate = self._rate(container, stream, ending.rate)
            self.cameras = (CameraTrack(readable(path.stem), VIDEO, stream.frames or None, rate),)
            self._compare(ending.end, stream.duration)

    @property
    def faults(self) -> tuple[str, ...]:
        """Where the file ends too early; see `Recording`."""
        return tuple(self._faults.values())

    def frames(
        self,
        cameras: Sequence[str] | None = None,
        start: int | None = None,
        stop: int | None = None,
        wanted: Wanted | None = None,
    ) -> Iterator[Frame]:
        """Read frames; see `Recording`."""
        name = self.cameras[0].name
        if unknown := [camera for camera in cameras or () if camera != name]:
            raise RecordingError(f"{self.path}: no camera {', '.join(unknown)}; there is {name}")
        if cameras is not None and not cameras:
            return iter(())
        pictures = self._stamped(self.start if start is None else start, stop)
        return (
            bgr_frame(name, stamp, pixels(picture))
            for stamp, picture in pictures
            if wanted is None or wanted(name, stamp)
        )

    samples = frames

    def close(self) -> None:
        """Do nothing: a file is open only while its frames are read."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _stamped(self, start: int, stop: int | None) -> Iterator[tuple[int, VideoFrame]]:
        """Pictures with stamps from `start` on and before `stop`, as the decoder has them."""
        reached = self.start
        try:
            for ticks, picture in self._pictures(self._ticks(start)):
                reached = self._stamp(ticks)
                if stop is not None and reached >= stop:
                    return
                if reached >= start:
                    yield reached, picture
        except RecordingError as error:
            why = error.__cause__.strerror if isinstance(error.__cause__, av.FFmpegError) else error
            seconds = (reached - self.start) / 1e9
            text = f"{self.path}: broken after {seconds:.1f} s ({why}): what comes before it was used"
            self._faults.setdefault("broken", text)

    def _pictures(self, ticks: int) -> Iterator[TimedPicture]:
        """Decode from a time in ticks or somewhat before it; files that cannot seek there are read from the start."""
        if ticks > self._first_ticks:
            with self._opened() as (container, stream):
                pictures = timed_pictures(container, stream, self._skip)
                first = next(pictures, None) if seek(container, stream, ticks) else None
                if first is not None and first[0] <= ticks:
                    yield first
                    yield from pictures
                    return
        with self._opened() as (container, stream):
            yield from timed_pictures(container, stream, self._skip)

    def _stamp(self, ticks: int) -> int:
        return self.start + round((ticks - self._first_ticks) * 1_000_000_000 / self._ticks_per_second)

    def _ticks(self, stamp: int) -> int:
        return self._first_ticks + int((stamp - self.start) * self._ticks_per_second / 1_000_000_000)

    def _ending(self) -> Ending:
        with self._opened() as (container, stream):
            if ending := of_tail(container, stream, self._first_ticks):
                return ending
        # A seek that failed may have left the file anywhere.
        with self._opened() as (container, stream):
            return of_whole(container, stream, self._first_ticks)

    def _rate(self, container: InputContainer, stream: VideoStream, measured: float | None) -> float | None:
        """What the file declares, unless that is far from what was measured at its end."""
        if self.end == self.start:
            return None
        if stream.frames > 1:
            declared = (stream.frames - 1) * 1e9 / (self.end - self.start)
        else:
            declared = float(1 / frame_interval(container, stream))
        return declared if measured is None or measured / 2 < declared < measured * 2 else measured

    def _compare(self, ends: int, declared: int | None) -> None:
        """Note a file that is shorter than it says, as one that was not copied to its end."""
        found = (ends - self._first_ticks) / self._ticks_per_second
        said = (declared or 0) / self._ticks_per_second
        if said > found + _SHORTER:
            text = f"{self.path}: ends after {float(found):.1f} of {float(said):.1f} s: what is there was used"
            self._faults["short"] = text

    def _skip(self) -> None:
        self.skipped += 1

    @contextmanager
    def _opened(self) -> Iterator[tuple[InputContainer, VideoStream]]:
        try:
            # Without the prefix FFmpeg takes what comes before a colon for a protocol, and may open an address.
            with av.open(f"file:{self.path.absolute()}", metadata_errors="replace") as container:
                stream = container.streams.best("video")
                if not isinstance(stream, VideoStream) or container.format.name == _TEXT:
                    raise RecordingError(f"{self.path}: there is no video in this file")
                # PyAV leaves it out where FFmpeg knows no decoder, whatever its types say.
                if getattr(stream, "codec_context", None) is None:
                    raise RecordingError(f"{self.path}: nothing here can decode this video: its codec is not known")
                yield container, stream
        except av.FFmpegError as error:
            why = f"neither a bag nor a video that can be read: {error.strerror}"
            raise RecordingError(f"{self.path}: {why}") from error
