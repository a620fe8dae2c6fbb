"""Two runs over the same items."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from evaluation.report.pages import HOSTILE, Page
from evaluation.report.runs import INFO, choice, failed, outcome, ranking, renamed, run_of, unreadable
from hypothesis import given, settings
from hypothesis import strategies as st

from cosmos_reasoner.errors import ConfigurationError
from cosmos_reasoner.evaluation.report.comparison_page import write_comparison
from cosmos_reasoner.evaluation.scoring.comparison import Comparison, compare
from cosmos_reasoner.evaluation.scoring.judged import Judged, Kind
from cosmos_reasoner.evaluation.scoring.pairing import pair_items
from cosmos_reasoner.evaluation.scoring.summarise import summarise


def judged(name: str, right: bool | None, kind: Kind = Kind.CHOICE, group: str = "physics", **more: object) -> Judged:
    """An item that was answered."""
    return Judged(name, group, "", 0, kind, "OK", answer="yes" if right else "no", truth="yes", right=right, **more)


def compared(first: Sequence[Judged], second: Sequence[Judged]) -> Comparison:
    runs = (summarise(replace(INFO, name=name), items, [], [], 2.0) for name, items in (("a", first), ("b", second)))
    return compare(*runs)


def test_shares_difference_flips_and_p_worked_by_hand() -> None:
    first = [judged(name, name in "ag") for name in "abcdefgh"]
    second = [judged(name, name != "h") for name in "abcdefgh"]
    done = compared(first, second)
    (contrast,) = done.contrasts
    change = contrast.changes["accuracy"]
    assert (change.first, change.second, contrast.count) == (2 / 8, 7 / 8, 8)
    assert change.difference is not None and change.difference.estimate == 5 / 8
    assert (contrast.gained, contrast.lost, contrast.p) == (5, 0, 2 / 32)
    assert [pair.first.id for pair in done.gained] == list("bcdef")


def test_an_item_that_got_worse_is_lost() -> None:
    done = compared([judged("a", True), judged("b", False)], [judged("a", False), judged("b", False)])
    assert [pair.second.id for pair in done.lost] == ["a"]
    assert done.gained == ()


def test_several_sets_are_compared_each_and_together() -> None:
    items = [judged("a", True, group="falls"), judged("b", False, group="stacks")]
    done = compared(items, items)
    assert [(one.set, one.count) for one in done.contrasts] == [("falls", 1), ("stacks", 1), ("all", 2)]


def test_one_item_has_no_interval() -> None:
    (contrast,) = compared([judged("a", True)], [judged("a", False)]).contrasts
    assert contrast.changes["accuracy"].difference is None


def test_each_kind_is_compared_by_its_own_numbers() -> None:
    first = [
        judged("r", True, Kind.RANKING, values={"top_1": 1.0, "ndcg": 0.9, "kendall_tau": 0.4}),
        judged("s", False, Kind.SCORE, values={"score": 4.0, "true_score": 5.0}),
        judged("e", False, Kind.EVENTS, ious=(0.25, 0.75)),
    ]
    numbers = {
        (one.kind.value, name): change.first
        for one in compared(first, first).contrasts
        for name, change in one.changes.items()
    }
    assert numbers == {
        ("ranking", "top-1"): 1.0,
        ("ranking", "NDCG"): 0.9,
        ("ranking", "Kendall tau"): 0.4,
        ("score", "exact"): 0.0,
        ("score", "within 1"): 1.0,
        ("events", "all events found"): 0.0,
        ("events", "IoU of an item"): 0.5,
    }


def test_an_unreadable_answer_counts_as_wrong(tmp_path: Path) -> None:
    first = run_of(tmp_path / "a", [choice("box"), ranking("brake")])
    second = run_of(tmp_path / "b", [unreadable("box"), ranking("brake", right=False)])
    done = compare(first.summary, second.summary)
    assert [pair.first.id for pair in done.lost] == ["box", "brake"]


def test_what_cannot_be_paired_is_counted_by_its_reason(tmp_path: Path) -> None:
    first = run_of(
        tmp_path / "a", [choice("box"), choice("lost"), outcome("cup"), choice("mine"), choice("two"), choice("two")]
    )
    second = run_of(
        tmp_path / "b",
        [choice("box"), failed("lost"), outcome("cup", happened=False), ranking("yours"), choice("yours2")],
    )
    done = compare(first.summary, second.summary)
    assert done.pairs == 1
    assert done.left_out == {
        "only in the first run": 1,
        "only in the second run": 2,
        "several of one id": 2,
        "not answered in both runs": 1,
        "with another truth in the other run": 1,
    }


def test_items_of_another_kind_are_no_pair() -> None:
    pairing = pair_items([judged("a", True)], [judged("a", True, Kind.TEXT)])
    assert pairing.left_out == {"of another kind in the other run": 1}


def test_the_same_item_of_several_samples_is_several_items() -> None:
    items = [judged("a", True), replace(judged("a", False), run=1)]
    assert [pair.second.right for pair in pair_items(items, items[::-1]).pairs] == [True, False]


def test_nothing_in_common_is_refused_with_the_reasons() -> None:
    with pytest.raises(ConfigurationError, match=r"a and b have no answered item in common \(1 only in the first run"):
        compared([judged("a", True)], [])


def test_runs_without_truths_are_paired_and_not_scored() -> None:
    items = [judged("a", None, Kind.PREDICTION)]
    done = compared(items, [judged("a", None, Kind.UNSCORED)])
    assert (done.pairs, done.contrasts) == (1, ())


@settings(max_examples=5, deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=12))
def test_a_difference_is_gains_minus_losses(rights: list[tuple[bool, bool]]) -> None:
    first = [judged(str(place), before) for place, (before, _) in enumerate(rights)]
    second = [judged(str(place), after) for place, (_, after) in enumerate(rights)]
    (contrast,) = compared(first, second).contrasts
    change = contrast.changes["accuracy"]
    assert change.second - change.first == pytest.approx((contrast.gained - contrast.lost) / len(rights))


def flipped(folder: Path, text: str) -> Page:
    """The page of two runs whose one item flipped, with the same text wherever others wrote."""
    folder.mkdir()
    info = replace(INFO, name=text, what=text, model=text, profile=text, written=text)
    first = run_of(folder / "a", [renamed(choice("box"), text)], info).summary
    second = replace(first, items=tuple(replace(item, right=False) for item in first.items))
    write_comparison(compare(first, second), folder / "comparison.html")
    return Page((folder / "comparison.html").read_text(encoding="utf-8"))


def test_text_of_others_is_never_markup_in_a_comparison(tmp_path: Path) -> None:
    mine, theirs = flipped(tmp_path / "mine", "plain"), flipped(tmp_path / "theirs", HOSTILE)
    assert [tag for tag, _ in theirs.tags] == [tag for tag, _ in mine.tags]
    assert theirs.all_of("script") == []
    assert any(HOSTILE in text for text in theirs.within("bdi"))


def test_the_page_has_the_numbers_of_the_comparison(tmp_path: Path) -> None:
    first = run_of(tmp_path / "a", [choice(f"b{place}", place < 2) for place in range(4)])
    second = run_of(tmp_path / "b", [choice(f"b{place}", place < 3) for place in range(4)])
    write_comparison(compare(first.summary, second.summary), tmp_path / "comparison.html")
    page = Page((tmp_path / "comparison.html").read_text(encoding="utf-8"))
    assert page.within("td")[:2] == ["50.0", "75.0"]
    assert "+25.0" in page.within("b")
    assert "1 gained, 0 lost, p = 1.000" in page.within("p")
