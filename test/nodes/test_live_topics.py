"""What is on its way: words on ~/progress and clips on ~/clip/compressed, for those who listen."""

import asyncio
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import cv2
import numpy as np
import pytest
from builtin_interfaces.msg import Duration
from pictures import SECOND, frame_at
from rclpy.lifecycle import LifecycleNode
from rclpy.publisher import Publisher
from rclpy.qos import QoSProfile
from robot import Camera, active_reasoner, stamp_of
from ros_graph import Ros, claim_domain, domain_of
from scripted_server import Ending, Reply, ScriptedServer, chunk, json_reply, spoken, stream
from sensor_msgs.msg import CompressedImage

from cosmos_reasoner.clips.clip import Clip
from cosmos_reasoner.nodes.bridge import LoopThread
from cosmos_reasoner.nodes.live import Live
from cosmos_reasoner.nodes.reasoner_node import ReasonerNode
from cosmos_reasoner.nodes.viewer import Viewer
from cosmos_reasoner.replies.live import Part, Piece
from cosmos_reasoner_msgs.action import Reason
from cosmos_reasoner_msgs.msg import Progress, Provenance, Reasoning
from cosmos_reasoner_msgs.srv import Ask

THINKING = "It rolls to the right and meets nothing."
ROLLS = spoken(f"<think>{THINKING}</think><answer>a ball</answer>")
HELD = stream(*(chunk(content=word) for word in ("<think>It", " rolls", " on")), ending=Ending.HELD)
CUT_OFF = stream(*(chunk(content=word) for word in ("<think>It", " falls", " off")), ending=Ending.CUT_OFF)
BROKEN = json_reply({"error": {"message": "engine died"}}, 500)
REFUSED = json_reply({"error": {"message": "I take no pictures"}}, 400)
CAMERAS = ["front", "rear"]


class Endpoint(ScriptedServer):
    """Says what a test tells it to, and else always the same."""

    def __init__(self) -> None:
        self.script: deque[Reply] = deque()
        super().__init__(self._next())

    def _next(self) -> Iterator[Reply]:
        while True:
            yield self.script.popleft() if self.script else ROLLS


class Onlooker:
    """Hears what is on its way, and what came of it."""

    def __init__(self, ros: Ros, node: ReasonerNode, name: str = "onlooker") -> None:
        self.words: list[Progress] = []
        self.clips: list[CompressedImage] = []
        self.results: list[Reasoning] = []
        self._ros = ros
        self.node = ros.node(name)
        counts = {each: each.get_subscription_count() for each in node.publishers}
        topics = {"progress": Progress, "clip/compressed": CompressedImage, "reasoning": Reasoning}
        heard = {"progress": self.words, "clip/compressed": self.clips, "reasoning": self.results}
        for topic, kind in topics.items():
            self.node.create_subscription(kind, f"/reasoner/{topic}", heard[topic].append, QoSProfile(depth=50))
        wanted = [each for each in counts if each.topic_name.removeprefix("/reasoner/") in topics]
        ros.wait_for(lambda: all(each.get_subscription_count() > counts[each] for each in wanted), what="the topics")

    def of(self, request_id: str) -> list[Progress]:
        """All words of a question, once they have ended."""
        self._ros.wait_for(lambda: any(each.part == Progress.END for each in self._of(request_id)), what="an end")
        return self._of(request_id)

    def newest_clip(self, stamp: int) -> CompressedImage:
        """The picture of the clip that ends at a stamp, once it is there."""
        self._ros.wait_for(lambda: self.clips and stamp_of(self.clips[-1].header.stamp) == stamp, what="a clip")
        return self.clips[-1]

    def leave(self) -> None:
        """Listen no more."""
        self._ros.transition(lambda: [self.node.destroy_subscription(each) for each in list(self.node.subscriptions)])

    def _of(self, request_id: str) -> list[Progress]:
        return [each for each in self.words if each.request_id == request_id]


