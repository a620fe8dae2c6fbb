"""Periodic tasks: predictions and rankings on the topics, without anybody asking."""

import json
import threading
from itertools import repeat

import pytest
from rclpy.parameter import Parameter
from robot import PERIOD, Camera, active_reasoner, stamp_of
from scripted_server import ScriptedServer, chunk, spoken, stream

from cosmos_reasoner.embedded.serving import EmbeddedServer
from cosmos_reasoner.embedded.settings import Settings
from cosmos_reasoner_msgs.msg import ActionRanking, OutcomePrediction, Provenance, Reasoning
from cosmos_reasoner_msgs.srv import Ask

RANKING = {"periodic": ["rank_actions 0.2"], "actions": ["stop: stand still", "go: go on"], "goal": "avoid a collision"}


@pytest.fixture(scope="module")
def endpoint():
    with EmbeddedServer() as server:
        yield server.url


class Ear:
    """Keeps what is published on a topic."""

    def __init__(self, ros, kind, topic: str) -> None:
        self.heard: list = []
        node = ros.node(f"ear_{topic}")
        node.create_subscription(kind, f"/reasoner/{topic}", self.heard.append, 10)
        ros.wait_for(lambda: node.count_publishers(f"/reasoner/{topic}"), what="the publisher")


def wait_until_nothing_is_to_be_asked(ros, node) -> None:
    """Wait for ticks that find no new frame."""
    quiet = node.periodic_counts["unchanged"] + 3
    ros.wait_for(lambda: node.periodic_counts["unchanged"] >= quiet, what="ticks that have nothing to ask")


def test_a_periodic_prediction_is_published_with_the_stamp_of_its_clip(ros, endpoint) -> None:
    node = active_reasoner(ros, endpoint, periodic=["predict_outcome 0.2"])
    ear = Ear(ros, OutcomePrediction, "outcome")
    last = Camera(ros, node).film()
    ros.wait_for(lambda: any(stamp_of(message.header.stamp) == last for message in ear.heard))
    assert ear.heard[-1].outcomes and ear.heard[-1].header.frame_id == "camera_optical"


def test_a_periodic_ranking_ranks_the_parameters_actions(ros, endpoint) -> None:
    node = active_reasoner(ros, endpoint, **RANKING)
    ear = Ear(ros, ActionRanking, "action_ranking")
    Camera(ros, node).film()
    ros.wait_for(lambda: ear.heard)
    assert sorted(entry.id for entry in ear.heard[0].actions) == ["go", "stop"]
    assert ear.heard[0].goal == "avoid a collision"


def test_every_result_comes_with_its_reasoning(ros, endpoint) -> None:
    node = active_reasoner(ros, endpoint, periodic=["predict_outcome 0.2"])
    ear = Ear(ros, Reasoning, "reasoning")
    Camera(ros, node).film()
    ros.wait_for(lambda: ear.heard)
    assert ear.heard[0].think and ear.heard[0].answer.startswith("{")


def test_nothing_is_asked_twice_about_the_same_frames(ros, endpoint) -> None:
    node = active_reasoner(ros, endpoint, periodic=["predict_outcome 0.05"])
    ear = Ear(ros, OutcomePrediction, "outcome")
    last = Camera(ros, node).film(12)
    ros.wait_for(lambda: ear.heard and stamp_of(ear.heard[-1].header.stamp) == last)
    said = len(ear.heard)
    wait_until_nothing_is_to_be_asked(ros, node)
    assert len(ear.heard) == said


def test_a_slow_endpoint_is_asked_one_question_of_a_kind_at_a_time_and_ticks_are_dropped(ros) -> None:
    with EmbeddedServer(Settings(tokens_per_second=50.0)) as slow:
        node = active_reasoner(ros, slow.url, periodic=["predict_outcome 0.05"])
        Camera(ros, node).film(12)
        ros.wait_for(lambda: node.periodic_counts["superseded"] >= 5, what="ticks that nobody waits for")
        scheduler = node.desk().engine.scheduler
        assert (scheduler.running, scheduler.waiting) == (1, 0)
        assert slow.activity.counts.received == 1


