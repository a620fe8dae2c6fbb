"""results.jsonl: nothing is lost, nothing is read twice, whatever ended the last run."""

from dataclasses import replace
from pathlib import Path

import pytest
from evaluated import ORIGIN, provenance, record, result
from hypothesis import given
from hypothesis import strategies as st

from cosmos_reasoner.errors import ConfigurationError
from cosmos_reasoner.evaluation.run.record import Live, Record, Strip
from cosmos_reasoner.evaluation.run.results import ResultsFile
from cosmos_reasoner.reasoning.result import (
    ChoiceAnswer,
    DataAnswer,
    Detection,
    DetectionsAnswer,
    Event,
    EventsAnswer,
    Outcome,
    Prediction,
    RankedAction,
    Ranking,
    Region,
    ScoreAnswer,
    TextAnswer,
    VerdictAnswer,
)
from cosmos_reasoner.replies.defects import Defect, DefectKind
from cosmos_reasoner.replies.levels import Hazard, Origin, Verdict
from cosmos_reasoner.tasks.task import Action, RankingMethod

BOX = Region("front", 1, 2, 3, 4)
ANSWERS = [
    TextAnswer("a ball </script> \u2028 球"),
    ChoiceAnswer(1, "no", (0.25, 0.75)),
    Prediction((Outcome("it falls", 0.5, Origin.SELF_REPORTED, 2.0, Hazard.HIGH, BOX),)),
    Prediction((Outcome("it falls", None, Origin.NONE, 2.0, Hazard.NONE, None),)),
    Ranking("go", (RankedAction(Action("a", "x"), 1.0),), RankingMethod.VOTE, Origin.VOTE, 0.0, None, 4, 4),
    VerdictAnswer("it fell", Verdict.UNCLEAR, None, Origin.NONE),
    ScoreAnswer(3, 0.5, 2),
    DetectionsAnswer((Detection("cup", "front", BOX, None), Detection("", "front", None, (1, 2)))),
    EventsAnswer((Event("it bounces", ORIGIN, ORIGIN + 1),)),
    DataAnswer({"list": [1, None, "x"]}),
]


def reopened(path: Path) -> dict[str, Record]:
    with ResultsFile(path) as results:
        return dict(results.records)


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: type(answer).__name__)
def test_a_record_with_any_answer_is_read_back_as_it_was(answer) -> None:
    written = replace(record(answer), strip=Strip((0.0, 0.25), 160, 120, ("front",)), live=Live(2.0, 2.5, 3.5))
    assert Record.from_line(written.to_line()) == written


def test_a_record_of_a_reply_that_could_not_be_read_keeps_its_defects() -> None:
    defect = Defect(DefectKind.UNREADABLE, "no letter")
    written = record(None, defects=(defect,))
    assert Record.from_line(written.to_line()) == written


@given(st.text())
def test_any_text_takes_one_line(text: str) -> None:
    written = Record("k", text, error=text or "x")
    assert written.to_line().count(b"\n") == 1
    assert Record.from_line(written.to_line()) == written


def test_what_was_added_is_there_again(tmp_path: Path) -> None:
    path = tmp_path / "results.jsonl"
    with ResultsFile(path) as results:
        results.add(record(TextAnswer("a"), "one"))
        results.add(record(TextAnswer("b"), "two"))
    assert list(reopened(path)) == ["one", "two"]


def test_what_was_added_is_in_the_file_at_once(tmp_path: Path) -> None:
    path = tmp_path / "results.jsonl"
    with ResultsFile(path) as results:
        results.add(record(TextAnswer("a"), "one"))
        assert path.read_bytes().endswith(b"\n")


@pytest.mark.parametrize("kept", [1, 40, -2])
def test_a_line_that_a_killed_run_left_unfinished_is_cut_off(tmp_path: Path, kept: int) -> None:
    path = tmp_path / "results.jsonl"
    first, second = record(TextAnswer("a"), "one").to_line(), record(TextAnswer("b"), "two").to_line()
    path.write_bytes(first + second[:kept])
    assert list(reopened(path)) == ["one"]
    assert path.read_bytes() == first


def test_a_whole_record_that_lacks_only_its_end_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "results.jsonl"
    path.write_bytes(record(TextAnswer("a"), "one").to_line()[:-1])
    with ResultsFile(path) as results:
        results.add(record(TextAnswer("b"), "two"))
    assert list(reopened(path)) == ["one", "two"]


def test_a_file_of_somebody_else_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "results.jsonl"
    path.write_text('{"somebody": "else"}')
    with pytest.raises(ConfigurationError, match="its last line is no record of a run"):
        ResultsFile(path)
    assert path.read_text() == '{"somebody": "else"}'


def test_an_id_that_is_no_utf8_is_written_with_a_sign_in_its_place() -> None:
    assert Record.from_line(Record("k", "bad\udcff.mp4", error="gone").to_line()).id == "bad\\udcff.mp4"


def test_a_line_that_is_no_record_is_counted_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "results.jsonl"
    path.write_bytes(b"{}\nnonsense\n" + record(TextAnswer("a"), "one").to_line())
    with ResultsFile(path) as results:
        assert (list(results.records), results.unreadable) == (["one"], 2)


def test_a_later_result_replaces_an_error(tmp_path: Path) -> None:
    path = tmp_path / "results.jsonl"
    with ResultsFile(path) as results:
        results.add(Record("one", "one", error="gone"))
        results.add(record(TextAnswer("a"), "one"))
    assert reopened(path)["one"].result


def test_an_error_does_not_replace_a_result(tmp_path: Path) -> None:
    path = tmp_path / "results.jsonl"
    with ResultsFile(path) as results:
        results.add(record(TextAnswer("a"), "one"))
        results.add(Record("one", "one", error="gone"))
    assert reopened(path)["one"].result


def test_two_runs_cannot_write_one_file(tmp_path: Path) -> None:
    path = tmp_path / "results.jsonl"
    with ResultsFile(path), pytest.raises(ConfigurationError, match="another run writes it"):
        ResultsFile(path)


def test_a_file_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="Is a directory"):
        ResultsFile(tmp_path)


@pytest.mark.parametrize(
    ("given_record", "final"),
    [
        (Record("k", "one", result=result(TextAnswer("a"))), True),
        (Record("k", "one", result=result(None)), True),
        (Record("k", "one", error="gone"), False),
        (Record("k", "one", live=Live(1.0)), True),
        (Record("k", "one", error="gone", live=Live(1.0, 2.0)), False),
    ],
)
def test_an_item_without_a_reply_is_asked_again_and_one_that_was_dropped_is_not(given_record, final) -> None:
    assert given_record.is_final is final


def test_a_failed_status_of_the_reasoner_keeps_its_number() -> None:
    assert b'"status":1' in record(TextAnswer("a")).to_line()
    assert provenance().status == 1
