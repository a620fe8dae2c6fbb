"""Marks for RViz and Foxglove: what was predicted, ranked and found, beside the camera and in its picture."""

import json
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from evaluated import ORIGIN, result
from rclpy.lifecycle import LifecycleNode
from rclpy.publisher import Publisher
from robot import Camera, active_reasoner, stamp_of
from ros_graph import Ros, claim_domain, domain_of
from scripted_server import ScriptedServer, spoken
from visualization_msgs.msg import ImageMarker, Marker, MarkerArray

from cosmos_reasoner.nodes.marks import Marks
from cosmos_reasoner.reasoning.result import (
    Answer,
    Detection,
    DetectionsAnswer,
    Outcome,
    Prediction,
    RankedAction,
    Ranking,
    Region,
    TextAnswer,
    VerdictAnswer,
)
from cosmos_reasoner.replies.levels import Hazard, Origin, Verdict
from cosmos_reasoner.tasks.task import Action, RankingMethod
from cosmos_reasoner_msgs.srv import PredictOutcome

LASTING = 2.5
STAMP = ORIGIN + 2_000_000_000
SOURCE = {"task": "predict_outcome", "cameras": ("front", "rear"), "frame_id": "front_optical"}
BOX = Region("front", 10, 20, 100, 50)


class Screen:
    """Shows the newest mark of each topic."""

    def __init__(self, ros: Ros, marked: Any) -> None:
        self.texts: list[MarkerArray] = []
        self.edges: list[ImageMarker] = []
        self._ros = ros
        self.node = ros.node("screen")
        self.node.create_subscription(MarkerArray, "/reasoner/markers", self.texts.append, 10)
        self.node.create_subscription(ImageMarker, "/reasoner/annotations", self.edges.append, 10)
        self.wait_for_publishers(marked)

    def wait_for_publishers(self, marked: Any) -> None:
        """Wait until the publishers of a node have found it."""
        ours = [each for each in marked.publishers if each.topic_name in ("/reasoner/markers", "/reasoner/annotations")]
        self._ros.wait_for(lambda: all(each.get_subscription_count() for each in ours), what="the screen")

    def newest_text(self) -> Marker:
        """The newest text, once it is there."""
        self._ros.wait_for(lambda: self.texts, what="a text")
        (marker,) = self.texts[-1].markers
        return marker

    def newest_edges(self) -> ImageMarker:
        """The newest mark in a picture, once it is there."""
        self._ros.wait_for(lambda: self.edges, what="a mark")
        return self.edges[-1]


class Stage:
    """What marks results, and a screen."""

    def __init__(self, ros: Ros) -> None:
        self.ros = ros
        self.node = ros.spin(LifecycleNode("reasoner", context=ros.context))
        self.marks = Marks(self.node, lambda: LASTING)
        self.screen = Screen(ros, self.node)

    def show(self, answer: Answer | None, **source: Any) -> Screen:
        """Mark an answer."""
        self.screen.texts.clear()
        self.screen.edges.clear()
        self.marks.publish(result(answer, **{**SOURCE, **source}))
        return self.screen


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    """One for all tests."""
    with claim_domain() as lock:
        ros = Ros(domain_of(lock))
        yield Stage(ros)
        ros.close()


def outcome(
    text: str = "It falls.", probability: float | None = 0.8, hazard: Hazard = Hazard.HIGH, **more: Any
) -> Outcome:
    """An outcome without a subject, unless one is given."""
    return Outcome(text, probability, Origin.SELF_REPORTED, 2.0, hazard, more.get("subject"))


def predicted(*outcomes: Outcome) -> Prediction:
    """A prediction of one outcome or more."""
    return Prediction(outcomes or (outcome(),))


def ranked(*names: str) -> Ranking:
    """A ranking of two actions or more, the first the best."""
    names = names or ("wait", "go")
    actions = tuple(RankedAction(Action(name, "x"), (len(names) - place) / 10) for place, name in enumerate(names))
    return Ranking("go", actions, RankingMethod.VOTE, Origin.VOTE, 0.0, None, 1, 1)


