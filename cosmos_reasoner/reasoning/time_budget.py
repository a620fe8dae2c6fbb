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
    """

    def __init__(self, seconds: float = math.inf) -> None:
        self._loop = asyncio.get_running_loop()
        self.seconds = seconds
        self._started = self._loop.time()

    @property
    def spent(self) -> float:
        """s since the request."""
        return self._loop.time() - self._started

    @property
    def left(self) -> float | None:
        """s until the answer is due, 0 at least; None when there is no limit."""
        return None if math.isinf(self.seconds) else max(0.0, self.seconds - self.spent)

    async def hold(self, work: Awaitable[T]) -> T:
        """Wait for work as long as the budget lasts; then cancel it.

        Raises:
            TimeBudgetExceeded: It was not done in time.
        """
        try:
            return await asyncio.wait_for(work, self.left)
        except asyncio.TimeoutError as error:
            raise TimeBudgetExceeded(f"no answer within the time budget of {self.seconds:g} s") from error
