"""Scores of predicted probabilities against what happened."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosmos_reasoner.reasoning.calibration import BINS, Calibration
from cosmos_reasoner.replies.levels import Verdict

HAPPENED, DID_NOT, UNCLEAR = Verdict.HAPPENED, Verdict.DID_NOT, Verdict.UNCLEAR
PROBABILITIES = st.floats(0.0, 1.0)
OUTCOMES = st.lists(st.tuples(PROBABILITIES, st.sampled_from(Verdict)), max_size=60)
CLEAR = st.lists(st.tuples(PROBABILITIES, st.sampled_from([HAPPENED, DID_NOT])), min_size=1, max_size=60)

Outcomes = list[tuple[float, Verdict]]


def counted(outcomes: Outcomes) -> Calibration:
    calibration = Calibration()
    for probability, verdict in outcomes:
        calibration.add(probability, verdict)
    return calibration


def test_without_outcomes_there_is_no_score() -> None:
    calibration = counted([(0.5, UNCLEAR)])
    assert (calibration.brier_score, calibration.calibration_error) == (None, None)
    assert all((entry.probability, entry.happened) == (None, None) for entry in calibration.bins)


def test_a_worked_example() -> None:
    calibration = counted([(0.75, HAPPENED), (0.75, HAPPENED), (0.75, DID_NOT), (0.25, DID_NOT), (1.0, HAPPENED)])
    assert calibration.brier_score == pytest.approx((3 * 0.0625 + 0.5625) / 5)
    assert calibration.calibration_error == pytest.approx((3 * (0.75 - 2 / 3) + 0.25) / 5)
    assert calibration.bins[7].happened == pytest.approx(2 / 3)


@given(OUTCOMES)
def test_every_verdict_is_counted_once(outcomes: Outcomes) -> None:
    calibration = counted(outcomes)
    verdicts = [verdict for _, verdict in outcomes]
    counts = (calibration.happened, calibration.did_not, calibration.unclear)
    assert counts == (verdicts.count(HAPPENED), verdicts.count(DID_NOT), verdicts.count(UNCLEAR))
    assert sum(entry.count for entry in calibration.bins) == calibration.happened + calibration.did_not


@given(CLEAR, st.integers(0, 5))
def test_what_is_unclear_changes_no_score(outcomes: Outcomes, more: int) -> None:
    first, second = counted(outcomes), counted([*outcomes, *[(0.9, UNCLEAR)] * more])
    assert (first.brier_score, first.bins) == (second.brier_score, second.bins)


@given(CLEAR)
def test_both_scores_lie_between_0_and_1(outcomes: Outcomes) -> None:
    calibration = counted(outcomes)
    assert calibration.brier_score is not None and 0.0 <= calibration.brier_score <= 1.0
    assert calibration.calibration_error is not None and 0.0 <= calibration.calibration_error <= 1.0 + 1e-9


@given(CLEAR)
def test_the_error_of_the_bins_is_no_larger_than_the_root_of_the_brier_score(outcomes: Outcomes) -> None:
    calibration = counted(outcomes)
    assert calibration.calibration_error is not None and calibration.brier_score is not None
    assert calibration.calibration_error <= calibration.brier_score**0.5 + 1e-9  # Jensen's inequality


@given(CLEAR)
def test_the_order_does_not_matter(outcomes: Outcomes) -> None:
    forwards, backwards = counted(outcomes), counted(outcomes[::-1])
    assert forwards.brier_score == pytest.approx(backwards.brier_score)
    assert forwards.calibration_error == pytest.approx(backwards.calibration_error)


@given(st.lists(st.sampled_from([HAPPENED, DID_NOT]), min_size=1))
def test_who_knows_everything_scores_0_and_who_is_always_wrong_scores_1(verdicts: list[Verdict]) -> None:
    right = counted([(float(verdict is HAPPENED), verdict) for verdict in verdicts])
    wrong = counted([(float(verdict is DID_NOT), verdict) for verdict in verdicts])
    assert (right.brier_score, right.calibration_error) == (0.0, 0.0)
    assert (wrong.brier_score, wrong.calibration_error) == (1.0, 1.0)


@given(st.integers(0, 20), st.integers(0, 20))
def test_a_probability_that_is_the_share_of_what_happens_is_calibrated(happened: int, did_not: int) -> None:
    total = happened + did_not
    share = happened / max(total, 1)
    calibration = counted([(share, HAPPENED)] * happened + [(share, DID_NOT)] * did_not)
    if total:
        assert calibration.calibration_error == pytest.approx(0.0, abs=1e-9)
        assert calibration.brier_score == pytest.approx(share * (1 - share))


@given(CLEAR)
def test_each_bin_holds_the_probabilities_of_its_tenth(outcomes: Outcomes) -> None:
    bins = counted(outcomes).bins
    assert len(bins) == BINS
    for index, entry in enumerate(bins):
        if entry.probability is not None:
            assert index / BINS - 1e-9 <= entry.probability <= (index + 1) / BINS + 1e-9


def test_certainty_is_in_the_last_bin() -> None:
    assert counted([(1.0, HAPPENED)]).bins[-1].count == 1


def test_predictions_that_nobody_checked_are_counted_apart() -> None:
    calibration = counted([(0.5, HAPPENED)])
    calibration.miss()
    assert (calibration.missed, calibration.happened) == (1, 1)
