"""report.html as text: whole, escaped, and with the numbers of the summary."""

import base64
import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from evaluation.report.pages import HOSTILE, Page
from evaluation.report.runs import INFO, Run, choice, failed, mixed, record, renamed, run_of, with_strip
from hypothesis import given
from hypothesis import strategies as st

from cosmos_reasoner.evaluation.report.entry import Entry
from cosmos_reasoner.evaluation.report.page import write_report
from cosmos_reasoner.evaluation.report.pictures import Pictures
from cosmos_reasoner.evaluation.report.text import LONGEST, clean, cut, share_or_number
from cosmos_reasoner.evaluation.scoring.tables import ALL
from cosmos_reasoner.reasoning.result import Outcome, Prediction
from cosmos_reasoner.replies.levels import Hazard, Origin


def report(run: Run) -> str:
    write_report(run.folder, run.summary, run.scored)
    return (run.folder / "report.html").read_text(encoding="utf-8")


def hostile(folder: Path, text: str) -> Run:
    """A run in which others wrote the same text everywhere."""
    folder.mkdir(exist_ok=True)
    pair = renamed(with_strip(folder, choice("box")), text, (text, text))
    info = replace(INFO, name=text, what=text, model=text, profile=text, written=text)
    return run_of(folder, [pair, failed("lost", text)], info, [text])


def test_every_element_is_closed_where_it_should_be(tmp_path: Path) -> None:
    page = Page(report(mixed(tmp_path)))
    assert len(page.all_of("details")) == 19


def test_the_figures_on_the_page_are_those_of_the_summary(tmp_path: Path) -> None:
    run = mixed(tmp_path)
    cells = Page(report(run)).within("td")
    figures = [(name, figure) for table in run.summary.tables.values() for name, figure in table[ALL].items()]
    expected = [share_or_number(figure.value, name) for name, figure in figures]
    assert len(expected) > 8
    assert set(expected) <= set(cells)


def test_a_figure_worked_by_hand_stands_first(tmp_path: Path) -> None:
    pairs = [choice("a"), choice("b"), choice("c"), choice("d", right=False)]
    page = Page(report(run_of(tmp_path, pairs)))
    assert page.within("b")[0] == "75.0"
    assert "30.1 to 95.4" in page.within("td")  # Wilson's interval of 3 of 4


def test_an_item_shows_all_that_is_known_of_it(tmp_path: Path) -> None:
    words = {"prompt": "the whole prompt", "think": "it leans", "reply": "the reply"}
    text = report(run_of(tmp_path, [choice("box", latency=1.25, **words)]))
    seen = " ".join(data for _, data in Page(text).texts)
    for expected in (*words.values(), "A. yes", "75.0 %", "1.25 s", "900 + 120", "warehouse.mcap, 2.00 to 4.00 s"):
        assert expected in seen


def test_nothing_comes_from_outside(tmp_path: Path) -> None:
    page = Page(report(mixed(tmp_path)))
    addresses = [tag.get(name) for _, tag in page.tags for name in ("src", "href", "action", "data") if tag.get(name)]
    assert addresses == ["data:,"]
    assert "url(" not in "".join(page.within("style"))


def test_only_the_pages_own_script_may_run(tmp_path: Path) -> None:
    page = Page(report(mixed(tmp_path)))
    rules = next(meta["content"] or "" for meta in page.all_of("meta") if "http-equiv" in meta)
    script = page.within("script")[-1]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in rules
    assert rules.startswith("default-src 'none'; ")


def test_text_of_others_is_never_markup(tmp_path: Path) -> None:
    mine, theirs = (
        Page(report(hostile(tmp_path / name, text))) for name, text in (("mine", "plain"), ("bad", HOSTILE))
    )
    assert [tag for tag, _ in theirs.tags] == [tag for tag, _ in mine.tags]
    assert [set(attributes) for _, attributes in theirs.tags] == [set(attributes) for _, attributes in mine.tags]


