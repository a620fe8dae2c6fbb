"""How far numbers lie apart: a score over several runs, latencies over many items."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import mean, stdev

from cosmos_reasoner.evaluation.metrics.vectors import vector

__all__ = ["Percentiles", "Spread", "percentile", "percentiles", "spread"]


@dataclass(frozen=True, slots=True)
class Spread:
    """One number from several runs.

    Attributes:
        runs: How many.
        mean: Of the runs; None without any.
        deviation: Standard deviation of the runs, sqrt(sum of (value - mean)^2 / (runs - 1)); None with fewer than two.
    """

    runs: int
    mean: float | None
    deviation: float | None


@dataclass(frozen=True, slots=True)
class Percentiles:
    """The usual three, in the unit of the values; None without values."""

    p50: float | None
    p90: float | None
    p99: float | None


def spread(values: Sequence[float]) -> Spread:
    """Mean and standard deviation of one number a run.

    The divisor is runs - 1, F. W. Bessel's, since the runs are a sample of those that could have been.

    Raises:
        ValueError: A number is not finite.
    """
    listed = vector(values).tolist()
    return Spread(len(listed), mean(listed) if listed else None, stdev(listed) if len(listed) > 1 else None)


def percentile(values: Sequence[float], percent: int) -> float | None:
    """Smallest value that at least so many percent of the values do not exceed; None without values.

    The nearest rank, definition 1 of R. J. Hyndman, Y. Fan, Sample quantiles in statistical packages, The American
    Statistician 50(4), 1996. It is always a value that was measured.

    Args:
        values: In any order.
        percent: 1..100.

    Raises:
        ValueError: A number is not finite, or there is no such percentile.
    """
    if not 1 <= percent <= 100:
        raise ValueError(f"there is no percentile {percent}, only 1 to 100")
    ordered: list[float] = sorted(vector(values).tolist())
    rank = -(-percent * len(ordered) // 100)  # in whole numbers: 0.9 * 10 need not be 9 as a float
    return ordered[rank - 1] if ordered else None


def percentiles(values: Sequence[float]) -> Percentiles:
    """Take the median and what one in ten, and one in a hundred, exceeds, by nearest rank.

    Raises:
        ValueError: A number is not finite.
    """
    return Percentiles(percentile(values, 50), percentile(values, 90), percentile(values, 99))
