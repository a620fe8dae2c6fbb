"""How well predicted scores put things in their order; each function is for one ranking."""

import math
from collections.abc import Sequence

import numpy as np

from cosmos_reasoner.evaluation.metrics.vectors import vectors

__all__ = ["kendall_tau", "ndcg", "top_1"]


def top_1(scores: Sequence[float], truths: Sequence[float]) -> float | None:
    """Whether what is put first is the best: 1 if so, 0 if not; None without anything to rank.

    Several of the same highest score share the first place, and each counts by its part: the result is the chance that
    one drawn from them is best. So a ranker that cannot decide gets no more than chance.

    Args:
        scores: Predicted, one each; higher is better.
        truths: As many, in the same order; several may be best.

    Raises:
        ValueError: They are not of the same length, or a number is not finite.
    """
    predicted, true = vectors(scores, truths)
    if not predicted.size:
        return None
    return float(np.mean(true[predicted == predicted.max()] == true.max()))


def ndcg(scores: Sequence[float], relevances: Sequence[float]) -> float | None:
    """Normalized discounted cumulative gain, 0..1: the sum of relevance / log2(1 + place), over its largest possible.

    K. Jarvelin, J. Kekalainen, Cumulated gain-based evaluation of IR techniques, ACM Transactions on Information
    Systems 20(4), 2002; with the discount that is usual today, which begins at the second place, and the relevance
    itself as gain. Those of the same score get the mean discount of the places that they share: F. McSherry,
    M. Najork, Computing information retrieval performance measures efficiently in the presence of tied scores, ECIR
    2008.

    Args:
        scores: Predicted, one each; higher is better.
        relevances: As many, in the same order, 0 or more.

    Returns:
        None where nothing is relevant, so that every order is as good.

    Raises:
        ValueError: They are not of the same length, a number is not finite, or a relevance is negative.
    """
    predicted, relevant = vectors(scores, relevances)
    if (relevant < 0).any():
        raise ValueError(f"a relevance is {relevant.min():g}, and less than nothing cannot be discounted")
    if not relevant.any():
        return None
    gains = relevant / relevant.max()
    discounts = 1 / np.log2(np.arange(2, len(gains) + 2))
    _, group, sizes = np.unique(-predicted, return_inverse=True, return_counts=True)
    shared = np.add.reduceat(discounts, np.cumsum(sizes) - sizes) / sizes
    best = np.sort(gains)[::-1] @ discounts
    return min(float(gains @ shared[group] / best), 1.0)


def kendall_tau(scores: Sequence[float], truths: Sequence[float]) -> float | None:
    """Kendall's tau-b: 1 for the same order, -1 for the opposite; None where all scores, or all truths, are equal.

    (concordant - discordant) / sqrt(pairs of different scores * pairs of different truths). M. G. Kendall, The
    treatment of ties in ranking problems, Biometrika 33(3), 1945. It compares all pairs, which suits some hundred.

    Args:
        scores: Predicted, one each.
        truths: As many, in the same order.

    Raises:
        ValueError: They are not of the same length, or a number is not finite.
    """
    predicted, true = vectors(scores, truths)
    one, other = np.triu_indices(len(predicted), 1)
    first, second = np.sign(predicted[one] - predicted[other]), np.sign(true[one] - true[other])
    scale = math.sqrt(np.count_nonzero(first) * np.count_nonzero(second))
    return float(first @ second) / scale if scale else None