def test_text_of_others_is_shown_as_it_is(tmp_path: Path) -> None:
    page = Page(report(hostile(tmp_path, HOSTILE)))
    assert [text.removeprefix("\n") for text in page.within("pre")] == [HOSTILE] * 3


def test_the_script_block_with_the_pictures_cannot_be_ended_from_within(tmp_path: Path) -> None:
    run = hostile(tmp_path, HOSTILE)
    block = Page(report(run)).within("script")[0]
    assert "<" not in block
    assert json.loads(block)["cameras"] == [HOSTILE, HOSTILE]


def test_a_think_text_of_a_megabyte_is_cut_with_a_note(tmp_path: Path) -> None:
    text = report(run_of(tmp_path, [choice("box", think="<" * 1_000_000)]))
    assert len(text) < 250_000
    assert f"{1_000_000 - LONGEST:,} more characters are in results.jsonl" in text


def test_what_cannot_be_seen_is_shown(tmp_path: Path) -> None:
    text = report(run_of(tmp_path, [choice("box", think="a\x00b\x1b[31mc\r\nd\x9b\ud800e")]))
    assert "a\u2400b\u241b[31mc\nd\ufffd\ufffde" in text


@given(st.text())
def test_clean_text_has_no_character_that_a_page_cannot_hold(text: str) -> None:
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f]", clean(text))
    clean(text).encode("utf-8")


@given(st.text(), st.integers(1, 20))
def test_a_cut_text_is_no_longer_than_allowed(text: str, length: int) -> None:
    assert len(cut(text, length)) <= length


def test_pictures_are_taken_while_there_is_room_those_of_wrong_answers_first(tmp_path: Path) -> None:
    pairs = [with_strip(tmp_path, choice(name, right=name == "b")) for name in ("b", "c", "a")]
    run = run_of(tmp_path, pairs)
    entries = [Entry.of(place, one) for place, one in enumerate(run.scored)]
    sizes = [(tmp_path / "strips" / f"{entry.key}.jpg").stat().st_size for entry in entries]
    pictures = Pictures.of(tmp_path, entries, budget=sum(-(-size // 3) * 4 for size in sizes[1:]))
    assert (set(pictures.embedded), pictures.without_room) == ({1, 2}, 1)
    start, _, data = pictures.playable(1)["picture"].partition(",")
    assert start == "data:image/jpeg;base64"
    assert base64.b64decode(data) == (tmp_path / "strips" / f"{entries[1].key}.jpg").read_bytes()


def test_a_picture_that_is_gone_is_left_out(tmp_path: Path) -> None:
    run = run_of(tmp_path, [with_strip(tmp_path, choice("box"))])
    next((tmp_path / "strips").iterdir()).unlink()
    assert "data:image" not in report(run)


def test_several_runs_tell_how_far_they_lie_apart(tmp_path: Path) -> None:
    pairs = [choice(f"box-{place}", right=place + sample > 0) for place in range(2) for sample in range(2)]
    for place, (item, came) in enumerate(pairs):
        pairs[place] = replace(item, run=place % 2), came
    page = Page(report(run_of(tmp_path, pairs)))
    assert "± runs" in page.within("th")
    assert "35.4" in page.within("td")  # 50 % and 100 %


def test_a_prediction_without_a_truth_lists_its_outcomes(tmp_path: Path) -> None:
    item, _ = choice("box")
    item = replace(item, truth=None)
    outcome = Outcome("the box falls", 0.62, Origin.LOGPROB, 2.0, Hazard.HIGH, None)
    text = report(run_of(tmp_path, [(item, record(item, Prediction((outcome,))))]))
    seen = " ".join(data for _, data in Page(text).texts)
    assert "62.0 %" in seen and "the box falls" in seen and "hazard high" in seen


@pytest.mark.parametrize("make", [lambda folder: run_of(folder, []), lambda folder: run_of(folder, [failed("lost")])])
def test_a_run_without_answers_has_a_page(tmp_path: Path, make: Callable[[Path], Run]) -> None:
    assert Page(report(make(tmp_path))).all_of("main") == [{}]
