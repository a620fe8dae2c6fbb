import asyncio
from collections import Counter
from collections.abc import Coroutine
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cosmos_reasoner.errors import Busy
from cosmos_reasoner.reasoning.scheduler import Preempted, Priority, Scheduler

IMMINENT, REQUEST, PERIODIC, HINDSIGHT = Priority


class Stage:
    """Jobs by name that hold their turn until they are let go.

    Attributes:
        began: Names in the order in which their turn came.
        ended: How each job ended: "done", or the name of the error.
    """

    def __init__(self, concurrency: int = 1, queue_size: int = 8) -> None:
        self.scheduler = Scheduler(concurrency, queue_size)
        self.began: list[str] = []
        self.ended: dict[str, str] = {}
        self.tasks: dict[str, asyncio.Task[None]] = {}
        self.priorities: dict[str, Priority] = {}
        self._go: dict[str, asyncio.Event] = {}

    def enter(self, name: str, priority: Priority = REQUEST) -> None:
        """Have a job ask for its turn."""
        self.priorities[name] = priority
        self._go[name] = asyncio.Event()
        self.tasks[name] = asyncio.create_task(self._job(name, priority))

    def let_go(self, name: str) -> None:
        """Have a job end its turn."""
        self._go[name].set()

    def on_stage(self, aside: bool = False) -> list[str]:
        """Names of those who have their turn now: all but hindsight, or only that."""
        here = [name for name in self.began if name not in self.ended]
        return [name for name in here if (self.priorities[name] is HINDSIGHT) == aside]

    async def settle(self) -> None:
        """Let everything happen that can."""
        for _ in range(12):
            await asyncio.sleep(0)

    async def finish(self) -> None:
        """Let every job go, and wait for its end."""
        for go in self._go.values():
            go.set()
        await asyncio.gather(*self.tasks.values(), return_exceptions=True)

    async def _job(self, name: str, priority: Priority) -> None:
        async def work() -> str:
            self.began.append(name)
            await self._go[name].wait()
            return "done"

        try:
            self.ended[name] = await self.scheduler.run(priority, work)
        except (Busy, Preempted, asyncio.CancelledError) as error:
            self.ended[name] = type(error).__name__
            raise


async def nothing() -> None:
    """Work that is done at once."""


def run(play: Coroutine[Any, Any, None]) -> None:
    asyncio.run(play)


def test_a_job_starts_at_once_while_there_is_room() -> None:
    async def play() -> None:
        stage = Stage(concurrency=2)
        for name in "abc":
            stage.enter(name)
        await stage.settle()
        assert stage.began == ["a", "b"]
        assert (stage.scheduler.running, stage.scheduler.waiting) == (2, 1)
        await stage.finish()
        assert (stage.scheduler.running, stage.scheduler.waiting) == (0, 0)
        assert stage.scheduler.counts == {"started": 3}

    run(play())


def test_those_of_one_priority_are_served_in_the_order_of_their_arrival() -> None:
    async def play() -> None:
        stage = Stage()
        for name in "abcd":
            stage.enter(name)
            await stage.settle()
        await stage.finish()
        assert stage.began == ["a", "b", "c", "d"]

    run(play())


def test_what_is_imminent_goes_before_requests_and_those_before_periodic_work() -> None:
    async def play() -> None:
        stage = Stage()
        order = (REQUEST, PERIODIC, REQUEST, IMMINENT, PERIODIC, REQUEST, IMMINENT)
        for name, priority in zip("abcdefg", order):
            stage.enter(name, priority)
            await stage.settle()
        await stage.finish()
        assert stage.began == ["a", "d", "g", "c", "f", "b", "e"]

    run(play())


def test_a_full_queue_refuses_at_once() -> None:
    async def play() -> None:
        stage = Stage(queue_size=2)
        for name in "abc":
            stage.enter(name)
        await stage.settle()
        with pytest.raises(Busy, match="2 requests wait already"):
            await stage.scheduler.run(REQUEST, nothing)
        assert stage.scheduler.counts["refused"] == 1
        await stage.finish()
        assert stage.began == ["a", "b", "c"]

    run(play())


