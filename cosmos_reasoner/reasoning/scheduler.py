"""Who is served next, and who is told at once that there is no room."""

import asyncio
import heapq
from collections import Counter
from collections.abc import Callable, Coroutine
from enum import IntEnum
from typing import Any, TypeVar

from cosmos_reasoner.errors import Busy

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

    Hindsight stands aside: it runs in a place that nobody needs, and for all others it is as if it were not there. It
    begins when nothing runs or waits, and is cancelled when its place is taken.

    It belongs to one asyncio loop.

    Args:
        concurrency: Jobs at once.
        queue_size: Requests that may wait. Periodic jobs, imminent or not, are few by nature, and take nobody's place.
    """

    def __init__(self, concurrency: int, queue_size: int) -> None:
        self._concurrency = concurrency
        self._queue_size = queue_size
        self._running = 0
        self._arrivals = 0
        self._waiting: list[tuple[Priority, int, asyncio.Future[None]]] = []
        self._aside: asyncio.Task[Any] | None = None
        self._idle = asyncio.Event()
        self._look_whether_idle()
        self.counts: Counter[str] = Counter()
        """started, refused (no room), preempted (hindsight that gave way)."""

    @property
    def waiting(self) -> int:
        """Jobs that wait, hindsight not counted."""
        return len(self._waiting)

    @property
    def running(self) -> int:
        """Jobs that run, hindsight not counted."""
        return self._running

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
        await self._enter(priority)
        self.counts["started"] += 1
        try:
            return await work()
        finally:
            self._leave()

    async def _enter(self, priority: Priority) -> None:
        if self._running < self._concurrency:
            self._running += 1
            self._look_whether_idle()
            if self._running == self._concurrency:
                self._call_off()
            return
        if priority is Priority.REQUEST and self._requests_waiting() >= self._queue_size:
            self.counts["refused"] += 1
            raise Busy(f"{self._queue_size} requests wait already: try again later, or raise queue_size")
        await self._wait(priority)

    def _requests_waiting(self) -> int:
        return sum(priority is Priority.REQUEST for priority, _, _ in self._waiting)

    async def _wait(self, priority: Priority) -> None:
        place: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._arrivals += 1
        entry = (priority, self._arrivals, place)
        heapq.heappush(self._waiting, entry)
        try:
            await place
        except asyncio.CancelledError:
            if not place.cancelled():
                self._leave()  # the turn came together with the cancellation: pass it on
            elif entry in self._waiting:
                self._waiting.remove(entry)
                heapq.heapify(self._waiting)
            raise

    def _leave(self) -> None:
        """Give the turn to the next who still waits."""
        while self._waiting:
            _, _, place = heapq.heappop(self._waiting)
            if not place.cancelled():
                place.set_result(None)
                return
        self._running -= 1
        self._look_whether_idle()

    async def _run_aside(self, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        while not self._idle.is_set():
            await self._idle.wait()
        task = asyncio.ensure_future(work())
        task.add_done_callback(self._aside_ended)
        self._aside = task
        self._look_whether_idle()
        try:
            await asyncio.wait({task})
        finally:
            task.cancel()
        if task.cancelled():
            raise Preempted
        return task.result()

    def _call_off(self) -> None:
        """Have hindsight give way: its place counts as free from now on."""
        if self._aside:
            self.counts["preempted"] += 1
            self._aside.cancel()
            self._aside = None

    def _aside_ended(self, task: "asyncio.Task[Any]") -> None:
        if self._aside is task:
            self._aside = None
            self._look_whether_idle()

    def _look_whether_idle(self) -> None:
        if self._running or self._aside:
            self._idle.clear()
        else:
            self._idle.set()
