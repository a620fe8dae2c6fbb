"""What every endpoint must do: a scripted vLLM, the embedded endpoint, and the live one of `make conformance`."""

import asyncio
import math
import re
import traceback
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from contextlib import aclosing
from dataclasses import replace
from typing import Any, TypeVar

import numpy as np
import pytest
from pictures import SECOND, plain, raw_frame
from subjects import KINDS, Subject, opened

from cosmos_reasoner.clips.clip import Clip
from cosmos_reasoner.clips.encode import MediaForm, encode
from cosmos_reasoner.doctor.server import read_page, root_of
from cosmos_reasoner.endpoints.client import EndpointClient
from cosmos_reasoner.endpoints.clip_tokens import clip_tokens, text_alone
from cosmos_reasoner.endpoints.events import Delta, Finish
from cosmos_reasoner.endpoints.profile import ConstraintMode, Media, Profile, TimeMode
from cosmos_reasoner.endpoints.request import build
from cosmos_reasoner.errors import AuthenticationFailed, EndpointError, ModelNotFound, RequestRejected
from cosmos_reasoner.reasoning.reasoner import Reasoner
from cosmos_reasoner.reasoning.result import ChoiceAnswer, DataAnswer, Result, Status
from cosmos_reasoner.reasoning.time_budget import TimeBudget
from cosmos_reasoner.replies.defects import DefectKind
from cosmos_reasoner.tasks.library import TaskLibrary
from cosmos_reasoner.tasks.prompt import Prompt
from cosmos_reasoner.tasks.task import AnswerType, Question

T = TypeVar("T")

PATIENCE = 60.0
"""s; for one question: a vLLM on a CPU is slow."""

DIRECT = Prompt("You see.", "What moves?", AnswerType.TEXT, reasons=False)
EITHER = Question(text="What falls?", options=("the cup", "the plate"))
COLOUR = {
    "type": "object",
    "properties": {"colour": {"enum": ["red", "blue"]}},
    "required": ["colour"],
    "additionalProperties": False,
}
SIZES = {
    "640x480, 8 frames": (640, 480, 8),
    "odd, 7 frames": (641, 479, 7),
    "wide, 16 frames": (1920, 1080, 16),
    "portrait": (1080, 1920, 5),
    "tiny": (33, 47, 3),
    "smaller than a token": (16, 16, 4),
    "one pixel": (1, 1, 2),
    "a ribbon": (500, 20, 6),
    "huge": (3840, 2160, 2),
    "32 frames": (1280, 720, 32),
    "one frame": (640, 480, 1),
    "one tiny frame": (30, 20, 1),
    "one huge frame": (5000, 3500, 1),
}
"""Width, height, frames; one frame travels as an image whatever the form."""


@pytest.fixture(params=KINDS, scope="module")
def subject(request: pytest.FixtureRequest) -> Iterator[Subject]:
    """Each endpoint."""
    with opened(request.param) as endpoint:
        yield endpoint


@pytest.fixture(params=KINDS)
def slow(request: pytest.FixtureRequest) -> Iterator[Subject]:
    """Each endpoint, at a pace that leaves time to interrupt it."""
    with opened(request.param, pace=20.0) as endpoint:
        yield endpoint


