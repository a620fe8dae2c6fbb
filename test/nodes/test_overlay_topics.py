"""The overlay's topics: what is drawn, when, and for whom."""

import json
import math
import time
from collections.abc import Iterator
from typing import Any

import cv2
import numpy as np
import pytest
from pictures import SECOND
from rclpy.parameter import Parameter
from rclpy.publisher import Publisher
from robot import PERIOD, Camera, active_reasoner, frame, stamp_of
from ros_graph import Ros, claim_domain, domain_of
from rosgraph_msgs.msg import Clock
from scripted_server import Reply, ScriptedServer, spoken
from sensor_msgs.msg import CompressedImage, Image

from cosmos_reasoner.clips.frame import Bgr
from cosmos_reasoner.nodes import overlay
from cosmos_reasoner.nodes.conversions import duration
from cosmos_reasoner.nodes.images import compressed_from_frame, time_from_stamp
from cosmos_reasoner.nodes.reasoner_node import ReasonerNode
from cosmos_reasoner.view.drawing.plan import plan
from cosmos_reasoner_msgs.srv import Ask, PredictOutcome

OUTCOME = {"text": "It rolls on.", "probability": 0.8, "hazard": "LOW", "subject": None, "camera": None}
FOUND = '[{"bbox_2d": [60, 100, 160, 180], "label": "cup"}]'
WIDTH, HEIGHT = 320, 240


def reply(body: Any) -> Reply:
    """What the endpoint says: of outcomes or things, whatever is asked for."""
    if "What is likely to happen" in str(body["messages"]):
        return spoken(f"<think>.</think><answer>{json.dumps({'outcomes': [OUTCOME]})}</answer>")
    return spoken(f"<answer>{FOUND}</answer>")


class Screen:
    """Shows the overlay, as it is or compressed, or both."""

    def __init__(self, ros: Ros, node: ReasonerNode, *topics: str) -> None:
        self.raw: list[Image] = []
        self.compressed: list[CompressedImage] = []
        self._ros = ros
        self.node = ros.node("screen")
        for topic in topics or ("overlay", "overlay/compressed"):
            kind, heard = (Image, self.raw) if topic == "overlay" else (CompressedImage, self.compressed)
            self.node.create_subscription(kind, f"/reasoner/{topic}", heard.append, 10)
        wanted = [each for each in node.publishers if each.topic_name.removeprefix("/reasoner/") in topics]
        ros.wait_for(lambda: all(each.get_subscription_count() for each in wanted), what="the screen")

    def picture(self, stamp: int) -> Bgr:
        """The overlay over the frame of a stamp, once it is there."""
        self._ros.wait_for(lambda: stamp in map(stamp_in, self.raw), what="the overlay")
        return pixels(next(each for each in self.raw if stamp_in(each) == stamp))


class Stage:
    """A robot that is looked at, and whose clock is a minute late."""

    def __init__(self, ros: Ros, endpoint: str) -> None:
        self.ros = ros
        self.node = active_reasoner(ros, endpoint, sample_rate=20.0, max_result_age=600.0)
        self.camera = Camera(ros, self.node)
        planner = ros.node("planner")
        self.asking = planner.create_client(Ask, "/reasoner/ask")
        self.predicting = planner.create_client(PredictOutcome, "/reasoner/predict_outcome")
        assert self.asking.wait_for_service(10.0) and self.predicting.wait_for_service(10.0)
        self.screen = Screen(ros, self.node)
        self.last = self.camera.film(4, time.time_ns() - 60 * SECOND)

    def film(self) -> int:
        """Film a frame more; gives its stamp."""
        self.last = self.camera.film(1, self.last + PERIOD)
        return self.last

    def see(self) -> Bgr:
        """The overlay over a frame more."""
        return self.screen.picture(self.film())

    def set_oldest(self, seconds: float) -> None:
        """Say from which age results count as stale."""
        assert self.node.set_parameters([Parameter("max_result_age", value=seconds)])[0].successful


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    """One for all tests."""
    with claim_domain() as lock, ScriptedServer([reply] * 50) as server:
        ros = Ros(domain_of(lock))
        yield Stage(ros, server.url)
        ros.close()


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the cameras whose pictures were drawn over, one for each time; none because it has grown older."""
    cameras: list[str] = []
    draw = overlay.draw

    def noted(picture: Bgr, camera: str, *rest: Any) -> Bgr:
        cameras.append(camera)
        return draw(picture, camera, *rest)

    monkeypatch.setattr(overlay, "draw", noted)
    monkeypatch.setattr(overlay, "_AGEING", math.inf)
    return cameras


@pytest.fixture
def published(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Topics on which something is published."""
    topics: set[str] = set()
    publish = Publisher.publish

    def noted(publisher: Publisher, message: Any) -> None:
        topics.add(publisher.topic_name)
        publish(publisher, message)

    monkeypatch.setattr(Publisher, "publish", noted)
    return topics


