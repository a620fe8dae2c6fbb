"""Several endpoints: who is asked, again or instead, and who is left alone; over real HTTP."""

import asyncio
import socket
import threading
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any, TypeVar

import pytest
from pictures import SECOND, jpeg_frame, raw_frame, square
from scripted_server import Ending, Reply, ScriptedServer, chunk, json_reply, spoken, stream

from cosmos_reasoner.clips.clip import Clip
from cosmos_reasoner.clips.encode import MediaForm
from cosmos_reasoner.endpoints.breaker import BreakerState
from cosmos_reasoner.endpoints.client import EndpointClient
from cosmos_reasoner.endpoints.profile import Media, TimeMode
from cosmos_reasoner.endpoints.profile_files import load_profile
from cosmos_reasoner.errors import (
    AuthenticationFailed,
    EndpointError,
    EndpointFailed,
    EndpointOverloaded,
    EndpointUnavailable,
    EndpointUnreachable,
    FrameError,
    QuotaExhausted,
    RateLimited,
    RequestRejected,
    TimeBudgetExceeded,
)
from cosmos_reasoner.reasoning.reasoner import Reasoner
from cosmos_reasoner.reasoning.result import Ranking
from cosmos_reasoner.reasoning.time_budget import TimeBudget
from cosmos_reasoner.replies.live import Part, Piece
from cosmos_reasoner.tasks.library import TaskLibrary
from cosmos_reasoner.tasks.task import Action, Question

T = TypeVar("T")