def test_without_a_queue_there_is_a_turn_or_none() -> None:
    async def play() -> None:
        stage = Stage(queue_size=0)
        stage.enter("a")
        stage.enter("b")
        await stage.settle()
        assert stage.ended == {"b": "Busy"}
        await stage.finish()

    run(play())


def test_a_job_that_is_cancelled_while_it_waits_frees_its_place() -> None:
    async def play() -> None:
        stage = Stage(queue_size=1)
        stage.enter("a")
        stage.enter("b")
        await stage.settle()
        stage.tasks["b"].cancel()
        await stage.settle()
        assert stage.scheduler.waiting == 0
        stage.enter("c")
        await stage.settle()
        await stage.finish()
        assert stage.ended == {"a": "done", "b": "CancelledError", "c": "done"}

    run(play())


def test_a_turn_that_comes_together_with_the_cancellation_is_passed_on() -> None:
    async def play() -> None:
        stage = Stage()

        async def work() -> None:
            stage.enter("b")
            stage.enter("c")
            await stage.settle()

        await stage.scheduler.run(REQUEST, work)
        stage.tasks["b"].cancel()  # its turn has come, and it has not run yet
        await stage.settle()
        assert stage.began == ["c"]
        await stage.finish()
        assert stage.scheduler.running == 0

    run(play())


def test_a_job_cancelled_just_before_its_turn_is_passed_over() -> None:
    async def play() -> None:
        stage = Stage()
        for name in "abc":
            stage.enter(name)
        await stage.settle()
        stage.let_go("a")
        stage.tasks["b"].cancel()
        await stage.settle()
        assert stage.ended == {"a": "done", "b": "CancelledError"}
        assert stage.on_stage() == ["c"]
        await stage.finish()
        assert stage.scheduler.running == 0

    run(play())


def test_a_job_that_is_cancelled_while_it_runs_gives_its_turn_to_the_next() -> None:
    async def play() -> None:
        stage = Stage()
        stage.enter("a")
        stage.enter("b")
        await stage.settle()
        stage.tasks["a"].cancel()
        await stage.settle()
        assert stage.on_stage() == ["b"]
        await stage.finish()

    run(play())


def test_a_job_that_fails_gives_its_turn_back() -> None:
    async def play() -> None:
        scheduler = Scheduler(1, 1)

        async def work() -> None:
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            await scheduler.run(REQUEST, work)
        assert scheduler.running == 0

    run(play())


STEPS = st.one_of(
    st.tuples(st.just("enter"), st.sampled_from(list(Priority))),
    st.tuples(st.just("let_go"), st.integers(0, 7)),
    st.tuples(st.just("cancel"), st.integers(0, 7)),
    st.tuples(st.sampled_from(["settle", "step"]), st.just(0)),
)
Steps = list[tuple[str, int]]


async def act(stage: Stage, what: str, number: int) -> None:
    """Take one step."""
    names = list(stage.tasks)
    if what == "enter":
        stage.enter(str(len(names)), Priority(number))
    elif what == "let_go" and names:
        stage.let_go(names[number % len(names)])
    elif what == "cancel" and names:
        stage.tasks[names[number % len(names)]].cancel()
    elif what == "step":
        await asyncio.sleep(0)
    elif what == "settle":
        await stage.settle()


def check_settled(stage: Stage, concurrency: int) -> None:
    """What holds whenever everything has happened that can."""
    scheduler, aside = stage.scheduler, stage.on_stage(aside=True)
    assert scheduler.running == len(stage.on_stage())
    assert scheduler.running + len(aside) <= concurrency
    assert scheduler.waiting == 0 or scheduler.running == concurrency
    assert len(aside) <= 1
    hoping = [name for name, task in stage.tasks.items() if name not in stage.began and not task.done()]
    assert not hoping or scheduler.running or aside


