"""Blobs of successive frames as things that move."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from cosmos_reasoner.embedded.sight.blobs import Blob

__all__ = ["Track", "follow"]

_GATE = 0.4
"""Share of the picture's width within which a blob may continue a track, while few things are there ..."""
_ROOM = 1.0
"""... and this share divided by their number, when many are: the nearest one may then be another thing."""
_DEAREST = 1.0
"""Cost above which a blob does not continue a track."""
_MISSES = 2
"""Frames that a track may be lost and found again."""
_COVERED = 4
"""Frames that a track may be followed blindly while it is one blob with another."""
_SMALLEST_PART = 0.15
_LARGEST_PART = 0.75
"""Share of a blob that each of two things has which are one blob now."""


@dataclass(slots=True)
class Track:
    """One thing over time: where it was seen, in frame numbers and seconds.

    Attributes:
        frames: Numbers of the frames.
        seconds: Their times.
        blobs: What was seen in each.
        covered: How many of the last sights were only assumed, while it was one blob with another thing.
    """

    frames: list[int] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    blobs: list[Blob] = field(default_factory=list)
    covered: int = 0

    def add(self, frame: int, second: float, blob: Blob) -> None:
        """Note one more sight."""
        self.frames.append(frame)
        self.seconds.append(second)
        self.blobs.append(blob)

    def expected(self, second: float) -> tuple[float, float]:
        """Where it should be at a time, by its last three sights."""
        (x, y), (before_x, before_y) = self.blobs[-1].centre, self.blobs[-3:][0].centre
        period = self.seconds[-1] - self.seconds[-3:][0]
        share = (second - self.seconds[-1]) / period if period else 0.0
        return x + (x - before_x) * share, y + (y - before_y) * share


def follow(frames: Sequence[Sequence[Blob]], seconds: Sequence[float], width: int) -> list[Track]:
    """Join the blobs of each frame to tracks.

    Args:
        frames: Blobs of each frame.
        seconds: Time of each frame.
        width: Of the picture, px.
    """
    tracks: list[Track] = []
    for number, (blobs, second) in enumerate(zip(frames, seconds)):
        alive = [track for track in tracks if number - track.frames[-1] <= 1 + _MISSES]
        single = _without_merged(alive, blobs, number, second)
        left = _assign(alive, single, number, second, width * min(_GATE, _ROOM / (1 + len(blobs))))
        tracks.extend(Track([number], [second], [blob]) for blob in left)
    return tracks


def _without_merged(alive: Sequence[Track], blobs: Sequence[Blob], number: int, second: float) -> list[Blob]:
    """The blobs that are one thing. Tracks that are one blob with others go on blindly inside it."""
    single = []
    for blob in blobs:
        inside = [track for track in alive if _is_part(track, blob, second)]
        if len(inside) < 2:
            single.append(blob)
            continue
        for track in inside:
            track.add(number, second, _moved(track.blobs[-1], track.expected(second)))
            track.covered += 1
    return single


def _is_part(track: Track, blob: Blob, second: float) -> bool:
    part = track.blobs[-1].area / blob.area
    if len(track.blobs) < 2 or track.covered == _COVERED or not _SMALLEST_PART < part < _LARGEST_PART:
        return False
    x, y = track.expected(second)
    return blob.box.left <= x <= blob.box.right and blob.box.top <= y <= blob.box.bottom


def _moved(blob: Blob, centre: tuple[float, float]) -> Blob:
    dx, dy = centre[0] - blob.centre[0], centre[1] - blob.centre[1]
    return replace(blob, centre=centre, box=blob.box.moved(dx, dy))


def _assign(alive: Sequence[Track], blobs: Sequence[Blob], number: int, second: float, gate: float) -> list[Blob]:
    """Give each blob to the track that it continues best, the cheapest pair first; returns those that none takes."""
    free = {index for index, track in enumerate(alive) if track.frames[-1] < number}
    costs = [(_cost(alive[t], blob, second, gate), t, b) for t in sorted(free) for b, blob in enumerate(blobs)]
    left = set(range(len(blobs)))
    for cost, t, b in sorted(costs):
        if cost <= _DEAREST and t in free and b in left:
            alive[t].add(number, second, blobs[b])
            alive[t].covered = 0
            free.remove(t)
            left.remove(b)
    return [blobs[b] for b in sorted(left)]


def _cost(track: Track, blob: Blob, second: float, gate: float) -> float:
    """How ill a blob continues a track: distance from where it should be, change of size and of colour."""
    last = track.blobs[-1]
    x, y = track.expected(second)
    away = math.hypot(blob.centre[0] - x, blob.centre[1] - y) / gate
    size = abs(math.log(blob.area / last.area)) / math.log(6)
    colour = math.dist(blob.colour, last.colour) / 150
    return away + 0.5 * size + 0.5 * colour if max(away, size) <= 1 else math.inf
