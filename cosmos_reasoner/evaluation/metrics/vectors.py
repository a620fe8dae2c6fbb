"""Sequences that belong together, checked, and numbers as vectors."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

__all__ = ["Vector", "pairs", "vector", "vectors"]

_One = TypeVar("_One")
_Other = TypeVar("_Other")

Vector = NDArray[np.float64]
"""Finite numbers, one dimension."""


def pairs(one: Sequence[_One], other: Sequence[_Other]) -> Iterator[tuple[_One, _Other]]:
    """Pair what stands at the same place.

    Raises:
        ValueError: The sequences are not of the same length; at once, not when they are gone through.
    """
    if len(one) != len(other):
        raise ValueError(f"{len(one)} values against {len(other)}: there must be one for each")
    return zip(one, other)


def vector(values: Sequence[float]) -> Vector:
    """Make a vector of a sequence of n numbers: n float64.

    Raises:
        ValueError: One of them is not finite.
    """
    numbers = np.asarray(values, np.float64)
    if not np.isfinite(numbers).all():
        place = int(np.argmin(np.isfinite(numbers)))
        raise ValueError(f"value {place} of {len(numbers)} is {numbers[place]}, and nothing can be computed with it")
    return numbers


def vectors(one: Sequence[float], other: Sequence[float]) -> tuple[Vector, Vector]:
    """Make two vectors whose entries belong together: n float64 each.

    Raises:
        ValueError: They are not of the same length, or a number is not finite.
    """
    pairs(one, other)
    return vector(one), vector(other)
