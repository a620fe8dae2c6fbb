import asyncio
from collections import Counter
from collections.abc import Coroutine
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cosmos_reasoner.errors import Busy
from cosmos_reasoner.reasoning.scheduler import Priority, Scheduler

REQUEST, PERIODIC = Priority.REQUEST, Priority.PERIODIC


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
        self._go: dict[str, asyncio.Event] = {}

    def enter(self, name: str, priority: Priority = REQUEST) -> None:
        """Have a job ask for its turn."""
        self._go[name] = asyncio.Event()
        self.tasks[name] = asyncio.create_task(self._job(name, priority))

    def let_go(self, name: str) -> None:
        """Have a job end its turn."""
        self._go[name].set()

    def on_stage(self) -> list[str]:
        """Names of those who have their turn now."""
        return [name for name in self.began if name not in self.ended]

    async def settle(self) -> None:
        """Let everything happen that can."""
        for _ in range(6):
            await asyncio.sleep(0)

    async def finish(self) -> None:
        """Let every job go, and wait for its end."""
        for go in self._go.values():
            go.set()
        await asyncio.gather(*self.tasks.values(), return_exceptions=True)

    async def _job(self, name: str, priority: Priority) -> None:
        try:
            async with self.scheduler.turn(priority):
                self.began.append(name)
                await self._go[name].wait()
            self.ended[name] = "done"
        except (Busy, asyncio.CancelledError) as error:
            self.ended[name] = type(error).__name__
            raise


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


def test_requests_go_before_periodic_work() -> None:
    async def play() -> None:
        stage = Stage()
        for name, priority in (("a", REQUEST), ("b", PERIODIC), ("c", REQUEST), ("d", PERIODIC), ("e", REQUEST)):
            stage.enter(name, priority)
            await stage.settle()
        await stage.finish()
        assert stage.began == ["a", "c", "e", "b", "d"]

    run(play())


def test_a_full_queue_refuses_at_once() -> None:
    async def play() -> None:
        stage = Stage(queue_size=2)
        for name in "abc":
            stage.enter(name)
        await stage.settle()
        with pytest.raises(Busy, match="2 requests wait already"):
            async with stage.scheduler.turn(REQUEST):
                pytest.fail("there was no room")
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
        async with stage.scheduler.turn(REQUEST):
            stage.enter("b")
            stage.enter("c")
            await stage.settle()
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
        with pytest.raises(ZeroDivisionError):
            async with scheduler.turn(REQUEST):
                raise ZeroDivisionError
        assert scheduler.running == 0

    run(play())


STEPS = st.one_of(
    st.tuples(st.just("enter"), st.sampled_from([0, 1])),
    st.tuples(st.just("let_go"), st.integers(0, 7)),
    st.tuples(st.just("cancel"), st.integers(0, 7)),
    st.tuples(st.sampled_from(["settle", "step"]), st.just(0)),
)


@given(st.lists(STEPS, max_size=40), st.integers(1, 3), st.integers(0, 3))
@settings(max_examples=200, deadline=None)
def test_no_turn_is_ever_lost_or_given_twice(steps: list[tuple[str, int]], concurrency: int, queue_size: int) -> None:
    async def play() -> None:
        stage = Stage(concurrency, queue_size)
        scheduler = stage.scheduler
        for name in range(concurrency + queue_size):
            stage.enter(str(name))
        await stage.settle()
        for what, number in steps:
            names = list(stage.tasks)
            if what == "enter":
                stage.enter(str(len(names)), list(Priority)[number])
            elif what == "let_go" and names:
                stage.let_go(names[number % len(names)])
            elif what == "cancel" and names:
                stage.tasks[names[number % len(names)]].cancel()
            elif what == "step":
                await asyncio.sleep(0)
            elif what == "settle":
                await stage.settle()
                assert scheduler.running == len(stage.on_stage()) <= concurrency
                assert scheduler.waiting == 0 or scheduler.running == concurrency
        await stage.finish()
        assert (scheduler.running, scheduler.waiting) == (0, 0)
        assert scheduler.counts["started"] == len(stage.began) == len(set(stage.began))
        assert scheduler.counts["refused"] == Counter(stage.ended.values())["Busy"]
        assert all(
            task.cancelled() or not task.exception() or isinstance(task.exception(), Busy)
            for task in stage.tasks.values()
        )

    run(play())


def test_a_periodic_job_takes_no_request_s_place() -> None:
    async def play() -> None:
        stage = Stage(queue_size=1)
        stage.enter("running")
        await stage.settle()
        for name in ("first", "second"):
            stage.enter(name, Priority.PERIODIC)
        await stage.settle()
        stage.enter("request")
        await stage.settle()
        assert stage.ended == {}
        stage.let_go("running")
        await stage.settle()
        assert set(stage.on_stage()) == {"request"}
        await stage.finish()

    run(play())
