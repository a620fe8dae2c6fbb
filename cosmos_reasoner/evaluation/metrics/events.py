"""How well stated intervals of time cover the true ones."""

from collections.abc import Sequence
from statistics import fmean

from cosmos_reasoner.evaluation.metrics.proportions import Proportion
from cosmos_reasoner.evaluation.metrics.vectors import pairs

__all__ = ["Interval", "interval_iou", "interval_ious", "mean_iou", "recall_at_1"]

Interval = tuple[float, float]
"""Start and end of an event, s, start <= end."""


def interval_iou(one: Interval, other: Interval) -> float:
    """Seconds that two intervals share over the seconds that they cover together, 0..1.

    Two moments without extent get 1 when they are the same moment, else 0: there is nothing in between.

    Raises:
        ValueError: An interval ends before it starts, or has no finite length.
    """
    for start, end in (one, other):
        if not 0 <= end - start < float("inf"):
            raise ValueError(f"{start} to {end} s is no interval: the start comes first, and both are finite")
    covered = max(one[1], other[1]) - min(one[0], other[0])
    if covered == 0:
        return 1.0
    shared = max(min(one[1], other[1]) - max(one[0], other[0]), 0.0)
    together = (one[1] - one[0]) + (other[1] - other[0]) - shared
    return shared / together if together else 0.0


def interval_ious(answers: Sequence[Interval | None], truths: Sequence[Interval]) -> list[float]:
    """Overlap of each answer with its truth; an answer that is unreadable, or names no event, gets 0.

    Args:
        answers: The first that the model states, s; None where there is none.
        truths: As many.

    Raises:
        ValueError: There are not as many answers as truths, or one is no interval.
    """
    together = pairs(answers, truths)
    return [0.0 if answer is None else interval_iou(answer, truth) for answer, truth in together]


def recall_at_1(ious: Sequence[float], threshold: float) -> Proportion:
    """Count the answers that overlap enough: "R@1, IoU=m".

    J. Gao, C. Sun, Z. Yang, R. Nevatia, TALL: temporal activity localization via language query, ICCV 2017. An overlap
    of just the threshold is enough.

    Args:
        ious: Of the first answer to each question, 0..1.
        threshold: Usually 0.5 and 0.7.
    """
    return Proportion.of(iou >= threshold for iou in ious)


def mean_iou(ious: Sequence[float]) -> float | None:
    """Mean overlap of all questions, 0..1; None without any."""
    return fmean(ious) if ious else None
