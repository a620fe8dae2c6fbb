"""Scores that put things in their order."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosmos_reasoner.evaluation.metrics.rankings import kendall_tau, ndcg, top_1

LEVELS = st.integers(0, 4)
RANKINGS = st.lists(st.tuples(LEVELS, LEVELS), min_size=2, max_size=12)
SEEDS = range(20)

Pairs = list[tuple[int, int]]


def split(pairs: Pairs) -> tuple[list[int], list[int]]:
    return [score for score, _ in pairs], [truth for _, truth in pairs]


def drawn(seed: int, levels: int) -> tuple[np.ndarray, np.ndarray]:
    """Scores and truths of 3 to 29 things, with ties where there are few levels."""
    chance = np.random.default_rng(seed)
    return tuple(chance.integers(0, levels, (2, chance.integers(3, 30))).astype(float))


def test_the_first_is_right_when_nothing_is_better() -> None:
    assert top_1([0.2, 0.7, 0.1], [1, 3, 3]) == 1.0
    assert top_1([0.7, 0.2, 0.1], [1, 3, 3]) == 0.0


def test_who_cannot_decide_between_four_gets_a_quarter() -> None:
    assert top_1([0.25] * 4, [0, 0, 1, 0]) == 0.25


def test_without_anything_to_rank_there_is_no_score() -> None:
    assert (top_1([], []), ndcg([], []), kendall_tau([], [])) == (None, None, None)


def test_ndcg_of_a_worked_example() -> None:
    # order by score: relevances 3, 0, 2; best order 3, 2, 0
    got = 3 / math.log2(2) + 0 / math.log2(3) + 2 / math.log2(4)
    best = 3 / math.log2(2) + 2 / math.log2(3)
    assert ndcg([0.9, 0.1, 0.5], [3, 2, 0]) == pytest.approx(got / best)


def test_ndcg_of_a_tie_is_the_mean_of_both_orders() -> None:
    both = [ndcg([2, 1], [1, 0]), ndcg([1, 2], [1, 0])]
    assert ndcg([1, 1], [1, 0]) == pytest.approx(np.mean(both))


def test_where_nothing_is_relevant_there_is_no_ndcg() -> None:
    assert ndcg([0.3, 0.7], [0, 0]) is None


def test_a_negative_relevance_is_refused() -> None:
    with pytest.raises(ValueError, match="a relevance is -1"):
        ndcg([0.3, 0.7], [2, -1])


def test_tau_of_a_worked_example() -> None:
    # of six pairs: four concordant, one discordant, one tied in the scores
    assert kendall_tau([4, 3, 1, 1], [3, 4, 2, 1]) == pytest.approx((4 - 1) / math.sqrt(5 * 6))


@pytest.mark.parametrize(("scores", "truths"), [([1, 1], [1, 2]), ([1, 2], [1, 1]), ([1], [1])])
def test_where_all_are_equal_there_is_no_tau(scores: list[float], truths: list[float]) -> None:
    assert kendall_tau(scores, truths) is None


@pytest.mark.parametrize("metric", [top_1, ndcg, kendall_tau])
def test_scores_and_truths_belong_together(metric) -> None:
    with pytest.raises(ValueError, match="2 values against 1"):
        metric([1, 2], [1])


@pytest.mark.parametrize("metric", [top_1, ndcg, kendall_tau])
def test_a_score_that_is_no_number_is_refused(metric) -> None:
    with pytest.raises(ValueError, match="value 1 of 2 is nan"):
        metric([0.5, math.nan], [1, 2])


@given(RANKINGS)
def test_the_true_order_is_perfect(pairs: Pairs) -> None:
    _, truths = split(pairs)
    assert top_1(truths, truths) == 1.0
    assert ndcg(truths, truths) == (pytest.approx(1.0) if any(truths) else None)
    assert kendall_tau(truths, truths) == (pytest.approx(1.0) if len(set(truths)) > 1 else None)


@given(RANKINGS)
def test_the_opposite_order_has_the_opposite_tau(pairs: Pairs) -> None:
    scores, truths = split(pairs)
    tau, mirrored = kendall_tau(scores, truths), kendall_tau([-score for score in scores], truths)
    assert mirrored == (None if tau is None else -tau)


@given(RANKINGS, st.randoms())
def test_the_order_in_which_things_are_listed_decides_nothing(pairs: Pairs, chance) -> None:
    mixed = chance.sample(pairs, len(pairs))
    for metric in (top_1, ndcg, kendall_tau):
        assert metric(*split(mixed)) == pytest.approx(metric(*split(pairs)))


@given(RANKINGS)
def test_only_the_order_of_the_scores_counts(pairs: Pairs) -> None:
    scores, truths = split(pairs)
    for metric in (top_1, ndcg, kendall_tau):
        assert metric([math.exp(score) - 9 for score in scores], truths) == metric(scores, truths)


@given(st.lists(LEVELS, min_size=1, max_size=5))
def test_top_1_of_all_orders_is_chance_on_average(truths: list[int]) -> None:
    orders = itertools.permutations(range(len(truths)))
    assert np.mean([top_1(order, truths) for order in orders]) == pytest.approx(truths.count(max(truths)) / len(truths))


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("levels", [4, 1000])
def test_ndcg_is_scikit_learns(seed: int, levels: int) -> None:
    metrics = pytest.importorskip("sklearn.metrics")
    scores, truths = drawn(seed, levels)
    assert ndcg(scores, truths) == pytest.approx(metrics.ndcg_score([truths], [scores]), abs=1e-12)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("levels", [4, 1000])
def test_tau_is_scipys(seed: int, levels: int) -> None:
    stats = pytest.importorskip("scipy.stats")
    scores, truths = drawn(seed, levels)
    assert kendall_tau(scores, truths) == pytest.approx(stats.kendalltau(scores, truths)[0], abs=1e-12)
