import asyncio
import math

import pytest

from cosmos_reasoner.errors import TimeBudgetExceeded
from cosmos_reasoner.reasoning.time_budget import TimeBudget


async def answer(after: asyncio.Event | None = None) -> str:
    if after is not None:
        await after.wait()
    return "yes"


def test_a_budget_needs_a_running_loop() -> None:
    with pytest.raises(RuntimeError, match="no running event loop"):
        TimeBudget(1.0)


def test_work_that_is_done_in_time_gives_its_result() -> None:
    async def run() -> str:
        return await TimeBudget(60.0).hold(answer())

    assert asyncio.run(run()) == "yes"


def test_without_a_limit_there_is_nothing_left_to_tell_and_work_may_last() -> None:
    async def run() -> str:
        budget = TimeBudget()
        assert budget.left is None
        assert math.isinf(budget.seconds)
        return await budget.hold(answer())

    assert asyncio.run(run()) == "yes"


def test_work_that_is_not_done_in_time_is_cancelled_and_the_budget_named() -> None:
    ended: list[str] = []

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            ended.append("cancelled")
            raise

    async def run() -> None:
        budget = TimeBudget(0.02)
        with pytest.raises(TimeBudgetExceeded, match=r"within the time budget of 0\.02 s"):
            await budget.hold(work())
        assert budget.left == 0.0
        assert budget.spent >= 0.02

    asyncio.run(run())
    assert ended == ["cancelled"]


@pytest.mark.parametrize(("seconds", "kept"), [(10.0, 0.5), (1.0, 0.2)])
def test_what_the_way_back_takes_is_kept_but_no_more_than_a_fifth(seconds: float, kept: float) -> None:
    async def run() -> float | None:
        budget = TimeBudget(seconds, way_back=0.5)
        return (budget.left or 0.0) + budget.spent

    assert asyncio.run(run()) == pytest.approx(seconds - kept, abs=0.1)


@pytest.mark.parametrize("seconds", [0.0, -1.0])
def test_an_empty_budget_is_exceeded_before_the_work_begins(seconds: float) -> None:
    async def run() -> None:
        with pytest.raises(TimeBudgetExceeded):
            await TimeBudget(seconds).hold(answer(asyncio.Event()))

    asyncio.run(run())


def test_the_budget_counts_from_the_request_and_not_from_the_work() -> None:
    async def run() -> None:
        budget = TimeBudget(0.05)
        with pytest.raises(TimeBudgetExceeded):
            await budget.hold(asyncio.Event().wait())
        with pytest.raises(TimeBudgetExceeded):
            await budget.hold(answer(asyncio.Event()))

    asyncio.run(run())


def test_what_is_spent_and_what_is_left_add_up() -> None:
    async def run() -> None:
        budget = TimeBudget(60.0)
        before = budget.left
        spent = budget.spent
        after = budget.left
        assert before is not None
        assert after is not None
        assert 60.0 - before <= spent <= 60.0 - after

    asyncio.run(run())


def test_an_error_of_the_work_passes_through() -> None:
    async def work() -> None:
        raise ZeroDivisionError

    async def run() -> None:
        with pytest.raises(ZeroDivisionError):
            await TimeBudget(60.0).hold(work())

    asyncio.run(run())


def test_cancelling_whoever_waits_cancels_the_work() -> None:
    ended: list[str] = []

    async def work(begun: asyncio.Event) -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("work")

    async def run() -> None:
        begun = asyncio.Event()
        task = asyncio.create_task(TimeBudget(60.0).hold(work(begun)))
        await begun.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(run())
    assert ended == ["work"]
