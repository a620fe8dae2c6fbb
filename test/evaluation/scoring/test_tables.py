"""Tables of scores, against numbers worked out by hand."""

import pytest

from cosmos_reasoner.evaluation.scoring.judged import Judged, Kind
from cosmos_reasoner.evaluation.scoring.tables import ALL, tables


def judged(right: bool, kind: Kind = Kind.CHOICE, **more) -> Judged:
    fields = {"id": "one", "set": "a", "group": "", "run": 0, "status": "OK", "right": right}
    return Judged(kind=kind, **{**fields, **more})


def test_a_large_set_weighs_more_in_the_pooled_accuracy_and_the_same_in_the_macro_accuracy() -> None:
    items = [judged(True, set="large")] * 8 + [judged(False, set="small")] * 2
    table = tables(items)["choice"]
    assert table[ALL]["accuracy"].value == pytest.approx(0.8)
    assert table[ALL]["macro accuracy"].value == pytest.approx(0.5)
    assert (table["large"]["accuracy"].value, table["small"]["accuracy"].value) == (1.0, 0.0)


def test_an_accuracy_has_wilsons_interval() -> None:
    figure = tables([judged(True)] * 8 + [judged(False)] * 2)["choice"][ALL]["accuracy"]
    assert (figure.low, figure.high) == (pytest.approx(0.4902, abs=1e-4), pytest.approx(0.9433, abs=1e-4))


def test_what_nobody_answered_is_not_scored() -> None:
    items = [judged(True), *(judged(False, status=status) for status in ("FAILED", "MISSING", "DROPPED"))]
    assert tables(items)["choice"][ALL]["accuracy"].count == 1


def test_unreadable_answers_count_as_wrong_and_are_shown() -> None:
    row = tables([judged(True), judged(False, status="DEFECTIVE")])["choice"][ALL]
    assert (row["accuracy"].value, row["unreadable"].value) == (0.5, 0.5)


def test_several_runs_give_a_mean_and_how_far_they_lie_apart() -> None:
    items = [judged(right, run=run) for run, rights in enumerate([[1, 1], [1, 0], [0, 0]]) for right in rights]
    figure = tables(items)["choice"][ALL]["accuracy"]
    assert (figure.value, figure.deviation) == (0.5, pytest.approx(0.5))


def test_a_group_is_right_when_all_of_it_is() -> None:
    pairs = [("x", True), ("x", True), ("y", True), ("y", False), ("alone", True), ("", False)]
    row = tables([judged(right, group=group) for group, right in pairs])["choice"][ALL]
    assert (row["groups all right"].value, row["groups all right"].count) == (0.5, 2)


def test_a_group_of_which_one_was_not_answered_is_none() -> None:
    items = [judged(True, group="x"), judged(True, group="x"), judged(False, group="x", status="FAILED")]
    assert tables(items)["choice"][ALL].get("groups all right") is None


def test_the_interval_of_several_runs_is_that_of_their_mean() -> None:
    rights = [[1, 1, 1, 0, 0], [1, 1, 0, 0, 0]]
    figure = tables([judged(bool(right), run=run) for run, each in enumerate(rights) for right in each])["choice"][ALL]
    # Wilson's of 2.5 of 5: the same to both sides of a half
    assert 0.5 - figure["accuracy"].low == pytest.approx(figure["accuracy"].high - 0.5)


def test_the_recall_of_events_counts_overlaps_from_the_threshold_on() -> None:
    items = [judged(True, Kind.EVENTS, ious=(0.5, 0.8)), judged(False, Kind.EVENTS, ious=(0.1,))]
    row = tables(items)["events"][ALL]
    assert row["R@1 IoU 0.5"].value == pytest.approx(2 / 3)
    assert row["R@1 IoU 0.7"].value == pytest.approx(1 / 3)
    assert row["mean IoU"].value == pytest.approx(1.4 / 3)


def test_an_unreadable_ranking_has_nothing_in_order() -> None:
    values = {"top_1": 1.0, "ndcg": 1.0, "kendall_tau": 1.0}
    items = [judged(True, Kind.RANKING, values=values), judged(False, Kind.RANKING, status="DEFECTIVE")]
    row = tables(items)["ranking"][ALL]
    assert [row[name].value for name in ("top-1", "NDCG", "Kendall tau")] == [0.5, 0.5, 0.5]


def test_scores_are_compared_with_those_of_people() -> None:
    pairs = [(1, 1), (2, 3), (5, 4), (4, 4), (None, 2)]
    items = [
        judged(answer == truth, Kind.SCORE, values={"true_score": truth} | ({"score": answer} if answer else {}))
        for answer, truth in pairs
    ]
    row = tables(items)["score"][ALL]
    assert (row["exact"].value, row["within 1"].value) == (pytest.approx(0.4), pytest.approx(0.8))
    assert row["mean error"].value == pytest.approx(0.5)
    assert (row["Pearson"].value, row["Pearson"].count) == (pytest.approx(7 / 60**0.5), 4)
    assert row["Spearman"].value == pytest.approx(0.9486833)