def told(words: list[Progress], part: int) -> str:
    """What was told of a part since the last restart."""
    restarts = [place for place, each in enumerate(words) if each.part == Progress.RESTART]
    return "".join(each.text for each in words[restarts[-1] if restarts else 0 :] if each.part == part)


def ends(words: list[Progress]) -> list[str]:
    """What the ends say."""
    return [each.text for each in words if each.part == Progress.END]


class Stage:
    """A robot with two cameras, and a reasoner with two endpoints."""

    def __init__(self, ros: Ros, first: Endpoint, second: Endpoint) -> None:
        self.ros, self.first, self.second = ros, first, second
        fallbacks = [f"embedded url={second.url}"]
        self.node = active_reasoner(
            ros, first.url, cameras=CAMERAS, transports=["compressed"], fallbacks=fallbacks, max_result_age=600.0
        )
        self.cameras = [Camera(ros, self.node, name, compressed=True) for name in CAMERAS]
        self.asking = ros.node("planner").create_client(Ask, "/reasoner/ask")
        self.acting = ros.action_client(Reason, "/reasoner/reason")
        assert self.asking.wait_for_service(10.0) and self.acting.wait_for_server(10.0)
        self.onlooker = Onlooker(ros, self.node)
        self._now = time.time_ns() - 300 * SECOND
        self.film()

    def film(self, later: int = 10) -> int:
        """Film a clip of four frames with both cameras, so many s later than before; gives the last stamp."""
        self._now += later * SECOND
        return max(camera.film(4, self._now) for camera in self.cameras)

    def ask(self, **request: Any) -> Ask.Response:
        """Ask a question."""
        request = {"question": "What moves?", **request}
        return self.ros.result(self.asking.call_async(Ask.Request(**request)))

    def act(self, heard: list[Reason.Feedback], **goal: Any) -> Any:
        """Ask by the action; gives its handle."""
        sent = self.acting.send_goal_async(
            Reason.Goal(question="What moves?", **goal), lambda message: heard.append(message.feedback)
        )
        return self.ros.result(sent)


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    """One for all tests."""
    with claim_domain() as lock, Endpoint() as first, Endpoint() as second, closing(Ros(domain_of(lock))) as ros:
        yield Stage(ros, first, second)


def picture(message: CompressedImage) -> Any:
    """The pixels of a JPEG."""
    assert (message.format, bytes(message.data[:2])) == ("jpeg", b"\xff\xd8")
    return cv2.imdecode(np.frombuffer(message.data, np.uint8), cv2.IMREAD_COLOR)


def id_of(answer: Ask.Response) -> str:
    """Request id of an answer."""
    return str(answer.reasoning.provenance.request_id)


def test_words_come_under_the_id_of_the_result_and_joined_they_are_what_it_says(stage: Stage) -> None:
    answer = stage.ask()
    words = stage.onlooker.of(id_of(answer))
    assert told(words, Progress.THINK) == answer.reasoning.think == THINKING
    assert told(words, Progress.ANSWER) == answer.reasoning.answer == "a ball"
    assert {each.task for each in words} == {"ask"}
    stage.ros.wait_for(lambda: id_of(answer) in [each.provenance.request_id for each in stage.onlooker.results])


def test_after_an_answer_comes_one_end_that_says_nothing(stage: Stage) -> None:
    words = stage.onlooker.of(id_of(stage.ask()))
    assert ends(words) == [""] and words[-1].part == Progress.END


@pytest.mark.parametrize(
    ("reply", "request_", "why"),
    [
        (REFUSED, {}, "I take no pictures"),
        (HELD, {"time_budget": Duration(sec=1)}, "time budget of 1 s"),
    ],
    ids=["refused", "too slow"],
)
def test_after_an_error_comes_one_end_that_says_why(
    stage: Stage, reply: Reply, request_: dict[str, Any], why: str
) -> None:
    before = len(stage.onlooker.words)
    for endpoint in (stage.first, stage.second):
        endpoint.script.extend([reply] * 4)
    answer = stage.ask(**request_)
    for endpoint in (stage.first, stage.second):
        endpoint.script.clear()
    stage.ros.wait_for(lambda: ends(stage.onlooker.words[before:]), what="an end")
    assert ends(stage.onlooker.words[before:]) == [answer.error_message]
    assert why in answer.error_message


