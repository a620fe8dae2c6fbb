"""results.jsonl: what is known so far, and what comes."""

import fcntl
import os
from pathlib import Path
from types import TracebackType

from typing_extensions import Self

from cosmos_reasoner.errors import ConfigurationError
from cosmos_reasoner.evaluation.run.record import Record

__all__ = ["ResultsFile"]

_BEGINNING = b'{"key":'
"""Of the line of every record."""


class ResultsFile:
    """The records of a run, each appended as one line and kept whatever happens next. A context manager.

    A line that a killed run left unfinished is cut off. Of several records of a key the last one that is final counts,
    else the last one.

    Args:
        path: The file; it is made where there is none.

    Raises:
        ConfigurationError: It cannot be read or written, or another run writes it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.records: dict[str, Record] = {}
        """By key."""
        self.unreadable = 0
        """Lines that are no records."""
        try:
            self._file = path.open("a+b")
        except OSError as error:
            raise ConfigurationError(f"{path}: {error.strerror}") from error
        try:
            self._lock()
            self._read()
        except BaseException:
            self._file.close()
            raise

    def add(self, record: Record) -> None:
        """Append a record.

        Raises:
            OSError: The disk is full, or gone.
        """
        self._file.write(record.to_line())
        self._file.flush()
        self._take(record)

    def close(self) -> None:
        """Close the file; what was added is on the disk."""
        os.fsync(self._file.fileno())
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _lock(self) -> None:
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise ConfigurationError(f"{self.path}: another run writes it; name another folder") from error

    def _read(self) -> None:
        self._file.seek(0)
        line, whole, is_record = b"\n", 0, False
        for line in self._file:
            whole += len(line)
            is_record = self._is_taken(line)
            self.unreadable += line.endswith(b"\n") and not is_record
        if not line.endswith(b"\n"):
            if is_record:
                self._file.write(b"\n")
            else:
                self._cut_off(line, whole - len(line))
        self._file.seek(0, os.SEEK_END)

    def _is_taken(self, line: bytes) -> bool:
        """Take a line, if it is a record."""
        try:
            self._take(Record.from_line(line))
        except ValueError:
            return False
        return True

    def _cut_off(self, rest: bytes, whole: int) -> None:
        """Cut off a line that was left unfinished, if it is one of ours."""
        if not rest.startswith(_BEGINNING[: len(rest)]):
            raise ConfigurationError(f"{self.path}: its last line is no record of a run; name another folder")
        self._file.truncate(whole)

    def _take(self, record: Record) -> None:
        known = self.records.get(record.key)
        if known is None or record.is_final or not known.is_final:
            self.records[record.key] = record
