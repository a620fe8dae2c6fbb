"""So many at once; the others wait, by priority and then by arrival."""

import asyncio
import heapq
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

__all__ = ["Turns"]


class Turns:
    """Places that are taken and given back; it belongs to one asyncio loop.

    Args:
        places: How many there are.
    """

    def __init__(self, places: int) -> None:
        self._places = places
        self._arrivals = 0
        self._waiting: list[tuple[int, int, asyncio.Future[None]]] = []
        self.taken = 0
        """Places in use."""

    @property
    def are_over(self) -> bool:
        """Whether no place is free."""
        return self.taken == self._places

    @property
    def waiting(self) -> tuple[int, ...]:
        """Priorities of those who wait."""
        return tuple(priority for priority, _, _ in self._waiting)

    @asynccontextmanager
    async def held(self, priority: int) -> AsyncIterator[None]:
        """Wait for a place, and hold it meanwhile.

        Args:
            priority: Smaller goes first.
        """
        await self.take(priority)
        try:
            yield
        finally:
            self.give()

    async def take(self, priority: int) -> None:
        """Wait for a place; `give` it back.

        Args:
            priority: Smaller goes first.
        """
        if not self.are_over:
            self.taken += 1
            return
        place: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._arrivals += 1
        entry = (priority, self._arrivals, place)
        heapq.heappush(self._waiting, entry)
        try:
            await place
        except asyncio.CancelledError:
            if not place.cancelled():
                self.give()  # the turn came together with the cancellation: pass it on
            elif entry in self._waiting:
                self._waiting.remove(entry)
                heapq.heapify(self._waiting)
            raise

    def give(self) -> None:
        """Give a place to the next who still waits."""
        while self._waiting:
            _, _, place = heapq.heappop(self._waiting)
            if not place.cancelled():
                place.set_result(None)
                return
        self.taken -= 1
