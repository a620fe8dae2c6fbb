"""Who is served next, and who is told at once that there is no room."""

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine
from enum import IntEnum
from typing import Any, TypeVar

from cosmos_reasoner.errors import Busy
from cosmos_reasoner.reasoning.turns import Turns

__all__ = ["Preempted", "Priority", "Scheduler"]

T = TypeVar("T")


class Priority(IntEnum):
    """Smaller is served first."""

    IMMINENT = 0
    REQUEST = 1
    PERIODIC = 2
    HINDSIGHT = 3


class Preempted(Exception):
    """No error: hindsight gave way to somebody else, and is to be tried again."""


class Scheduler:
    """Lets so many jobs run at once; the others wait in a bounded queue by priority, then by arrival.

    Hindsight stands aside, and for all others it is as if it were not there: it begins beside periodic jobs at most,
    where a place is free, and is cancelled when that is taken or a caller's job begins.

    It belongs to one asyncio loop.

    Args:
        concurrency: Jobs at once.
        queue_size: Requests that may wait. Periodic jobs, imminent or not, are few by nature, and take nobody's place.
    """

    def __init__(self, concurrency: int, queue_size: int) -> None:
        self._turns = Turns(concurrency)
        self._queue_size = queue_size
        self._running: Counter[Priority] = Counter()
        self._aside: asyncio.Task[Any] | None = None
        self._quiet = asyncio.Event()
        self._look_around()
        self.counts: Counter[str] = Counter()
        """started, refused (no room), preempted (hindsight that gave way)."""

    @property
    def waiting(self) -> int:
        """Jobs that wait, hindsight not counted."""
        return len(self._turns.waiting)

    @property
    def running(self) -> int:
        """Jobs that run, hindsight not counted."""
        return self._turns.taken

    async def run(self, priority: Priority, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Do work when its turn has come.

        Args:
            priority: Who goes first.
            work: What is done.

        Raises:
            Busy: The queue is full.
            Preempted: It was hindsight, and gave way.
        """
        if priority is Priority.HINDSIGHT:
            return await self._run_aside(work)
        self._refuse_where_full(priority)
        try:
            await self._turns.take(priority)
        except asyncio.CancelledError:
            self._look_around()  # its turn may have come together with the cancellation, and be free again
            raise
        self._running[priority] += 1
        self.counts["started"] += 1
        if not self._is_quiet:
            self._call_off()
        self._look_around()
        try:
            return await work()
        finally:
            self._running[priority] -= 1
            self._turns.give()
            self._look_around()

    @property
    def _is_quiet(self) -> bool:
        """Whether hindsight is in nobody's way."""
        callers = self._running[Priority.IMMINENT] + self._running[Priority.REQUEST]
        return not callers and not self._turns.are_over

    def _refuse_where_full(self, priority: Priority) -> None:
        requests = self._turns.waiting.count(Priority.REQUEST)
        if priority is Priority.REQUEST and self._turns.are_over and requests >= self._queue_size:
            self.counts["refused"] += 1
            raise Busy(f"{self._queue_size} requests wait already: try again later, or raise queue_size")

    async def _run_aside(self, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        while not self._quiet.is_set():
            await self._quiet.wait()
        task = asyncio.ensure_future(work())
        task.add_done_callback(self._aside_ended)
        self._aside = task
        self._look_around()
        try:
            await asyncio.wait({task})
        finally:
            task.cancel()
        if task.cancelled():
            raise Preempted
        return task.result()

    def _call_off(self) -> None:
        """Have hindsight give way."""
        if self._aside:
            self.counts["preempted"] += 1
            self._aside.cancel()
            self._aside = None

    def _aside_ended(self, task: "asyncio.Task[Any]") -> None:
        if self._aside is task:
            self._aside = None
            self._look_around()

    def _look_around(self) -> None:
        """Let hindsight begin where it may."""
        if self._is_quiet and not self._aside:
            self._quiet.set()
        else:
            self._quiet.clear()