def stamp_in(message: Image | CompressedImage) -> int:
    """Stamp of a message, ns."""
    return stamp_of(message.header.stamp)


def pixels(message: Image) -> Bgr:
    """The picture of a raw message."""
    assert (message.encoding, message.step) == ("bgr8", 3 * message.width)
    return np.frombuffer(message.data, np.uint8).reshape(message.height, message.width, 3)


def is_marked_stale(picture: Bgr) -> bool:
    """Whether there is a white tag in the row of the age."""
    row = plan(WIDTH, HEIGHT, 1, 0).age
    white = (picture[row.top : row.bottom, row.left : row.right] == 255).all(axis=2)
    return bool(cv2.morphologyEx(white.astype(np.uint8), cv2.MORPH_OPEN, np.ones((1, 20), np.uint8)).any())


def test_both_topics_show_the_newest_frame_drawn_over(stage: Stage) -> None:
    last = stage.film()
    picture = stage.screen.picture(last)
    stage.ros.wait_for(lambda: last in map(stamp_in, stage.screen.compressed), what="the compressed overlay")
    compressed = next(each for each in stage.screen.compressed if stamp_in(each) == last)
    assert (compressed.format, compressed.header.frame_id) == ("jpeg", "camera_optical")
    decoded = cv2.imdecode(np.frombuffer(compressed.data, np.uint8), cv2.IMREAD_COLOR)
    assert decoded.shape == picture.shape == (HEIGHT, WIDTH, 3)
    assert np.abs(decoded.astype(int) - picture).mean() < 8


def test_a_frame_is_drawn_over_once_for_both_topics_and_for_all_who_look(stage: Stage, drawn: list[str]) -> None:
    others = [Screen(stage.ros, stage.node) for _ in range(3)]
    frames = [stage.film() for _ in range(3)]
    for each in (stage.screen, *others):
        each.picture(frames[-1])
    pictures = [stamp_in(each) for each in stage.screen.raw if stamp_in(each) in frames]
    assert len(drawn) == len(pictures) == len(set(pictures))


def test_a_frame_that_has_not_grown_older_is_shown_once(stage: Stage, drawn: list[str]) -> None:
    stage.see()
    count = len(drawn)
    for _ in range(3):
        stage.ros.transition(stage.node._active._overlay.publish)
    assert len(drawn) == count


def test_before_anything_is_predicted_it_says_so_and_after_that_how_old_it_is(stage: Stage) -> None:
    before = stage.see()
    assert stage.ros.result(stage.predicting.call_async(PredictOutcome.Request())).error_code == 0
    after = stage.see()
    places = plan(WIDTH, HEIGHT, 1, 0)
    for row in (places.top, places.age):
        part = np.s_[row.top : row.bottom, row.left : row.right]
        assert (before[part].astype(int) != after[part]).mean() > 0.02
    assert not is_marked_stale(after)


def test_a_prediction_of_long_ago_is_marked_as_stale(stage: Stage) -> None:
    assert stage.ros.result(stage.predicting.call_async(PredictOutcome.Request())).error_code == 0
    assert not is_marked_stale(stage.see())
    stage.set_oldest(1.0)
    assert is_marked_stale(stage.see())
    stage.set_oldest(600.0)


