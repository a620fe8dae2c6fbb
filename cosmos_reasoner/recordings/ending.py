"""Where a video ends, found without decoding it: what its header says is often wrong or missing."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction

import av
from av.container import InputContainer
from av.video.stream import VideoStream

from cosmos_reasoner.recordings.pictures import frame_interval, seek, stores_no_pts, ticks_per_second

__all__ = ["Ending", "of_tail", "of_whole"]

_TAIL = 2
"""Seconds before the end from which on it is read: the last packet is not always the last that is shown."""

_Packet = tuple[int | None, int]
"""When it is shown, if the file says so, and for how long, in ticks."""


@dataclass(frozen=True, slots=True)
class Ending:
    """How a video ends.

    Attributes:
        last: When the last picture is shown, in ticks.
        end: When it ceases to be shown, in ticks.
        rate: Pictures per second as measured; None for too few.
    """

    last: int
    end: int
    rate: float | None


def of_tail(container: InputContainer, stream: VideoStream, first: int) -> Ending | None:
    """Read the packets of the last seconds of a file that was just opened; None where it cannot seek there.

    Args:
        container: The file.
        stream: Its video stream.
        first: When the first picture is shown, ticks.
    """
    ticks = stream.duration or Fraction(container.duration or 0, av.time_base) * ticks_per_second(stream)
    target = first + round(ticks - _TAIL * ticks_per_second(stream))
    if target <= first:
        return None
    opening, _ = next(_packets(container, stream), (None, 0))
    if opening is None or not seek(container, stream, target):
        return None
    return _ending(stream, list(_packets(container, stream)), _shift(container, opening, first))


def of_whole(container: InputContainer, stream: VideoStream, first: int) -> Ending:
    """Read all packets of a file that was just opened. Those of a bare stream, which stores no times, are counted."""
    packets = list(_packets(container, stream))
    opening = packets[0][0] if packets else None
    if opening is not None and (ending := _ending(stream, packets, _shift(container, opening, first))):
        return ending
    interval = frame_interval(container, stream)
    last = first + round(max(0, len(packets) - 1) * interval * ticks_per_second(stream))
    return Ending(last, last, float(1 / interval) if last > first else None)


def _packets(container: InputContainer, stream: VideoStream) -> Iterator[_Packet]:
    """Read packets from here to the end, or to where the file is broken."""
    with suppress(av.FFmpegError):
        for packet in container.demux(stream):
            if packet.size and not packet.is_discard and not packet.is_corrupt:
                yield packet.dts if stores_no_pts(container) else packet.pts, packet.duration or 0


def _shift(container: InputContainer, opening: int, first: int) -> int:
    """Ticks from packets' times to pictures'; AVI's are right only against each other: see timed_pictures."""
    return first - opening if stores_no_pts(container) else 0


def _ending(stream: VideoStream, packets: list[_Packet], shift: int) -> Ending | None:
    times = [(time + shift, duration) for time, duration in packets if time is not None]
    if not times:
        return None
    begin, last = min(times)[0], max(times)[0]
    rate = float((len(times) - 1) * ticks_per_second(stream) / (last - begin)) if last > begin else None
    return Ending(last, max(time + duration for time, duration in times), rate)