def test_an_answer_that_cannot_be_read_ends_with_what_is_wrong_with_it(stage: Stage) -> None:
    stage.first.script.append(spoken("<think>I look.</think><answer>I cannot tell</answer>"))
    answer = stage.ask(options=["yes", "no"])
    assert answer.error_code == Ask.Response.UNREADABLE
    assert ends(stage.onlooker.of(id_of(answer))) == [answer.error_message]


def test_after_a_cancel_comes_one_end_and_then_nothing(stage: Stage) -> None:
    heard: list[Reason.Feedback] = []
    before = len(stage.onlooker.words)
    stage.first.script.append(HELD)
    handle = stage.act(heard)
    stage.ros.wait_for(lambda: len(stage.onlooker.words) > before and heard, what="some words")
    stage.ros.result(handle.cancel_goal_async())
    result = stage.ros.result(handle.get_result_async()).result
    words = stage.onlooker.of(stage.onlooker.words[before].request_id)
    assert ends(words) == [result.error_message] and words[-1].part == Progress.END
    assert "cancelled" in result.error_message


def test_the_actions_feedback_says_the_same(stage: Stage) -> None:
    heard: list[Reason.Feedback] = []
    heard_it, rest = threading.Event(), (chunk(content=" on.</think><answer>a ball</answer>"), chunk("stop"))
    stage.first.script.append(stream(chunk(content="<think>It rolls"), heard_it, *rest))
    handle = stage.act(heard)
    stage.ros.wait_for(lambda: heard, what="the first words")
    heard_it.set()
    stage.ros.result(handle.get_result_async())
    # rclpy drops the feedback that it takes together with the result.
    assert "It rolls on.a ball".startswith("".join(each.text for each in heard))
    assert [each.part for each in heard] == sorted(each.part for each in heard)


def test_words_begin_anew_when_an_endpoint_breaks_off_and_another_answers(stage: Stage) -> None:
    stage.first.script.extend([CUT_OFF, BROKEN])
    before = len(stage.second.bodies)
    answer = stage.ask()
    words = stage.onlooker.of(id_of(answer))
    parts = [each.part for each in words]
    assert parts.count(Progress.RESTART) == 1
    assert "".join(each.text for each in words[: parts.index(Progress.RESTART)]) == "It falls off"
    assert told(words, Progress.THINK) == answer.reasoning.think == THINKING
    assert len(stage.second.bodies) == before + 1


def test_every_onlooker_hears_every_word(stage: Stage) -> None:
    others = [Onlooker(stage.ros, stage.node, f"onlooker_{number}") for number in range(4)]
    name = id_of(stage.ask())
    assert all(told(each.of(name), Progress.THINK) == THINKING for each in others)
    for each in others:
        each.leave()


def test_a_clip_is_a_picture_with_the_stamp_of_its_end_a_row_a_camera_and_a_row_of_times(stage: Stage) -> None:
    last = stage.film()
    answer = stage.ask()
    clip = stage.onlooker.newest_clip(last)
    assert clip.header.stamp == answer.reasoning.provenance.clip_end
    assert clip.header.frame_id == answer.reasoning.header.frame_id == "front_optical"
    assert picture(clip).shape == (2 * 120 + 24, 4 * 160, 3)


def test_what_two_questions_see_is_drawn_once(stage: Stage) -> None:
    before = len(stage.onlooker.clips)
    stamps = []
    for times in (3, 1):
        stamps.append(stage.film())
        for _ in range(times):
            stage.ask()
    stage.onlooker.newest_clip(stamps[-1])
    assert [stamp_of(clip.header.stamp) for clip in stage.onlooker.clips[before:]] == stamps


