"""How smooth the motion is: the little of physics that can be judged without knowing the things."""

import math
from dataclasses import dataclass

from cosmos_reasoner.embedded.facts import Facts

__all__ = ["LEVELS", "Plausibility", "plausibility"]

LEVELS = (1, 2, 3, 4, 5)
"""1 is impossible, 5 as in reality."""

_SMOOTH = 0.5
"""Jumps, in sizes of the thing, that measuring alone makes."""
_SPREAD = 1.0
"""Standard deviation of the score: much that is impossible does not show in motion."""


@dataclass(frozen=True, slots=True)
class Plausibility:
    """A judgement from 1 to 5.

    Attributes:
        mean: Centre of the distribution.
        shares: Probability of each level.
        jump: Number of the mover that jumps most, 0 for none, and its jerk.
        appears: Numbers of those that appear inside the picture.
        vanishes: Numbers of those that vanish inside the picture.
    """

    mean: float
    shares: tuple[float, ...]
    jump: tuple[int, float]
    appears: tuple[int, ...]
    vanishes: tuple[int, ...]


def plausibility(facts: Facts) -> Plausibility:
    """Judge the continuity of all tracks; 4 when nothing speaks against it."""
    movers = [mover for _, mover in facts.movers]
    jump = max(((mover.number, mover.jerk) for mover in movers), key=lambda pair: pair[1], default=(0, 0.0))
    appears = tuple(mover.number for mover in movers if not mover.entered)
    vanishes = tuple(mover.number for mover in movers if not mover.left)
    mean = 4.0 - min(1.2, 0.6 * max(0.0, jump[1] - _SMOOTH)) - min(0.8, 0.3 * len(appears + vanishes))
    return Plausibility(mean, _shares(mean), jump if jump[1] > _SMOOTH else (0, jump[1]), appears, vanishes)


def _shares(mean: float) -> tuple[float, ...]:
    weights = [math.exp(-0.5 * ((level - mean) / _SPREAD) ** 2) for level in LEVELS]
    return tuple(weight / sum(weights) for weight in weights)