@given(st.lists(STEPS, max_size=40), st.integers(1, 3), st.integers(0, 3))
@settings(max_examples=300, deadline=None)
def test_no_turn_is_ever_lost_or_given_twice(steps: Steps, concurrency: int, queue_size: int) -> None:
    async def play() -> None:
        stage = Stage(concurrency, queue_size)
        scheduler = stage.scheduler
        for what, number in steps:
            await act(stage, what, number)
            if what == "settle":
                check_settled(stage, concurrency)
        await stage.finish()
        await stage.settle()
        check_settled(stage, concurrency)
        assert (scheduler.running, scheduler.waiting) == (0, 0)
        ends = Counter(stage.ended.values())
        assert len(stage.began) == len(set(stage.began))
        assert scheduler.counts["started"] == sum(stage.priorities[name] is not HINDSIGHT for name in stage.began)
        assert scheduler.counts["refused"] == ends["Busy"]
        assert all(stage.priorities[name] is HINDSIGHT for name, end in stage.ended.items() if end == "Preempted")

    run(play())


@given(st.lists(STEPS, max_size=40), st.integers(1, 3), st.integers(0, 3))
@settings(max_examples=300, deadline=None)
def test_for_all_others_it_is_as_if_there_were_no_hindsight(steps: Steps, concurrency: int, queue_size: int) -> None:
    async def play(with_hindsight: bool) -> list[tuple[list[str], dict[str, str]]]:
        stage = Stage(concurrency, queue_size)
        seen = []
        for index, (what, number) in enumerate(steps):
            if what == "enter" and number == HINDSIGHT:
                if with_hindsight:
                    stage.enter(f"hindsight {index}", HINDSIGHT)
                continue
            names = [name for name, priority in stage.priorities.items() if priority is not HINDSIGHT]
            if what == "enter":
                stage.enter(str(index), Priority(number))
            elif what == "let_go" and names:
                stage.let_go(names[number % len(names)])
            elif what == "cancel" and names:
                stage.tasks[names[number % len(names)]].cancel()
            else:
                await act(stage, what, number)
            began = [name for name in stage.began if stage.priorities[name] is not HINDSIGHT]
            ended = {name: end for name, end in stage.ended.items() if stage.priorities[name] is not HINDSIGHT}
            seen.append((began, ended))
        await stage.finish()
        return seen

    assert asyncio.run(play(with_hindsight=True)) == asyncio.run(play(with_hindsight=False))


@pytest.mark.parametrize("priority", [IMMINENT, REQUEST])
def test_hindsight_does_not_begin_beside_a_caller_s_job_though_there_is_room(priority: Priority) -> None:
    async def play() -> None:
        stage = Stage(concurrency=3)
        stage.enter("other", priority)
        stage.enter("hindsight", HINDSIGHT)
        await stage.settle()
        assert stage.began == ["other"]
        stage.let_go("other")
        await stage.settle()
        assert stage.on_stage(aside=True) == ["hindsight"]
        await stage.finish()

    run(play())


def test_hindsight_begins_beside_periodic_jobs_where_a_place_is_free() -> None:
    async def play() -> None:
        stage = Stage(concurrency=2)
        for name in ("first", "second"):
            stage.enter(name, PERIODIC)
        stage.enter("hindsight", HINDSIGHT)
        await stage.settle()
        assert stage.began == ["first", "second"]
        stage.let_go("first")
        await stage.settle()
        assert stage.on_stage(aside=True) == ["hindsight"]
        await stage.finish()

    run(play())


@pytest.mark.parametrize("priority", [IMMINENT, REQUEST, PERIODIC])
def test_hindsight_gives_way_to_whoever_needs_its_place(priority: Priority) -> None:
    async def play() -> None:
        stage = Stage()
        stage.enter("hindsight", HINDSIGHT)
        await stage.settle()
        stage.enter("other", priority)
        await stage.settle()
        assert stage.ended == {"hindsight": "Preempted"}
        assert stage.on_stage() == ["other"]
        assert stage.scheduler.counts["preempted"] == 1
        await stage.finish()

    run(play())