def test_of_a_question_about_the_newest_picture_only_that_is_shown(stage: Stage) -> None:
    last = stage.film()
    stage.first.script.append(spoken("[]"))
    assert stage.ask(task="ground", question="cups").error_code == 0
    assert picture(stage.onlooker.newest_clip(last)).shape == (2 * 120 + 24, 160, 3)


def test_what_shows_more_takes_the_place_of_what_showed_less_and_not_the_other_way_round(stage: Stage) -> None:
    stamps = [stage.film()]
    before = len(stage.onlooker.clips)
    stage.first.script.extend([spoken("[]"), ROLLS, spoken("[]")])
    for task in ("ground", "ask", "ground"):
        stage.ask(task=task)
    stamps.append(stage.film())
    stage.ask()
    stage.onlooker.newest_clip(stamps[-1])
    widths = [picture(clip).shape[1] // 160 for clip in stage.onlooker.clips[before:]]
    assert widths == [1, 4, 4]


def test_clips_go_on_when_the_time_jumps_back(stage: Stage) -> None:
    stage.film()
    earlier = stage.film(-25)
    answer = stage.ask()
    assert stamp_of(stage.onlooker.newest_clip(earlier).header.stamp) == stamp_of(answer.reasoning.provenance.clip_end)


def test_nothing_is_published_or_drawn_while_nobody_listens(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    published = []
    publish = Publisher.publish

    def noted(publisher: Publisher, message: Any) -> None:
        published.append(publisher.topic_name)
        publish(publisher, message)

    last = stage.film()
    stage.onlooker.leave()
    topics = {"/reasoner/progress", "/reasoner/clip/compressed"}
    stage.ros.wait_for(lambda: not any(map(stage.node.count_subscribers, topics)), what="the onlooker to leave")
    monkeypatch.setattr(Publisher, "publish", noted)
    assert stage.ask().reasoning.think == THINKING
    assert published and not topics & set(published)
    stage.onlooker = Onlooker(stage.ros, stage.node, "later_onlooker")
    stage.ask()
    stage.onlooker.newest_clip(last)


def test_after_a_shutdown_with_a_question_on_its_way_it_is_cancelled_and_its_words_have_an_end(ros: Ros) -> None:
    with Endpoint() as first, Endpoint() as second:
        stage = Stage(ros, first, second)
        heard: list[Reason.Feedback] = []
        first.script.append(HELD)
        handle = stage.act(heard)
        ros.wait_for(lambda: stage.onlooker.words and heard, what="some words")
        ros.transition(stage.node.trigger_shutdown)
        result = ros.result(handle.get_result_async()).result
        assert result.error_code == Reason.Result.CANCELLED
        assert len(ends(stage.onlooker.of(stage.onlooker.words[0].request_id))) == 1


def test_a_periodic_question_that_fails_has_a_result_of_the_same_id_as_its_end(ros: Ros) -> None:
    node = active_reasoner(ros, "http://127.0.0.1:9/v1", periodic=["predict_outcome 0.2"])
    onlooker = Onlooker(ros, node)
    Camera(ros, node).film()
    ros.wait_for(lambda: onlooker.results, what="a result")
    source = onlooker.results[0].provenance
    assert source.status == Provenance.STATUS_FAILED
    assert ends(onlooker.of(source.request_id)) == [source.status_text]


class Looking:
    """Somebody who looks at the page of a reasoner, and all that is told."""

    def __init__(self, ros: Ros) -> None:
        self.events: list[str] = []
        self._loop = LoopThread()
        self._viewer = ros.spin(Viewer("/reasoner", self._loop, context=ros.context))
        self._loop.submit(self._listen())

    def heard(self, name: str, *texts: str) -> int:
        """How many events of a name have come that hold these texts."""
        return sum(each.startswith(f"event: {name}\n") and all(text in each for text in texts) for each in self.events)

    def close(self) -> None:
        """Look no more."""
        self._loop.stop()

    async def _listen(self) -> None:
        async for event in self._viewer.hub.listen():
            self.events.append(event)


def test_a_node_that_rests_and_is_configured_anew_is_shown_again_to_those_who_look(ros: Ros) -> None:
    with Endpoint() as first, Endpoint() as second, closing(Looking(ros)) as page:
        stage = Stage(ros, first, second)
        ros.wait_for(lambda: stage.node.count_subscribers("/reasoner/overlay/compressed"), what="the page to look")
        for _ in range(2):
            ended, told = page.heard("progress", '"end"', "deactivated"), page.heard("progress", '"think"')
            first.script.append(HELD)
            stage.act([])
            ros.wait_for(lambda: page.heard("progress", '"think"') > told, what="words")
            for change in ("deactivate", "cleanup", "configure", "activate"):
                ros.transition(getattr(stage.node, f"trigger_{change}"))
            ros.wait_for(lambda: page.heard("progress", '"end"', "deactivated") > ended, what="the end of the words")
            ros.wait_for(lambda: all(each.publisher.get_subscription_count() for each in stage.cameras), what="cameras")
            ros.wait_for(lambda: stage.node.count_subscribers("/reasoner/overlay/compressed"), what="the page")
            shown, drawn = page.heard("moment", '"ok"'), page.heard("picture", "overlay")
            stage.film()
            stage.ask()
            ros.wait_for(lambda: page.heard("moment", '"ok"') > shown, what="a result")
            ros.wait_for(lambda: page.heard("picture", "overlay") > drawn, what="the overlay")


@pytest.fixture
def live(ros: Ros) -> Iterator[tuple[Live, LoopThread, list[Progress], list[CompressedImage]]]:
    """What publishes what is on its way, and what is heard of it."""
    node = ros.spin(LifecycleNode("reasoner", context=ros.context))
    ear, words, clips = ros.node("ear"), [], []
    loop = LoopThread()
    live = Live(node, loop)
    ear.create_subscription(Progress, "/reasoner/progress", words.append, 1000)
    ear.create_subscription(CompressedImage, "/reasoner/clip/compressed", clips.append, 1000)
    ours = [each for each in node.publishers if each.topic_name.startswith("/reasoner/")]
    ros.wait_for(lambda: all(each.get_subscription_count() for each in ours), what="the ear")
    yield live, loop, words, clips
    loop.stop()


def test_words_that_come_from_another_thread_are_not_told_after_the_end(ros: Ros, live: Any) -> None:
    publishes, _, words, _ = live
    for number in range(20):
        onlookers = publishes.onlookers("ask", None)

        def write(onlookers: Any = onlookers) -> None:
            for part in 10 * (Part.THINK, Part.ANSWER):
                onlookers.wrote(Piece(part, "so "))

        writer = threading.Thread(target=write)
        writer.start()
        onlookers.end("cancelled")
        onlookers.end("too late")
        writer.join()
        write()
        ros.wait_for(lambda: len(ends(words)) > number, what="the end")
    publishes.onlookers("ask", None).end()
    ros.wait_for(lambda: words[-1].text == "", what="the last end")
    *names, _ = dict.fromkeys(each.request_id for each in words)
    for name in names:
        of_one = [each for each in words if each.request_id == name]
        assert ends(of_one) == ["cancelled"] and of_one[-1].part == Progress.END


def test_of_clips_that_come_while_one_is_drawn_the_newest_is_drawn_next(ros: Ros, live: Any) -> None:
    publishes, loop, _, clips = live

    async def show() -> None:
        for number in range(1, 5):
            publishes.show(Clip.of([frame_at(number * SECOND)]))
            for _ in range(5 * (number == 1)):
                await asyncio.sleep(0)

    loop.submit(show()).result(10)
    ros.wait_for(lambda: len(clips) == 2, what="two pictures")
    assert [stamp_of(clip.header.stamp) for clip in clips] == [SECOND, 4 * SECOND]