def film(width: int = 640, height: int = 480, count: int = 8, camera: str = "front", seed: int = 0) -> Clip:
    """A clip at 4 Hz."""
    red, green, blue = np.random.default_rng(seed).integers(0, 255, 3)
    first = raw_frame(plain(width, height, (blue, green, red)), camera=camera)
    return Clip.of([replace(first, stamp=SECOND + index * SECOND // 4) for index in range(count)])


def brief(profile: Profile, reasoning: int = 512, direct: int = 128) -> Profile:
    """The same profile with replies of so many tokens at most."""
    drawn = profile.sampling
    sampling = {
        "reasoning": drawn.reasoning.model_copy(update={"max_tokens": reasoning}),
        "direct": drawn.direct.model_copy(update={"max_tokens": direct}),
    }
    return profile.model_copy(update={"sampling": drawn.model_copy(update=sampling)})


def using(subject: Subject, work: Callable[[EndpointClient], Awaitable[T]], **client: str) -> T:
    """Do something with a client of an endpoint."""

    async def run() -> T:
        arguments = {"base_url": subject.url, "model": subject.model, "key": subject.key, **client}
        asked = EndpointClient(subject.profile, **arguments)
        try:
            return await work(asked)
        finally:
            await asked.close()

    return asyncio.run(run())


def request(profile: Profile, clip: Clip | None = None, prompt: Prompt = DIRECT) -> dict[str, Any]:
    """The body of a request about a clip."""
    seen = clip or film(count=2)
    media = profile.media.suited_to(seen)
    return build(profile, prompt, encode(seen, media.encoding), None, media.time)


async def said(client: EndpointClient, body: dict[str, Any]) -> tuple[str, Finish]:
    """Everything that is written, and the end."""
    events = [event async for event in client.stream(body)]
    *deltas, finish = events
    assert all(isinstance(event, Delta) for event in deltas) and isinstance(finish, Finish)
    return "".join(event.reasoning + event.content for event in deltas if isinstance(event, Delta)), finish


def reason(subject: Subject, question: Question, profile: Profile | None = None, clip: Clip | None = None) -> Result:
    """Ask as the package does."""
    asked = replace(subject, profile=profile or brief(subject.profile))

    async def ask(client: EndpointClient) -> Result:
        reasoner = Reasoner([client], TaskLibrary.load())
        return await reasoner.reason(question, clip or film(), TimeBudget(PATIENCE))

    return using(asked, ask)


def failure(subject: Subject, kind: type[EndpointError], body: dict[str, Any], **client: str) -> EndpointError:
    """The error of a request, in which no key may stand."""
    with pytest.raises(kind) as caught:
        using(subject, lambda asked: said(asked, body), **client)
    told = "".join(traceback.format_exception(caught.value))
    assert all(key not in told for key in (subject.key, client.get("key")) if key)
    return caught.value


def skip_unless(claimed: object, what: str) -> None:
    """Skip what the profile does not claim."""
    if not claimed:
        pytest.skip(f"the profile does not claim {what}")


def test_an_endpoint_names_its_model(subject: Subject) -> None:
    assert using(subject, lambda client: client.model())


def test_the_end_comes_last_and_tells_the_tokens(subject: Subject) -> None:
    text, finish = using(subject, lambda client: said(client, request(brief(subject.profile))))
    assert text and finish.reason in ("stop", "length")
    assert finish.model and finish.prompt_tokens > 0 and finish.completion_tokens > 0


def test_a_reply_is_the_same_in_pieces_and_in_one_piece(subject: Subject) -> None:
    profile = brief(subject.profile, direct=24)

    async def both(client: EndpointClient) -> list[tuple[str, Finish]]:
        ways = [profile.model_copy(update={"streaming": streaming}) for streaming in (True, False)]
        return [await said(client, request(way)) for way in ways]

    streamed, whole = using(subject, both)
    assert streamed == whole


def test_a_model_that_is_not_there_is_not_found(subject: Subject) -> None:
    failure(subject, ModelNotFound, request(subject.profile), model="no-such-model")


def test_a_wrong_key_is_not_accepted(subject: Subject) -> None:
    if not subject.key:
        pytest.skip("the endpoint needs no key")
    failure(subject, AuthenticationFailed, request(subject.profile), key="sk-wrong-one")


def test_a_prompt_that_is_too_long_is_rejected(subject: Subject) -> None:
    longest = using(subject, lambda client: client.describe()).max_model_len
    if longest is None:
        pytest.skip("the endpoint does not tell how long a prompt may be")
    words = replace(DIRECT, user="word " * (longest + 1))
    failure(subject, RequestRejected, request(subject.profile, prompt=words))


def media_of(profile: Profile, form: MediaForm) -> Media:
    """How clips travel in a form, if the profile claims it: who takes only images takes no videos."""
    media = profile.media
    if form is media.form:
        return media
    skip_unless(media.form is not MediaForm.IMAGES, form.value)
    skip_unless(form is not MediaForm.JPEG_SEQUENCE or media.form is form, form.value)
    if media.time is TimeMode.BURNED_IN:
        return media.model_copy(update={"form": form})
    return media.model_copy(update={"form": form, "time": TimeMode.TEXT if form is MediaForm.IMAGES else TimeMode.NONE})


def clips_for(form: MediaForm) -> dict[str, Clip]:
    """Clips of all sizes; a single frame is an image in every form."""
    several = {name: film(*size) for name, size in SIZES.items() if size[2] > 1 or form is MediaForm.IMAGES}
    return {**several, "two views": two_views(4)}


def two_views(count: int) -> Clip:
    """A clip of two cameras."""
    return Clip((*film(count=count), *film(320, 240, count, "left")))


def counted(subject: Subject, media: Media, clips: dict[str, Clip]) -> tuple[dict[str, int], dict[str, int]]:
    """Tokens of clips by the endpoint's count and by ours."""
    profile = brief(subject.profile.model_copy(update={"media": media}), direct=1)
    encoded = {name: encode(clip, media.suited_to(clip).encoding) for name, clip in clips.items()}
    times = {name: media.suited_to(clip).time for name, clip in clips.items()}

    async def count(client: EndpointClient) -> dict[str, int]:
        return {name: await seen(client, build(profile, DIRECT, encoded[name], None, times[name])) for name in clips}

    async def seen(client: EndpointClient, body: dict[str, Any]) -> int:
        _, all_of_it = await said(client, body)
        _, words = await said(client, {**body, "messages": text_alone(body["messages"])})
        return all_of_it.prompt_tokens - words.prompt_tokens

    ours = {name: clip_tokens(clip, media.rules, times[name]) for name, clip in encoded.items()}
    return using(subject, count), ours


@pytest.mark.parametrize("form", MediaForm)
def test_clips_of_all_sizes_take_as_many_tokens_as_we_count(subject: Subject, form: MediaForm) -> None:
    theirs, ours = counted(subject, media_of(subject.profile, form), clips_for(form))
    wrong = [name for name in ours if theirs[name] != ours[name]]
    if form is MediaForm.MP4 and wrong:
        told = f"{theirs[wrong[0]]} tokens for {ours[wrong[0]]} ({', '.join(wrong)})"
        pytest.skip(f"files are read at another rate, which is reported as CLIP_ALTERED: {told}")
    assert theirs == ours


@pytest.mark.parametrize("clip", [film(count=12), two_views(8)], ids=["one view", "two views"])
@pytest.mark.parametrize("form", MediaForm)
def test_a_clip_that_does_not_arrive_as_it_was_sent_is_reported(subject: Subject, form: MediaForm, clip: Clip) -> None:
    media = media_of(subject.profile, form)
    theirs, ours = counted(subject, media, {"it": clip})
    profile = brief(subject.profile.model_copy(update={"media": media}))
    defects = reason(subject, Question(text="What moves?"), profile, clip).defects
    assert any(defect.kind is DefectKind.CLIP_ALTERED for defect in defects) == (theirs != ours)


def test_the_reasoning_is_parted_from_the_answer(subject: Subject) -> None:
    skip_unless(subject.profile.prompting.reasoning != "none", "reasoning")
    result = reason(subject, Question(text="What falls?"))
    assert result.provenance.status is Status.OK
    assert result.think and result.reply
    assert not re.search("</?(think|answer)>", result.think + result.reply)


def test_a_choice_is_one_of_the_options_and_the_probabilities_are_one_together(subject: Subject) -> None:
    skip_unless(subject.profile.constraint is not ConstraintMode.NONE, "constraints")
    answer = reason(subject, EITHER).answer
    assert isinstance(answer, ChoiceAnswer) and answer.option == EITHER.options[answer.index]
    skip_unless(subject.profile.logprobs, "log-probabilities")
    assert len(answer.probabilities) == 2 and math.isclose(sum(answer.probabilities), 1.0)


def test_data_obey_their_schema(subject: Subject) -> None:
    skip_unless(subject.profile.constraint is not ConstraintMode.NONE, "constraints")
    if subject.profile.name == "embedded":
        pytest.skip("the motion baseline takes no data out of pictures, and says so")
    result = reason(subject, Question("extract", text="Which colour has it?", schema=COLOUR))
    if any(defect.kind is DefectKind.TRUNCATED for defect in result.defects):
        pytest.skip("the model fills the space with what the schema lets it write for ever")
    assert isinstance(result.answer, DataAnswer) and result.answer.data["colour"] in ("red", "blue")


def test_reasoning_that_is_cut_is_closed_and_answered(subject: Subject) -> None:
    skip_unless(subject.profile.prompting.reasoning != "none", "reasoning")
    skip_unless(subject.profile.constraint is not ConstraintMode.NONE, "constraints")
    result = reason(subject, EITHER, brief(subject.profile, reasoning=6))
    assert result.provenance.status is Status.TRUNCATED_THINK
    assert result.think and isinstance(result.answer, ChoiceAnswer)


def test_the_same_request_gives_the_same_text(subject: Subject) -> None:
    skip_unless(subject.profile.sampling.reasoning.seed is not None, "a seed")
    body = request(brief(subject.profile, reasoning=48), prompt=replace(DIRECT, reasons=True))

    async def twice(client: EndpointClient) -> list[str]:
        return [(await said(client, body))[0] for _ in range(2)]

    first, second = using(subject, twice)
    assert first == second


async def until(running: Callable[[], Awaitable[float | None]], wanted: Callable[[float], bool]) -> bool:
    """Whether the number of running requests becomes as wanted within a few seconds."""
    for _ in range(200):
        if wanted(await running() or 0.0):
            return True
        await asyncio.sleep(0.02)
    return False


def test_leaving_a_reply_ends_it(slow: Subject) -> None:
    skip_unless(slow.profile.streaming, "streaming")
    body = request(brief(slow.profile, reasoning=2048), prompt=replace(DIRECT, reasons=True))
    body["extra_body"] = {**body.get("extra_body", {}), "ignore_eos": True}

    async def leave(client: EndpointClient) -> tuple[bool, bool]:
        before = await slow.running()
        if before is None:
            pytest.skip("the endpoint does not tell how busy it is")
        events: AsyncGenerator[Delta | Finish, None]
        async with aclosing(client.stream(body)) as events:
            await anext(events)
            begun = await until(slow.running, lambda running: running > before)
        return begun, await until(slow.running, lambda running: running <= before)

    assert using(slow, leave) == (True, True)


async def cached(url: str) -> tuple[float, float] | None:
    """Prompt tokens that a vLLM has looked for in its prefix cache, and found there; None when it does not tell."""
    page = (await read_page(f"{root_of(url)}/metrics")).text
    counts = [re.findall(rf"(?m)^vllm:prefix_cache_{what}_total.* (\S+)$", page) for what in ("queries", "hits")]
    return (float(counts[0][0]), float(counts[1][0])) if all(counts) else None


def test_a_second_question_about_a_clip_finds_it_in_the_cache(subject: Subject) -> None:
    profile, clip = brief(subject.profile, direct=1), film(count=16, seed=np.random.default_rng().integers(2**31))

    async def ask(client: EndpointClient, words: str) -> tuple[float, float]:
        await said(client, request(profile, clip, replace(DIRECT, user=words)))
        return await cached(subject.url) or pytest.skip("the endpoint does not tell what its cache finds")

    async def both(client: EndpointClient) -> float:
        looked, found = await ask(client, "What moves?")
        all_looked, all_found = await ask(client, "Then tell what will follow from that.")
        return (all_found - found) / (all_looked - looked)

    assert using(subject, both) > 0.9


def test_eight_questions_at_once_are_all_answered(subject: Subject) -> None:
    profile = brief(subject.profile, direct=16)
    bodies = [request(profile, prompt=replace(DIRECT, user=f"Question {number}?")) for number in range(8)]

    async def ask(client: EndpointClient) -> list[tuple[str, Finish]]:
        return await asyncio.gather(*(said(client, body) for body in bodies))

    assert all(text and finish.reason for text, finish in using(subject, ask))
