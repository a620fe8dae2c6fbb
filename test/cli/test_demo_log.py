"""What `demo --rerun` hears, over real topics, and what of it is in the file."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
import pytest
from evaluated import ORIGIN, result
from rerun_file import entities, needs_rerun, rows, values

from cosmos_reasoner.reasoning.result import (
    Answer,
    Outcome,
    Prediction,
    RankedAction,
    Ranking,
    Region,
    Result,
    VerdictAnswer,
)
from cosmos_reasoner.replies.levels import Hazard, Origin, Verdict
from cosmos_reasoner.tasks.task import Action, Question, RankingMethod

pytest.importorskip("rclpy", reason="needs ROS 2")
needs_rerun()

from cosmos_reasoner.cli.demo_log import DemoLog  # noqa: E402  they need ROS 2
from cosmos_reasoner.cli.demo_results import result_of  # noqa: E402
from cosmos_reasoner.nodes.camera_topics import CameraTopics  # noqa: E402
from cosmos_reasoner.nodes.conversions import (  # noqa: E402
    action_ranking,
    outcome_prediction,
    outcome_verdict,
    reasoning,
)
from cosmos_reasoner.nodes.images import compressed_from_jpeg  # noqa: E402
from cosmos_reasoner.nodes.watcher import TOPICS, Watcher  # noqa: E402
from cosmos_reasoner.view.rrd.log import RerunLog  # noqa: E402

if TYPE_CHECKING:
    from ros_graph import Ros

END = ORIGIN + 2_000_000_000
PERIOD = 100_000_000
SUBJECT = Region("front", 10, 20, 30, 40)
PREDICTION = Prediction((Outcome("it falls", 0.5, Origin.SELF_REPORTED, 2.0, Hazard.HIGH, SUBJECT),))


def jpeg(value: int) -> bytes:
    return cv2.imencode(".jpg", np.full((120, 160, 3), value, np.uint8))[1].tobytes()


class Stage:
    """Two cameras and a reasoner that say what a test wants, and the log that hears them."""

    def __init__(self, ros: "Ros", file: Path) -> None:
        self.file = file
        self._ros = ros
        self._log = RerunLog(file)
        topics = CameraTopics.of(["/front/image_raw/compressed", "/back/image_raw/compressed"])
        self._heard = DemoLog(self._log, "film", topics)
        watcher = Watcher("/reasoner", {}, context=ros.context)
        self._heard.listen(watcher)
        ros.spin(watcher)
        node, kind = ros.node("stage"), TOPICS["clip/compressed"]
        self._cameras = {name: node.create_publisher(kind, f"/{name}/image_raw/compressed", 5) for name in topics.names}
        names = ("clip/compressed", "reasoning", "outcome", "action_ranking", "verdict")
        self._topics = {name: node.create_publisher(TOPICS[name], f"/reasoner/{name}", 5) for name in names}
        for publisher in (*self._cameras.values(), *self._topics.values()):
            ros.wait_for(publisher.get_subscription_count)

    @property
    def unseen(self) -> int:
        """How many clips have no picture."""
        return self._heard.unseen

    def see(self, camera: str, stamp: int, value: int) -> None:
        """Take a picture, and wait until it was heard."""
        self._cameras[camera].publish(compressed_from_jpeg(jpeg(value), stamp, camera))
        buffer = self._heard._frames[camera]
        self._ros.wait_for(lambda: buffer.newest and buffer.newest.stamp == stamp)

    def say(self, topic: str, *messages: Any) -> None:
        """Publish results as the reasoner, and wait until the last one was heard."""
        for message in messages:
            self._topics[topic].publish(message)
        task, places = messages[-1].provenance.task, self._log._places
        self._ros.wait_for(lambda: "film" in places and task in places["film"].tasks.values())

    def show(self, stamp: int) -> None:
        """Publish a clip as the reasoner, and wait until it was heard."""
        self._topics["clip/compressed"].publish(compressed_from_jpeg(jpeg(7), stamp, "front"))
        self._ros.wait_for(lambda: stamp in self._heard._shown)

    def close(self) -> None:
        """Finish the file."""
        self._ros.close()
        with self._log:
            pass


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    from ros_graph import Ros, claim_domain, domain_of

    monkeypatch.setenv("ROS_AUTOMATIC_DISCOVERY_RANGE", "LOCALHOST")
    with claim_domain() as lock:
        yield Stage(Ros(domain_of(lock)), tmp_path / "demo.rrd")


def pictures(file: Path, camera: str) -> list[tuple[int, bytes]]:
    return [(stamp, bytes(blob)) for stamp, blob in values(file, f"/film/cameras/{camera}", "EncodedImage:blob")]


def test_the_picture_at_which_the_clip_ends_is_there_with_what_was_predicted_of_it(stage: Stage) -> None:
    for number in (-1, 0, 1):
        stage.see("front", END + number * PERIOD, 90 + 30 * number)
    stage.show(END)
    stage.say("outcome", outcome_prediction(result(PREDICTION, task="predict_outcome")))
    stage.close()
    assert pictures(stage.file, "front") == [(END, jpeg(90))]
    assert values(stage.file, "/film/clip", "EncodedImage:media_type") == [(END, "image/jpeg")]
    stamp, row = rows(stage.file, "/film/cameras/front/subjects")[-1]
    assert (stamp, row["Boxes2D:centers"], row["Boxes2D:half_sizes"]) == (END, [[25.0, 40.0]], [[15.0, 20.0]])


def test_of_another_camera_the_last_picture_before_the_end_is_there(stage: Stage) -> None:
    stage.see("back", END - 2 * PERIOD // 3, 30)
    stage.see("back", END + PERIOD // 3, 60)
    stage.see("front", END, 90)
    stage.say("outcome", outcome_prediction(result(PREDICTION)))
    stage.close()
    assert pictures(stage.file, "back") == [(END - 2 * PERIOD // 3, jpeg(30))]


def test_where_the_clips_last_picture_was_not_heard_no_other_stands_for_it(stage: Stage) -> None:
    stage.see("front", END - PERIOD, 90)
    stage.say("outcome", outcome_prediction(result(PREDICTION, task="predict_outcome")))
    stage.close()
    assert not {path for path in entities(stage.file) if "/cameras/" in path}
    assert stage.unseen == 1
    assert r"/film/scores/predict_outcome/outcome\ 1" in entities(stage.file)


def test_words_are_there_and_what_no_endpoint_answered_is_not(stage: Stage) -> None:
    failure = reasoning(result(None, task="failed", clip_end=-ORIGIN / 1e9))
    stage.say("reasoning", failure, reasoning(result(PREDICTION, task="predict_outcome")))
    stage.close()
    assert values(stage.file, "/film/texts/predict_outcome/think", "TextDocument:text") == [(END, "I look.")]
    assert not {path for path in entities(stage.file) if "/failed/" in path}


RANKING = Ranking(
    "go", (RankedAction(Action("a", "x"), 1.0, "e", "r"),), RankingMethod.VOTE, Origin.VOTE, 0.5, 0.25, 2, 1
)
VERDICT = VerdictAnswer("it fell", Verdict.HAPPENED, None, Origin.NONE)


@pytest.mark.parametrize(
    ("message", "answer"),
    [
        (outcome_prediction(result(PREDICTION)), PREDICTION),
        (outcome_prediction(result(None)), None),
        (action_ranking(result(RANKING, question=Question("rank_actions", goal="go"))), RANKING),
        (action_ranking(result(None)), None),
        (outcome_verdict(result(VERDICT, question=Question("verify", "it fell"))), VERDICT),
    ],
)
def test_the_answer_of_a_message_is_the_one_that_it_was_made_of(message: Any, answer: Answer | None) -> None:
    assert result_of(message).answer == answer


def test_the_words_of_a_message_are_those_that_it_was_made_of() -> None:
    made: Result = result(None)
    read = result_of(reasoning(made))
    assert (read.prompt, read.think, read.reply) == (made.prompt, made.think, made.reply)
    assert read.provenance.latencies == made.provenance.latencies