def test_predictions_are_published_in_the_order_of_their_clips(ros, endpoint) -> None:
    node = active_reasoner(ros, endpoint, periodic=["predict_outcome 0.05"])
    ear = Ear(ros, OutcomePrediction, "outcome")
    camera = Camera(ros, node)
    last = camera.film(12)
    for step in range(1, 9):
        camera.film(1, end=last + step * PERIOD)
    ros.wait_for(lambda: ear.heard and stamp_of(ear.heard[-1].header.stamp) == last + 8 * PERIOD)
    stamps = [stamp_of(message.header.stamp) for message in ear.heard]
    assert stamps == sorted(set(stamps))


def test_a_failure_is_told_on_the_topic_and_is_no_outcome(ros) -> None:
    node = active_reasoner(ros, "http://127.0.0.1:9/v1", periodic=["predict_outcome 0.2"])
    ear = Ear(ros, OutcomePrediction, "outcome")
    Camera(ros, node).film(12)
    ros.wait_for(lambda: ear.heard)
    assert ear.heard[0].provenance.status == Provenance.STATUS_FAILED
    assert "127.0.0.1:9" in ear.heard[0].provenance.status_text
    assert not ear.heard[0].outcomes


def test_a_result_about_old_frames_is_marked_stale(ros, endpoint) -> None:
    node = active_reasoner(ros, endpoint, periodic=["predict_outcome 0.2"], max_result_age=5.0)
    ear = Ear(ros, OutcomePrediction, "outcome")
    Camera(ros, node).film(12, end=1_700_000_000_000_000_000)
    ros.wait_for(lambda: ear.heard)
    assert ear.heard[0].provenance.status == Provenance.STATUS_STALE
    assert "max_result_age" in ear.heard[0].provenance.status_text


def test_periods_can_be_changed_while_the_node_runs(ros, endpoint) -> None:
    node = active_reasoner(ros, endpoint)
    ear = Ear(ros, OutcomePrediction, "outcome")
    Camera(ros, node).film(12)
    result = node.set_parameters([Parameter("periodic", value=["predict_outcome 0.1"])])[0]
    assert result.successful
    ros.wait_for(lambda: ear.heard)


def test_a_refused_change_changes_nothing(ros, endpoint) -> None:
    node = active_reasoner(ros, endpoint)
    changes = [Parameter("goal", value="win"), Parameter("periodic", value=["rank_actions 1.0"])]
    result = node.set_parameters_atomically(changes)
    assert not result.successful and "0 actions" in result.reason
    assert (node.settings.goal, node.get_parameter("goal").value) == ("", "")


@pytest.mark.parametrize("periodic", ["no_such_task 1.0", "verify 1.0", "ask 1.0"])
def test_a_periodic_task_that_could_only_fail_is_refused(ros, endpoint, periodic) -> None:
    node = active_reasoner(ros, endpoint)
    assert not node.set_parameters([Parameter("periodic", value=[periodic])])[0].successful


def test_a_change_of_the_periods_never_asks_two_of_a_kind_at_once(ros) -> None:
    with EmbeddedServer(Settings(tokens_per_second=50.0)) as slow:
        node = active_reasoner(ros, slow.url, periodic=["predict_outcome 0.05"])
        Camera(ros, node).film(12)
        for period in (0.06, 0.07, 0.08):
            superseded = node.periodic_counts["superseded"]
            node.set_parameters([Parameter("periodic", value=[f"predict_outcome {period}"])])
            ros.wait_for(lambda: node.periodic_counts["superseded"] > superseded + 2, what="ticks at the new period")
        assert slow.activity.counts.received == 1


def test_a_read_only_parameter_stays_as_it_is(ros, endpoint) -> None:
    node = active_reasoner(ros, endpoint)
    result = node.set_parameters([Parameter("sample_rate", value=1.0)])[0]
    assert not result.successful and "read-only" in result.reason


def test_every_parameter_tells_its_meaning_and_its_range(ros, endpoint) -> None:
    node = active_reasoner(ros, endpoint)
    for name in type(node.settings).model_fields:
        assert node.describe_parameter(name).description, name
    assert node.describe_parameter("horizon").floating_point_range[0].to_value == 600.0
    assert node.describe_parameter("queue_size").integer_range[0].from_value == 1
    assert node.describe_parameter("cameras").read_only