def found(*detections: Detection) -> DetectionsAnswer:
    """What was found."""
    return DetectionsAnswer(detections)


def corners(mark: ImageMarker) -> list[tuple[float, float]]:
    """The points of a mark."""
    return [(point.x, point.y) for point in mark.points]


def rgb(color: Any) -> tuple[int, int, int]:
    """A colour in numbers of 0 to 255."""
    assert color.a == 1.0
    return round(255 * color.r), round(255 * color.g), round(255 * color.b)


VERMILION, ORANGE, WHITE = (213, 94, 0), (230, 159, 0), (255, 255, 255)


def test_a_prediction_is_a_text_a_line_an_outcome_in_the_colour_of_the_worst(stage: Stage) -> None:
    marker = stage.show(predicted(outcome(), outcome("It rolls on.", 0.15, Hazard.IMMINENT))).newest_text()
    assert marker.text.splitlines() == [" 80% [HIGH] It falls.", " 15% [IMMINENT] It rolls on."]
    assert rgb(marker.color) == VERMILION


def test_an_unknown_probability_is_left_out(stage: Stage) -> None:
    assert stage.show(predicted(outcome(probability=None))).newest_text().text == "[HIGH] It falls."


def test_a_ranking_is_a_text_a_line_an_action_in_white(stage: Stage) -> None:
    marker = stage.show(ranked("wait", "go"), task="rank_actions").newest_text()
    assert (marker.text.splitlines(), rgb(marker.color)) == ([" 20% wait", " 10% go"], WHITE)


def test_texts_stand_where_the_clip_was_seen_and_turn_to_whoever_looks(stage: Stage) -> None:
    marker = stage.show(predicted()).newest_text()
    assert (stamp_of(marker.header.stamp), marker.header.frame_id) == (STAMP, "front_optical")
    assert (marker.type, marker.action, marker.pose.orientation.w) == (Marker.TEXT_VIEW_FACING, Marker.ADD, 1.0)
    assert (marker.lifetime.sec, marker.lifetime.nanosec) == (2, 500_000_000)


@pytest.mark.parametrize("count", [1, 3, 8])
def test_outcomes_stand_above_the_optical_axis_and_a_ranking_below_both_to_the_right_of_it(
    stage: Stage, count: int
) -> None:
    above = stage.show(predicted(*[outcome()] * count)).newest_text()
    below = stage.show(ranked(*map(str, range(count + 1))), task="rank_actions").newest_text()
    for marker, lines in ((above, count), (below, count + 1)):
        assert marker.pose.position.x > 0 and marker.pose.position.z > 0
        assert abs(marker.pose.position.y) >= lines * marker.scale.z / 2
    assert above.pose.position.y < 0 < below.pose.position.y  # y points down in an optical frame
    assert above.ns != below.ns


@pytest.mark.parametrize("text", ["x" * 1000, "It\nfalls\r\n\ndown.", "它会掉下来。" * 100])
def test_any_text_is_one_line_of_some_length(stage: Stage, text: str) -> None:
    for answer in (predicted(outcome(text), outcome()), ranked(text, "go")):
        lines = stage.show(answer).newest_text().text.splitlines()
        assert len(lines) == 2 and max(map(len, lines)) <= 80


def test_a_subject_is_a_box_in_the_colour_of_its_hazard(stage: Stage) -> None:
    mark = stage.show(predicted(outcome(subject=BOX))).newest_edges()
    assert mark.type == ImageMarker.LINE_LIST
    assert corners(mark) == [(10, 20), (110, 20), (110, 20), (110, 70), (110, 70), (10, 70), (10, 70), (10, 20)]
    assert [rgb(color) for color in mark.outline_colors] == [ORANGE] * 8


def test_marks_in_a_picture_have_the_stamp_and_the_frame_of_the_clip_and_an_end(stage: Stage) -> None:
    mark = stage.show(predicted()).newest_edges()
    assert (stamp_of(mark.header.stamp), mark.header.frame_id) == (STAMP, "front_optical")
    assert (mark.lifetime.sec, mark.lifetime.nanosec) == (2, 500_000_000)
    assert mark.scale > 0