PROFILE = load_profile("embedded")
NAMES = ("first", "second", "third")
CLIP = Clip.of([raw_frame(square(index), SECOND + index * SECOND // 4) for index in range(4)])
QUESTION = Question(text="What moves?")
RANKING = Question("rank_actions", actions=(Action("1", "stop"), Action("2", "go")), goal="arrive")
YES = spoken("<think>I look.</think><answer>yes</answer>")
HELD = stream(ending=Ending.HELD)
DAILY = "modelscope-ratelimit-requests-remaining"


class Pause(threading.Event):
    """A part of a reply that takes a quarter of a second."""

    def wait(self, timeout: float | None = None) -> bool:  # noqa: ARG002
        time.sleep(0.25)
        return True


def writing(seconds: float) -> Reply:
    """A reply that is written for so long, a word every quarter of a second."""
    words = [chunk(content="<think>x</think><answer>I")]
    return stream(*(piece for word in words + [chunk(content=" look")] * int(4 * seconds) for piece in (word, Pause())))


def failing(status: int, **headers: str) -> Reply:
    return json_reply({"error": {"message": "It is like this."}}, status, **headers)


@dataclass
class Asking:
    """Asks a list of endpoints, by a clock of the test's if it has one."""

    urls: Sequence[str]
    now: float | None = None
    clip: Clip = CLIP
    profiles: Sequence[Any] = tuple(PROFILE.model_copy(update={"name": name}) for name in NAMES)
    heard: list[Piece] = field(default_factory=list)
    reasoner: Reasoner = field(init=False)

    def run(self, work: "Callable[[Asking], Awaitable[T]]") -> T:
        """Do something in one loop, with all endpoints open."""

        async def run() -> T:
            clients = [EndpointClient(*pair, model="m") for pair in zip(self.profiles, self.urls)]
            clock = time.monotonic if self.now is None else lambda: self.now or 0.0
            self.reasoner = Reasoner(clients, TaskLibrary.load(), clock=clock, chance=Random(7))
            try:
                return await work(self)
            finally:
                for client in clients:
                    await client.close()

        return asyncio.run(run())

    async def who(self, question: Question = QUESTION, seconds: float = 20.0) -> str:
        """Who answers a question; or the name of the error."""
        try:
            return (await self.result(question, seconds)).provenance.profile
        except (EndpointError, TimeBudgetExceeded) as error:
            return type(error).__name__

    async def result(self, question: Question = QUESTION, seconds: float = 20.0) -> Any:
        return await self.reasoner.reason(question, self.clip, TimeBudget(seconds), self.heard.append)

    @property
    def states(self) -> list[BreakerState]:
        return [route.breaker.state for route in self.reasoner.failover.routes]


def ask_all(*urls: str, times: int = 1, seconds: float = 20.0) -> list[str]:
    """Who answers so many questions, one after the other."""

    async def ask(asking: Asking) -> list[str]:
        return [await asking.who(seconds=seconds) for _ in range(times)]

    return Asking(urls).run(ask)


def error_of(*urls: str, seconds: float = 20.0) -> Exception:
    """What one question ends in."""
    with pytest.raises((EndpointError, TimeBudgetExceeded)) as caught:
        Asking(urls).run(lambda asking: asking.result(seconds=seconds))
    return caught.value


@pytest.fixture
def nobody() -> Any:
    """An address where nothing listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}/v1"


def test_while_the_first_answers_nobody_else_is_asked() -> None:
    with ScriptedServer([YES] * 3) as first, ScriptedServer() as second:
        assert ask_all(first.url, second.url, times=3) == ["first"] * 3
        assert second.paths == []


def test_where_the_first_is_not_there_the_second_answers_and_is_named(nobody: str) -> None:
    with ScriptedServer([YES]) as second:
        assert ask_all(nobody, second.url) == ["second"]


def test_a_list_is_gone_through_to_its_end(nobody: str) -> None:
    with ScriptedServer([failing(500)]) as second, ScriptedServer([YES]) as third:
        assert ask_all(nobody, second.url, third.url) == ["third"]


def test_the_first_is_left_alone_while_it_cools_down_and_then_used_again() -> None:
    async def run(asking: Asking) -> list[str]:
        answered = []
        for now in (0.0, 1.0, 2.0, 3.0, 6.9, 7.1, 7.2):
            asking.now = now
            answered.append(await asking.who())
        return answered

    with ScriptedServer([failing(404)] * 3 + [YES] * 2) as first, ScriptedServer([YES] * 5) as second:
        assert Asking((first.url, second.url), 0.0).run(run) == ["second"] * 5 + ["first"] * 2
        assert len(first.bodies) == 5


@pytest.mark.parametrize("status", [500, 501, 404, 401, 403, 402])
def test_what_would_fail_again_is_not_asked_again_but_elsewhere(status: int) -> None:
    with ScriptedServer([failing(status)]) as first, ScriptedServer([YES]) as second:
        assert ask_all(first.url, second.url) == ["second"]
        assert len(first.bodies) == 1


@pytest.mark.parametrize("status", [408, 429, 502, 503, 504, 529])
def test_what_may_pass_is_asked_again_twice(status: int) -> None:
    with ScriptedServer([failing(status)] * 2 + [YES]) as first, ScriptedServer() as second:
        assert ask_all(first.url, second.url) == ["first"]
        assert (len(first.bodies), len(second.bodies)) == (3, 0)


def test_after_two_retries_the_next_endpoint_is_asked() -> None:
    with ScriptedServer([failing(503)] * 5) as first, ScriptedServer([YES]) as second:
        assert ask_all(first.url, second.url) == ["second"]
        assert len(first.bodies) == 3


@pytest.mark.parametrize("status", [400, 413, 422])
def test_a_request_that_is_rejected_is_given_up_and_the_endpoint_keeps_its_place(status: int) -> None:
    with ScriptedServer([failing(status)] * 4 + [YES]) as only:
        assert ask_all(only.url, times=5) == ["RequestRejected"] * 4 + ["first"]


def test_a_request_that_one_endpoint_rejects_is_shown_to_the_next_and_no_farther_than_the_list() -> None:
    with ScriptedServer([failing(400)] * 4 + [YES]) as first, ScriptedServer([YES] * 3 + [failing(422)]) as second:
        assert ask_all(first.url, second.url, times=5) == ["second"] * 3 + ["RequestRejected", "first"]
        assert (len(first.bodies), len(second.bodies)) == (5, 4)


def test_a_rejection_does_not_keep_the_question_from_an_endpoint_that_gets_well() -> None:
    with ScriptedServer([failing(503)] * 4 + [YES]) as first, ScriptedServer([failing(400)] * 2) as second:
        assert ask_all(first.url, second.url) == ["first"]
        assert len(second.bodies) == 1


def test_requests_that_an_endpoint_fails_over_do_not_shut_it_for_others() -> None:
    with ScriptedServer([failing(500)] * 9 + [YES]) as only:
        assert ask_all(only.url, times=10) == ["EndpointFailed"] * 9 + ["first"]


def ask_together(count: int, *urls: str, seconds: float = 30.0) -> list[str]:
    """Who answers so many questions at the same time."""

    async def ask(asking: Asking) -> list[str]:
        return await asyncio.gather(*(asking.who(seconds=seconds) for _ in range(count)))

    return Asking(urls).run(ask)


def until_passed(seconds: float, failure: Reply) -> Callable[[Any], Reply]:
    """What an endpoint says that is out of order for so long, from its first request."""
    first: list[float] = []

    def reply(_: Any) -> Reply:
        first.append(time.monotonic())
        return failure if time.monotonic() - first[0] < seconds else YES

    return reply


@pytest.mark.parametrize("failure", [failing(429, Retry_After="0.5"), failing(503)], ids=["slow down", "loading"])
def test_a_trouble_that_passes_costs_no_question_its_answer_even_of_many(failure: Reply) -> None:
    with ScriptedServer([until_passed(0.5, failure)] * 200) as only:
        assert ask_together(20, only.url) == ["first"] * 20


def test_a_question_waits_for_the_time_when_its_only_endpoint_may_be_asked_again() -> None:
    async def run(asking: Asking) -> list[str]:
        return [await asking.who(seconds=0.8), await asking.who()]

    with ScriptedServer([failing(429, Retry_After="0.5"), YES]) as only:
        assert Asking((only.url,)).run(run) == ["RateLimited", "first"]


def test_while_one_question_tries_the_others_wait_for_how_it_goes() -> None:
    async def run(asking: Asking) -> list[str]:
        for _ in range(3):
            await asking.who()
        asking.now = 6.0
        return await asyncio.gather(*(asking.who() for _ in range(20)))

    with ScriptedServer([failing(404)] * 3 + [YES] * 20) as only:
        assert Asking((only.url,), 0.0).run(run) == ["first"] * 20


def test_the_retries_of_one_question_do_not_keep_others_from_the_endpoint() -> None:
    async def run(asking: Asking) -> BreakerState:
        assert await asking.who() == "first"
        return asking.states[0]

    with ScriptedServer([failing(503)] * 5 + [YES]) as only:
        assert Asking((only.url,)).run(run) is BreakerState.CLOSED
        assert len(only.bodies) == 6


def test_a_wait_that_has_passed_while_another_endpoint_failed_is_over() -> None:
    """The first may be asked again after 0.5 s; the second takes 1.5 of 4 s to fail."""
    late = stream(chunk(role="assistant"), *[Pause()] * 6, {"error": {"message": "engine died"}})
    with ScriptedServer([failing(429, Retry_After="0.5"), YES]) as first, ScriptedServer([late]) as second:
        names = (PROFILE.model_copy(update={"name": "first"}), PROFILE.model_copy(update={"name": "second"}))
        held = Asking((first.url, second.url), profiles=names)
        assert held.run(lambda asking: asking.who(seconds=4.0)) == "first"


def test_who_asks_again_anyway_waits_no_longer_than_a_second_for_an_endpoint_to_get_well() -> None:
    async def run(asking: Asking) -> None:
        with pytest.raises(EndpointOverloaded):
            await asking.reasoner.reason(QUESTION, CLIP, TimeBudget(20.0), waits=False)
        await asking.reasoner.reason(QUESTION, CLIP, TimeBudget(20.0), waits=False)

    with ScriptedServer([failing(503, Retry_After="2"), failing(503), YES]) as only:
        Asking((only.url,)).run(run)


def test_a_trouble_that_does_not_pass_is_told_while_half_of_the_time_is_left() -> None:
    async def run(asking: Asking) -> float:
        budget = TimeBudget(4.0)
        with pytest.raises(EndpointError):
            await asking.reasoner.reason(QUESTION, CLIP, budget)
        return budget.left or 0.0

    with ScriptedServer([failing(503)] * 100) as only:
        assert Asking((only.url,)).run(run) >= 1.9


def test_a_wait_that_a_server_asks_for_is_kept() -> None:
    times: list[float] = []

    def noted(reply: Reply) -> Callable[[Any], Reply]:
        return lambda _: (times.append(time.monotonic()), reply)[1]

    with ScriptedServer([noted(failing(429, Retry_After="0.5")), noted(YES)]) as first:
        assert ask_all(first.url) == ["first"]
    assert times[1] - times[0] >= 0.5


@pytest.mark.parametrize("status", [429, 503])
def test_a_wait_that_would_take_half_of_the_time_left_is_not_waited(status: int) -> None:
    with ScriptedServer([failing(status, Retry_After="11")]) as first, ScriptedServer([YES]) as second:
        assert ask_all(first.url, second.url) == ["second"]
        assert len(first.bodies) == 1
    with ScriptedServer([failing(status, Retry_After="11")]) as first:
        assert type(error_of(first.url)) in (RateLimited, EndpointOverloaded)
        assert len(first.bodies) == 1


def test_without_a_budget_no_more_than_a_minute_is_waited_for_a_retry() -> None:
    async def run(asking: Asking) -> str:
        return (await asking.reasoner.reason(QUESTION, CLIP)).provenance.profile

    with ScriptedServer([failing(429, Retry_After="3600")]) as first, ScriptedServer([YES]) as second:
        assert Asking((first.url, second.url)).run(run) == "second"


def test_a_rate_limit_holds_until_the_time_that_was_said() -> None:
    async def run(asking: Asking) -> list[str]:
        answered = []
        for now in (0.0, 1.0, 29.9, 30.1):
            asking.now = now
            answered.append(await asking.who())
        return answered

    with ScriptedServer([failing(429, Retry_After="30"), YES]) as first, ScriptedServer([YES] * 3) as second:
        assert Asking((first.url, second.url), 0.0).run(run) == ["second", "second", "second", "first"]


@pytest.mark.parametrize(
    ("replies", "answered"),
    [
        ([failing(429, **{DAILY.replace("-", "_"): "0"}), YES], ["second", "second", "first"]),
        ([replace(YES, headers={**YES.headers, DAILY: "0"}), YES], ["first", "second", "first"]),
    ],
    ids=["the error says so", "the last answer says so"],
)
def test_a_quota_that_is_used_up_is_looked_at_again_after_a_quarter_of_an_hour(
    replies: list[Reply], answered: list[str]
) -> None:
    async def run(asking: Asking) -> list[str]:
        who = []
        for now in (0.0, 899.0, 901.0):
            asking.now = now
            who.append(await asking.who())
        return who

    with ScriptedServer(replies) as first, ScriptedServer([YES] * 3) as second:
        assert Asking((first.url, second.url), 0.0).run(run) == answered
        assert len(first.bodies) == 2


def test_a_used_up_quota_is_said_where_there_is_no_other_endpoint() -> None:
    async def run(asking: Asking) -> EndpointError:
        with pytest.raises(QuotaExhausted, match="until tomorrow"):
            await asking.result()
        with pytest.raises(EndpointUnavailable, match="until tomorrow") as caught:
            await asking.result()
        return caught.value

    with ScriptedServer([failing(429, **{DAILY.replace("-", "_"): "0"})]) as only:
        assert Asking((only.url,), 0.0).run(run).retry_after == 900.0


def test_a_refused_key_is_not_shown_again_for_a_minute() -> None:
    async def run(asking: Asking) -> list[str]:
        answered = []
        for now in (0.0, 59.0, 61.0):
            asking.now = now
            answered.append(await asking.who())
        return answered

    with ScriptedServer([failing(401), YES]) as first, ScriptedServer([YES] * 2) as second:
        assert Asking((first.url, second.url), 0.0).run(run) == ["second", "second", "first"]


def test_of_one_endpoint_its_own_error_is_told() -> None:
    for status, kind in ((401, AuthenticationFailed), (500, EndpointFailed), (400, RequestRejected)):
        with ScriptedServer([failing(status)]) as only:
            assert type(error_of(only.url)) is kind


def test_of_several_endpoints_every_error_is_told(nobody: str) -> None:
    with ScriptedServer([failing(401)]) as second:
        error = error_of(nobody, second.url, seconds=1.0)
        assert type(error) is EndpointUnavailable
        assert f"{nobody} cannot be reached" in str(error)
        assert f"{second.url} answered 401: It is like this." in str(error)


def test_when_all_are_held_back_each_is_named_with_its_reason_and_the_time_until_it_is_tried(nobody: str) -> None:
    async def run(asking: Asking) -> EndpointUnavailable:
        for _ in range(3):
            await asking.who(seconds=0.5)
        with pytest.raises(EndpointUnavailable) as caught:
            await asking.result(seconds=8.0)
        return caught.value

    with ScriptedServer([failing(401)]) as second:
        error = Asking((nobody, second.url), 0.0).run(run)
        assert f"first at {nobody} is not asked for another 5.0 s: {nobody} cannot be reached" in str(error)
        assert f"second at {second.url} is not asked for another 60.0 s: {second.url} answered 401" in str(error)
        assert error.retry_after == 5.0
        assert len(second.bodies) == 1


def test_one_question_tries_while_the_others_go_elsewhere() -> None:
    go_on = threading.Event()
    slow = stream(chunk(content="<think>x</think><answer>yes</answer>"), go_on, chunk("stop"))

    async def run(asking: Asking) -> list[str]:
        for _ in range(3):
            await asking.who()
        asking.now = 6.0
        trying = asyncio.ensure_future(asking.who())
        await until(lambda: len(first.bodies) == 4)
        others = [await asking.who() for _ in range(2)]
        go_on.set()
        return [*others, await trying, await asking.who()]

    with ScriptedServer([failing(404)] * 3 + [slow, YES]) as first, ScriptedServer([YES] * 5) as second:
        assert Asking((first.url, second.url), 0.0).run(run) == ["second", "second", "first", "first"]


def parts(heard: Sequence[Piece]) -> list[Part | str]:
    """What a listener knows at the end: pieces of a part joined."""
    told: list[Part | str] = []
    for piece in heard:
        if piece.part is Part.RESTART:
            told.append(piece.part)
        elif told and isinstance(told[-1], str):
            told[-1] += piece.text
        else:
            told.append(piece.text)
    return told


@pytest.mark.parametrize("ending", [Ending.CUT_OFF, Ending.RESET])
def test_a_listener_is_told_to_forget_what_broke_off_before_it_is_asked_again(ending: Ending) -> None:
    broken = stream(chunk(content="<think>I look at the thing"), ending=ending)
    with ScriptedServer([broken, YES]) as server:
        asking = Asking((server.url,))
        asking.run(lambda asking: asking.result())
    assert parts(asking.heard) == ["I look at the thing", Part.RESTART, "I look.yes"]


def test_a_listener_is_told_to_forget_what_broke_off_before_another_endpoint_is_asked() -> None:
    broken = stream(chunk(content="<think>I look at the thing"), {"error": {"message": "engine died"}})
    with ScriptedServer([broken]) as first, ScriptedServer([YES]) as second:
        asking = Asking((first.url, second.url))
        assert asking.run(lambda asking: asking.who()) == "second"
    assert parts(asking.heard) == ["I look at the thing", Part.RESTART, "I look.yes"]


CUT = stream(chunk(content="<think>I look"), chunk("length"))


@pytest.mark.parametrize(
    "replies",
    [
        [CUT, stream(chunk(content="The an"), {"error": {"message": "engine died"}}), spoken("yes")],
        [CUT, failing(400), spoken("<think>I look again</think><answer>yes</answer>")],
        [spoken("I think so, without any tags")],
        [spoken("<think>a</think><answer>b <")],
        [spoken("<think>a</think><answer>b</answer>c<think>d</think><answer>e</answer>")],
    ],
    ids=["a continuation breaks off", "it reasons again", "no tags", "text held back", "two answers"],
)
def test_what_a_listener_knows_at_the_end_is_the_result(replies: list[Reply]) -> None:
    with ScriptedServer(replies) as server:
        asking = Asking((server.url,))
        result = asking.run(lambda asking: asking.result())
    last = max((index for index, piece in enumerate(asking.heard) if piece.part is Part.RESTART), default=-1)
    known = {Part.THINK: "", Part.ANSWER: ""}
    for piece in asking.heard[last + 1 :]:
        known[piece.part] += piece.text
    assert {part: text.strip() for part, text in known.items()} == {Part.THINK: result.think, Part.ANSWER: result.reply}


def test_a_listener_that_was_told_nothing_has_nothing_to_forget() -> None:
    with ScriptedServer([failing(503), YES]) as server:
        asking = Asking((server.url,))
        asking.run(lambda asking: asking.result())
    assert parts(asking.heard) == ["I look.yes"]


def test_a_whole_ranking_is_brought_to_the_next_endpoint() -> None:
    answer = spoken("<think>x</think><answer>A</answer>")
    with ScriptedServer([failing(500)]) as first, ScriptedServer([answer] * 2) as second:
        result = Asking((first.url, second.url)).run(lambda asking: asking.result(RANKING))
    assert isinstance(result.answer, Ranking)
    assert (result.provenance.profile, result.provenance.request_count) == ("second", 2)


def test_every_endpoint_is_asked_in_its_own_form() -> None:
    pictures = PROFILE.model_copy(
        update={"name": "pictures", "media": Media(form=MediaForm.IMAGES, time=TimeMode.TEXT)}
    )
    with ScriptedServer([failing(500)]) as first, ScriptedServer([YES]) as second:
        asking = Asking((first.url, second.url), profiles=(PROFILE, pictures))
        assert asking.run(lambda asking: asking.who()) == "pictures"
        kinds = [{part["type"] for part in server.bodies[0]["messages"][-1]["content"]} for server in (first, second)]
    assert kinds == [{"video_url", "text"}, {"image_url", "text"}]


async def until(condition: Callable[[], object]) -> None:
    """Return as soon as something is so; the server is another thread, which no event of this loop hears."""
    while not condition():  # noqa: ASYNC110
        await asyncio.sleep(0.001)


async def left_in_phase(asking: Asking, arrived: Callable[[], object]) -> None:
    """Cancel a question as soon as something is so."""
    running = asyncio.ensure_future(asking.result())
    await until(arrived)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


@pytest.mark.parametrize(
    "reply",
    [HELD, stream(chunk(content="<think>I look at it"), ending=Ending.HELD), Reply(ending=Ending.HELD)],
    ids=["before the first token", "in mid-reply", "with no body"],
)
def test_a_cancel_reaches_the_endpoint_and_is_no_failure_of_it(reply: Reply) -> None:
    async def run(asking: Asking) -> list[BreakerState]:
        for count in range(1, 5):
            await left_in_phase(asking, lambda: len(first.bodies) == count)
            assert await asyncio.to_thread(first.disconnected.wait, 10)
            first.disconnected.clear()
        return asking.states

    with ScriptedServer([reply] * 4) as first, ScriptedServer() as second:
        assert Asking((first.url, second.url)).run(run) == [BreakerState.CLOSED] * 2
        assert second.paths == []


def test_a_cancel_while_a_retry_is_waited_for_ends_the_wait() -> None:
    async def run(asking: Asking) -> float:
        began = time.monotonic()
        await left_in_phase(asking, lambda: asking.reasoner.failover.routes[0].breaker.reason)
        return time.monotonic() - began

    with ScriptedServer([failing(503, Retry_After="9")]) as first, ScriptedServer() as second:
        assert Asking((first.url, second.url)).run(run) < 9.0
        assert second.paths == []


def test_a_cancel_while_a_frame_is_encoded_asks_nobody() -> None:
    async def run(asking: Asking) -> list[BreakerState]:
        await left_in_phase(asking, lambda: True)
        return asking.states

    with ScriptedServer() as first:
        assert Asking((first.url,)).run(run) == [BreakerState.CLOSED]
        assert first.paths == []


@pytest.mark.parametrize("hindrance", ["a cancel", "a broken frame"])
def test_a_try_that_tells_nothing_leaves_the_next_question_its_chance(hindrance: str) -> None:
    async def run(asking: Asking) -> str:
        for _ in range(3):
            await asking.who()
        asking.now = 6.0
        if hindrance == "a cancel":
            await left_in_phase(asking, lambda: len(first.bodies) == 4)
        else:
            whole = jpeg_frame(square(0))
            asking.clip = Clip.of([replace(whole, data=whole.data[:200])])
            with pytest.raises(FrameError):
                await asking.result()
            asking.clip = CLIP
        return await asking.who()

    held = [HELD] if hindrance == "a cancel" else []
    with ScriptedServer([failing(404)] * 3 + held + [YES]) as first:
        assert Asking((first.url,), 0.0).run(run) == "first"


STALLED = stream(chunk(content="<think>well</think><answer>I look"), ending=Ending.HELD)


@pytest.mark.parametrize("reply", [HELD, STALLED], ids=["from the start", "after some words"])
def test_an_endpoint_that_is_silent_until_the_budget_is_over_is_left_alone(reply: Reply) -> None:
    async def run(asking: Asking) -> list[str]:
        names = [await asking.who(seconds=seconds) for seconds in (20.0, 20.0, 2.2)]
        await until(lambda: asking.states == [BreakerState.OPEN])  # the caller does not wait for the cleaning up
        return [*names, await asking.who(seconds=1.0)]

    with ScriptedServer([failing(404)] * 2 + [reply]) as only:
        names = Asking((only.url,)).run(run)
        assert names == ["ModelNotFound"] * 2 + ["TimeBudgetExceeded", "EndpointUnavailable"]


@pytest.mark.parametrize("reply", [HELD, STALLED], ids=["from the start", "after some words"])
def test_a_silent_endpoint_is_left_while_there_is_time_for_the_next(reply: Reply) -> None:
    with ScriptedServer([reply]) as first, ScriptedServer([YES]) as second:
        assert ask_all(first.url, second.url, seconds=2.0) == ["second"]
        assert first.disconnected.wait(5.0)


def test_an_endpoint_that_writes_is_not_left_for_the_next() -> None:
    with ScriptedServer([writing(2.0)]) as first, ScriptedServer([YES]) as second:
        assert ask_all(first.url, second.url, seconds=1.5) == ["TimeBudgetExceeded"]
        assert second.bodies == []


def test_an_endpoint_that_does_not_stream_is_not_left_for_its_silence() -> None:
    whole_reply = PROFILE.model_copy(update={"name": "whole", "streaming": False})
    with ScriptedServer([HELD] * 2) as first, ScriptedServer([YES]) as second:
        asking = Asking((first.url, second.url), profiles=(whole_reply, PROFILE))
        assert asking.run(lambda asking: asking.who(seconds=0.5)) == "TimeBudgetExceeded"
        assert second.bodies == []


def test_a_question_that_waits_for_its_turn_does_not_call_the_endpoint_silent() -> None:
    """One at a time is let through; the second has 2.2 s, of which the first takes most."""
    one = PROFILE.model_copy(update={"name": "one", "concurrency": 1})

    async def run(asking: Asking) -> list[str]:
        for _ in range(2):
            await asking.who()
        first = asyncio.ensure_future(asking.who())
        await until(lambda: len(only.bodies) == 3)
        second = await asking.who(seconds=2.2)
        return [second, await first, await asking.who(seconds=4.0)]

    with ScriptedServer([failing(404)] * 2 + [writing(2.5), YES]) as only:
        answered = Asking((only.url,), profiles=(one,)).run(run)
        assert answered == ["TimeBudgetExceeded", "one", "one"]


def test_the_last_endpoint_has_all_the_time_that_is_left(nobody: str) -> None:
    with ScriptedServer([HELD]) as last:
        assert ask_all(nobody, last.url, seconds=1.0) == ["TimeBudgetExceeded"]


def test_an_endpoint_is_left_for_one_that_can_be_asked_and_only_then() -> None:
    """The second, held back for 1 s when the first falls silent, is asked as soon as it may be."""

    async def run(asking: Asking) -> str:
        second = asking.reasoner.failover.routes[1].breaker
        ticket = second.admit()
        assert ticket is not None
        second.failed(ticket, RateLimited("slow down", 1.2))
        return await asking.who(seconds=2.0)

    with ScriptedServer([HELD]) as first, ScriptedServer([YES]) as second:
        assert Asking((first.url, second.url)).run(run) == "second"


def test_a_ranking_that_has_one_of_its_answers_is_not_thrown_away_for_the_next_endpoint() -> None:
    with ScriptedServer([spoken("<think>x</think><answer>A</answer>"), HELD]) as first, ScriptedServer() as second:
        result = Asking((first.url, second.url)).run(lambda asking: asking.result(RANKING, seconds=1.0))
        assert isinstance(result.answer, Ranking) and result.answer.orderings == 1
        assert second.bodies == []


def test_a_question_that_waits_for_its_turn_is_not_taken_elsewhere_as_if_the_endpoint_were_silent() -> None:
    one = (PROFILE.model_copy(update={"name": "one", "concurrency": 1}), PROFILE)

    async def run(asking: Asking) -> list[str]:
        return await asyncio.gather(*(asking.who(seconds=3.0) for _ in range(2)))

    with ScriptedServer([writing(1.6), YES]) as first, ScriptedServer() as second:
        assert Asking((first.url, second.url), profiles=one).run(run) == ["one", "one"]
        assert second.bodies == []


@pytest.mark.parametrize(
    ("reply", "seconds"),
    [(HELD, 0.2), (writing(5.0), 2.2)],
    ids=["too short a time", "it wrote"],
)
def test_a_budget_that_ends_otherwise_says_nothing_of_the_endpoint(reply: Reply, seconds: float) -> None:
    async def run(asking: Asking) -> list[str]:
        return [await asking.who(seconds=each) for each in (20.0, 20.0, seconds, 20.0)]

    with ScriptedServer([failing(404)] * 2 + [reply, YES]) as only:
        assert Asking((only.url,)).run(run)[2:] == ["TimeBudgetExceeded", "first"]


@pytest.mark.parametrize("replies", [[HELD] * 9, [failing(503)] * 9, [failing(500)] * 9, [failing(429)] * 9])
def test_the_budget_holds_whatever_the_endpoints_do(replies: list[Reply], nobody: str) -> None:
    async def run(asking: Asking) -> list[float]:
        spent = []
        for _ in range(4):
            budget = TimeBudget(0.5)
            with pytest.raises((EndpointError, TimeBudgetExceeded)):
                await asking.reasoner.reason(QUESTION, CLIP, budget)
            spent.append(budget.spent)
        return spent

    with ScriptedServer(replies) as second, ScriptedServer(replies) as third:
        assert max(Asking((nobody, second.url, third.url)).run(run)) < 1.0


def test_who_answers_is_known() -> None:
    async def run(asking: Asking) -> list[str]:
        names = [asking.reasoner.failover.answering.name]
        for _ in range(2):
            await asking.who()
            names.append(asking.reasoner.failover.answering.name)
        return names

    with ScriptedServer([failing(500), YES]) as first, ScriptedServer([YES]) as second:
        names = Asking((first.url, second.url)).run(run)
        assert names == [f"first at {first.url}", f"second at {second.url}", f"first at {first.url}"]


def test_a_connection_that_breaks_is_the_endpoint_s_failure() -> None:
    with ScriptedServer([stream(chunk(content="<think>"), ending=Ending.RESET)] * 50) as only:
        assert type(error_of(only.url, seconds=1.0)) is EndpointUnreachable
        assert len(only.bodies) > 1
