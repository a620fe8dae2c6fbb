"""Stated intervals against true ones."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosmos_reasoner.evaluation.metrics.events import (
    Interval,
    interval_iou,
    interval_ious,
    mean_iou,
    recall_at_1,
)
from cosmos_reasoner.evaluation.metrics.proportions import Proportion

TIMES = st.integers(0, 400).map(lambda quarters: quarters / 4)
INTERVALS = st.tuples(TIMES, TIMES).map(lambda ends: (min(ends), max(ends)))
WIDE = st.tuples(TIMES, st.integers(1, 40)).map(lambda pair: (pair[0], pair[0] + pair[1] / 4))


@pytest.mark.parametrize(
    ("one", "other", "iou"),
    [
        ((0.0, 4.0), (2.0, 6.0), 2 / 6),
        ((0.0, 10.0), (2.0, 4.5), 0.25),
        ((0.0, 1.0), (1.0, 2.0), 0.0),
        ((0.0, 1.0), (5.0, 6.0), 0.0),
        ((3.0, 3.0), (3.0, 3.0), 1.0),
        ((3.0, 3.0), (4.0, 4.0), 0.0),
        ((3.0, 3.0), (2.0, 4.0), 0.0),
    ],
)
def test_overlaps_worked_by_hand(one: Interval, other: Interval, iou: float) -> None:
    assert interval_iou(one, other) == pytest.approx(iou)


@pytest.mark.parametrize("wrong", [(2.0, 1.0), (0.0, math.inf), (math.nan, 1.0), (math.inf, math.inf)])
def test_what_is_no_interval_is_refused(wrong: Interval) -> None:
    with pytest.raises(ValueError, match="is no interval"):
        interval_iou((0.0, 1.0), wrong)


@given(INTERVALS, INTERVALS)
def test_an_overlap_lies_between_0_and_1_whoever_comes_first(one: Interval, other: Interval) -> None:
    assert 0.0 <= interval_iou(one, other) == interval_iou(other, one) <= 1.0


@given(INTERVALS, INTERVALS)
def test_only_the_same_interval_overlaps_wholly(one: Interval, other: Interval) -> None:
    assert (interval_iou(one, other) == 1.0) == (one == other)


@given(INTERVALS, INTERVALS, TIMES)
def test_a_later_start_of_the_recording_changes_no_overlap(one: Interval, other: Interval, later: float) -> None:
    moved = [(start + later, end + later) for start, end in (one, other)]
    assert interval_iou(*moved) == interval_iou(one, other)


@given(WIDE, WIDE)
def test_the_overlap_is_that_of_the_quarters_of_a_second(one: Interval, other: Interval) -> None:
    first, second = ({*range(round(4 * start), round(4 * end))} for start, end in (one, other))
    assert interval_iou(one, other) == pytest.approx(len(first & second) / len(first | second))


def test_an_unreadable_answer_overlaps_with_nothing() -> None:
    assert interval_ious([None, (0.0, 2.0)], [(0.0, 1.0), (0.0, 1.0)]) == [0.0, 0.5]


def test_every_question_has_an_answer() -> None:
    with pytest.raises(ValueError, match="1 values against 2"):
        interval_ious([None], [(0.0, 1.0), (0.0, 1.0)])


def test_recall_counts_what_reaches_the_threshold() -> None:
    ious = [0.0, 0.49, 0.5, 0.69, 0.7, 1.0]
    assert (recall_at_1(ious, 0.5), recall_at_1(ious, 0.7)) == (Proportion(4, 6), Proportion(2, 6))


def test_the_mean_counts_the_misses() -> None:
    assert mean_iou([0.0, 0.5, 1.0, 0.5]) == 0.5


def test_without_questions_there_is_no_mean() -> None:
    assert mean_iou([]) is None


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_a_higher_threshold_recalls_no_more(ious: list[float]) -> None:
    assert recall_at_1(ious, 0.7).hits <= recall_at_1(ious, 0.5).hits


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_the_mean_is_at_least_what_the_recall_guarantees(ious: list[float]) -> None:
    share, mean = recall_at_1(ious, 0.5).share, mean_iou(ious)
    assert share is not None and mean is not None and mean >= share / 2 - 1e-12  # Markov's inequality
