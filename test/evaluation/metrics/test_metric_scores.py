"""Scores on a scale of whole numbers against the true ones."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosmos_reasoner.evaluation.metrics.proportions import Proportion
from cosmos_reasoner.evaluation.metrics.scores import exact, pearson, spearman, within_1

SCORES = st.integers(1, 5)
PAIRS = st.lists(st.tuples(st.none() | SCORES, SCORES), max_size=25)
READABLE = st.lists(st.tuples(SCORES, SCORES), min_size=2, max_size=25)
SEEDS = range(20)

Pairs = list[tuple[int | None, int]]


def split(pairs: Pairs) -> tuple[list[int | None], list[int]]:
    return [answer for answer, _ in pairs], [truth for _, truth in pairs]


def drawn(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Scores from 1 to 5, of 8 to 39 things, with something in common."""
    chance = np.random.default_rng(seed)
    truths = chance.integers(1, 6, chance.integers(8, 40)).astype(float)
    return np.clip(truths + chance.integers(-2, 3, truths.size), 1, 5), truths


def test_a_score_may_be_right_near_far_or_unreadable() -> None:
    answers, truths = [3, 4, 1, None], [3, 3, 3, 3]
    assert (exact(answers, truths), within_1(answers, truths)) == (Proportion(1, 4), Proportion(2, 4))


def test_correlations_of_a_worked_example() -> None:
    # deviations -2, -1, 0, 3 and -1.5, 0.5, -0.5, 1.5; ranks 1, 2, 3, 4 and 1, 3, 2, 4
    answers, truths = [1, 2, 3, 6], [1, 3, 2, 4]
    assert pearson(answers, truths) == pytest.approx(7 / math.sqrt(14 * 5))
    assert spearman(answers, truths) == pytest.approx(1 - 6 * 2 / (4 * 15))


def test_equal_scores_share_their_ranks() -> None:
    # ranks 2.5, 2.5, 4, 1 and 1, 2, 3, 4: deviations 0, 0, 1.5, -1.5 and -1.5, -0.5, 0.5, 1.5
    assert spearman([2, 2, 5, 1], [1, 2, 3, 4]) == pytest.approx(-1.5 / math.sqrt(4.5 * 5))


def test_what_cannot_be_read_enters_no_correlation() -> None:
    assert pearson([1, None, 3, 2], [1, 5, 3, 2]) == pytest.approx(1.0)
    assert spearman([1, None, 3, 2], [1, 5, 3, 2]) == pytest.approx(1.0)


@pytest.mark.parametrize("correlation", [pearson, spearman])
@pytest.mark.parametrize(
    ("answers", "truths"),
    [([], []), ([3], [3]), ([None, None], [1, 2]), ([4, None], [4, 2]), ([3, 3, 3], [1, 2, 3]), ([1, 2, 3], [4, 4, 4])],
)
def test_where_nothing_varies_there_is_no_correlation(correlation, answers: list, truths: list) -> None:
    assert correlation(answers, truths) is None


@pytest.mark.parametrize("value", [0.1, 1 / 3, 1e-200])
def test_equal_answers_have_no_correlation_however_they_are_rounded(value: float) -> None:
    assert pearson([value] * 7, [1, 2, 3, 4, 5, 1, 2]) is None


@pytest.mark.parametrize("metric", [exact, within_1, pearson, spearman])
def test_every_truth_has_an_answer(metric) -> None:
    with pytest.raises(ValueError, match="1 values against 2"):
        metric([1], [1, 2])


@given(PAIRS)
def test_what_is_exact_is_within_1(pairs: Pairs) -> None:
    assert exact(*split(pairs)).hits <= within_1(*split(pairs)).hits


@given(PAIRS)
def test_unreadable_answers_count_as_items_and_never_as_hits(pairs: Pairs) -> None:
    done = within_1(*split(pairs))
    assert done.count == len(pairs)
    assert done.hits <= sum(answer is not None for answer, _ in pairs)


@given(READABLE)
def test_correlations_lie_between_minus_1_and_1_whoever_comes_first(pairs: Pairs) -> None:
    answers, truths = split(pairs)
    for correlation in (pearson, spearman):
        value = correlation(answers, truths)
        assert value == pytest.approx(correlation(truths, answers))
        assert value is None or -1.0 <= value <= 1.0


@given(READABLE, st.floats(0.01, 100), st.floats(-10, 10))
def test_another_scale_changes_no_correlation(pairs: Pairs, factor: float, offset: float) -> None:
    answers, truths = split(pairs)
    rescaled = [factor * answer + offset for answer in answers]
    for correlation in (pearson, spearman):
        assert correlation(rescaled, truths) == pytest.approx(correlation(answers, truths), abs=1e-9)


@given(READABLE)
def test_only_the_order_counts_for_spearman(pairs: Pairs) -> None:
    answers, truths = split(pairs)
    assert spearman([answer**3 for answer in answers], truths) == spearman(answers, truths)


@given(st.lists(st.floats(-1e-180, 1e-180), min_size=2, max_size=9, unique=True))
def test_tiny_numbers_correlate_with_themselves(values: list[float]) -> None:
    assert pearson(values, values) == pytest.approx(1.0)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_correlations_are_scipys(seed: int) -> None:
    stats = pytest.importorskip("scipy.stats")
    answers, truths = drawn(seed)
    assert pearson(answers, truths) == pytest.approx(stats.pearsonr(answers, truths)[0], abs=1e-12)
    assert spearman(answers, truths) == pytest.approx(stats.spearmanr(answers, truths)[0], abs=1e-12)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_share_of_exact_scores_is_scikit_learns(seed: int) -> None:
    metrics = pytest.importorskip("sklearn.metrics")
    answers, truths = drawn(seed)
    assert exact(answers, truths).share == pytest.approx(metrics.accuracy_score(truths, answers))
