"""Probabilities against what happened, for a whole run."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosmos_reasoner.evaluation.metrics.probabilities import (
    CLIP,
    brier_score,
    calibration_error,
    log_loss,
    reliability_bins,
)

OUTCOMES = st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=40)
SEEDS = range(20)
METRICS = [brier_score, log_loss, calibration_error, reliability_bins]

Outcomes = list[tuple[float, bool]]


def split(outcomes: Outcomes) -> tuple[list[float], list[bool]]:
    return [probability for probability, _ in outcomes], [came for _, came in outcomes]


def drawn(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """200 probabilities that are too high, and what happened; both cases are among it."""
    chance = np.random.default_rng(seed)
    probabilities = chance.uniform(0.001, 0.999, 200)
    return probabilities, chance.random(200) < probabilities**2


def test_all_scores_of_a_worked_example() -> None:
    probabilities, happened = [0.9, 0.85, 0.2], [True, False, False]
    assert brier_score(probabilities, happened) == pytest.approx((0.01 + 0.7225 + 0.04) / 3)
    assert log_loss(probabilities, happened) == pytest.approx(-math.log(0.9 * 0.15 * 0.8) / 3)
    assert calibration_error(probabilities, happened) == pytest.approx((0.1 + 0.85 + 0.2) / 3)


def test_probabilities_of_one_bin_make_up_for_each_other() -> None:
    assert calibration_error([0.45, 0.45, 0.48, 0.42], [True, False, False, True]) == pytest.approx(0.05)


def test_the_bins_are_tenths_and_certainty_is_in_the_last() -> None:
    bins = reliability_bins([0.05, 0.95, 1.0], [False, True, False])
    assert [entry.count for entry in bins] == [1, 0, 0, 0, 0, 0, 0, 0, 0, 2]
    assert (bins[9].probability, bins[9].happened) == (pytest.approx(0.975), 0.5)


def test_without_outcomes_there_is_no_score() -> None:
    assert (brier_score([], []), log_loss([], []), calibration_error([], [])) == (None, None, None)


def test_a_wrong_certainty_costs_what_the_clip_says() -> None:
    assert log_loss([0.0], [True]) == pytest.approx(-math.log(CLIP))
    assert log_loss([1.0], [False], clip=0.01) == pytest.approx(-math.log(0.01))


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize(("wrong", "says"), [(1.2, "1.2 is no probability"), (-0.1, "-0.1 is no"), (math.nan, "nan")])
def test_what_is_no_probability_is_refused(metric, wrong: float, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        metric([0.5, wrong], [True, False])


@pytest.mark.parametrize("metric", METRICS)
def test_every_probability_has_an_outcome(metric) -> None:
    with pytest.raises(ValueError, match="2 values against 1"):
        metric([0.5, 0.5], [True])


@given(st.lists(st.booleans(), min_size=1))
def test_always_one_half_scores_what_it_always_does(happened: list[bool]) -> None:
    halves = [0.5] * len(happened)
    assert (brier_score(halves, happened), log_loss(halves, happened)) == (0.25, pytest.approx(math.log(2)))


@given(OUTCOMES)
def test_the_opposite_of_everything_has_the_same_scores(outcomes: Outcomes) -> None:
    mirrored = [(1 - probability, not came) for probability, came in outcomes]
    assert brier_score(*split(mirrored)) == pytest.approx(brier_score(*split(outcomes)))
    assert log_loss(*split(mirrored)) == pytest.approx(log_loss(*split(outcomes)))


@given(OUTCOMES)
def test_the_log_loss_is_at_least_the_brier_score_and_at_most_the_clips(outcomes: Outcomes) -> None:
    brier, loss = brier_score(*split(outcomes)), log_loss(*split(outcomes))
    assert brier is not None and loss is not None  # -ln(1 - d) >= d >= d^2
    assert brier - 2 * CLIP <= loss <= -math.log(CLIP) + 1e-9


@given(st.integers(0, 20), st.integers(0, 20), st.floats(CLIP, 1 - CLIP))
def test_no_probability_beats_the_share_of_what_happens(happened: int, did_not: int, other: float) -> None:
    came = [True] * happened + [False] * did_not
    share = happened / max(len(came), 1)
    for metric in (brier_score, log_loss):
        best, worse = metric([share] * len(came), came), metric([other] * len(came), came)
        assert best is worse is None or best <= worse + 1e-9


@pytest.mark.parametrize("seed", SEEDS)
def test_brier_score_and_log_loss_are_scikit_learns(seed: int) -> None:
    metrics = pytest.importorskip("sklearn.metrics")
    probabilities, happened = drawn(seed)
    assert brier_score(probabilities, happened) == pytest.approx(metrics.brier_score_loss(happened, probabilities))
    assert log_loss(probabilities, happened) == pytest.approx(metrics.log_loss(happened, probabilities))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_bins_are_scikit_learns(seed: int) -> None:
    calibration = pytest.importorskip("sklearn.calibration")
    probabilities, happened = drawn(seed)
    shares, means = calibration.calibration_curve(happened, probabilities, n_bins=10)
    bins = [entry for entry in reliability_bins(probabilities, happened) if entry.count]
    assert [entry.happened for entry in bins] == pytest.approx(shares.tolist())
    assert [entry.probability for entry in bins] == pytest.approx(means.tolist())


@pytest.mark.parametrize("seed", SEEDS)
def test_the_calibration_error_is_the_gaps_of_scikit_learns_curve(seed: int) -> None:
    calibration = pytest.importorskip("sklearn.calibration")
    probabilities, happened = drawn(seed)
    shares, means = calibration.calibration_curve(happened, probabilities, n_bins=10)
    counts = np.histogram(probabilities, 10, (0, 1))[0]
    gaps = abs(shares - means) @ counts[counts > 0] / len(probabilities)
    assert calibration_error(probabilities, happened) == pytest.approx(gaps)
