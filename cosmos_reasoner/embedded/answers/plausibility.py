"""How smooth the motion is: the little of physics that can be judged without knowing the things."""

import math
from dataclasses import dataclass

from cosmos_reasoner.embedded.sight.facts import Facts, Mover, ViewFacts

__all__ = ["LEVELS", "Plausibility", "Seen", "plausibility"]

Seen = tuple[ViewFacts, Mover]
"""A mover, after its view."""

LEVELS = (1, 2, 3, 4, 5)
"""1 is impossible, 5 as in reality."""

_SMOOTH = 1.0
"""Jumps, in sizes of the thing, that measuring alone makes."""
_PER_JUMP, _PER_GAP = 0.5, 0.2
"""What a jump of one size, and what a thing that appears or vanishes, takes from the score."""
_MOST_FOR_JUMPS, _MOST_FOR_GAPS = 1.2, 0.6
"""What all of them take at most: they are often mistakes of the tracking."""
_SPREAD = 1.0
"""Standard deviation of the score: much that is impossible does not show in motion."""


@dataclass(frozen=True, slots=True)
class Plausibility:
    """A judgement from 1 to 5.

    Attributes:
        mean: Centre of the distribution.
        shares: Probability of each level.
        jerk: Largest jump of a thing off a smooth path, in its own sizes.
        jumps: The thing that jumps so, with its view; None when no jump is larger than measuring makes.
        appears: Those that appear inside the picture, with their views.
        vanishes: Those that vanish inside the picture, with their views.
    """

    mean: float
    shares: tuple[float, ...]
    jerk: float
    jumps: Seen | None
    appears: tuple[Seen, ...]
    vanishes: tuple[Seen, ...]


def plausibility(facts: Facts) -> Plausibility:
    """Judge the continuity of all tracks; 4 when nothing speaks against it."""
    wildest = max(facts.movers, key=lambda pair: pair[1].jerk, default=None)
    jerk = wildest[1].jerk if wildest else 0.0
    appears = tuple(pair for pair in facts.movers if not pair[1].entered)
    vanishes = tuple(pair for pair in facts.movers if not pair[1].left)
    for_jumps = min(_MOST_FOR_JUMPS, _PER_JUMP * max(0.0, jerk - _SMOOTH))
    mean = 4.0 - for_jumps - min(_MOST_FOR_GAPS, _PER_GAP * len(appears + vanishes))
    return Plausibility(mean, _shares(mean), jerk, wildest if jerk > _SMOOTH else None, appears, vanishes)


def _shares(mean: float) -> tuple[float, ...]:
    weights = [math.exp(-0.5 * ((level - mean) / _SPREAD) ** 2) for level in LEVELS]
    return tuple(weight / sum(weights) for weight in weights)