class Crossroads(ScriptedServer):
    """Names the same hazard in every prediction, and holds the first question back until it is let go.

    Attributes:
        order: What it was asked, in this order.
    """

    def __init__(self, hazard: str) -> None:
        super().__init__(repeat(self._choose))
        self.order: list[str] = []
        self.let_go = threading.Event()
        fields = {"text": "it falls", "probability": 0.9, "hazard": hazard, "subject": None, "camera": None}
        self._prediction = spoken(f"<think>I look.</think><answer>{json.dumps({'outcomes': [fields]})}</answer>")
        self._held = stream(chunk(content="<think>I look.</think><answer>"), self.let_go, chunk(content="yes</answer>"))

    def _choose(self, body: dict):
        text = json.dumps(body)
        self.order.append(next((word for word in ("first", "second") if f"the {word} question" in text), "prediction"))
        answer = spoken("<think>I look.</think><answer>yes</answer>")
        return {"first": self._held, "second": answer}.get(self.order[-1], self._prediction)


@pytest.mark.parametrize(
    ("hazard", "order"), [("IMMINENT", ["prediction", "second"]), ("HIGH", ["second", "prediction"])]
)
def test_a_prediction_goes_before_callers_while_the_last_one_named_an_imminent_hazard(ros, hazard, order) -> None:
    with Crossroads(hazard) as server:
        node = active_reasoner(ros, server.url, periodic=["predict_outcome 0.05"], concurrency=1)
        ear = Ear(ros, OutcomePrediction, "outcome")
        camera = Camera(ros, node)
        last = camera.film(12)
        ros.wait_for(lambda: ear.heard and stamp_of(ear.heard[-1].header.stamp) == last, what="a prediction")
        wait_until_nothing_is_to_be_asked(ros, node)
        before = len(server.order)
        client = ros.node("planner").create_client(Ask, "/reasoner/ask")
        assert client.wait_for_service(10.0)
        first = client.call_async(Ask.Request(question="Is this the first question?"))
        ros.wait_for(lambda: len(server.order) == before + 1, what="the first question")
        scheduler = node.desk().engine.scheduler
        camera.film(1, end=last + PERIOD)
        ros.wait_for(lambda: scheduler.waiting == 1, what="a prediction that waits")
        second = client.call_async(Ask.Request(question="Is this the second question?"))
        ros.wait_for(lambda: scheduler.waiting == 2, what="a question that waits")
        server.let_go.set()
        assert ros.result(first).error_code == ros.result(second).error_code == 0
        ros.wait_for(lambda: len(server.order) >= before + 3, what="all of them")
    assert server.order[before : before + 3] == ["first", *order]


def test_frames_that_came_while_a_prediction_waited_its_turn_are_not_asked_about_again(ros) -> None:
    with Crossroads("HIGH") as server:
        node = active_reasoner(ros, server.url, periodic=["predict_outcome 0.05"], concurrency=1)
        ear = Ear(ros, OutcomePrediction, "outcome")
        camera, scheduler = Camera(ros, node), node.desk().engine.scheduler
        last = camera.film(12)
        ros.wait_for(lambda: ear.heard and stamp_of(ear.heard[-1].header.stamp) == last, what="a prediction")
        wait_until_nothing_is_to_be_asked(ros, node)
        client = ros.node("planner").create_client(Ask, "/reasoner/ask")
        assert client.wait_for_service(10.0)
        client.call_async(Ask.Request(question="Is this the first question?"))
        ros.wait_for(lambda: server.order[-1] == "first", what="the question that takes the only turn")
        asked = node.periodic_counts["asked"]
        camera.film(1, end=last + PERIOD)
        ros.wait_for(lambda: scheduler.waiting == 1, what="a prediction that waits its turn")
        camera.film(1, end=last + 2 * PERIOD)
        server.let_go.set()
        ros.wait_for(lambda: stamp_of(ear.heard[-1].header.stamp) == last + 2 * PERIOD, what="that prediction")
        wait_until_nothing_is_to_be_asked(ros, node)
        assert node.periodic_counts["asked"] == asked + 1
