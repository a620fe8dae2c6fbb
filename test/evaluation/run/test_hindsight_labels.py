"""Labels from the recording's own future."""

from dataclasses import replace
from pathlib import Path

import pytest
from evaluated import item, record
from recorded import picture, write_video

from cosmos_reasoner.evaluation.run.hindsight import Check, checks_of
from cosmos_reasoner.evaluation.run.record import Record
from cosmos_reasoner.reasoning.result import Outcome, Prediction, TextAnswer
from cosmos_reasoner.replies.levels import Hazard, Origin


def outcome(text: str, probability: float | None, horizon: float = 2.0) -> Outcome:
    return Outcome(text, probability, Origin.SELF_REPORTED, horizon, Hazard.NONE, None)


@pytest.fixture
def video(tmp_path: Path) -> Path:
    return write_video(tmp_path / "ball.mp4", [i * 100 for i in range(61)], pixels=lambda i: picture(i, 64, 48))


def checks(video: Path, *outcomes: Outcome, clip_end: float = 2.0) -> list[Check]:
    return checks_of([(item(recording=video), record(Prediction(outcomes), clip_end=clip_end))])


def test_each_outcome_is_verified_on_the_clip_that_followed(video: Path) -> None:
    first, second = checks(video, outcome("it falls", 0.7), outcome("it stays", 0.2))
    assert (first.probability, second.probability) == (0.7, 0.2)
    assert first.item and second.item
    assert (first.item.start, first.item.end) == (2.0, 4.0)
    assert (first.item.question.task, first.item.question.text) == ("verify", "it falls")
    assert second.item.id == "one outcome 2"


def test_each_outcome_is_looked_at_until_its_own_horizon(video: Path) -> None:
    found = checks(video, outcome("it falls", 0.7, 1.0), outcome("it breaks", 0.2, 3.0))
    assert [check.item.end for check in found if check.item] == [3.0, 5.0]


def test_an_outcome_without_a_probability_is_not_verified(video: Path) -> None:
    assert checks(video, outcome("it falls", None)) == []


def test_what_the_recording_shows_for_less_than_half_of_the_horizon_stays_open(video: Path) -> None:
    assert [check.item for check in checks(video, outcome("it falls", 0.7), clip_end=5.5)] == [None]


def test_the_end_of_the_recording_is_the_end_of_what_is_seen(video: Path) -> None:
    (check,) = checks(video, outcome("it falls", 0.7), clip_end=4.5)
    assert check.item and check.item.end == pytest.approx(6.0)


def test_only_predictions_are_looked_at_again(video: Path) -> None:
    failed = Record("k", "one", error="gone")
    words = record(TextAnswer("it falls"))
    assert checks_of([(item(recording=video), failed), (item(recording=video), words)]) == []


def test_two_items_with_one_key_are_looked_at_once(video: Path) -> None:
    one, known = item(recording=video), record(Prediction((outcome("it falls", 0.7),)))
    assert len(checks_of([(one, known), (replace(one, id="again"), known)])) == 1