def test_while_no_frame_comes_the_last_one_is_drawn_again_as_it_grows_older(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert stage.ros.result(stage.predicting.call_async(PredictOutcome.Request())).error_code == 0
    stage.see()
    monkeypatch.setattr(overlay, "_AGEING", 0.1)
    stage.set_oldest(1.0)
    stage.ros.wait_for(lambda: is_marked_stale(pixels(stage.screen.raw[-1])), what="a stale overlay")
    assert stamp_in(stage.screen.raw[-1]) == stage.last
    stage.set_oldest(600.0)


def test_what_was_found_is_drawn_until_it_is_too_old(stage: Stage) -> None:
    before = stage.see()
    answer = stage.ros.result(stage.asking.call_async(Ask.Request(task="ground", question="cups")))
    (found,) = answer.detections
    at = (found.box.y_offset + found.box.height // 2, found.box.x_offset)
    assert tuple(before[at]) != (255, 255, 255)
    assert tuple(stage.see()[at]) == (255, 255, 255)
    stage.set_oldest(1.0)
    assert tuple(stage.see()[at]) != (255, 255, 255)
    stage.set_oldest(600.0)


def test_a_picture_that_cannot_be_decoded_is_left_out(ros: Ros) -> None:
    node = active_reasoner(ros, "http://127.0.0.1:9/v1", sample_rate=20.0, transports=["compressed"])
    screen, camera = Screen(ros, node), Camera(ros, node, compressed=True)
    last = camera.film(1)
    screen.picture(last)
    broken = compressed_from_frame(frame(0, last + PERIOD))
    broken.data = broken.data[:700]
    camera.publisher.publish(broken)
    rig = node.desk().engine.rig
    ros.wait_for(lambda: (newest := rig.newest("camera")) and newest.stamp == last + PERIOD, what="the broken frame")
    screen.picture(camera.film(1, last + 2 * PERIOD))
    assert last + PERIOD not in map(stamp_in, screen.raw)


@pytest.mark.parametrize("topic", ["overlay", "overlay/compressed"])
def test_only_what_somebody_looks_at_is_drawn_and_published(
    ros: Ros, drawn: list[str], published: set[str], topic: str
) -> None:
    node = active_reasoner(ros, "http://127.0.0.1:9/v1", sample_rate=20.0, cameras=["rear"])
    camera = Camera(ros, node, "rear")
    last = camera.film(4)
    ros.transition(node._active._overlay.publish)
    assert "rear" not in drawn
    screen = Screen(ros, node, topic)
    ros.wait_for(lambda: screen.raw or screen.compressed, what="the overlay")
    assert published & {"/reasoner/overlay", "/reasoner/overlay/compressed"} == {f"/reasoner/{topic}"}
    ros.transition(lambda: [screen.node.destroy_subscription(each) for each in list(screen.node.subscriptions)])
    ros.wait_for(lambda: not node.count_subscribers(f"/reasoner/{topic}"), what="the screen to leave")
    camera.film(1, last + PERIOD)
    ros.transition(node._active._overlay.publish)
    assert drawn.count("rear") == 1


def test_a_prediction_from_before_the_time_jumped_back_is_stale(ros: Ros) -> None:
    now = [1000.0]
    with ScriptedServer([reply] * 5) as server:
        node = active_reasoner(ros, server.url, use_sim_time=True, sample_rate=20.0)
        screen, camera = Screen(ros, node), Camera(ros, node)
        clock = ros.node("clock").create_publisher(Clock, "/clock", 10)
        client = ros.node("planner").create_client(PredictOutcome, "/reasoner/predict_outcome")
        assert client.wait_for_service(10.0)

        def picture(stamp: float) -> Bgr:
            camera.film(4, round(stamp * SECOND))

            def is_shown() -> bool:
                now[0] += 0.01
                clock.publish(Clock(clock=time_from_stamp(round(now[0] * SECOND))))
                return round(stamp * SECOND) in map(stamp_in, screen.raw)

            ros.wait_for(is_shown, what="the overlay")
            return screen.picture(round(stamp * SECOND))

        picture(1000.0)
        assert ros.result(client.call_async(PredictOutcome.Request(time_budget=duration(5.0)))).error_code == 0
        assert not is_marked_stale(picture(1001.0))
        now[0] = 900.0
        assert is_marked_stale(picture(900.0))
