"""The engine: who waits, who goes aside, and predictions about a recording whose future is known."""

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from itertools import pairwise

import pytest
from pictures import SECOND, raw_frame, square
from recorded import shared
from scripted_server import Ending, Reply, ScriptedServer, chunk, json_reply, spoken, stream

from cosmos_reasoner.clips.frame import Frame
from cosmos_reasoner.clips.rig import CameraRig
from cosmos_reasoner.embedded.serving import EmbeddedServer
from cosmos_reasoner.endpoints.client import EndpointClient
from cosmos_reasoner.endpoints.profile_files import load_profile
from cosmos_reasoner.errors import EndpointError, InvalidRequest, TimeBudgetExceeded
from cosmos_reasoner.reasoning.calibration import Calibration
from cosmos_reasoner.reasoning.engine import Engine, Window
from cosmos_reasoner.reasoning.hindsight import Hindsight
from cosmos_reasoner.reasoning.reasoner import Reasoner
from cosmos_reasoner.reasoning.result import Prediction, Result, TextAnswer, VerdictAnswer
from cosmos_reasoner.reasoning.scheduler import Preempted, Scheduler
from cosmos_reasoner.recordings.open import open_recording
from cosmos_reasoner.tasks.library import TaskLibrary
from cosmos_reasoner.tasks.task import Question

RATE = 4.0
QUESTION = Question(text="What moves?")
VERIFY = Question("verify", text="the square moves to the right")
ANSWER = spoken("<think>I look.</think><answer>the square</answer>")
YES = spoken("<think>I look.</think><answer>A</answer>")
HELD = stream(chunk(content="<think>I look"), ending=Ending.HELD)


