"""Things found and events, from the picture as taken to the model and back: over real HTTP."""

import asyncio
import base64
import json
from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
import pytest
from pictures import SECOND, plain, raw_frame, square
from scripted_server import Reply, ScriptedServer, spoken

from cosmos_reasoner.clips.clip import Clip, View
from cosmos_reasoner.clips.frame import Bgr
from cosmos_reasoner.endpoints.client import EndpointClient
from cosmos_reasoner.endpoints.profile_files import load_profile
from cosmos_reasoner.reasoning.reasoner import Reasoner
from cosmos_reasoner.reasoning.result import (
    DataAnswer,
    Detection,
    DetectionsAnswer,
    Event,
    EventsAnswer,
    Region,
    Result,
    Status,
    TextAnswer,
)
from cosmos_reasoner.replies.defects import DefectKind
from cosmos_reasoner.tasks.library import TaskLibrary
from cosmos_reasoner.tasks.task import Question

CLIP = Clip.of([raw_frame(square(index), SECOND + index * SECOND // 4) for index in range(8)])
CUPS = Question("ground", text="all cups")
EVENTS = Question("events")
LAST = SECOND + 7 * SECOND // 4
"""Stamp of the clip's last frame: it lasts 1.75 s."""


def ask(
    question: Question, reply: Reply | Callable[[Any], Reply] | str, clip: Clip = CLIP, profile: str = "qwen2_5_vl"
) -> tuple[Result, dict[str, Any]]:
    """Ask once; the result, and the body of the request."""

    async def run(url: str) -> Result:
        client = EndpointClient(load_profile(profile), url)
        try:
            return await Reasoner([client], TaskLibrary.load()).reason(question, clip)
        finally:
            await client.close()

    with ScriptedServer([spoken(reply) if isinstance(reply, str) else reply]) as server:
        return asyncio.run(run(server.url)), server.bodies[0]


def pictures(body: dict[str, Any]) -> list[Bgr]:
    """The single pictures of a request."""
    urls = [part["image_url"]["url"] for part in body["messages"][-1]["content"] if part["type"] == "image_url"]
    files = [base64.b64decode(url.partition(",")[2]) for url in urls]
    return [cv2.imdecode(np.frombuffer(file, np.uint8), cv2.IMREAD_COLOR) for file in files]


def only_detection(result: Result) -> Detection:
    assert isinstance(result.answer, DetectionsAnswer), result.defects
    (detection,) = result.answer.detections
    return detection


@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080), (641, 361), (333, 777), (1500, 120), (64, 48)])
@pytest.mark.parametrize("profile", ["qwen2_5_vl", "qwen3_vl", "modelscope"])
def test_a_box_comes_back_in_the_picture_as_taken_whatever_size_was_sent(size: tuple[int, int], profile: str) -> None:
    width, height = size
    true = np.array([width // 7, height // 5, width // 2 + 3, height - height // 9])
    steps: list[float] = []

    def reply(body: Any) -> Reply:
        (picture,) = pictures(body)
        units = (picture.shape[1], picture.shape[0]) if profile == "qwen2_5_vl" else (1000, 1000)
        factor = np.array([units[0] / width, units[1] / height] * 2)
        steps.extend(1 / factor)
        corner = np.round(true[:2] * factor[:2]).astype(int).tolist()
        box = np.round(true * factor).astype(int).tolist()
        return spoken(json.dumps([{"bbox_2d": box, "label": "cup"}, {"point_2d": corner, "label": "rim"}]))

    result, _ = ask(CUPS, reply, Clip.of([raw_frame(plain(width, height), SECOND)]), profile)
    assert isinstance(result.answer, DetectionsAnswer) and result.provenance.status is Status.OK
    cup, rim = result.answer.detections
    assert cup.box is not None and rim.point is not None
    back = [cup.box.left, cup.box.top, cup.box.left + cup.box.width, cup.box.top + cup.box.height, *rim.point]
    wrong = np.abs(np.array(back) - [*true, *true[:2]])
    assert all(wrong <= np.ceil(np.array([*steps, *steps[:2]]) / 2)), f"{back} for {true}"


def test_what_the_endpoint_sees_in_the_sent_picture_is_where_it_was_taken() -> None:
    taken = plain(1280, 720)
    taken[300:340, 900:1000] = 255

    def reply(body: Any) -> Reply:
        (picture,) = pictures(body)
        assert picture.shape[:2] != taken.shape[:2]
        rows, columns = np.nonzero(picture.mean(axis=2) > 128)
        box = [int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1]
        return spoken(f'```json\n[\n\t{{"bbox_2d": {box}, "label": "bright field"}}\n]\n```')

    detection = only_detection(ask(CUPS, reply, Clip.of([raw_frame(taken, SECOND)]))[0])
    assert detection.label == "bright field" and detection.box is not None
    assert (detection.box.left, detection.box.top) == pytest.approx((900, 300), abs=2)
    assert (detection.box.width, detection.box.height) == pytest.approx((100, 40), abs=3)


def test_only_the_newest_frame_is_sent_and_no_reasoning_is_asked_for() -> None:
    result, body = ask(CUPS, "[]")
    (picture,) = pictures(body)
    newest = cv2.resize(square(7), picture.shape[1::-1])
    assert np.abs(picture.astype(int) - newest).mean() < 8
    assert "<think>" not in json.dumps(body["messages"])
    assert result.answer == DetectionsAnswer(()) and result.defects == ()
    assert (result.provenance.status, result.provenance.frame_count) == (Status.OK, 1)
    assert result.provenance.clip_end == LAST


@pytest.mark.parametrize("profile", ["cosmos_reason1", "qwen2_5_vl", "qwen3_vl"])
@pytest.mark.parametrize("task", ["ground", "extract"])
def test_an_endpoint_that_can_be_held_to_a_schema_is(task: str, profile: str) -> None:
    own = {"type": "array", "maxItems": 0}
    _, body = ask(Question(task, text="?", schema=own if task == "extract" else None), "[]", profile=profile)
    sent = body["response_format"]["json_schema"]["schema"]
    assert sent == own if task == "extract" else sent["items"]["anyOf"][0]["required"] == ["bbox_2d", "label"]


def test_with_several_cameras_each_entry_names_its_own() -> None:
    views = tuple(View(name, (raw_frame(square(0), SECOND, name),)) for name in ("left", "right"))
    box = {"bbox_2d": [100, 100, 200, 150], "label": "cup"}
    answer = json.dumps([{**box, "camera": "right"}, box, {**box, "camera": "up"}])
    result, body = ask(CUPS, answer, Clip(views), "qwen3_vl")
    assert only_detection(result) == Detection("cup", "right", Region("right", 32, 24, 32, 12), None)
    assert [defect.kind for defect in result.defects] == [DefectKind.REPAIRED]
    assert result.defects[0].text.startswith("2 of 3 boxes and points were left out")
    assert "one of: left, right." in body["messages"][-1]["content"][-1]["text"]


@pytest.mark.parametrize(
    ("place", "box", "point"),
    [
        ({"bbox_2d": [-50, 900, 500, 1200]}, Region("front", 0, 216, 160, 24), None),
        ({"point_2d": [1000, 1000]}, None, (319, 239)),
        ({"bbox_2d": [0, 0, 1000, 1000], "point": [500, 500]}, Region("front", 0, 0, 320, 240), (160, 120)),
        ({"bbox_2d": [0, 0, 1000, 1000], "point": [1500, 500]}, Region("front", 0, 0, 320, 240), None),
    ],
)
def test_places_end_at_the_edges_of_the_picture(
    place: dict[str, Any], box: Region | None, point: tuple[int, int] | None
) -> None:
    result, _ = ask(CUPS, json.dumps([{**place, "label": "cup"}]), profile="qwen3_vl")
    assert only_detection(result) == Detection("cup", "front", box, point)


@pytest.mark.parametrize(
    "answer", ['[{"bbox_2d": [1100, 0, 1200, 50], "label": "cup"}]', '[{"point_2d": [-5, 5]}]', "I see no cup."]
)
def test_an_answer_of_which_nothing_can_be_used_is_defective_and_not_empty(answer: str) -> None:
    result, _ = ask(CUPS, answer, profile="qwen3_vl")
    assert result.answer is None and result.provenance.status is Status.DEFECTIVE
    assert result.defects[-1].kind is DefectKind.UNREADABLE


def thought(entries: object) -> str:
    return f"<think>\nI look.\n</think>\n\n<answer>\n{json.dumps(entries)}\n</answer>"


def test_events_have_stamps_of_the_clip_s_own_clock_by_their_start() -> None:
    entries = [{"start": 0.5, "end": 1.25, "text": "It slides."}, {"start": "00:00.25", "end": "0.5s", "text": "Push."}]
    result, _ = ask(EVENTS, thought(entries))
    push = Event("Push.", SECOND + SECOND // 4, SECOND + SECOND // 2)
    slide = Event("It slides.", SECOND + SECOND // 2, SECOND + 5 * SECOND // 4)
    assert result.answer == EventsAnswer((push, slide))
    assert (result.think, result.defects) == ("I look.", ())


@pytest.mark.parametrize(
    ("start", "end", "stamps", "kinds"),
    [
        (0.0, 1.75, (SECOND, LAST), []),
        (0.0, 2.25, (SECOND, LAST), []),
        (2.0, 2.2, (LAST, LAST), []),
        (-0.5, 0.0, (SECOND, SECOND), []),
        (1.0, 9.0, (2 * SECOND, LAST), [DefectKind.REPAIRED]),
    ],
)
def test_an_event_that_reaches_out_of_the_clip_ends_with_it(
    start: float, end: float, stamps: tuple[int, int], kinds: list[DefectKind]
) -> None:
    result, _ = ask(EVENTS, thought([{"start": start, "end": end, "text": "x"}]))
    assert result.answer == EventsAnswer((Event("x", *stamps),))
    assert [defect.kind for defect in result.defects] == kinds


def test_events_outside_of_the_clip_are_left_out_unless_all_are() -> None:
    outside = {"start": 3.0, "end": 4.0, "text": "later"}
    result, _ = ask(EVENTS, thought([{"start": 0, "end": 1, "text": "x"}, outside]))
    assert result.answer == EventsAnswer((Event("x", SECOND, 2 * SECOND),))
    assert [defect.text[:28] for defect in result.defects] == ["1 of 2 events were left out:"]
    result, _ = ask(EVENTS, thought([outside]))
    assert result.answer is None and result.defects[-1].kind is DefectKind.UNREADABLE


def test_data_obeys_the_caller_s_schema() -> None:
    schema = {"type": "object", "properties": {"color": {"type": "string"}}, "required": ["color"]}
    question = Question("extract", text="The thing that moves.", schema=schema)
    assert ask(question, '```json\n{"color": "red"}\n```')[0].answer == DataAnswer({"color": "red"})
    result, _ = ask(question, '{"colour": "red"}')
    assert result.answer is None
    assert "'color' is a required property" in result.defects[-1].text


def test_text_is_read_from_one_picture_with_its_lines() -> None:
    result, body = ask(Question("ocr"), "EXIT\n出口 12")
    assert result.answer == TextAnswer("EXIT\n出口 12") and result.defects == ()
    assert len(pictures(body)) == 1
