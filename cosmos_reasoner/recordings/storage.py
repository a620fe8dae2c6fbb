"""The files of a bag as one stream of raw messages."""

import heapq
from collections.abc import Collection, Iterator
from contextlib import ExitStack
from pathlib import Path

from rosbags.interfaces import Connection

from cosmos_reasoner.errors import RecordingError
from cosmos_reasoner.recordings.bag_file import BagFile, RawMessage, open_bag_file
from cosmos_reasoner.recordings.bag_files import bag_files

__all__ = ["RawMessage", "Storage"]


class Storage:
    """The files of a bag as one stream of raw messages.

    In a folder with metadata.yaml, the files that it names; in one without, every bag file. The messages of all are
    merged by receive time. A file that is missing or broken does not keep the others from being read.

    Args:
        path: A file or a folder.

    Raises:
        RecordingError: Nothing there that can be read as a bag.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._stack = ExitStack()
        self._broken: dict[Path, str] = {}
        paths, self._faults = bag_files(path)
        try:
            self._files = self._opened(paths)
        except BaseException:
            self.close()
            raise
        self._files.sort(key=lambda file: file.reader.start_time)
        self.connections = [connection for file in self._files for connection in file.reader.connections]

    @property
    def faults(self) -> tuple[str, ...]:
        """What is missing or broken, as far as it was met: a line each."""
        return (*self._faults, *self._broken.values())

    @property
    def format(self) -> str:
        """What kind of bag it is."""
        return ", ".join(sorted({file.kind for file in self._files}))

    @property
    def start(self) -> int:
        """Receive time of the first message of all topics, ns."""
        return min(file.reader.start_time for file in self._files)

    @property
    def end(self) -> int:
        """Just after the receive time of the last message of all topics, ns."""
        return max(file.reader.end_time for file in self._files)

    def messages(
        self, connections: Collection[Connection], start: int | None = None, stop: int | None = None
    ) -> Iterator[RawMessage]:
        """Read the messages of some connections by receive time; what cannot be read is left out and a fault.

        Args:
            connections: Out of `connections`.
            start: Only messages received then or later, ns.
            stop: Only messages received before, ns.
        """
        streams = [self._stream(file, connections, start, stop) for file in self._files]
        for _, message in heapq.merge(*streams, key=lambda timed: timed[0]):
            if message is not None:
                yield message

    def close(self) -> None:
        """Close all files."""
        self._stack.close()

    def _opened(self, paths: list[Path]) -> list[BagFile]:
        files: list[BagFile] = []
        errors: dict[Path, Exception] = {}
        for path in paths:
            try:
                files.append(open_bag_file(path, self._stack))
            except Exception as error:  # noqa: BLE001  a broken file may break its reader in any way
                errors[path] = error
        if not files:
            raise RecordingError(f"{self.path}: this bag cannot be read: {_why(*errors.values())}")
        rest = ", ".join(file.path.name for file in files)
        self._faults += [f"{path}: cannot be read ({_why(problem)}); {rest} used" for path, problem in errors.items()]
        self._faults += [file.fault for file in files if file.fault]
        return files

    def _stream(
        self, file: BagFile, connections: Collection[Connection], start: int | None, stop: int | None
    ) -> Iterator[tuple[int, RawMessage | None]]:
        own = [connection for connection in file.reader.connections if connection in connections]
        if not own:
            return
        begin = file.reader.start_time
        # Nothing is read yet: a merge takes this first, and comes back only when the others have reached this time.
        yield begin, None
        reached = begin if start is None else max(begin, start)
        try:
            for message in file.reader.messages(own, start, stop):
                reached = message[1]
                yield reached, message
        except Exception as error:  # noqa: BLE001  as above
            seconds = (reached - begin) / 1e9
            text = f"{file.path}: broken after {seconds:.1f} s ({_why(error)}): what comes before it was used"
            self._broken.setdefault(file.path, text)


def _why(*errors: Exception) -> str:
    return "; ".join(dict.fromkeys(str(error).rstrip(".") or type(error).__name__ for error in errors))
