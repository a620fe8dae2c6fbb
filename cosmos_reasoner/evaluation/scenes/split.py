"""Two sets of scenes that have no scene in common."""

from enum import Enum

__all__ = ["TRIES", "Split", "seeds"]

TRIES = 1000
"""Draws at most until a scene is as it is wanted."""


class Split(str, Enum):
    """What a set of scenes is for."""

    TUNING = "tuning"
    """For whoever changes an endpoint by what it answers."""
    TEST = "test"
    """For scores alone."""


_FIRST = {Split.TUNING: 1_000_000_000, Split.TEST: 2_000_000_000}


def seeds(split: Split, kind: int, number: int) -> range:
    """Seeds of the draws of one scene; no two scenes of either split share one.

    Args:
        split: Which set.
        kind: 0..999.
        number: Of the scene in its kind, 0..999.
    """
    first = _FIRST[split] + (kind * 1000 + number) * TRIES
    return range(first, first + TRIES)
