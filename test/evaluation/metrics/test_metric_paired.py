"""Two runs over the same items."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cosmos_reasoner.evaluation.metrics.paired import Difference, Flips, bootstrap_difference, flips, mcnemar

VALUES = st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=2, max_size=20)
COUNTS = st.integers(0, 60)
RUNS = st.dictionaries(st.text("abc", max_size=3), st.booleans(), max_size=12)

Pairs = list[tuple[float, float]]


def split(pairs: Pairs) -> tuple[list[float], list[float]]:
    return [one for one, _ in pairs], [other for _, other in pairs]


def test_the_estimate_is_the_mean_difference() -> None:
    done = bootstrap_difference([0, 0, 1, 1], [1, 1, 1, 0], resamples=100)
    assert done is not None and done.estimate == 0.25


def test_a_difference_that_is_the_same_for_every_item_is_certain() -> None:
    assert bootstrap_difference([0.0, 0.25, 0.5], [0.5, 0.75, 1.0], resamples=100) == Difference(0.5, 0.5, 0.5)


def test_pairs_tell_more_than_two_heaps() -> None:
    # the items differ by up to 1, the runs on each of them by 0.1 or 0.12
    first = np.linspace(0, 1, 50)
    second = first + np.tile([0.1, 0.12], 25)
    done = bootstrap_difference(first, second, resamples=500)
    assert done is not None and 0.1 < done.low < 0.11 < done.high < 0.12


def test_the_same_seed_gives_the_same_interval_and_another_a_slightly_different_one() -> None:
    first, second = np.random.default_rng(1).random((2, 40))
    again = [bootstrap_difference(first, second, seed=seed, resamples=200) for seed in (7, 7, 8)]
    assert again[0] == again[1] != again[2]


@pytest.mark.parametrize("values", [[], [1.0]])
def test_fewer_than_two_items_tell_nothing_about_others(values: list[float]) -> None:
    assert bootstrap_difference(values, values) is None


def test_the_runs_have_the_same_items() -> None:
    with pytest.raises(ValueError, match="2 values against 1"):
        bootstrap_difference([1, 0], [1])


@settings(max_examples=30)
@given(VALUES)
def test_the_interval_stays_within_the_differences_of_single_items(pairs: Pairs) -> None:
    done = bootstrap_difference(*split(pairs), resamples=50)
    gains = [other - one for one, other in pairs]
    assert done is not None
    assert min(gains) - 1e-9 <= done.low <= done.high <= max(gains) + 1e-9


@settings(max_examples=30)
@given(VALUES)
def test_runs_that_change_places_change_the_sign(pairs: Pairs) -> None:
    first, second = split(pairs)
    there, back = (bootstrap_difference(*runs, resamples=50) for runs in ((first, second), (second, first)))
    assert there is not None and back is not None
    assert (-back.high, -back.estimate, -back.low) == pytest.approx((there.low, there.estimate, there.high), abs=1e-9)


def test_the_interval_of_many_items_is_that_of_the_normal_distribution() -> None:
    first, second = np.random.default_rng(3).random((2, 400))
    done, gains = bootstrap_difference(first, second, resamples=4000), second - first
    half = 1.96 * gains.std() / 20
    assert done is not None
    assert (done.low, done.high) == pytest.approx((gains.mean() - half, gains.mean() + half), abs=0.1 * half)


def test_the_interval_is_scipys() -> None:
    stats = pytest.importorskip("scipy.stats")
    chance = np.random.default_rng(5)
    first, second = (chance.random((2, 60)) < [[0.5], [0.7]]).astype(float)
    done, gains = bootstrap_difference(first, second), second - first
    theirs = stats.bootstrap((gains,), np.mean, method="percentile", random_state=6).confidence_interval
    assert done is not None
    assert (done.low, done.high) == pytest.approx((theirs.low, theirs.high), abs=0.02)  # each item is 1/60


@pytest.mark.parametrize(
    ("gained", "lost", "p"),
    [(0, 0, 1.0), (1, 0, 1.0), (5, 0, 2 / 32), (6, 0, 2 / 64), (1, 5, 2 * 7 / 64), (3, 3, 1.0), (2, 8, 2 * 56 / 1024)],
)
def test_mcnemar_worked_by_hand(gained: int, lost: int, p: float) -> None:
    assert mcnemar(gained, lost) == pytest.approx(p)


@given(COUNTS, COUNTS)
def test_mcnemar_asks_for_no_direction(gained: int, lost: int) -> None:
    assert 0.0 < mcnemar(gained, lost) == mcnemar(lost, gained) <= 1.0


@given(COUNTS, st.integers(1, 60))
def test_more_gains_with_as_many_losses_are_less_likely_chance(lost: int, more: int) -> None:
    assert mcnemar(lost + more + 1, lost) < mcnemar(lost + more, lost)


def test_mcnemar_of_thousands_of_flips_is_a_number() -> None:
    assert 0.0 < mcnemar(2500, 2600) < 1.0


def test_a_negative_number_of_flips_is_refused() -> None:
    with pytest.raises(ValueError, match="-1 gained"):
        mcnemar(-1, 2)


@pytest.mark.parametrize("seed", range(20))
def test_mcnemar_is_scipys_binomial_test(seed: int) -> None:
    stats = pytest.importorskip("scipy.stats")
    gained, lost = np.random.default_rng(seed).integers(1, 60, 2).tolist()
    assert mcnemar(gained, lost) == pytest.approx(stats.binomtest(gained, gained + lost).pvalue, rel=1e-9)


def test_items_that_flipped_are_named() -> None:
    first = {"d": True, "a": False, "c": True, "b": False, "only": True}
    second = {"a": True, "b": True, "c": False, "d": True, "other": True}
    assert flips(first, second) == Flips(gained=("a", "b"), lost=("c",))


@given(RUNS, RUNS)
def test_runs_that_change_places_change_gains_and_losses(first: dict[str, bool], second: dict[str, bool]) -> None:
    there, back = flips(first, second), flips(second, first)
    assert (set(there.gained), set(there.lost)) == (set(back.lost), set(back.gained))


@given(RUNS)
def test_nothing_flips_in_the_same_run(run: dict[str, bool]) -> None:
    assert flips(run, run) == Flips((), ())
