"""The systems that must work, each with its shipped profile: what is on the wire, and what comes out."""

import asyncio
import base64
import io
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest
import simplejpeg
from pictures import SECOND, plain, raw_frame
from scripted_server import Reply, ScriptedServer, chunk, json_reply, listing, spoken, stream, whole

from cosmos_reasoner.clips.burn_in import STRIP_HEIGHT
from cosmos_reasoner.clips.clip import Clip
from cosmos_reasoner.clips.encode import MediaForm
from cosmos_reasoner.endpoints.client import EndpointClient
from cosmos_reasoner.endpoints.profile import AuthScheme, Profile
from cosmos_reasoner.endpoints.profile_files import load_profile
from cosmos_reasoner.endpoints.quota import Quota
from cosmos_reasoner.errors import EndpointError, EndpointUnavailable, QuotaExhausted
from cosmos_reasoner.reasoning.reasoner import Reasoner
from cosmos_reasoner.reasoning.result import (
    ChoiceAnswer,
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
from cosmos_reasoner.reasoning.time_budget import TimeBudget
from cosmos_reasoner.recordings.images import read_images
from cosmos_reasoner.tasks.library import TaskLibrary
from cosmos_reasoner.tasks.task import Question

KEY = "sk-one-of-ours"
FREE = Question(text="What happens?")
EITHER = Question(text="What falls?", options=("the cup", "the plate"))
TAGGED = spoken("<think>\nIt slides.\n</think>\n\n<answer>\nIt falls.\n</answer>")
STANDARD = {"model", "messages", "stream", "stream_options", "temperature", "top_p", "max_tokens", "seed"}
"""What any OpenAI-compatible endpoint takes."""


@dataclass(frozen=True)
class Asked:
    """What one question left on the wire, and what came of it."""

    result: Result
    server: ScriptedServer

    @property
    def body(self) -> dict[str, Any]:
        """The first request."""
        return dict(self.server.bodies[0])

    @property
    def parts(self) -> list[dict[str, Any]]:
        """What it holds of the user."""
        return list(self.body["messages"][1]["content"])

    @property
    def words(self) -> str:
        """The text behind the clip."""
        return str(self.parts[-1]["text"])

    def files(self, index: int = 0) -> list[bytes]:
        """The files of one medium."""
        media = [part[part["type"]]["url"] for part in self.parts if part["type"] != "text"]
        return [base64.b64decode(data) for data in media[index].partition(",")[2].split(",")]


def filmed(count: int = 16, width: int = 640, height: int = 480) -> Clip:
    """A clip at 4 Hz that begins at 1 s."""
    first = raw_frame(plain(width, height, (90, 90, 90)))
    return Clip.of([replace(first, stamp=SECOND + index * SECOND // 4) for index in range(count)])


async def answered(client: EndpointClient, question: Question, clip: Clip) -> Result:
    """Ask once."""
    try:
        return await Reasoner([client], TaskLibrary.load()).reason(question, clip, TimeBudget(20.0))
    finally:
        await client.close()


def ask(
    profile: str | Profile,
    question: Question,
    reply: Reply | Callable[[Any], Reply],
    clip: Clip | None = None,
    models: Reply | None = None,
) -> Asked:
    """Ask a system that gives this reply, or what is made of the request's body."""
    loaded = load_profile(profile) if isinstance(profile, str) else profile
    with ScriptedServer([reply], models or listing("nvidia/Cosmos-Reason1-7B")) as server:
        client = EndpointClient(loaded, server.url, key=KEY)
        return Asked(asyncio.run(answered(client, question, clip or filmed())), server)


def size_of(file: bytes) -> tuple[int, int]:
    """Width and height of a JPEG."""
    height, width, *_ = simplejpeg.decode_jpeg_header(file)
    return width, height


def strip_of(file: bytes) -> np.ndarray:
    """The lowest rows of a JPEG, where its time would stand."""
    return simplejpeg.decode_jpeg(file, "GRAY")[-STRIP_HEIGHT:, :, 0]


def in_form(name: str, form: MediaForm) -> Profile:
    """A shipped profile with another form of media."""
    profile = load_profile(name)
    return profile.model_copy(update={"media": profile.media.model_copy(update={"form": form})})


# Cosmos-Reason1


@pytest.mark.parametrize(
    ("form", "kinds", "prefix"),
    [
        (MediaForm.MP4, ["video_url", "text"], "data:video/mp4;base64,"),
        (MediaForm.JPEG_SEQUENCE, ["video_url", "text"], "data:video/jpeg;base64,"),
        (MediaForm.IMAGES, ["image_url"] * 16 + ["text"], "data:image/jpeg;base64,"),
    ],
)
def test_cosmos_reason1_sees_a_clip_in_every_form(form: MediaForm, kinds: list[str], prefix: str) -> None:
    asked = ask(in_form("cosmos_reason1", form), FREE, TAGGED)
    assert [part["type"] for part in asked.parts] == kinds
    assert asked.parts[0][kinds[0]]["url"].startswith(prefix)
    assert asked.result.provenance.frame_count == 16 and asked.result.answer == TextAnswer("It falls.")


def test_cosmos_reason1_gets_four_frames_a_second_of_a_file() -> None:
    (file,) = ask(in_form("cosmos_reason1", MediaForm.MP4), FREE, TAGGED).files()
    with av.open(io.BytesIO(file)) as container:
        times = [frame.time for frame in container.decode(video=0)]
    assert times == pytest.approx([index / 4 for index in range(16)])


def test_cosmos_reason1_reads_the_times_below_the_frames_left_and_right_in_turn() -> None:
    asked = ask("cosmos_reason1", FREE, TAGGED)
    written = [(strip_of(file) > 128).any(axis=0) for file in asked.files()]
    halves = [np.flatnonzero(columns).mean() < columns.size / 2 for columns in written]
    assert halves == [True, False] * 8
    assert "media_io_kwargs" not in asked.body


def test_cosmos_reason1_is_asked_to_reason_by_the_system_message() -> None:
    asked = ask("cosmos_reason1", FREE, TAGGED)
    assert "<think>" in asked.body["messages"][0]["content"] and "<answer>" in asked.body["messages"][0]["content"]
    assert "<think>" not in asked.words
    drawn = {name: asked.body[name] for name in ("temperature", "top_p", "max_tokens", "seed")}
    assert drawn == {"temperature": 0.6, "top_p": 0.95, "max_tokens": 4096, "seed": 0}


def test_cosmos_reason1_is_held_to_an_answer_by_an_expression_over_all_that_it_writes() -> None:
    said = "<think>\nIt slides.\n</think>\n\n<answer>\n{}\n</answer>"
    asked = ask("cosmos_reason1", EITHER, spoken(said.format("B")))
    pattern = asked.body["structured_outputs"]["regex"]
    assert [bool(re.fullmatch(pattern, said.format(letter))) for letter in "ABC"] == [True, True, False]
    assert asked.result.answer == ChoiceAnswer(1, "the plate") and asked.result.think == "It slides."


PARSED = {
    "parted": stream(chunk(reasoning="It slides."), chunk(content="<answer>\nB\n</answer>"), chunk("stop")),
    "older name": stream(chunk(reasoning_content="It slides."), chunk(content="\n\nB"), chunk("stop")),
    "all in the field": stream(chunk(reasoning="<think>It slides.</think>\n<answer>B</answer>"), chunk("stop")),
}


@pytest.mark.parametrize("reply", PARSED.values(), ids=PARSED)
def test_cosmos_reason1_is_read_correctly_behind_a_server_side_parser_too(reply: Reply) -> None:
    result = ask("cosmos_reason1", EITHER, reply).result
    assert (result.answer, result.think) == (ChoiceAnswer(1, "the plate"), "It slides.")


# Qwen2.5-VL


def test_qwen2_5_vl_is_asked_to_reason_in_the_words_of_the_user() -> None:
    asked = ask("qwen2_5_vl", FREE, TAGGED)
    assert asked.words.endswith("between <answer> and </answer>.")
    assert "<think>" not in asked.body["messages"][0]["content"]
    assert asked.result.provenance.status is Status.OK


def test_qwen2_5_vl_finds_things_in_the_pixels_of_the_camera() -> None:
    clip = filmed(3, 1000, 700)

    def found(body: dict[str, Any]) -> Reply:
        width, height = size_of(base64.b64decode(body["messages"][1]["content"][0]["image_url"]["url"].split(",")[1]))
        box = {"bbox_2d": [0, 0, width // 2, height], "label": "cup"}
        point = {"point_2d": [width / 4, height / 2], "label": "handle"}
        return spoken(f"```json\n{json.dumps([box, point])}\n```")

    asked = ask("qwen2_5_vl", Question("ground", text="the cup and its handle"), found, clip)
    assert [part["type"] for part in asked.parts] == ["image_url", "text"]
    assert all(side % 28 == 0 for side in size_of(asked.files()[0]))
    assert asked.body["temperature"] == 0.0
    assert asked.result.answer == DetectionsAnswer(
        (
            Detection("cup", "front", Region("front", 0, 0, 500, 700), None),
            Detection("handle", "front", None, (250, 350)),
        )
    )


def test_qwen2_5_vl_tells_events_in_the_time_of_the_robot() -> None:
    listed = [
        {"start": "00:00.50", "end": "00:02", "text": "It slides."},
        {"start": 3, "end": 3.75, "text": "It falls."},
    ]
    said = spoken(f"<think>\nx\n</think>\n<answer>\n{json.dumps(listed)}\n</answer>")
    assert ask("qwen2_5_vl", Question("events"), said).result.answer == EventsAnswer(
        (
            Event("It slides.", SECOND + SECOND // 2, 3 * SECOND),
            Event("It falls.", 4 * SECOND, 4 * SECOND + 3 * SECOND // 4),
        )
    )


def test_qwen2_5_vl_takes_out_data_by_the_schema_of_the_user() -> None:
    schema = {"type": "object", "properties": {"colour": {"enum": ["red", "blue"]}}, "required": ["colour"]}
    asked = ask("qwen2_5_vl", Question("extract", schema=schema), spoken('{"colour": "red"}'))
    assert asked.body["response_format"]["json_schema"]["schema"] == schema
    assert asked.result.answer == DataAnswer({"colour": "red"})


def test_qwen2_5_vl_reads_a_page() -> None:
    asked = ask("qwen2_5_vl", Question("ocr"), spoken("DANGER\n高压危险"))
    assert [part["type"] for part in asked.parts] == ["image_url", "text"]
    assert asked.result.answer == TextAnswer("DANGER\n高压危险")


# ComputeNest


@pytest.mark.parametrize(("auth", "sent"), [(AuthScheme.PLAIN, KEY), (AuthScheme.BEARER, f"Bearer {KEY}")])
def test_computenest_is_asked_for_its_model_with_the_key_as_the_profile_says(auth: AuthScheme, sent: str) -> None:
    profile = load_profile("computenest").model_copy(update={"auth": auth})
    asked = ask(profile, FREE, TAGGED, models=listing("Qwen/Qwen2.5-VL-7B-Instruct"))
    assert "GET /v1/models" in asked.server.paths and asked.body["model"] == "Qwen/Qwen2.5-VL-7B-Instruct"
    assert {headers["authorization"] for headers in asked.server.headers} == {sent}


def test_computenest_has_a_plain_key_unless_told_otherwise() -> None:
    assert load_profile("computenest").auth is AuthScheme.PLAIN


@pytest.mark.parametrize("streaming", [True, False])
def test_computenest_sees_a_file_and_answers_in_pieces_or_at_once(streaming: bool) -> None:
    profile = load_profile("computenest").model_copy(update={"streaming": streaming})
    said = "<think>\nIt slides.\n</think>\n<answer>\nIt falls.\n</answer>"
    asked = ask(profile, FREE, spoken(said) if streaming else whole(said))
    assert asked.body["stream"] is streaming
    assert asked.parts[0]["video_url"]["url"].startswith("data:video/mp4;base64,")
    assert (asked.result.answer, asked.result.think) == (TextAnswer("It falls."), "It slides.")
    assert set(asked.body) <= STANDARD


def test_computenest_sees_a_picture_in_base64() -> None:
    asked = ask("computenest", Question("ocr"), spoken("EXIT"))
    assert asked.parts[0]["image_url"]["url"].startswith("data:image/jpeg;base64,")


def test_computenest_fetches_a_picture_itself_where_the_profile_says_so() -> None:
    media = load_profile("computenest").media.model_copy(update={"links": True})
    profile = load_profile("computenest").model_copy(update={"media": media})
    frame = replace(raw_frame(plain(320, 240)), address="http://pictures.example/page.jpg")
    asked = ask(profile, Question("ocr"), spoken("EXIT"), Clip.of([frame]))
    assert asked.parts[0]["image_url"]["url"] == "http://pictures.example/page.jpg"


# ModelScope

SLOW_DOWN = json_reply({"errors": {"message": "Too many requests."}}, 429)
LEFT = {
    "modelscope-ratelimit-requests-limit": "2000",
    "modelscope-ratelimit-requests-remaining": "1200",
    "modelscope-ratelimit-model-requests-limit": "200",
    "modelscope-ratelimit-model-requests-remaining": "7",
}
NOTHING_LEFT = {**LEFT, "modelscope-ratelimit-model-requests-remaining": "0"}


def telling(reply: Reply, headers: dict[str, str]) -> Reply:
    """The same reply with more headers."""
    return Reply(reply.status, {**reply.headers, **headers}, reply.pieces, reply.ending)


def noisy(count: int) -> Clip:
    """A clip of pictures that JPEG can hardly make smaller."""
    pixels = np.random.default_rng(0).integers(0, 255, (1080, 1920, 3), np.uint8)
    return Clip.of([raw_frame(pixels, SECOND * (1 + index)) for index in range(count)])


def test_modelscope_sees_a_few_pictures_of_a_clip_each_with_its_time() -> None:
    asked = ask("modelscope", FREE, TAGGED, filmed(40))
    images, texts = asked.parts[1:-1:2], [part["text"].strip() for part in asked.parts[:-1:2]]
    assert all(part["image_url"]["url"].startswith("data:image/jpeg;base64,") for part in images)
    assert len(images) == 8 and (texts[0], texts[-1]) == ("0.00 s:", "9.75 s:")
    assert asked.result.answer == TextAnswer("It falls.")


def test_modelscope_is_sent_no_more_bytes_than_it_takes() -> None:
    asked = ask("modelscope", FREE, TAGGED, noisy(10))
    urls = [part["image_url"]["url"] for part in asked.parts if part["type"] == "image_url"]
    assert len(urls) == 8 and sum(map(len, urls)) <= 10_000_000


def test_modelscope_is_told_nothing_that_only_a_vllm_knows() -> None:
    for question, reply in ((FREE, TAGGED), (EITHER, spoken("<think>x</think><answer>A</answer>"))):
        asked = ask("modelscope", question, reply)
        assert set(asked.body) <= STANDARD - {"seed"}
        assert all(set(part) == {"type", part["type"]} for part in asked.parts)
        assert asked.server.headers[-1]["authorization"] == f"Bearer {KEY}"


def left_of(*replies: Reply, questions: int = 1) -> tuple[list[str], Quota | None, int]:
    """How so many questions to ModelScope ended, what it grants then, and how many requests it got."""

    async def run(url: str) -> tuple[list[str], Quota | None]:
        client = EndpointClient(load_profile("modelscope"), url, "Qwen/Qwen3-VL-30B-A3B-Instruct", KEY)
        reasoner, ends = Reasoner([client], TaskLibrary.load()), []
        for _ in range(questions):
            try:
                ends.append(type((await reasoner.reason(FREE, filmed(2), TimeBudget(20.0))).answer).__name__)
            except EndpointError as error:
                ends.append(type(error).__name__)
        await client.close()
        return ends, client.quota

    with ScriptedServer(replies) as server:
        ends, quota = asyncio.run(run(server.url))
        assert {body["model"] for body in server.bodies} <= {"Qwen/Qwen3-VL-30B-A3B-Instruct"}
        return ends, quota, len(server.bodies)


def test_modelscope_says_what_it_still_grants() -> None:
    assert left_of(telling(TAGGED, LEFT)) == (["TextAnswer"], Quota(2000, 1200, 200, 7, daily=True), 1)


def test_modelscope_is_not_asked_when_nothing_is_left() -> None:
    ends, _, requests = left_of(telling(TAGGED, NOTHING_LEFT), questions=3)
    assert ends == ["TextAnswer", EndpointUnavailable.__name__, EndpointUnavailable.__name__] and requests == 1


def test_modelscope_is_asked_again_when_it_says_slow_down() -> None:
    assert left_of(telling(SLOW_DOWN, LEFT), TAGGED) == (["TextAnswer"], Quota(2000, 1200, 200, 7, daily=True), 2)


def test_modelscope_is_not_asked_again_when_it_says_tomorrow() -> None:
    ends, _, requests = left_of(telling(SLOW_DOWN, NOTHING_LEFT), questions=2)
    assert ends == [QuotaExhausted.__name__, EndpointUnavailable.__name__] and requests == 1


def test_modelscope_reads_a_text_in_any_usual_picture(tmp_path: Path) -> None:
    for ending in ("jpg", "png", "webp"):
        assert cv2.imwrite(str(tmp_path / f"page.{ending}"), plain(320, 240, (200, 200, 200)))
    with av.open(str(tmp_path / "page.gif"), "w") as container:
        film = container.add_stream("gif", rate=10)
        film.width, film.height, film.pix_fmt = 320, 240, "gray"
        container.mux(film.encode(av.VideoFrame.from_ndarray(np.zeros((240, 320), np.uint8), format="gray")))
        container.mux(film.encode())
    for page in sorted(tmp_path.iterdir()):
        asked = ask("modelscope", Question("ocr"), spoken("EXIT"), read_images([str(page)]))
        assert [part["type"] for part in asked.parts] == ["image_url", "text"]
        assert size_of(asked.files()[0]) == (320, 256) and asked.result.answer == TextAnswer("EXIT")


# Cosmos-Reason2 and Qwen3-VL


def test_qwen3_vl_gets_the_true_times_beside_the_request_and_not_in_the_pictures() -> None:
    stamps = [0, 240, 510, 740]
    clip = Clip.of([raw_frame(plain(640, 480, (200, 200, 200)), SECOND + ms * 1_000_000) for ms in stamps])
    asked = ask("qwen3_vl", FREE, spoken("<think>\nIt slides.\n</think>\n\nIt falls."), clip)
    told = {"video": {"fps": 1000, "num_frames": -1, "frames_indices": stamps}}
    assert asked.body["media_io_kwargs"] == told
    for file in asked.files():
        assert all(side % 32 == 0 for side in size_of(file)) and strip_of(file).min() > 150


def test_qwen3_vl_is_asked_at_the_end_of_the_text_and_answers_bare() -> None:
    asked = ask("qwen3_vl", FREE, spoken("<think>\nIt slides.\n</think>\n\nIt falls."))
    assert "</think>" in asked.words.splitlines()[-1] and "<answer>" not in asked.words
    assert "<think>" not in asked.body["messages"][0]["content"]
    assert (asked.result.think, asked.result.answer) == ("It slides.", TextAnswer("It falls."))


def test_qwen3_vl_is_held_to_an_answer_behind_its_reasoning() -> None:
    asked = ask("qwen3_vl", EITHER, stream(chunk(reasoning="It slides."), chunk(content="\n\nB"), chunk("stop")))
    assert asked.body["structured_outputs"] == {"regex": r"\n\n(A|B)"}
    assert asked.result.answer == ChoiceAnswer(1, "the plate")


def test_qwen3_vl_finds_things_in_thousandths_without_reasoning() -> None:
    found = [{"bbox_2d": [0, 250, 500, 1000], "label": "cup"}]
    asked = ask("qwen3_vl", Question("ground", text="the cup"), spoken(json.dumps(found)), filmed(3, 1000, 700))
    assert asked.body["chat_template_kwargs"] == {"enable_thinking": False}
    assert "thousandths" in asked.words
    assert asked.result.answer == DetectionsAnswer(
        (Detection("cup", "front", Region("front", 0, 175, 500, 525), None),)
    )
