"""Who is served next, and who is told at once that there is no room."""

import asyncio
import heapq
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from enum import IntEnum

from cosmos_reasoner.errors import Busy

__all__ = ["Priority", "Scheduler"]


class Priority(IntEnum):
    """Smaller is served first."""

    REQUEST = 1
    PERIODIC = 2


class Scheduler:
    """Lets so many jobs run at once; the others wait in a bounded queue by priority, then by arrival.

    It belongs to one asyncio loop.

    Args:
        concurrency: Jobs at once.
        queue_size: Requests that may wait. Periodic jobs are few by nature, and take nobody's place.
    """

    def __init__(self, concurrency: int, queue_size: int) -> None:
        self._concurrency = concurrency
        self._queue_size = queue_size
        self._running = 0
        self._arrivals = 0
        self._waiting: list[tuple[Priority, int, asyncio.Future[None]]] = []
        self.counts: Counter[str] = Counter()
        """started, refused (no room)."""

    @property
    def waiting(self) -> int:
        """Jobs that wait."""
        return len(self._waiting)

    @property
    def running(self) -> int:
        """Jobs that run."""
        return self._running

    @asynccontextmanager
    async def turn(self, priority: Priority) -> AsyncIterator[None]:
        """Wait for a turn, and hold it for the body of the `async with`.

        Args:
            priority: Who goes first.

        Raises:
            Busy: The queue is full.
        """
        await self._enter(priority)
        self.counts["started"] += 1
        try:
            yield
        finally:
            self._leave()

    async def _enter(self, priority: Priority) -> None:
        if self._running < self._concurrency:
            self._running += 1
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