def test_a_point_is_a_cross_whose_lines_meet_there(stage: Stage) -> None:
    mark = stage.show(found(Detection("cup", "front", None, (40, 30)))).newest_edges()
    ends = corners(mark)
    lines = list(pairwise(ends))[::2]
    assert len(lines) == 2 and [((a + c) / 2, (b + d) / 2) for (a, b), (c, d) in lines] == [(40, 30)] * 2
    assert lines[0][0][1] == lines[0][1][1] and lines[1][0][0] == lines[1][1][0]
    assert [rgb(color) for color in mark.outline_colors] == [WHITE] * 4


def test_all_that_was_found_is_in_one_mark(stage: Stage) -> None:
    mark = stage.show(found(Detection("cup", "front", BOX, None), Detection("", "front", None, (1, 2)))).newest_edges()
    assert (len(mark.points), len(mark.outline_colors)) == (12, 12)


@pytest.mark.parametrize("answer", [predicted(outcome()), found()], ids=["no subject", "nothing found"])
def test_what_is_nowhere_takes_the_mark_before_away(stage: Stage, answer: Answer) -> None:
    stage.show(predicted(outcome(subject=BOX))).newest_edges()
    mark = stage.show(answer).newest_edges()
    assert (list(mark.points), list(mark.outline_colors)) == ([], [])


def test_what_other_cameras_see_is_left_out(stage: Stage) -> None:
    rear = Region("rear", 1, 2, 3, 4)
    for answer in (
        predicted(outcome(subject=rear), outcome(subject=BOX)),
        found(
            Detection("", "rear", rear, None), Detection("", "rear", None, (1, 1)), Detection("", "front", BOX, None)
        ),
    ):
        assert set(corners(stage.show(answer).newest_edges())) == {(10, 20), (110, 20), (110, 70), (10, 70)}


@pytest.mark.parametrize(
    "answer", [None, TextAnswer("a ball"), VerdictAnswer("it fell", Verdict.HAPPENED, 0.9, Origin.LOGPROB)]
)
def test_other_results_are_no_marks(stage: Stage, answer: Answer | None) -> None:
    stage.show(answer)
    stage.marks.publish(result(predicted(), **SOURCE))
    stage.screen.newest_edges()
    stage.screen.newest_text()
    assert (len(stage.screen.texts), len(stage.screen.edges)) == (1, 1)


def test_nothing_is_published_while_nobody_looks(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    published = []
    monkeypatch.setattr(Publisher, "publish", lambda publisher, _: published.append(publisher.topic_name))
    node = stage.ros.spin(LifecycleNode("unseen", context=stage.ros.context))
    marks = Marks(node, lambda: LASTING)
    marks.publish(result(predicted(outcome(subject=BOX)), **SOURCE))
    marks.close()
    assert not [topic for topic in published if topic.startswith("/unseen")]


def test_the_node_marks_what_it_predicts_also_after_it_was_configured_anew(ros: Ros) -> None:
    told = {"text": "It rolls.", "probability": 0.5, "hazard": "LOW", "subject": [10, 20, 90, 80], "camera": None}
    reply = spoken("<think>.</think><answer>" + json.dumps({"outcomes": [told]}) + "</answer>")
    with ScriptedServer([reply] * 2) as server:
        node = active_reasoner(ros, server.url)
        screen, camera = Screen(ros, node), Camera(ros, node)
        client = ros.node("planner").create_client(PredictOutcome, "/reasoner/predict_outcome")
        for changes in ((), ("deactivate", "cleanup", "configure", "activate")):
            for change in changes:
                ros.transition(getattr(node, f"trigger_{change}"))
            screen.wait_for_publishers(node)
            ros.wait_for(camera.publisher.get_subscription_count, what="a subscription to the camera")
            last = camera.film(4)
            screen.texts.clear()
            screen.edges.clear()
            assert ros.result(client.call_async(PredictOutcome.Request())).error_code == 0
            assert screen.newest_text().text == " 50% [LOW] It rolls."
            assert (len(screen.newest_edges().points), stamp_of(screen.newest_edges().header.stamp)) == (8, last)
