"""Shares of right answers, their intervals, and confusions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosmos_reasoner.evaluation.metrics.proportions import Proportion, confusion

PROPORTIONS = st.integers(0, 500).flatmap(lambda count: st.builds(Proportion, st.integers(0, count), st.just(count)))
SETS = st.dictionaries(st.text("abc", min_size=1), st.lists(st.booleans(), max_size=20), max_size=5)
LETTERS = st.sampled_from("ABCD")
PAIRS = st.lists(st.tuples(st.none() | LETTERS, LETTERS), max_size=40)


def test_wilsons_interval_of_one_in_four_is_the_one_worked_by_hand() -> None:
    # middle (0.25 + 3.8415 / 8) / (1 + 3.8415 / 4) = 0.3725, half sqrt(0.9604 * (0.1875 + 0.2401)) / 1.9604 = 0.3269
    assert Proportion(1, 4).interval == pytest.approx((0.0456, 0.6994), abs=5e-5)


def test_nothing_right_leaves_room_above_and_none_below() -> None:
    low, high = Proportion(0, 10).interval
    assert (low, high) == (0.0, pytest.approx(3.8415 / 13.8415, abs=1e-4))  # z^2 / (n + z^2)


def test_of_nothing_the_share_is_unknown_and_may_be_anything() -> None:
    assert (Proportion(0, 0).share, Proportion(0, 0).interval) == (None, (0.0, 1.0))


@pytest.mark.parametrize(("hits", "count"), [(2, 1), (-1, 3), (0, -1)])
def test_more_hits_than_items_are_refused(hits: int, count: int) -> None:
    with pytest.raises(ValueError, match="is no proportion"):
        Proportion(hits, count)


@given(PROPORTIONS)
def test_the_interval_holds_the_share_and_stays_between_0_and_1(proportion: Proportion) -> None:
    low, high = proportion.interval
    share = proportion.share if proportion.share is not None else 0.5
    assert 0.0 <= low <= share <= high <= 1.0


@given(PROPORTIONS)
def test_hits_and_misses_have_mirrored_intervals(proportion: Proportion) -> None:
    low, high = proportion.interval
    mirrored = Proportion(proportion.count - proportion.hits, proportion.count)
    assert mirrored.interval == pytest.approx((1 - high, 1 - low))


@given(PROPORTIONS.filter(lambda proportion: proportion.count > 0))
def test_ten_times_the_items_narrow_the_interval(proportion: Proportion) -> None:
    more = Proportion(10 * proportion.hits, 10 * proportion.count)
    assert more.interval[1] - more.interval[0] < proportion.interval[1] - proportion.interval[0]


@pytest.mark.parametrize(("hits", "count"), [(0, 1), (1, 1), (3, 7), (50, 100), (999, 1000), (0, 40), (40, 40)])
def test_the_interval_is_scipys(hits: int, count: int) -> None:
    stats = pytest.importorskip("scipy.stats")
    theirs = stats.binomtest(hits, count).proportion_ci(0.95, method="wilson")
    assert Proportion(hits, count).interval == pytest.approx((theirs.low, theirs.high), abs=1e-12)


def test_unreadable_answers_are_the_last_column() -> None:
    table = confusion(["A", "B", None, "B", None], ["A", "A", "A", "B", "B"])
    assert table.labels == ("A", "B")
    assert table.counts == ((1, 1, 1), (0, 1, 1))


def test_labels_named_first_stand_first_even_when_they_never_come() -> None:
    table = confusion(["no", "perhaps"], ["yes", "yes"], first=["yes", "no", "unclear"])
    assert table.labels == ("yes", "no", "unclear", "perhaps")
    assert table.counts[0] == (0, 1, 0, 1, 0)


def test_an_answer_without_a_truth_is_refused() -> None:
    with pytest.raises(ValueError, match="1 values against 2"):
        confusion(["A", "B"], ["A"])


@given(PAIRS)
def test_every_item_is_in_one_cell(pairs: list[tuple[str | None, str]]) -> None:
    table = confusion([answer for answer, _ in pairs], [truth for _, truth in pairs])
    assert sum(map(sum, table.counts)) == len(pairs)
    assert sum(row[-1] for row in table.counts) == sum(answer is None for answer, _ in pairs)
    assert sum(row[i] for i, row in enumerate(table.counts)) == sum(answer == truth for answer, truth in pairs)


def test_the_confusion_is_scikit_learns() -> None:
    metrics = pytest.importorskip("sklearn.metrics")
    truths, answers = list("ABCDABCDAABBCCDDA"), list("ABCDBCDAABABCDCDD")
    theirs = metrics.confusion_matrix(truths, answers, labels=list("ABCD")).tolist()
    assert [list(row[:-1]) for row in confusion(answers, truths).counts] == theirs
