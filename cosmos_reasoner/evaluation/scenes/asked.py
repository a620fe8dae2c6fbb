"""What a scene is asked, with the right answer, before the options have their letters."""

from dataclasses import dataclass
from typing import TypeAlias

from cosmos_reasoner.tasks.task import Action

__all__ = ["MARGIN", "Asked", "Choice", "Interval", "Order", "Statement", "far_from"]

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
class Statement:
    """Two statements about what follows: one comes true, the other does not."""

    name: str
    true: str
    false: str


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


Asked: TypeAlias = Choice | Statement | Interval | Order
"""A question of any kind."""


def far_from(time: float, *borders: float) -> bool:
    """Whether a time is far enough from all of these, s."""
    return all(abs(time - border) >= MARGIN for border in borders)
