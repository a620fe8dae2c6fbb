"""Folders of pictures as recordings."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from types import TracebackType

import cv2
import numpy as np
from typing_extensions import Self

from cosmos_reasoner.clips.frame import Frame
from cosmos_reasoner.clips.headers import compressed_size, sniff
from cosmos_reasoner.errors import FrameError, RecordingError
from cosmos_reasoner.recordings.names import readable
from cosmos_reasoner.recordings.picture_sizes import picture_size
from cosmos_reasoner.recordings.pictures import VIDEO_FRAME_ID, bgr_frame
from cosmos_reasoner.recordings.recording import VIDEO, VIDEO_START, CameraTrack, Wanted

__all__ = ["PictureFolder", "has_pictures", "pictures_in"]

_SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".bmp"})

_INTERVAL = 100_000_000
"""ns from one picture to the next where their names say no times."""

_LATEST = 2**31 * 1_000_000_000
"""ns since the epoch that a stamp of ROS cannot hold any more: its seconds have 32 bits and a sign."""

_NANOSECONDS = re.compile(r"\d{19}")
_SECONDS = re.compile(r"(\d{10})(?:\.(\d{1,9}))?")

_COUNTED = 1_000_000_000
"""Seconds, of 2001, below which a name of ten digits alone is a number: 0000000000.png, 0000000001.png."""


class PictureFolder:
    """The pictures of a folder in the natural order of their names ("2.jpg" before "10.jpg"): a `Recording`.

    Names that are times since the epoch in ns (1403636579763555584.png, as in EuRoC) or s (1305031102.175304.png, as
    in TUM) are the stamps. Else there are 10 pictures a second. JPEG and PNG stay compressed, others are bgr8.
    Pictures that cannot be read, or are of another size than most, are left out and counted. Their headers are all read
    when the folder is opened.

    Args:
        path: The folder.
        start: Stamp of the first picture where the names say none, ns.

    Raises:
        RecordingError: There is no picture in it that can be read.
    """

    format = "folder of pictures"
    faults: tuple[str, ...] = ()

    def __init__(self, path: Path, start: int = VIDEO_START) -> None:
        self.path = path
        self.skipped = 0
        self._files = pictures_in(path)
        self._stamps = _stamps(self._files) or [start + index * _INTERVAL for index in range(len(self._files))]
        self._name = readable(path.resolve().name) or "pictures"
        self._usable = self._of_one_size()
        used = [stamp for stamp, usable in zip(self._stamps, self._usable) if usable]
        self.start, self.end = used[0], used[-1]
        count, length = len(used), self.end - self.start
        self.cameras = (CameraTrack(self._name, VIDEO, count, (count - 1) * 1e9 / length if length else None),)

    def frames(
        self,
        cameras: Sequence[str] | None = None,
        start: int | None = None,
        stop: int | None = None,
        wanted: Wanted | None = None,
    ) -> Iterator[Frame]:
        """Read frames; see `Recording`."""
        if unknown := [camera for camera in cameras or () if camera != self._name]:
            raise RecordingError(f"{self.path}: no camera {', '.join(unknown)}; there is {self._name}")
        if cameras is not None and not cameras:
            return iter(())
        return self._frames(start, stop, wanted)

    samples = frames

    def close(self) -> None:
        """Do nothing: a file is open only while it is read."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _frames(self, start: int | None, stop: int | None, wanted: Wanted | None) -> Iterator[Frame]:
        for file, stamp, usable in zip(self._files, self._stamps, self._usable):
            if (start is not None and stamp < start) or (stop is not None and stamp >= stop):
                continue
            if not usable:
                self.skipped += 1
                continue
            if wanted is not None and not wanted(self._name, stamp):
                continue
            try:
                frame = _frame(file, self._name, stamp)
            except (OSError, FrameError):
                self.skipped += 1
                continue
            yield frame

    def _of_one_size(self) -> list[bool]:
        """Tell of each picture whether it has the size that most have; of as many, the size that comes first."""
        sizes: list[tuple[int, int] | None] = []
        problems: list[Exception] = []
        for file in self._files:
            try:
                sizes.append(picture_size(file))
            except (OSError, FrameError) as error:
                sizes.append(None)
                problems.append(error)
        counts = Counter(size for size in sizes if size)
        if not counts:
            raise RecordingError(f"{self.path}: no picture in this folder can be read: {problems[0]}")
        ((usual, _),) = counts.most_common(1)
        return [size == usual for size in sizes]


def pictures_in(folder: Path) -> list[Path]:
    """The pictures of a folder in the natural order of their names.

    Raises:
        RecordingError: It has none.
    """
    # Hidden files are what systems leave behind, such as the ._ files of macOS.
    names = [path for path in folder.iterdir() if _is_picture(path)]
    if not names:
        raise RecordingError(
            f"{folder}: no recording here: the folder has no bag files (.mcap, .db3, .bag) and no pictures "
            f"({', '.join(sorted(_SUFFIXES))})"
        )
    return sorted(names, key=lambda path: (_natural(path.name), path.name))


def has_pictures(folder: Path) -> bool:
    """Tell by the names whether a folder has pictures in it."""
    return any(_is_picture(path) for path in folder.iterdir())


def _is_picture(path: Path) -> bool:
    return path.suffix.lower() in _SUFFIXES and not path.name.startswith(".") and path.is_file()


def _natural(name: str) -> list[tuple[str, int]]:
    """Key that sorts by the value of numbers within a name."""
    return [(text, int(digits or 0)) for text, digits in re.findall(r"([^0-9]*)([0-9]*)", name)]


def _stamps(files: list[Path]) -> list[int] | None:
    """Times that all the names say, ns; None when one does not, they do not rise, or a stamp cannot hold them."""
    for read in (_nanoseconds, _seconds):
        stamps = [stamp for file in files if (stamp := read(file.stem)) is not None]
        if len(stamps) == len(files) and stamps[-1] < _LATEST and all(one < after for one, after in pairwise(stamps)):
            return stamps
    return None


def _nanoseconds(stem: str) -> int | None:
    return int(stem) if _NANOSECONDS.fullmatch(stem) else None


def _seconds(stem: str) -> int | None:
    found = _SECONDS.fullmatch(stem)
    if not found or (found[2] is None and int(found[1]) < _COUNTED):
        return None
    return int(found[1]) * 1_000_000_000 + int((found[2] or "").ljust(9, "0"))


def _frame(file: Path, camera: str, stamp: int) -> Frame:
    """Read a picture; the bytes say what it is.

    Raises:
        OSError: The file cannot be read.
        FrameError: It is no picture.
    """
    data = file.read_bytes()
    if data.startswith((b"RIFF", b"BM")):
        return _decoded(data, file, camera, stamp)
    width, height = compressed_size(data)
    return Frame(camera, stamp, width, height, sniff(data), data, frame_id=VIDEO_FRAME_ID)


def _decoded(data: bytes, file: Path, camera: str, stamp: int) -> Frame:
    try:
        array = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    except cv2.error as error:
        raise FrameError(f"{file}: {error}") from error
    if array is None:
        raise FrameError(f"{file}: no picture that can be read")
    return bgr_frame(camera, stamp, np.asarray(array, np.uint8))
