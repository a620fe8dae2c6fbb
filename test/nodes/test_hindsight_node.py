"""Hindsight of the node: predictions are verified on its topics, while nobody else asks anything."""

import json
import math
from collections.abc import Iterator
from dataclasses import replace
from itertools import repeat
from pathlib import Path

import pytest
from builtin_interfaces.msg import Duration
from diagnostic_msgs.msg import DiagnosticArray, DiagnosticStatus
from rclpy.lifecycle import TransitionCallbackReturn
from rclpy.parameter import Parameter
from rclpy.qos import QoSDurabilityPolicy, QoSProfile
from recorded import shared
from robot import PERIOD, Camera, active_reasoner, frame, reasoner, stamp_of
from scripted_server import Ending, Reply, ScriptedServer, chunk, json_reply, spoken, stream

from cosmos_reasoner.embedded.serving import EmbeddedServer
from cosmos_reasoner.nodes.camera_topics import CameraTopics
from cosmos_reasoner.nodes.images import image_from_frame
from cosmos_reasoner.nodes.playback import Playback
from cosmos_reasoner.nodes.player import CameraPlayer
from cosmos_reasoner.recordings.open import open_recording
from cosmos_reasoner_msgs.action import Reason
from cosmos_reasoner_msgs.msg import HindsightSummary, OutcomePrediction, OutcomeVerdict, Provenance
from cosmos_reasoner_msgs.srv import Ask, PredictOutcome

LATCHED = QoSProfile(depth=1, durability=QoSDurabilityPolicy.TRANSIENT_LOCAL)
YES = spoken("<think>I look.</think><answer>A</answer>")
HELD = stream(chunk(content="<think>I look"), ending=Ending.HELD)
HORIZON = 1.0
DAILY = {"modelscope-ratelimit-requests-limit": "2000", "modelscope-ratelimit-requests-remaining": "1999"}
STEPS = 5
"""Frames until that horizon has passed."""


def predicting(*texts: str) -> Reply:
    """A prediction of outcomes with the probability 0.3."""
    fields = {"probability": 0.3, "hazard": "NONE", "subject": None, "camera": None}
    outcomes = [{"text": text, **fields} for text in texts]
    return spoken(f"<think>I look.</think><answer>{json.dumps({'outcomes': outcomes})}</answer>")


class Endpoint(ScriptedServer):
    """Predicts one outcome or more, verifies by a script, then always with yes, and answers every other question."""

    def __init__(self, *verdicts: Reply, outcomes: tuple[str, ...] = ("it falls",)) -> None:
        super().__init__(repeat(self._choose))
        self.verified: list[str] = []
        self.others: list[str] = []
        self._verdicts = iter(verdicts)
        self._prediction = predicting(*outcomes)

    def _choose(self, body: dict) -> Reply:
        text = json.dumps(body)
        if "Statement: " in text:
            self.verified.append(text)
            return next(self._verdicts, YES)
        self.others.append(text)
        return self._prediction if "outcomes" in text else spoken("<think>I look.</think><answer>a thing</answer>")


