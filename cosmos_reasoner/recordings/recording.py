"""What every recording offers, be it a bag or a video."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Protocol

from typing_extensions import Self

from cosmos_reasoner.clips.frame import Frame

__all__ = [
    "BAG_SUFFIXES",
    "COMPRESSED_IMAGE",
    "IMAGE",
    "VIDEO",
    "VIDEO_START",
    "ZSTD_SUFFIXES",
    "CameraInfo",
    "CameraTrack",
    "Recording",
    "Wanted",
]

IMAGE = "sensor_msgs/msg/Image"
"""Type of a track of raw pictures."""

COMPRESSED_IMAGE = "sensor_msgs/msg/CompressedImage"
"""Type of a track of JPEG or PNG pictures."""

VIDEO = "video"
"""Type of a track that a video file or a folder of pictures holds."""

VIDEO_START = 1_000_000_000
"""Stamp of the first frame of a video, and of pictures without times, unless the caller says another, ns: one second,
since a stamp of 0 means "not set"."""

BAG_SUFFIXES = frozenset({".bag", ".db3", ".mcap"})
"""Endings of ROS 1, rosbag2 sqlite3 and rosbag2 mcap files."""

ZSTD_SUFFIXES = frozenset({".zstd", ".zst"})
"""Endings that rosbag2 adds to files that are compressed as a whole."""

Wanted = Callable[[str, int], bool]
"""Whether a frame is wanted, by its camera's name and its stamp in ns. It is asked once per frame, in order."""


@dataclass(frozen=True, slots=True)
class CameraTrack:
    """One camera of a recording.

    Attributes:
        name: Topic in a bag, file name without its ending for a video, name of a folder of pictures.
        type: IMAGE, COMPRESSED_IMAGE or VIDEO.
        count: Frames; None when unknown.
        rate: Frames per second, a mean; None when unknown.
        info_topic: Topic with the camera's sensor_msgs/CameraInfo; None when there is none.
    """

    name: str
    type: str
    count: int | None
    rate: float | None
    info_topic: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class CameraInfo:
    """One recorded sensor_msgs/msg/CameraInfo.

    Attributes:
        topic: Where it was published.
        stamp: Header stamp, ns; the receive time where the header has none.
        data: The message in CDR, ready for rclpy's deserialize_message.
    """

    topic: str
    stamp: int
    data: bytes


class Recording(Protocol):
    """A bag, video or folder of pictures as a stream of frames, read as it is iterated: memory does not grow with it.

    What cannot be read is left out: single pictures are counted in `skipped`, and what is missing beyond that is said
    in `faults`. A context manager: leaving it closes the files.
    """

    @property
    def path(self) -> Path:
        """File or folder."""

    @property
    def format(self) -> str:
        """What kind of recording it is, in words."""

    @property
    def start(self) -> int:
        """Stamp of the first frame, ns."""

    @property
    def end(self) -> int:
        """Stamp of the last frame, ns; for a video, as the file declares it."""

    @property
    def cameras(self) -> tuple[CameraTrack, ...]:
        """The cameras, at least one."""

    @property
    def skipped(self) -> int:
        """Pictures so far that could not be read and were left out."""

    @property
    def faults(self) -> tuple[str, ...]:
        """What was wrong so far, a line each: where, what, and what was still used."""

    def frames(
        self,
        cameras: Sequence[str] | None = None,
        start: int | None = None,
        stop: int | None = None,
        wanted: Wanted | None = None,
    ) -> Iterator[Frame]:
        """Read frames in the order in which they were recorded; where a file is broken, they end with a fault.

        Args:
            cameras: Names of tracks; None for all.
            start: Only frames with this stamp or later, ns.
            stop: Only frames before this stamp, ns.
            wanted: Says of each of these frames whether it is made at all; None for all. What it refuses is neither
                decoded nor copied, and a file of its own not even read.

        Raises:
            RecordingError: There is no such camera.
        """

    def samples(
        self, cameras: Sequence[str] | None = None, start: int | None = None, stop: int | None = None
    ) -> Iterator[Frame | CameraInfo]:
        """Read frames, and among them the CameraInfo messages of the same cameras. Else as `frames`."""

    def close(self) -> None:
        """Close the files."""

    def __enter__(self) -> Self:
        """Return itself."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Close the files."""
