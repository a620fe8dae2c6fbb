"""What a scene is asked, with the right answer, before the options have their letters."""

from dataclasses import dataclass
from typing import TypeAlias

from cosmos_reasoner.tasks.task import Action

__all__ = ["MARGIN", "Asked", "Choice", "Interval", "Order", "direction", "far_from", "is_in", "when"]

MARGIN = 0.15
"""s that an event is away from where its answer would change; nearer ones cannot be told by eye."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A question with options; the first is right. `ahead`: it is about what follows the clip."""

    name: str
    text: str
    options: tuple[str, ...]
    ahead: bool = True


@dataclass(frozen=True, slots=True)
class Interval:
    """Something that happens from `start` to `end`, s; asked about the whole video."""

    name: str
    text: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Order:
    """Actions, best first."""

    name: str
    goal: str
    actions: tuple[Action, ...]


Asked: TypeAlias = Choice | Interval | Order
"""A question of any kind."""

_SECONDS = ("within 1 s", "after 1 to 2 s", "after 2 to 3 s")
_SIDES = {-1: "to the left", 1: "to the right"}


def when(text: str, second: int, seconds: tuple[int, ...] = (0, 1, 2)) -> Choice:
    """In which of some seconds after the end of the clip something comes, counted from 0."""
    return Choice("time", text, tuple(_SECONDS[each] for each in (second, *(set(seconds) - {second}))))


def is_in(second: int, after: float) -> bool:
    """Whether something that comes so many s after the end of the clip plainly comes in that second, from 0."""
    return int(after) == second and far_from(after, 0, 1, 2, 3)


def direction(text: str, side: int) -> Choice:
    """To which side something moves in the clip: -1 for the left, 1 for the right."""
    return Choice("direction", text, (_SIDES[side], _SIDES[-side]), ahead=False)


def far_from(time: float, *borders: float) -> bool:
    """Whether a time is far enough from all of these, s."""
    return all(abs(time - border) >= MARGIN for border in borders)