class Robot:
    """An active node with one camera, somebody who asks it to predict, and all that is heard of it."""

    def __init__(self, ros, url: str, **parameters) -> None:
        self.ros = ros
        self.verdicts: list[OutcomeVerdict] = []
        self.summaries: list[HindsightSummary] = []
        self.status: dict[str, DiagnosticStatus] = {}
        self.node = active_reasoner(ros, url, concurrency=1, **parameters)
        self.planner = ros.node("planner")
        self.planner.create_subscription(OutcomeVerdict, "/reasoner/verdict", self.verdicts.append, 50)
        self.planner.create_subscription(HindsightSummary, "/reasoner/hindsight", self.summaries.append, LATCHED)
        self.planner.create_subscription(DiagnosticArray, "/diagnostics", self._diagnosed, 10)
        for topic in ("verdict", "hindsight"):
            ros.wait_for(lambda: self.node.count_subscribers(f"/reasoner/{topic}"), what="the planner's ears")
        self.camera = Camera(ros, self.node)
        self.now = self.camera.film(12)

    def call(self, kind, name: str, **request):
        """Call a service, and wait for the answer."""
        client = self.planner.create_client(kind, f"/reasoner/{name}")
        assert client.wait_for_service(10.0)
        return self.ros.result(client.call_async(kind.Request(**request)))

    def predict(self, seconds: int = int(HORIZON)) -> Provenance:
        """Have something predicted."""
        response = self.call(PredictOutcome, "predict_outcome", horizon=Duration(sec=seconds))
        assert response.error_code == 0, response.error_message
        return response.prediction.provenance

    def film(self, count: int = STEPS) -> None:
        """Film the same again, later."""
        self.now = self.camera.film(count, end=self.now + count * PERIOD)

    def film_on(self, count: int) -> None:
        """Film how the square goes on to the right."""
        rig = self.node.desk().engine.rig
        for index in range(12, 12 + count):
            self.now += PERIOD
            self.camera.publisher.publish(image_from_frame(frame(index, self.now)))
            self.ros.wait_for(lambda: rig.newest_stamp() == self.now, what="the frame")

    def hears(self, count: int) -> None:
        """Wait for so many verdicts, and their summaries."""
        self.ros.wait_for(lambda: len(self.verdicts) >= count <= len(self.summaries), what=f"{count} verdicts")

    def hears_summary(self, **values: int) -> HindsightSummary:
        """Wait for a summary with these values."""
        self.ros.wait_for(lambda: self.summaries and _has(self.summaries[-1], values), what=f"a summary of {values}")
        return self.summaries[-1]

    def hears_status(self, text: str, level: bytes = DiagnosticStatus.OK, **values: str) -> None:
        """Wait for a status of hindsight that says this, with this level and these values."""
        status = self.status
        self.ros.wait_for(
            lambda: (
                "hindsight" in status
                and text in status["hindsight"].message
                and status["hindsight"].level == level
                and values.items() <= {pair.key: pair.value for pair in status["hindsight"].values}.items()
            ),
            what=f"hindsight: {text!r} {level!r} {values}",
        )

    def _diagnosed(self, message: DiagnosticArray) -> None:
        self.status |= {status.name.removeprefix("reasoner: "): status for status in message.status}


def _has(message: object, values: dict[str, int]) -> bool:
    return all(getattr(message, name) == value for name, value in values.items())


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    with Endpoint() as server:
        yield server


def test_a_verdict_names_its_prediction_and_sees_exactly_its_horizon(ros, endpoint) -> None:
    robot = Robot(ros, endpoint.url)
    prediction = robot.predict()
    robot.film()
    robot.hears(1)
    (verdict,) = robot.verdicts
    assert (verdict.prediction_id, verdict.statement) == (prediction.request_id, "it falls")
    assert verdict.verdict == OutcomeVerdict.HAPPENED
    made = stamp_of(prediction.clip_end)
    seen = verdict.provenance
    assert (stamp_of(seen.clip_start), stamp_of(seen.clip_end)) == (made, made + round(HORIZON * 1e9))
    assert (seen.frame_count, seen.task, seen.status) == (5, "verify", Provenance.STATUS_OK)


def test_the_endpoint_is_told_that_it_was_a_prediction_and_of_which_time(ros, endpoint) -> None:
    robot = Robot(ros, endpoint.url, context="The floor is wet.")
    robot.predict()
    robot.film()
    robot.hears(1)
    (asked,) = endpoint.verified
    assert "The floor is wet." in asked
    assert "speaks of the 1 s from then on, which this clip shows" in asked


def test_each_outcome_is_verified_one_after_the_other(ros) -> None:
    with Endpoint(outcomes=("it falls", "it stays", "it rolls")) as endpoint:
        robot = Robot(ros, endpoint.url)
        robot.predict()
        robot.film()
        robot.hears(3)
    assert [verdict.statement for verdict in robot.verdicts] == ["it falls", "it stays", "it rolls"]


