"""Whether one run is better than another on the same items."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from cosmos_reasoner.evaluation.metrics.vectors import vectors

__all__ = ["Difference", "Flips", "bootstrap_difference", "flips", "mcnemar"]


@dataclass(frozen=True, slots=True)
class Difference:
    """By how much the second run is above the first.

    Attributes:
        estimate: Mean of second - first over the items, in the unit of the values.
        low: Lower end of the interval of 95%.
        high: Its upper end.
    """

    estimate: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Flips:
    """Items whose answer is right in one of two runs only, by their keys, in the order of the first run.

    Attributes:
        gained: Wrong in the first, right in the second.
        lost: Right in the first, wrong in the second.
    """

    gained: tuple[str, ...]
    lost: tuple[str, ...]


def bootstrap_difference(
    first: Sequence[float], second: Sequence[float], *, seed: int = 0, resamples: int = 10_000
) -> Difference | None:
    """Estimate the difference of two means over the same items, by the percentile bootstrap of the items.

    B. Efron, R. J. Tibshirani, An Introduction to the Bootstrap, Chapman & Hall 1993, chapter 13. The items count as
    independent, which those from one recording are only in part; with less than some twenty the interval is too narrow.

    Args:
        first: A number an item: 0 or 1 for wrong or right, an IoU, a loss.
        second: Of the same items in the same order.
        seed: The same seed and values give the same interval.
        resamples: How often items are drawn, with replacement, as many as there are.

    Returns:
        None with fewer than two items, which tell nothing about others.

    Raises:
        ValueError: They are not of the same length, or a number is not finite.
    """
    one, other = vectors(first, second)
    gains, count = other - one, len(one)
    if count < 2:
        return None
    chance = np.random.default_rng(seed)
    means = np.array([gains[chance.integers(count, size=count)].mean() for _ in range(resamples)])
    low, high = np.percentile(means, (2.5, 97.5))
    return Difference(float(gains.mean()), float(low), float(high))


def mcnemar(gained: int, lost: int) -> float:
    """How likely flips at least as lopsided are when neither run is better: p of McNemar's exact test, two-sided, 0..1.

    Of n = gained + lost flips each goes either way with chance 1/2: p = 2 * P(at most the smaller number of n), at most
    1, and 1 without flips. Q. McNemar, Note on the sampling error of the difference between correlated proportions or
    percentages, Psychometrika 12(2), 1947; the exact form is the binomial test of the flips.

    Args:
        gained: Items wrong in the first run and right in the second, 0 or more.
        lost: Items right in the first run and wrong in the second, 0 or more.

    Raises:
        ValueError: A number is negative.
    """
    if min(gained, lost) < 0:
        raise ValueError(f"{gained} gained and {lost} lost: no number of items is negative")
    total, ways, tail = gained + lost, 1, 1
    for drawn in range(min(gained, lost)):
        ways = ways * (total - drawn) // (drawn + 1)
        tail += ways
    return min(1.0, 2 * tail / (1 << total))


def flips(first: Mapping[str, bool], second: Mapping[str, bool]) -> Flips:
    """Find the items that flipped from one run to another; those that only one run has are left out.

    Args:
        first: By the key of the item, whether its answer is right.
        second: The same of the other run.
    """
    shared = [(key, right, second[key]) for key, right in first.items() if key in second]
    gained = tuple(key for key, before, after in shared if after and not before)
    return Flips(gained, tuple(key for key, before, after in shared if before and not after))
