"""A number with what it rests on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cosmos_reasoner.evaluation.metrics.proportions import Proportion
from cosmos_reasoner.evaluation.metrics.spread import spread
from cosmos_reasoner.evaluation.scoring.judged import Judged

__all__ = ["Figure", "Measure", "over_runs"]


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with what it rests on.

    Attributes:
        value: None where there is nothing to compute it of.
        count: Of how many it was computed.
        low: Lower end of its interval of 95%; None where it has none.
        high: The upper end.
        deviation: Standard deviation over several runs; None with one.
    """

    value: float | None
    count: int
    low: float | None = None
    high: float | None = None
    deviation: float | None = None

    @classmethod
    def of_share(cls, proportion: Proportion) -> "Figure":
        """A share with Wilson's interval."""
        if not proportion.count:
            return cls(None, 0)
        return cls(proportion.share, proportion.count, *proportion.interval)

    @classmethod
    def of_mean(cls, values: Sequence[float]) -> "Figure":
        """A mean without an interval."""
        return cls(sum(values) / len(values) if values else None, len(values))


Measure = Callable[[Sequence[Judged]], Figure]
"""Computes a number of items."""


def over_runs(measure: Measure, items: Sequence[Judged]) -> Figure:
    """Compute a number; of several runs its mean, with how far it lies apart from run to run.

    Several runs over the same items are no more items: count and interval are those of one run.
    """
    runs = sorted({item.run for item in items})
    figures = [measure([item for item in items if item.run == run]) for run in runs]
    values = [figure.value for figure in figures if figure.value is not None]
    if len(runs) < 2 or not values:
        return measure(items)
    spread_out, count = spread(values), max(figure.count for figure in figures)
    mean = spread_out.mean or 0.0
    is_share = any(figure.low is not None for figure in figures)
    low, high = Proportion(min(mean * count, count), count).interval if is_share else (None, None)
    return Figure(mean, count, low, high, spread_out.deviation)