def test_a_summary_counts_and_scores_and_is_heard_by_those_who_come_later(ros) -> None:
    no, unclear = (spoken(f"<think>I look.</think><answer>{letter}</answer>") for letter in "BC")
    with Endpoint(YES, no, unclear, outcomes=("it falls", "it stays", "it rolls")) as endpoint:
        robot = Robot(ros, endpoint.url)
        robot.predict()
        robot.film()
        robot.hears(3)
    late: list[HindsightSummary] = []
    ros.node("late").create_subscription(HindsightSummary, "/reasoner/hindsight", late.append, LATCHED)
    ros.wait_for(lambda: late, what="the summary")
    (summary,) = late
    assert (summary.happened, summary.did_not, summary.unclear) == (1, 1, 1)
    assert (summary.missed, summary.waiting) == (0, 0)
    assert (sum(summary.bin_counts), summary.bin_counts[3], summary.bin_happened[3]) == (2, 2, 0.5)
    assert summary.bin_probability[3] == pytest.approx(0.3)
    assert summary.brier_score == pytest.approx((0.7**2 + 0.3**2) / 2)
    assert summary.calibration_error == pytest.approx(0.2)
    assert stamp_of(summary.header.stamp) == stamp_of(robot.verdicts[-1].header.stamp)


def test_the_diagnostics_tell_the_calibration(ros) -> None:
    no = spoken("<think>I look.</think><answer>B</answer>")
    with Endpoint(YES, no, outcomes=("it falls", "it stays")) as endpoint:
        robot = Robot(ros, endpoint.url)
        robot.predict()
        robot.film()
        robot.hears(2)
        bins = {"predicted with 0.3 to 0.4": "2, of which 50% happened"}
        robot.hears_status("2 outcomes verified", happened="1", **bins)


def test_an_action_s_and_a_periodic_prediction_are_verified_as_well(ros, endpoint) -> None:
    robot = Robot(ros, endpoint.url, horizon=HORIZON)
    client = robot.ros.action_client(Reason, "/reasoner/reason")
    assert client.wait_for_server(10.0)
    handle = ros.result(client.send_goal_async(Reason.Goal(task="predict_outcome")))
    by_action = ros.result(handle.get_result_async()).result.prediction.provenance.request_id
    heard: list[OutcomePrediction] = []
    robot.planner.create_subscription(OutcomePrediction, "/reasoner/outcome", heard.append, 10)
    ros.wait_for(lambda: robot.node.count_subscribers("/reasoner/outcome"), what="a subscription")
    robot.node.set_parameters([Parameter("periodic", value=["predict_outcome 0.1"])])
    ros.wait_for(lambda: heard, what="a periodic prediction")
    robot.node.set_parameters([Parameter("periodic", value=[""])])
    robot.film()
    robot.hears(2)
    assert [verdict.prediction_id for verdict in robot.verdicts] == [by_action, heard[0].provenance.request_id]


def test_a_request_is_answered_while_hindsight_waits_and_then_hindsight_goes_on(ros) -> None:
    with Endpoint(HELD) as endpoint:
        robot = Robot(ros, endpoint.url)
        prediction = robot.predict()
        robot.film()
        ros.wait_for(lambda: endpoint.verified, what="a verification that takes long")
        assert robot.call(Ask, "ask", question="What moves?").reasoning.answer == "a thing"
        ros.wait_for(endpoint.disconnected.is_set, what="the verification to be broken off")
        robot.hears(1)
    assert len(endpoint.verified) == 2
    assert robot.verdicts[0].prediction_id == prediction.request_id
    assert robot.summaries[-1].missed == 0


def test_it_can_be_switched_off_and_on(ros, endpoint) -> None:
    robot = Robot(ros, endpoint.url, hindsight=False)
    robot.predict()
    robot.film()
    robot.hears_status("switched off", waiting="0")
    assert robot.node.set_parameters([Parameter("hindsight", value=True)])[0].successful
    second = robot.predict()
    robot.film()
    robot.hears(1)
    assert [verdict.prediction_id for verdict in robot.verdicts] == [second.request_id]
    assert len(endpoint.verified) == 1


def test_a_daily_quota_is_not_spent_on_it(ros, endpoint) -> None:
    endpoint._prediction = replace(endpoint._prediction, headers=endpoint._prediction.headers | DAILY)
    robot = Robot(ros, endpoint.url)
    robot.predict()
    robot.film()
    robot.hears_status("it would spend a daily quota", waiting="0", missed="0")
    assert not endpoint.verified


