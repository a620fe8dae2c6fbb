"""MCAP files without a usable index: those that their recorder did not finish, and those written without one."""

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from mcap.exceptions import EndOfFile, McapError
from mcap.reader import make_reader
from mcap.records import Channel, Chunk, DataEnd, Footer, McapRecord, Message, Schema
from mcap.stream_reader import StreamReader, breakup_chunk
from rosbags.interfaces import Connection, ConnectionExtRosbag2, MessageDefinition, MessageDefinitionFormat

__all__ = ["UnfinishedMcap", "has_index"]

_BLOCK = 4_000_000
"""Bytes of records that are looked up as one; so an hour takes little memory."""


def has_index(path: Path) -> bool:
    """Whether a file was finished and has an index of the messages in its chunks."""
    with path.open("rb") as file:
        try:
            summary = make_reader(file).get_summary()
        except Exception:  # noqa: BLE001  whatever is wrong with it, it is of no use
            return False
    chunks = summary.chunk_indexes if summary else []
    return bool(chunks) and all(chunk.message_index_offsets for chunk in chunks)


@dataclass(slots=True)
class _Block:
    """Some records of the file that follow each other: where they are, bytes, and the times of their messages, ns."""

    begin: int
    end: int
    earliest: int = 2**63 - 1
    latest: int = -1


class UnfinishedMcap:
    """Reads an MCAP file from its front as far as it goes, up to the last whole chunk; messages come as they stand.

    All is read once to see what there is.

    Args:
        path: The file.

    Raises:
        McapError: There is no message in it.

    Attributes:
        connections: Topics, with the number of readable messages.
        start_time: Receive time of the first message, ns.
        end_time: Just after the receive time of the last, ns.
        problem: Why reading ends, and what was used; empty when the file is whole.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._blocks: list[_Block] = []
        self.problem = ""
        schemas: dict[int, str] = {0: ""}
        channels: dict[int, Channel] = {}
        counts: Counter[int] = Counter()
        why = self._scan(schemas, channels, counts)
        filled = [block for block in self._blocks if block.latest >= 0]
        if not filled:
            raise McapError(why or "there is no message in it")
        self.start_time = min(block.earliest for block in filled)
        self.end_time = max(block.latest for block in filled) + 1
        self.connections = [self._connection(each, schemas, counts[each.id]) for each in channels.values()]
        if why:
            seconds = (self.end_time - 1 - self.start_time) / 1e9
            self.problem = f"{why} after {seconds:.1f} s: what comes before it was used"

    def messages(
        self, connections: Collection[Connection] = (), start: int | None = None, stop: int | None = None
    ) -> Iterator[tuple[Connection, int, bytes]]:
        """Read the messages of some connections with `start` <= receive time < `stop`, as they stand in the file."""
        chosen = {each.id: each for each in connections}
        earliest, end = start or 0, self.end_time if stop is None else stop
        for block in self._blocks:
            if block.latest >= earliest and block.earliest < end:
                for message in self._messages(block):
                    if message.channel_id in chosen and earliest <= message.log_time < end:
                        yield chosen[message.channel_id], message.log_time, message.data

    def _messages(self, block: _Block) -> Iterator[Message]:
        with self._path.open("rb") as file:
            file.seek(block.begin)
            for record in StreamReader(file, skip_magic=block.begin > 0, emit_chunks=True).records:
                yield from (each for each in _unpacked(record) if isinstance(each, Message))
                if file.tell() >= block.end:
                    return

    def _scan(self, schemas: dict[int, str], channels: dict[int, Channel], counts: Counter[int]) -> str:
        """Note what there is; give the reason why it ends too early, or ""."""
        block = _Block(0, 0)
        self._blocks.append(block)
        with self._path.open("rb") as file:
            try:
                for record in StreamReader(file, emit_chunks=True).records:
                    if isinstance(record, DataEnd | Footer):
                        return ""
                    for each in _unpacked(record):
                        _note(each, schemas, channels, counts, block)
                    block.end = file.tell()
                    if block.end - block.begin > _BLOCK:
                        block = _Block(block.end, block.end)
                        self._blocks.append(block)
            except EndOfFile:
                return "was not closed and ends" if file.tell() == block.end else "ends in the middle of a chunk"
            except Exception as error:  # noqa: BLE001  a broken file may break its reader in any way
                return f"is damaged ({error})"
        return ""

    def _connection(self, channel: Channel, schemas: dict[int, str], count: int) -> Connection:
        definition = MessageDefinition(MessageDefinitionFormat.NONE, "")
        about = ConnectionExtRosbag2(channel.message_encoding, [])
        kind = schemas.get(channel.schema_id, "")
        return Connection(channel.id, channel.topic, kind, definition, "", count, about, self)


def _unpacked(record: McapRecord) -> list[McapRecord]:
    return breakup_chunk(record) if isinstance(record, Chunk) else [record]


def _note(
    record: McapRecord, schemas: dict[int, str], channels: dict[int, Channel], counts: Counter[int], block: _Block
) -> None:
    if isinstance(record, Schema):
        schemas[record.id] = record.name
    elif isinstance(record, Channel):
        channels.setdefault(record.id, record)
    elif isinstance(record, Message):
        counts[record.channel_id] += 1
        block.earliest = min(block.earliest, record.log_time)
        block.latest = max(block.latest, record.log_time)
