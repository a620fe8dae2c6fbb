"""Who is served next, and who is told at once that there is no room."""

import asyncio
import heapq
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from enum import IntEnum

from cosmos_reasoner.errors import Busy, Cancelled

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
        queue_size: Jobs that may wait.
    """

    def __init__(self, concurrency: int, queue_size: int) -> None:
        self._concurrency = concurrency
        self._queue_size = queue_size
        self._running = 0
        self._arrivals = 0
        self._waiting: list[tuple[int, int, asyncio.Future[None]]] = []
        self._latest: dict[str, asyncio.Future[None]] = {}
        self._closed = False
        self.counts: Counter[str] = Counter()
        """started, refused (no room), superseded (a newer one of its kind took its place)."""

    @property
    def waiting(self) -> int:
        """Jobs that wait."""
        return sum(not place.done() for _, _, place in self._waiting)

    @property
    def running(self) -> int:
        """Jobs that run."""
        return self._running

    @asynccontextmanager
    async def turn(self, priority: Priority, latest_of: str = "") -> AsyncIterator[None]:
        """Wait for a turn, and hold it for the body of the `async with`.

        Args:
            priority: Who goes first.
            latest_of: Name of a kind of which only the newest may wait; an older one waiting is superseded.

        Raises:
            Busy: The queue is full.
            Cancelled: A newer job of the same kind came, or the scheduler was closed.
        """
        await self._enter(priority, latest_of)
        self.counts["started"] += 1
        try:
            yield
        finally:
            self._leave()

    def close(self) -> None:
        """Send everybody away who waits, and let nobody in any more."""
        self._closed = True
        for _, _, place in self._waiting:
            if not place.done():
                place.set_exception(Cancelled("the node is shutting down"))

    async def _enter(self, priority: Priority, latest_of: str) -> None:
        if self._closed:
            raise Cancelled("the node is shutting down")
        if self._running < self._concurrency:
            self._running += 1
            return
        self._supersede(latest_of)
        if self.waiting >= self._queue_size:
            self.counts["refused"] += 1
            raise Busy(f"{self.waiting} requests wait already: try again later, or raise queue_size")
        await self._wait(priority, latest_of)

    async def _wait(self, priority: Priority, latest_of: str) -> None:
        place: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._arrivals += 1
        heapq.heappush(self._waiting, (priority, self._arrivals, place))
        if latest_of:
            self._latest[latest_of] = place
        try:
            await place
        except asyncio.CancelledError:
            if place.done() and not place.cancelled() and place.exception() is None:
                self._leave()  # the turn came together with the cancellation: pass it on
            raise
        finally:
            if latest_of and self._latest.get(latest_of) is place:
                del self._latest[latest_of]

    def _supersede(self, latest_of: str) -> None:
        older = self._latest.get(latest_of) if latest_of else None
        if older is not None and not older.done():
            self.counts["superseded"] += 1
            older.set_exception(Cancelled(f"a newer {latest_of} took its place"))

    def _leave(self) -> None:
        """Give the turn to the next who still waits."""
        while self._waiting:
            _, _, place = heapq.heappop(self._waiting)
            if not place.done():
                place.set_result(None)
                return
        self._running -= 1
