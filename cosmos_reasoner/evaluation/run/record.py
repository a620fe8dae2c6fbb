"""What came of an item: one line of results.jsonl."""

from dataclasses import dataclass, replace

from pydantic import TypeAdapter

from cosmos_reasoner.reasoning.result import Result
from cosmos_reasoner.recordings.names import readable

__all__ = ["Live", "Record", "Strip"]


@dataclass(frozen=True, slots=True)
class Live:
    """When an item was asked and answered by a robot that plays the recording; s from the recording's start.

    Attributes:
        due: When it was to be asked.
        asked: When its turn came; None when it was dropped because something newer waited.
        answered: When its answer was there; None without one.
    """

    due: float
    asked: float | None = None
    answered: float | None = None


@dataclass(frozen=True, slots=True)
class Strip:
    """What the picture of a clip shows: moments from left to right, cameras from top to bottom.

    Attributes:
        times: Of the moments, s from the clip's start.
        width: Of the picture of one moment, px.
        height: The same.
        cameras: Their names.
    """

    times: tuple[float, ...]
    width: int
    height: int
    cameras: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """What came of an item.

    Attributes:
        key: See `Keys.of`.
        id: The item's, for people who read the file.
        origin: Stamp of the recording's first frame, ns; 0 where it could not be read.
        result: What the reasoner gave; None where it gave none.
        error: Why there is no result; empty where there is one.
        strip: What strips/KEY.jpg shows; None where there is no such picture.
        live: Its times, when a robot was simulated.
    """

    key: str
    id: str
    origin: int = 0
    result: Result | None = None
    error: str = ""
    strip: Strip | None = None
    live: Live | None = None

    @property
    def is_dropped(self) -> bool:
        """Whether a simulated robot passed it over; it may still have a result, of an earlier run."""
        return self.live is not None and self.live.asked is None

    @property
    def is_final(self) -> bool:
        """Whether it is not to be asked again: it has a result, or was dropped."""
        return self.result is not None or self.is_dropped

    @property
    def answered(self) -> Result | None:
        """Its result; None where it was dropped."""
        return None if self.is_dropped else self.result

    @property
    def when(self) -> int:
        """Stamp at which its answer was there: of the last frame, or later where a robot was simulated; ns."""
        if self.live and self.live.answered is not None:
            return self.origin + round(self.live.answered * 1e9)
        return self.result.provenance.clip_end if self.result else self.origin

    def to_line(self) -> bytes:
        """As one line of JSON, with its end; enumerations as the numbers of the messages."""
        plain = replace(self, id=readable(self.id), error=readable(self.error))
        return bytes(_ADAPTER.dump_json(plain)) + b"\n"

    @classmethod
    def from_line(cls, line: bytes) -> "Record":
        """Read what `to_line` wrote.

        Raises:
            ValueError: It is no such line.
        """
        record: Record = _ADAPTER.validate_json(line)
        return (
            record if record.result is not None or record.error or record.live else replace(record, error="no result")
        )


_ADAPTER: TypeAdapter[Record] = TypeAdapter(Record)