def test_a_daily_quota_is_spent_where_a_parameter_says_so(ros) -> None:
    yes = replace(YES, headers=YES.headers | DAILY)
    with Endpoint(yes, yes) as judge, Endpoint() as endpoint:
        robot = Robot(ros, endpoint.url, hindsight_endpoint=f"embedded url={judge.url} model=scripted")
        for count in (1, 2):
            robot.predict()
            robot.film()
            robot.hears(count)


def test_switching_it_off_breaks_off_what_is_on_its_way(ros) -> None:
    with Endpoint(HELD) as endpoint:
        robot = Robot(ros, endpoint.url)
        robot.predict()
        robot.film()
        ros.wait_for(lambda: endpoint.verified, what="a verification that takes long")
        assert robot.node.set_parameters([Parameter("hindsight", value=False)])[0].successful
        ros.wait_for(endpoint.disconnected.is_set, what="the verification to be broken off")
        robot.hears_status("switched off", waiting="0", missed="0")
    assert not robot.verdicts


def test_another_endpoint_verifies_though_the_one_that_predicts_is_busy(ros, endpoint) -> None:
    with Endpoint() as judge:
        robot = Robot(ros, endpoint.url, hindsight_endpoint=f"embedded url={judge.url} model=scripted")
        robot.predict()
        endpoint._prediction = HELD
        client = robot.planner.create_client(Ask, "/reasoner/ask")
        assert client.wait_for_service(10.0)
        client.call_async(Ask.Request(question="Which outcomes?"))
        ros.wait_for(lambda: len(endpoint.others) == 2, what="a request that takes long")
        robot.film()
        robot.hears(1)
        assert (len(judge.verified), endpoint.verified) == (1, [])
        assert robot.verdicts[0].provenance.model == "scripted"


@pytest.mark.parametrize(
    ("line", "words"), [("nobody", "no profile 'nobody'"), ("embedded url=robot", "endpoint address 'robot'")]
)
def test_an_endpoint_that_cannot_be_used_fails_the_configuration(ros, endpoint, capfd, line, words) -> None:
    node = reasoner(ros, endpoint.url, hindsight_endpoint=line)
    assert ros.transition(node.trigger_configure) == TransitionCallbackReturn.FAILURE
    assert words in capfd.readouterr().err


def test_what_could_not_be_verified_is_missed_and_said(ros) -> None:
    refused = json_reply({"error": {"message": "no such picture"}}, 400)
    with Endpoint(refused, outcomes=("it falls", "it stays")) as endpoint:
        robot = Robot(ros, endpoint.url)
        robot.predict()
        robot.film()
        robot.hears_summary(missed=1, waiting=0)
        robot.hears_status("no such picture", DiagnosticStatus.WARN, missed="1")
        robot.predict()
        robot.film()
        robot.hears(2)
    robot.hears_status("2 outcomes verified", missed="1")
    assert len(endpoint.verified) == 3


def test_a_reply_without_a_verdict_is_no_verdict(ros) -> None:
    with Endpoint(spoken("<think>I look.</think><answer>perhaps</answer>")) as endpoint:
        robot = Robot(ros, endpoint.url)
        robot.predict()
        robot.film()
        robot.hears_summary(missed=1, unclear=0)
        robot.hears(1)
    assert robot.verdicts[0].provenance.status == Provenance.STATUS_DEFECTIVE
    assert robot.verdicts[0].verdict == OutcomeVerdict.UNCLEAR


def test_before_the_first_verdict_there_is_no_score(ros) -> None:
    with Endpoint(spoken("<think>I look.</think><answer>C</answer>")) as endpoint:
        robot = Robot(ros, endpoint.url)
        robot.predict()
        robot.film()
        summary = robot.hears_summary(unclear=1)
    assert math.isnan(summary.brier_score) and math.isnan(summary.calibration_error)
    assert all(math.isnan(value) for value in (*summary.bin_probability, *summary.bin_happened))


def test_a_clock_that_jumps_back_forgets_what_is_expected(ros, endpoint) -> None:
    robot = Robot(ros, endpoint.url)
    robot.predict()
    robot.now -= 60_000_000_000
    robot.film(12)
    second = robot.predict()
    robot.film()
    robot.hears(1)
    assert [verdict.prediction_id for verdict in robot.verdicts] == [second.request_id]
    assert robot.summaries[-1].missed == 0


