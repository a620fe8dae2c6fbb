"""One file of a bag, opened whatever state it is in."""

import shutil
import tempfile
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import zstandard
from rosbags.interfaces import Connection
from rosbags.rosbag1 import Reader as Ros1Reader
from rosbags.rosbag2 import Reader as Ros2Reader

from cosmos_reasoner.recordings.recording import ZSTD_SUFFIXES
from cosmos_reasoner.recordings.unfinished_db3 import UnfinishedDb3, has_pending, settle
from cosmos_reasoner.recordings.unfinished_mcap import UnfinishedMcap, has_index

__all__ = ["BagFile", "BagReader", "RawMessage", "open_bag_file"]

RawMessage = tuple[Connection, int, bytes | memoryview]
"""What it is, when it was received (ns), and the serialized message."""


class BagReader(Protocol):
    """What reads a file of a bag: a reader of rosbags, or our own for what those refuse."""

    @property
    def connections(self) -> list[Connection]:
        """What it holds."""

    @property
    def start_time(self) -> int:
        """Receive time of the first message, ns."""

    @property
    def end_time(self) -> int:
        """Just after the receive time of the last message, ns."""

    def messages(
        self, connections: Collection[Connection] = (), start: int | None = None, stop: int | None = None
    ) -> Iterator[RawMessage]:
        """Read the messages of some connections with `start` <= receive time < `stop`."""


@dataclass(frozen=True, slots=True)
class BagFile:
    """An open file of a bag.

    Attributes:
        path: Where it is.
        kind: "ROS 1 bag", "rosbag2 mcap" or "rosbag2 sqlite3".
        reader: What reads it.
        fault: What is wrong with it and what is used all the same; empty for nothing.
    """

    path: Path
    kind: str
    reader: BagReader
    fault: str = ""


def open_bag_file(path: Path, stack: ExitStack) -> BagFile:
    """Open a file of a bag.

    Compressed files, and databases that were not closed, are copied into a temporary folder first.

    Args:
        path: A .bag, .bag.active, .mcap or .db3 file, or one of these compressed as .zstd.
        stack: Closes it.

    Raises:
        Exception: Of any kind: it cannot be read.
    """
    file = _unpacked(path, stack) if path.suffix in ZSTD_SUFFIXES else path
    if file.suffix == ".mcap":
        return _mcap(path, file, stack)
    if file.suffix == ".db3":
        return _db3(path, file, stack)
    return BagFile(path, "ROS 1 bag", stack.enter_context(Ros1Reader(file)))


def _unpacked(path: Path, stack: ExitStack) -> Path:
    file = _folder(stack) / path.with_suffix("").name
    with path.open("rb") as packed, file.open("wb") as unpacked:
        zstandard.ZstdDecompressor().copy_stream(packed, unpacked)
    return file


def _mcap(path: Path, file: Path, stack: ExitStack) -> BagFile:
    if has_index(file):
        try:
            return BagFile(path, "rosbag2 mcap", stack.enter_context(Ros2Reader(file)))
        except Exception as error:  # noqa: BLE001  whatever is wrong, what comes before it can perhaps be read
            return _rest(path, "rosbag2 mcap", lambda: UnfinishedMcap(file), error)
    reader = UnfinishedMcap(file)
    return BagFile(path, "rosbag2 mcap", reader, reader.problem and f"{path}: {reader.problem}")


def _db3(path: Path, file: Path, stack: ExitStack) -> BagFile:
    kind, fault = "rosbag2 sqlite3", ""
    if has_pending(file):
        file = settle(file, _folder(stack))
        fault = f"{path}: was not closed by its recorder: what had been written until then was used"
    elif set("?#%") & set(str(file)):
        # rosbags takes the path as a part of a URI.
        link = _folder(stack) / "bag.db3"
        link.symlink_to(file.resolve())
        file = link
    try:
        return BagFile(path, kind, stack.enter_context(Ros2Reader(file)), fault)
    except Exception as error:  # noqa: BLE001  as above
        return _rest(path, kind, lambda: UnfinishedDb3(file), error)


def _rest(path: Path, kind: str, opened: Callable[[], UnfinishedMcap | UnfinishedDb3], error: Exception) -> BagFile:
    """Open what can still be read; where that is nothing, the first error says more."""
    try:
        reader = opened()
    except Exception:  # noqa: BLE001  as above
        raise error from None
    return BagFile(path, kind, reader, f"{path}: {reader.problem or f'its index is damaged ({error}): all was used'}")


def _folder(stack: ExitStack) -> Path:
    folder = Path(tempfile.mkdtemp(prefix="cosmos_reasoner_"))
    stack.callback(shutil.rmtree, folder, ignore_errors=True)
    return folder
