"""What a simulation showed: the ways of bodies, and what touched what."""

from itertools import pairwise
from typing import NamedTuple

__all__ = ["Contact", "Motion", "Pose", "in_order"]


class Pose(NamedTuple):
    """Where a body is: m, m, rad anticlockwise."""

    x: float
    y: float
    angle: float


class Contact(NamedTuple):
    """Two things begin or cease to touch; `time` in s, the names in the order of the alphabet."""

    time: float
    names: tuple[str, str]
    begins: bool


class Motion:
    """What a simulation showed.

    Attributes:
        ways: Poses by the body's name, one each frame.
        contacts: By their time.
    """

    def __init__(self) -> None:
        self.ways: dict[str, list[Pose]] = {}
        self.contacts: list[Contact] = []

    def touch(self, one: str, other: str) -> float | None:
        """When two things first begin to touch, s; None if never."""
        return next(iter(self._times(one, other, True)), None)

    def parting(self, one: str, other: str) -> float | None:
        """When two things last cease to touch, s; None if never."""
        return next(reversed(self._times(one, other, False)), None)

    def touching(self, one: str, other: str, time: float) -> bool:
        """Whether two things touch at a time, s."""
        earlier = [contact.begins for contact in self._of(one, other) if contact.time <= time]
        return bool(earlier) and earlier[-1]

    def nearest(self, one: str, other: str) -> float:
        """Least distance of the middles of two bodies, m; between frames both go straight on."""
        apart = [complex(b.x - a.x, b.y - a.y) for a, b in zip(self.ways[one], self.ways[other])]
        return min(_to_origin(start, end) for start, end in pairwise(apart))

    def _times(self, one: str, other: str, begins: bool) -> list[float]:
        return [contact.time for contact in self._of(one, other) if contact.begins is begins]

    def _of(self, one: str, other: str) -> list[Contact]:
        return [contact for contact in self.contacts if contact.names == in_order(one, other)]


def _to_origin(start: complex, end: complex) -> float:
    """Distance of the origin from the straight way between two points."""
    way = end - start
    square = abs(way) ** 2
    along = -(start * way.conjugate()).real / square if square else 0.0
    return abs(start + min(max(along, 0.0), 1.0) * way)


def in_order(one: str, other: str) -> tuple[str, str]:
    """Two names in the order of the alphabet."""
    return (one, other) if one < other else (other, one)
