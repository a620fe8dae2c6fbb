"""Sqlite3 files of a rosbag2 that their recorder did not finish."""

import shutil
import sqlite3
from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import closing
from pathlib import Path

from rosbags.interfaces import Connection, ConnectionExtRosbag2, MessageDefinition, MessageDefinitionFormat

__all__ = ["UnfinishedDb3", "has_pending", "settle"]

_PENDING = ("-wal", "-journal")
"""Files that SQLite keeps beside a database while it is written."""


def has_pending(path: Path) -> bool:
    """Whether changes stand beside a database that are not in it yet, or only in part."""
    beside = [path.with_name(path.name + suffix) for suffix in _PENDING]
    return any(each.exists() and each.stat().st_size > 0 for each in beside)


def settle(path: Path, folder: Path) -> Path:
    """Copy a database and bring the copy into order, as SQLite does after a crash; the original stays as it is."""
    copy = folder / path.name
    for suffix in ("", *_PENDING):
        if (part := path.with_name(path.name + suffix)).exists():
            shutil.copyfile(part, folder / part.name)
    with closing(sqlite3.connect(copy)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        database.execute("PRAGMA journal_mode=DELETE").fetchall()
    return copy


class UnfinishedDb3:
    """Reads a database from its front as far as it goes; messages come as they were written.

    All but the messages' contents is read once to see what there is.

    Args:
        path: The file.

    Raises:
        sqlite3.Error: There is no message in it.

    Attributes:
        connections: Topics, with the number of readable messages.
        start_time: Receive time of the first message, ns.
        end_time: Just after the receive time of the last, ns.
        problem: Why reading ends, and what was used; empty when every message can be read.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.start_time, self.end_time, self._last = 2**63 - 1, 0, 0
        counts: Counter[int] = Counter()
        with closing(self._opened()) as database:
            topics: list[tuple[int, str, str, str]] = list(
                database.execute("SELECT id, name, type, serialization_format FROM topics")
            )
            why = self._scan(database, counts)
        if not counts:
            raise sqlite3.DatabaseError(why or "there is no message in it")
        self.connections = [self._connection(*topic, counts[topic[0]]) for topic in topics]
        seconds = (self.end_time - 1 - self.start_time) / 1e9
        self.problem = f"is broken ({why}) after {seconds:.1f} s: what comes before it was used" if why else ""

    def messages(
        self, connections: Collection[Connection] = (), start: int | None = None, stop: int | None = None
    ) -> Iterator[tuple[Connection, int, bytes]]:
        """Read the messages of some connections with `start` <= receive time < `stop`, as they were written."""
        chosen = {each.id: each for each in connections}
        earliest, end = start or 0, self.end_time if stop is None else stop
        query = (
            "SELECT topic_id, timestamp, data FROM messages NOT INDEXED "
            f"WHERE id <= ? AND timestamp >= ? AND timestamp < ? AND topic_id IN ({', '.join('?' * len(chosen))}) "
            "ORDER BY id"
        )
        with closing(self._opened()) as database:
            try:
                for topic, received, data in database.execute(query, (self._last, earliest, end, *chosen)):
                    yield chosen[topic], received, data
            except sqlite3.Error:
                # The last message's contents lie where the file has ended: `problem` says so already.
                return

    def _scan(self, database: sqlite3.Connection, counts: Counter[int]) -> str:
        """Note what there is; give the reason why it ends too early, or ""."""
        try:
            for number, topic, received in database.execute(
                "SELECT id, topic_id, timestamp FROM messages NOT INDEXED ORDER BY id"
            ):
                counts[topic] += 1
                self._last = number
                self.start_time = min(self.start_time, received)
                self.end_time = max(self.end_time, received + 1)
        except sqlite3.Error as error:
            return str(error)
        return ""

    def _connection(self, number: int, topic: str, kind: str, serialization: str, count: int) -> Connection:
        definition = MessageDefinition(MessageDefinitionFormat.NONE, "")
        return Connection(number, topic, kind, definition, "", count, ConnectionExtRosbag2(serialization, []), self)

    def _opened(self) -> sqlite3.Connection:
        uri = f"{self._path.resolve().as_uri()}?mode=ro&immutable=1"
        database = sqlite3.connect(uri, uri=True, check_same_thread=False)
        # Else SQLite refuses a file that is shorter than its header says.
        database.execute("PRAGMA writable_schema=ON")
        return database
