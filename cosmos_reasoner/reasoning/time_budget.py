"""How long a caller will wait."""

import asyncio
import math
from collections.abc import Awaitable
from typing import TypeVar

from cosmos_reasoner.errors import TimeBudgetExceeded

__all__ = ["TimeBudget"]

T = TypeVar("T")


class TimeBudget:
    """How long a caller will wait, counted from now by the running loop's clock.

    Args:
        seconds: s; infinite by default.
        way_back: s of it that it takes to bring an answer to the caller; no more than a fifth of it is kept for that.
    """

    def __init__(self, seconds: float = math.inf, way_back: float = 0.0) -> None:
        self._loop = asyncio.get_running_loop()
        self.seconds = seconds
        self._kept = min(way_back, seconds / 5)
        self._started = self._loop.time()

    @property
    def spent(self) -> float:
        """s since the request."""
        return self._loop.time() - self._started

    @property
    def left(self) -> float | None:
        """s until the answer is due, 0 at least; None when there is no limit."""
        return None if math.isinf(self.seconds) else max(0.0, self.seconds - self._kept - self.spent)

    async def hold(self, work: Awaitable[T]) -> T:
        """Wait for work as long as the budget lasts; then cancel it, and let it clean up behind the caller's back.

        Raises:
            TimeBudgetExceeded: It was not done in time.
        """
        task = asyncio.ensure_future(work)
        try:
            await asyncio.wait({task}, timeout=self.left)
        except asyncio.CancelledError:
            task.cancel()
            await asyncio.wait({task})
            raise
        if task.done():
            return task.result()
        task.cancel()
        task.add_done_callback(_forget)
        raise TimeBudgetExceeded(f"no answer within the time budget of {self.seconds:g} s")


def _forget(task: "asyncio.Future[T]") -> None:
    """Hear how it ended, as asyncio complains of errors that nobody hears."""
    if not task.cancelled():
        task.exception()
