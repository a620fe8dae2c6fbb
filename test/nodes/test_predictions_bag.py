"""predictions.mcap: what a node would have published, for any tool that reads mcap."""

from pathlib import Path
from typing import Any

import pytest
from evaluated import ORIGIN, provenance, result
from mcap.reader import make_reader
from rclpy.serialization import deserialize_message
from sensor_msgs.msg import CompressedImage

from cosmos_reasoner.nodes.predictions_bag import Published, write_predictions_bag
from cosmos_reasoner.reasoning.result import Outcome, Prediction, RankedAction, Ranking, TextAnswer, VerdictAnswer
from cosmos_reasoner.replies.levels import Hazard, Origin, Verdict
from cosmos_reasoner.tasks.task import Action, RankingMethod
from cosmos_reasoner_msgs import msg

PREDICTION = Prediction((Outcome("it falls", 0.5, Origin.SELF_REPORTED, 2.0, Hazard.HIGH, None),))
RANKING = Ranking("go", (RankedAction(Action("a", "x"), 1.0),), RankingMethod.VOTE, Origin.VOTE, 0.0, None, 1, 1)
VERDICT = VerdictAnswer("it fell", Verdict.HAPPENED, 0.9, Origin.LOGPROB)
LATER = ORIGIN + 5_000_000_000


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A bag of four results; the verdict comes first in the list and last in time."""
    path = tmp_path / "predictions.mcap"
    results = [
        Published(LATER, result(VERDICT), "the prediction"),
        *(Published(ORIGIN, result(answer)) for answer in (PREDICTION, RANKING, TextAnswer("a ball"))),
    ]
    assert write_predictions_bag(path, results) == 8
    return path


def messages(file: Path, topic: str, kind: Any) -> list[tuple[int, Any]]:
    """Times and messages of a topic."""
    with file.open("rb") as opened:
        found = make_reader(opened).iter_messages(topics=[topic])
        return [(message.log_time, deserialize_message(message.data, kind)) for _, _, message in found]


def test_each_answer_is_on_its_topic(file: Path) -> None:
    assert len(messages(file, "/reasoner/reasoning", msg.Reasoning)) == 4
    assert messages(file, "/reasoner/outcome", msg.OutcomePrediction)[0][1].outcomes[0].text == "it falls"
    assert messages(file, "/reasoner/action_ranking", msg.ActionRanking)[0][1].actions[0].id == "a"
    assert messages(file, "/reasoner/verdict", msg.OutcomeVerdict)[0][1].verdict == msg.OutcomeVerdict.HAPPENED


def test_a_verdict_names_its_prediction(file: Path) -> None:
    assert messages(file, "/reasoner/verdict", msg.OutcomeVerdict)[0][1].prediction_id == "the prediction"


def test_messages_stand_at_the_time_at_which_the_answer_was_there_and_bear_the_stamp_of_the_clip(file: Path) -> None:
    when, verdict = messages(file, "/reasoner/verdict", msg.OutcomeVerdict)[0]
    stamp = verdict.header.stamp
    assert (when, stamp.sec * 1_000_000_000 + stamp.nanosec) == (LATER, provenance().clip_end)


def test_they_are_in_the_order_of_time(file: Path) -> None:
    with file.open("rb") as opened:
        times = [message.log_time for _, _, message in make_reader(opened).iter_messages(log_time_order=False)]
    assert times == sorted(times)


def test_the_definitions_of_all_messages_are_in_the_file(file: Path) -> None:
    with file.open("rb") as opened:
        summary = make_reader(opened).get_summary()
    assert summary
    schemas = {schema.name: schema for schema in summary.schemas.values()}
    assert schemas["cosmos_reasoner_msgs/msg/OutcomePrediction"].encoding == "ros2msg"
    text = schemas["cosmos_reasoner_msgs/msg/OutcomePrediction"].data.decode()
    needed = ("cosmos_reasoner_msgs/Outcome", "cosmos_reasoner_msgs/Provenance", "std_msgs/Header")
    assert all(f"MSG: {name}" in text for name in needed)


def test_the_picture_of_a_clip_stands_at_its_end(tmp_path: Path) -> None:
    strip, path = tmp_path / "strip.jpg", tmp_path / "predictions.mcap"
    strip.write_bytes(b"a picture")
    write_predictions_bag(path, [Published(LATER, result(PREDICTION), strip=strip)])
    ((when, picture),) = messages(path, "/reasoner/clip/compressed", CompressedImage)
    stamp = picture.header.stamp
    assert (when, bytes(picture.data)) == (LATER, b"a picture")
    assert stamp.sec * 1_000_000_000 + stamp.nanosec == provenance().clip_end


def test_it_replaces_an_older_file_and_leaves_nothing_beside_it(file: Path) -> None:
    write_predictions_bag(file, [Published(ORIGIN, result(PREDICTION))])
    assert len(messages(file, "/reasoner/reasoning", msg.Reasoning)) == 1
    assert list(file.parent.iterdir()) == [file]


def test_a_run_without_results_leaves_an_empty_bag(tmp_path: Path) -> None:
    assert write_predictions_bag(tmp_path / "none.mcap", []) == 0
    assert (tmp_path / "none.mcap").stat().st_size > 0


def test_recordings_of_one_name_have_namespaces_of_their_own(tmp_path: Path) -> None:
    paths = ("A/s.mp4", "B/s.mp4", "B/s_mp4")
    path = tmp_path / "predictions.mcap"
    write_predictions_bag(path, [Published(ORIGIN, result(TextAnswer("a")), recording=name) for name in paths])
    for number in ("", "_2", "_3"):
        assert len(messages(path, f"/r_s_mp4{number}/reasoner/reasoning", msg.Reasoning)) == 1
