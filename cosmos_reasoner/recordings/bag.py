"""ROS bags as recordings, without ROS."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from types import TracebackType

from typing_extensions import Self

from cosmos_reasoner.clips.frame import Frame
from cosmos_reasoner.errors import FrameError, RecordingError
from cosmos_reasoner.recordings.decoder import Decoder
from cosmos_reasoner.recordings.recording import CameraInfo, CameraTrack, Wanted
from cosmos_reasoner.recordings.storage import Storage
from cosmos_reasoner.recordings.topics import camera_connections, camera_tracks

__all__ = ["BagRecording"]

_SLACK = 2_000_000_000
"""ns by which the way from a camera to the recorder may vary; messages are looked for so much earlier and later."""

_TAIL = 250_000_000
"""ns before the end in which the last frame is looked for first."""

_NAMED = 20
"""Topics at most that a message names."""


class BagRecording:
    """A ROS 1 bag, or a rosbag2 in sqlite3 or mcap: a `Recording`.

    Frames come by receive time, that is as the recorder got them, and carry their header stamp; with a zero header
    stamp, the receive time. Raw pictures keep their encoding, compressed ones stay compressed. Frames look into the
    message that was read, so that making one costs next to nothing.

    Args:
        path: File or folder.

    Raises:
        RecordingError: It cannot be read, or holds no readable picture.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.skipped = 0
        self._decode = Decoder()
        self._storage = Storage(path)
        try:
            seconds = (self._storage.end - 1 - self._storage.start) / 1e9
            self.cameras = camera_tracks(self._storage.connections, seconds)
            self._first = self._first_frame()
        except RecordingError:
            self.close()
            raise

    @property
    def format(self) -> str:
        """ROS 1 bag, or rosbag2 with its storage."""
        return self._storage.format

    @property
    def faults(self) -> tuple[str, ...]:
        """Files that are missing or broken; see `Recording`."""
        return self._storage.faults

    @property
    def start(self) -> int:
        """Stamp of the first frame, ns."""
        return self._first[1]

    @property
    def end(self) -> int:
        """Stamp of the last frame, ns."""
        return self._last[1]

    def frames(
        self,
        cameras: Sequence[str] | None = None,
        start: int | None = None,
        stop: int | None = None,
        wanted: Wanted | None = None,
    ) -> Iterator[Frame]:
        """Read frames; see `Recording`."""
        samples = self._samples(self._tracks(cameras), start, stop, infos=False)
        frames = (sample for sample in samples if isinstance(sample, Frame))
        return frames if wanted is None else (frame for frame in frames if wanted(frame.camera, frame.stamp))

    def samples(
        self, cameras: Sequence[str] | None = None, start: int | None = None, stop: int | None = None
    ) -> Iterator[Frame | CameraInfo]:
        """Read frames and CameraInfo messages; see `Recording`."""
        return self._samples(self._tracks(cameras), start, stop, infos=True)

    def close(self) -> None:
        """Close the files."""
        self._storage.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _tracks(self, names: Sequence[str] | None) -> list[CameraTrack]:
        known = {track.name: track for track in self.cameras}
        if unknown := [name for name in names or () if name not in known]:
            raise RecordingError(f"{self.path}: no camera {', '.join(unknown)}; there are {', '.join(known)}")
        return list(self.cameras) if names is None else [known[name] for name in names]

    def _samples(
        self, tracks: list[CameraTrack], start: int | None, stop: int | None, *, infos: bool
    ) -> Iterator[Frame | CameraInfo]:
        topics = {track.name for track in tracks}
        if infos:
            topics |= {track.info_topic for track in tracks if track.info_topic}
        earliest, latest = self._received(start, -_SLACK), self._received(stop, _SLACK)
        for _, sample in self._read(topics, earliest, latest):
            if isinstance(sample, FrameError):
                self.skipped += 1
            elif (start is None or start <= sample.stamp) and (stop is None or sample.stamp < stop):
                yield sample

    def _read(
        self, topics: set[str], earliest: int | None = None, latest: int | None = None
    ) -> Iterator[tuple[int, Frame | CameraInfo | FrameError]]:
        """Read what was received from `earliest` on and before `latest`, each with its receive time."""
        for message in self._storage.messages(camera_connections(self._storage.connections, topics), earliest, latest):
            try:
                yield message[1], self._decode(message)
            except FrameError as error:
                yield message[1], error

    def _received(self, stamp: int | None, slack: int) -> int | None:
        """When a frame was received; None when stamps and receive times do not run alike, as in slow simulations."""
        if stamp is None:
            return None
        lags = [received - taken for received, taken in (self._first, self._last)]
        return stamp + lags[0] + slack if abs(lags[0] - lags[1]) < _SLACK else None

    def _first_frame(self) -> tuple[int, int]:
        """Find receive time and stamp of the first frame that can be read."""
        if not self.cameras:
            topics = sorted({f"{connection.topic} [{connection.msgtype}]" for connection in self._storage.connections})
            more = f" and {len(topics) - _NAMED} more" if len(topics) > _NAMED else ""
            raise RecordingError(
                f"{self.path}: no camera topic (sensor_msgs Image or CompressedImage) among its topics: "
                f"{', '.join(topics[:_NAMED]) or 'it has none'}{more}"
            )
        problem: FrameError | str = ""
        for received, sample in self._read(self._camera_topics):
            if isinstance(sample, Frame):
                return received, sample.stamp
            problem = sample if isinstance(sample, FrameError) else problem
        why = str(problem) or "; ".join(self.faults) or "they hold no messages"
        raise RecordingError(f"{self.path}: no readable picture on {', '.join(sorted(self._camera_topics))}: {why}")

    @cached_property
    def _last(self) -> tuple[int, int]:
        """Receive time and stamp of the last frame, searched backwards from the end of the bag."""
        span = _TAIL
        while True:
            earliest = self._storage.end - span
            read = self._read(self._camera_topics, earliest)
            found = [(received, sample.stamp) for received, sample in read if isinstance(sample, Frame)]
            if found or earliest <= self._storage.start:
                return max(found, key=lambda times: times[1], default=self._first)
            span *= 4

    @property
    def _camera_topics(self) -> set[str]:
        return {track.name for track in self.cameras}
