"""The files of a bag as one stream of raw messages, read with the rosbags library."""

import heapq
from collections.abc import Collection, Iterator
from contextlib import ExitStack
from pathlib import Path

from rosbags.interfaces import Connection
from rosbags.rosbag1 import Reader as Ros1Reader
from rosbags.rosbag2 import Reader as Ros2Reader

from cosmos_reasoner.errors import RecordingError
from cosmos_reasoner.recordings.recording import BAG_SUFFIXES

__all__ = ["RawMessage", "Storage"]

_Reader = Ros1Reader | Ros2Reader
RawMessage = tuple[Connection, int, bytes | memoryview]
"""What it is, when it was received (ns), and the serialized message."""


class Storage:
    """The files of a bag as one stream of raw messages.

    A folder with metadata.yaml is opened by it. In a folder without one, every bag file is opened, and the messages of
    all are merged by receive time.

    Args:
        path: A file or a folder.

    Raises:
        RecordingError: Nothing there that can be read as a bag.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._stack = ExitStack()
        try:
            self._readers = [_opened(part, self._stack) for part in _parts(path)]
        except Exception as error:
            self.close()
            raise _broken(path, error) from error
        self._readers.sort(key=lambda reader: reader.start_time)
        self.connections = [connection for reader in self._readers for connection in reader.connections]

    @property
    def start(self) -> int:
        """Receive time of the first message of all topics, ns."""
        return min(reader.start_time for reader in self._readers)

    @property
    def end(self) -> int:
        """Just after the receive time of the last message of all topics, ns."""
        return max(reader.end_time for reader in self._readers)

    def messages(
        self, connections: Collection[Connection], start: int | None = None, stop: int | None = None
    ) -> Iterator[RawMessage]:
        """Read the messages of some connections by receive time.

        Args:
            connections: Out of `connections`.
            start: Only messages received then or later, ns.
            stop: Only messages received before, ns.

        Raises:
            RecordingError: A file is broken from here on.
        """
        streams = [_stream(reader, connections, start, stop) for reader in self._readers]
        try:
            for _, message in heapq.merge(*streams, key=lambda timed: timed[0]):
                if message is not None:
                    yield message
        except Exception as error:
            raise _broken(self.path, error) from error

    def close(self) -> None:
        """Close all files."""
        self._stack.close()


def _stream(
    reader: _Reader, connections: Collection[Connection], start: int | None, stop: int | None
) -> Iterator[tuple[int, RawMessage | None]]:
    own = [connection for connection in reader.connections if connection in connections]
    if not own:
        return
    # Nothing is read yet: a merge takes this first, and comes back only when the others have reached this time.
    yield reader.start_time, None
    for connection, received, raw in reader.messages(own, start, stop):
        yield received, (connection, received, raw)


def _parts(path: Path) -> list[Path]:
    if not path.is_dir() or (path / "metadata.yaml").exists():
        return [path]
    parts = sorted(part for part in path.iterdir() if part.suffix in BAG_SUFFIXES)
    if not parts:
        raise RecordingError(f"{path}: no bag here: the folder has neither metadata.yaml nor .mcap, .db3 or .bag files")
    return parts


def _opened(part: Path, stack: ExitStack) -> _Reader:
    if part.suffix == ".bag":
        return stack.enter_context(Ros1Reader(part))
    return stack.enter_context(Ros2Reader(part))


def _broken(path: Path, error: Exception) -> RecordingError:
    if isinstance(error, RecordingError):
        return error
    return RecordingError(f"{path}: this bag cannot be read: {str(error).rstrip('.') or type(error).__name__}")
