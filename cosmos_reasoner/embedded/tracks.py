"""Blobs of successive frames as things that move."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from cosmos_reasoner.embedded.blobs import Blob

__all__ = ["Track", "follow"]

_GATE = 0.25
"""Share of the picture's width within which a blob may continue a track, while few things are there ..."""
_ROOM = 1.0
"""... and this share divided by their number, when many are: the nearest one may then be another thing."""
_DEAREST = 1.0
_MISSES = 1
"""Frames that a track may be lost and found again."""


@dataclass(slots=True)
class Track:
    """One thing over time: where it was seen, in frame numbers and seconds."""

    frames: list[int] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    blobs: list[Blob] = field(default_factory=list)

    def add(self, frame: int, second: float, blob: Blob) -> None:
        """Note one more sight."""
        self.frames.append(frame)
        self.seconds.append(second)
        self.blobs.append(blob)

    def expected(self, second: float) -> tuple[float, float]:
        """Where it should be at a time, by its last two sights."""
        x, y = self.blobs[-1].centre
        if len(self.blobs) < 2:
            return x, y
        (before_x, before_y), period = self.blobs[-2].centre, self.seconds[-1] - self.seconds[-2]
        share = (second - self.seconds[-1]) / period
        return x + (x - before_x) * share, y + (y - before_y) * share


def follow(frames: Sequence[Sequence[Blob]], seconds: Sequence[float], width: int) -> list[Track]:
    """Join the blobs of each frame to tracks, the cheapest pair first.

    Args:
        frames: Blobs of each frame.
        seconds: Time of each frame.
        width: Of the picture, px.
    """
    tracks: list[Track] = []
    for number, (blobs, second) in enumerate(zip(frames, seconds)):
        alive = [track for track in tracks if number - track.frames[-1] <= 1 + _MISSES]
        gate = width * min(_GATE, _ROOM / (1 + len(blobs)))
        costs = [[_cost(track, blob, second, gate) for blob in blobs] for track in alive]
        pairs = [(cost, t, b) for t, row in enumerate(costs) for b, cost in enumerate(row)]
        used_tracks: set[int] = set()
        used_blobs: set[int] = set()
        for cost, t, b in sorted(pairs):
            if cost <= _DEAREST and t not in used_tracks and b not in used_blobs:
                alive[t].add(number, second, blobs[b])
                used_tracks.add(t)
                used_blobs.add(b)
        for b, blob in enumerate(blobs):
            if b not in used_blobs:
                tracks.append(Track([number], [second], [blob]))
    return tracks


def _cost(track: Track, blob: Blob, second: float, gate: float) -> float:
    """How ill a blob continues a track: distance from where it should be, change of size and of colour."""
    last = track.blobs[-1]
    x, y = track.expected(second)
    away = math.hypot(blob.centre[0] - x, blob.centre[1] - y) / gate
    size = abs(math.log(blob.area / last.area)) / math.log(6)
    colour = math.dist(blob.colour, last.colour) / 150
    return away + 0.5 * size + 0.5 * colour if max(away, size) <= 1 else math.inf