def test_hindsight_stays_where_there_is_room_for_periodic_jobs() -> None:
    async def play() -> None:
        stage = Stage(concurrency=3)
        stage.enter("hindsight", HINDSIGHT)
        await stage.settle()
        for name in ("first", "second"):
            stage.enter(name, PERIODIC)
        await stage.settle()
        assert stage.ended == {} and stage.on_stage() == ["first", "second"]
        stage.enter("third", PERIODIC)
        await stage.settle()
        assert stage.ended == {"hindsight": "Preempted"} and len(stage.on_stage()) == 3
        await stage.finish()

    run(play())


@pytest.mark.parametrize("priority", [IMMINENT, REQUEST])
def test_hindsight_gives_way_to_a_caller_s_job_though_there_is_room(priority: Priority) -> None:
    async def play() -> None:
        stage = Stage(concurrency=3)
        stage.enter("hindsight", HINDSIGHT)
        await stage.settle()
        stage.enter("other", priority)
        await stage.settle()
        assert stage.ended == {"hindsight": "Preempted"}
        await stage.finish()

    run(play())


def test_who_comes_has_its_turn_though_hindsight_is_slow_to_leave() -> None:
    async def play() -> None:
        stage, left = Stage(queue_size=0), asyncio.Event()

        async def stubborn() -> None:
            try:
                await asyncio.Event().wait()
            finally:
                await left.wait()

        aside = asyncio.create_task(stage.scheduler.run(HINDSIGHT, stubborn))
        await stage.settle()
        await stage.scheduler.run(REQUEST, nothing)
        stage.enter("second", HINDSIGHT)
        await stage.settle()
        assert not aside.done() and stage.on_stage(aside=True) == ["second"]
        left.set()
        with pytest.raises(Preempted):
            await aside
        await stage.scheduler.run(REQUEST, nothing)
        await stage.settle()
        assert stage.ended == {"second": "Preempted"}

    run(play())


def test_hindsight_comes_one_after_the_other() -> None:
    async def play() -> None:
        stage = Stage(concurrency=2)
        stage.enter("request")
        for name in ("first", "second"):
            stage.enter(name, HINDSIGHT)
        await stage.settle()
        stage.let_go("request")
        await stage.settle()
        assert stage.on_stage(aside=True) == ["first"]
        stage.let_go("first")
        await stage.settle()
        assert stage.on_stage(aside=True) == ["second"]
        await stage.finish()

    run(play())


@pytest.mark.parametrize("waits", [True, False])
def test_hindsight_that_its_caller_cancels_makes_room_for_the_next(waits: bool) -> None:
    async def play() -> None:
        stage = Stage()
        if waits:
            stage.enter("request")
        stage.enter("first", HINDSIGHT)
        await stage.settle()
        stage.enter("second", HINDSIGHT)
        await stage.settle()
        stage.tasks["first"].cancel()
        await stage.settle()
        if waits:
            stage.let_go("request")
            await stage.settle()
        assert stage.ended["first"] == "CancelledError"
        assert stage.on_stage(aside=True) == ["second"]
        await stage.finish()

    run(play())


def test_an_error_of_hindsight_is_its_caller_s() -> None:
    async def play() -> None:
        scheduler = Scheduler(1, 1)

        async def work() -> None:
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            await scheduler.run(HINDSIGHT, work)
        await scheduler.run(HINDSIGHT, nothing)

    run(play())


@pytest.mark.parametrize("priority", [IMMINENT, PERIODIC])
def test_a_periodic_job_takes_no_request_s_place(priority: Priority) -> None:
    async def play() -> None:
        stage = Stage(queue_size=1)
        stage.enter("running")
        await stage.settle()
        for name in ("first", "second"):
            stage.enter(name, priority)
        await stage.settle()
        stage.enter("request")
        await stage.settle()
        assert stage.ended == {}
        await stage.finish()
        assert sorted(stage.began) == ["first", "request", "running", "second"]

    run(play())
