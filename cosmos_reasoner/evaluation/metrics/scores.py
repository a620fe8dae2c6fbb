"""How near whole scores, such as plausibility from 1 to 5, come to the true ones."""

from collections.abc import Sequence

import numpy as np

from cosmos_reasoner.evaluation.metrics.proportions import Proportion
from cosmos_reasoner.evaluation.metrics.vectors import Vector, pairs, vectors

__all__ = ["exact", "pearson", "spearman", "within_1"]


def exact(answers: Sequence[float | None], truths: Sequence[float]) -> Proportion:
    """Count the answers that are the truth; None, an unreadable one, is not.

    Raises:
        ValueError: There are not as many answers as truths.
    """
    return _within(answers, truths, 0)


def within_1(answers: Sequence[float | None], truths: Sequence[float]) -> Proportion:
    """Count the answers that miss the truth by 1 at most; None, an unreadable one, misses.

    Raises:
        ValueError: There are not as many answers as truths.
    """
    return _within(answers, truths, 1)


def pearson(answers: Sequence[float | None], truths: Sequence[float]) -> float | None:
    """Pearson's correlation, -1..1, of the answers that could be read.

    Covariance over the product of the standard deviations. K. Pearson, Note on regression and inheritance in the case
    of two parents, Proceedings of the Royal Society of London 58, 1895.

    Args:
        answers: None for an unreadable one, which is left out together with its truth.
        truths: As many.

    Returns:
        None where fewer than two answers can be read, or they, or their truths, are all equal.

    Raises:
        ValueError: There are not as many answers as truths, or a number is not finite.
    """
    return _correlation(*_readable(answers, truths))


def spearman(answers: Sequence[float | None], truths: Sequence[float]) -> float | None:
    """Spearman's rank correlation, -1..1, of the answers that could be read.

    Pearson's of the ranks, where equal values share the mean of their ranks. C. Spearman, The proof and measurement of
    association between two things, American Journal of Psychology 15(1), 1904.

    Args:
        answers: None for an unreadable one, which is left out together with its truth.
        truths: As many.

    Returns:
        None where fewer than two answers can be read, or they, or their truths, are all equal.

    Raises:
        ValueError: There are not as many answers as truths, or a number is not finite.
    """
    return _correlation(*map(_ranks, _readable(answers, truths)))


def _within(answers: Sequence[float | None], truths: Sequence[float], most: float) -> Proportion:
    together = pairs(answers, truths)
    return Proportion.of(answer is not None and abs(answer - truth) <= most for answer, truth in together)


def _readable(answers: Sequence[float | None], truths: Sequence[float]) -> tuple[Vector, Vector]:
    read = [(answer, truth) for answer, truth in pairs(answers, truths) if answer is not None]
    return vectors([answer for answer, _ in read], [truth for _, truth in read])


def _ranks(values: Vector) -> Vector:
    """Ranks from 1, equal values sharing their mean."""
    _, group, sizes = np.unique(values, return_inverse=True, return_counts=True)
    shared: Vector = np.cumsum(sizes) - (sizes - 1) / 2
    return shared[group]


def _correlation(one: Vector, other: Vector) -> float | None:
    if not one.size or np.ptp(one) == 0 or np.ptp(other) == 0:
        return None
    first, second = _direction(one), _direction(other)
    return float(np.clip(first @ second, -1.0, 1.0))


def _direction(values: Vector) -> Vector:
    """Deviations from the mean as a vector of length 1, scaled first so that no square is too small for a float."""
    deviations = values - values.mean()
    deviations = deviations / np.abs(deviations).max()
    unit: Vector = deviations / np.linalg.norm(deviations)
    return unit