@asynccontextmanager
async def engine_at(url: str, concurrency: int = 1) -> AsyncIterator[Engine]:
    """An engine whose camera has seen 2 s of a square that moves to the right."""
    client = EndpointClient(load_profile("embedded"), url)
    rig = CameraRig(["front"], RATE, 10.0, 10**9)
    for index in range(8):
        rig.offer(raw_frame(square(index), SECOND + index * SECOND // 4))
    try:
        yield Engine(rig, Reasoner([client], TaskLibrary.load()), Scheduler(concurrency, 1))
    finally:
        await client.close()


def test_looking_back_answers_about_the_clip_that_was_taken_then() -> None:
    async def play(url: str) -> Result:
        async with engine_at(url) as engine:
            clip = engine.rig.clip(1.0, 2 * SECOND)
            engine.rig.flush()
            return await engine.look_back(VERIFY, clip, 20.0)

    with ScriptedServer([YES]) as server:
        result = asyncio.run(play(server.url))
    assert isinstance(result.answer, VerdictAnswer)
    assert (result.provenance.clip_start, result.provenance.clip_end) == (SECOND + SECOND // 4, 2 * SECOND)


def test_a_request_takes_the_place_of_who_looks_back() -> None:
    began = threading.Event()

    def held(_: object) -> Reply:
        began.set()
        return HELD

    async def play(server: ScriptedServer) -> Result:
        async with engine_at(server.url) as engine:
            looking_back = asyncio.create_task(engine.look_back(VERIFY, engine.rig.clip(1.0), 20.0))
            assert await asyncio.to_thread(began.wait, 10.0)
            result = await engine.answer(QUESTION, Window(1.0), 20.0)
            with pytest.raises(Preempted):
                await looking_back
            assert await asyncio.to_thread(server.disconnected.wait, 10.0)
            return result

    with ScriptedServer([held, ANSWER]) as server:
        assert asyncio.run(play(server)).answer == TextAnswer("the square")


def test_the_time_of_who_looks_back_counts_from_its_turn() -> None:
    async def play(server: ScriptedServer) -> None:
        async with engine_at(server.url) as engine:
            request = asyncio.create_task(engine.answer(QUESTION, Window(1.0), 0.5))
            await asyncio.sleep(0)
            looking_back = asyncio.create_task(engine.look_back(VERIFY, engine.rig.clip(1.0), 0.25))
            with pytest.raises(TimeBudgetExceeded):
                await request
            assert not looking_back.done()
            with pytest.raises(TimeBudgetExceeded):
                await looking_back

    with ScriptedServer([HELD] * 8) as server:
        asyncio.run(play(server))


def test_who_looks_back_does_not_wait_for_an_endpoint_to_get_well() -> None:
    async def play(url: str) -> None:
        async with engine_at(url) as engine:
            await engine.look_back(VERIFY, engine.rig.clip(1.0), 3600.0)

    with ScriptedServer([json_reply({"error": "busy"}, 503, Retry_After="5"), YES]) as server:
        with pytest.raises(EndpointError, match="busy"):
            asyncio.run(play(server.url))
        assert len(server.bodies) == 1


def test_who_looks_back_with_a_wrong_question_is_told_at_once() -> None:
    async def play() -> None:
        async with engine_at("http://127.0.0.1:9/v1") as engine:
            await engine.look_back(Question("verify"), engine.rig.clip(1.0), 20.0)

    with pytest.raises(InvalidRequest, match="needs a question"):
        asyncio.run(play())


class Witness:
    """Predicts twice a second of a recording, and verifies as soon as the recording tells.

    Attributes:
        sampled: Stamps of the frames that were kept.
        predictions: By their request_id.
        verdicts: With the request_id of their prediction.
    """

    def __init__(self, url: str, horizon: float) -> None:
        self._horizon = horizon
        self._client = EndpointClient(load_profile("embedded"), url)
        rig = CameraRig(["front"], RATE, 10.0, 10**9)
        self.engine = Engine(rig, Reasoner([self._client], TaskLibrary.load()), Scheduler(2, 1))
        self.calibration = Calibration()
        self.hindsight = Hindsight(rig, self.calibration, 10**9)
        self.sampled: list[int] = []
        self.predictions: dict[str, Result] = {}
        self.verdicts: list[tuple[str, Result]] = []

    async def watch(self, frames: list[Frame]) -> None:
        try:
            for frame in frames:
                if self.engine.rig.offer(frame):
                    self.sampled.append(frame.stamp)
                    await self._look()
        finally:
            await self._client.close()

    async def _look(self) -> None:
        self.hindsight.look()
        while check := self.hindsight.next():
            result = await self.engine.look_back(Question("verify", text=check.statement), check.clip, 20.0)
            assert isinstance(result.answer, VerdictAnswer)
            assert self.hindsight.settle(check, result.answer.verdict)
            self.verdicts.append((check.prediction_id, result))
        if len(self.sampled) % 2:
            question = Question("predict_outcome", horizon=self._horizon)
            prediction = await self.engine.answer(question, Window(2.0), 20.0)
            self.predictions[prediction.provenance.request_id] = prediction
            self.hindsight.expect(prediction)


@pytest.fixture(scope="module")
def walk() -> Witness:
    """A robot's walk past a doorway, watched from beginning to end."""
    with open_recording(shared("bags/office_doorway_db3")) as recording:
        frames = [replace(frame, camera="front") for frame in recording.frames()]
    with EmbeddedServer() as server:
        witness = Witness(server.url, horizon=1.0)
        asyncio.run(witness.watch(frames))
    return witness


def test_verdicts_see_exactly_what_followed_their_predictions_in_the_recording(walk: Witness) -> None:
    assert walk.verdicts
    for name, verdict in walk.verdicts:
        made = walk.predictions[name].provenance.clip_end
        followed = [stamp for stamp in walk.sampled if made <= stamp <= made + SECOND]
        seen = verdict.provenance
        assert (seen.clip_start, seen.clip_end, seen.frame_count) == (followed[0], followed[-1], len(followed))
        assert seen.clip_start == made


def test_every_outcome_whose_horizon_the_recording_reaches_gets_one_verdict(walk: Witness) -> None:
    told = {
        (name, outcome.text)
        for name, prediction in walk.predictions.items()
        if isinstance(prediction.answer, Prediction) and prediction.provenance.clip_end + SECOND <= walk.sampled[-1]
        for outcome in prediction.answer.outcomes
    }
    assert sorted((name, verdict.question.text) for name, verdict in walk.verdicts) == sorted(told)
    assert walk.calibration.missed == 0


def test_the_recording_s_verdicts_make_a_score(walk: Witness) -> None:
    calibration = walk.calibration
    assert calibration.happened + calibration.did_not + calibration.unclear == len(walk.verdicts)
    assert calibration.brier_score is not None and calibration.brier_score < 0.5


def test_verdicts_come_in_the_order_of_their_predictions(walk: Witness) -> None:
    made = [walk.predictions[name].provenance.clip_end for name, _ in walk.verdicts]
    assert all(first <= second for first, second in pairwise(made))