def test_a_rest_breaks_it_off_and_leaves_nothing_behind_but_the_score(ros) -> None:
    with Endpoint(YES, HELD) as endpoint:
        robot = Robot(ros, endpoint.url)
        timers = len(list(robot.node.timers))
        robot.predict()
        robot.film()
        robot.hears(1)
        robot.predict()
        robot.film()
        ros.wait_for(lambda: len(endpoint.verified) == 2, what="a verification that takes long")
        ros.transition(robot.node.trigger_deactivate)
        ros.wait_for(endpoint.disconnected.is_set, what="the verification to be broken off")
        assert list(robot.node.timers) == []
        robot.node.trigger_activate()
        assert len(list(robot.node.timers)) == timers
        robot.hears_status("1 outcomes verified", waiting="0", missed="0")
        robot.film(12)
        third = robot.predict()
        robot.film()
        robot.hears(2)
    assert robot.verdicts[-1].prediction_id == third.request_id
    ros.transition(robot.node.trigger_deactivate)
    ros.transition(robot.node.trigger_cleanup)
    ros.wait_for(lambda: not robot.node.count_publishers("/reasoner/hindsight"), what="the publisher to go")


def test_the_embedded_endpoint_verifies_by_itself_what_it_predicted(ros) -> None:
    with EmbeddedServer() as server:
        robot = Robot(ros, server.url)
        prediction = robot.predict(seconds=2)
        robot.film_on(8)
        robot.hears(3)
    assert {verdict.prediction_id for verdict in robot.verdicts} == {prediction.request_id}
    assert robot.verdicts[0].verdict == OutcomeVerdict.HAPPENED  # the square goes on to the right
    assert robot.verdicts[1].verdict != OutcomeVerdict.HAPPENED  # it stops


class Walk:
    """A bag of a robot's walk past a doorway, played to a node that predicts a second ahead."""

    def __init__(self, ros, url: str, path: Path) -> None:
        self.predictions: dict[str, OutcomePrediction] = {}
        self.verdicts: list[OutcomeVerdict] = []
        self.summaries: list[HindsightSummary] = []
        ear = ros.node("ear")
        ear.create_subscription(OutcomePrediction, "/reasoner/outcome", self._predicted, 10)
        ear.create_subscription(OutcomeVerdict, "/reasoner/verdict", self.verdicts.append, 50)
        ear.create_subscription(HindsightSummary, "/reasoner/hindsight", self.summaries.append, LATCHED)
        with open_recording(path) as recording:
            self.stamps = [frame.stamp for frame in recording.frames()]
            player = ros.spin(CameraPlayer(recording, Playback(wait_for_subscribers=True), context=ros.context))
            topics = CameraTopics.of(player.topics)
            rules = [word for rule in topics.remappings for word in ("-r", ":=".join(rule))]
            node = reasoner(
                ros,
                url,
                cli_args=["--ros-args", *rules],
                cameras=list(topics.names),
                transports=list(topics.transports),
                periodic=["predict_outcome 0.5"],
                horizon=HORIZON,
                clip_duration=2.0,
            )
            node.trigger_configure()
            node.trigger_activate()
            player.start()
            ros.wait_for(player.finished.done, timeout=60.0, what="the end of the recording")
        ros.wait_for(lambda: self.verdicts and self.summaries, what="a verdict")

    def _predicted(self, message: OutcomePrediction) -> None:
        self.predictions[message.provenance.request_id] = message


def test_predictions_about_a_bag_get_verdicts_about_what_the_bag_shows_next(ros) -> None:
    with EmbeddedServer() as server:
        walk = Walk(ros, server.url, shared("bags/office_doorway_db3"))
    for verdict in walk.verdicts:
        made = stamp_of(walk.predictions[verdict.prediction_id].header.stamp)
        start, end = stamp_of(verdict.provenance.clip_start), stamp_of(verdict.provenance.clip_end)
        assert start == made and {start, end} <= set(walk.stamps)
        assert made + round(HORIZON * 1e9) - 2 * PERIOD < end <= made + round(HORIZON * 1e9)
