"""Items to the reasoner, many at a time; what comes back, record by record."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from cosmos_reasoner.errors import (
    CosmosReasonerError,
    EndpointError,
    EndpointUnavailable,
    RequestRejected,
    TimeBudgetExceeded,
)
from cosmos_reasoner.evaluation.labels.item import Item
from cosmos_reasoner.evaluation.run.cutting import Cut, cut
from cosmos_reasoner.evaluation.run.record import Record
from cosmos_reasoner.evaluation.run.strips import draw_strip
from cosmos_reasoner.reasoning.reasoner import Reasoner
from cosmos_reasoner.reasoning.time_budget import TimeBudget
from cosmos_reasoner.reasoning.together import all_of
from cosmos_reasoner.recordings.read_ahead import ReadAhead

__all__ = ["PATIENCE", "Asker", "Patience"]

PATIENCE = 10
"""Items in a row for which the endpoint may be away; then the rest is left for another time."""


@dataclass(frozen=True, slots=True)
class Asker:
    """How items are asked.

    Attributes:
        reasoner: Who asks the endpoint.
        rate: Frames a second and camera, Hz.
        concurrency: Items on their way at the same time at most.
        seconds: How long one answer may take, s.
        strips: Folder for the pictures of what was seen, named by key.
    """

    reasoner: Reasoner
    rate: float
    concurrency: int
    seconds: float
    strips: Path

    @property
    def _prepared(self) -> int:
        """Items that are drawn and encoded meanwhile, so that the endpoint never waits; none for one at a time."""
        return (self.concurrency + 2) // 4

    async def ask_all(
        self, items: Mapping[str, Item], on_record: Callable[[Record], None], on_fault: Callable[[str], None]
    ) -> None:
        """Ask items, and hand out the record of each as soon as it is there.

        Args:
            items: By key.
            on_record: Takes a record. What it raises ends the work.
            on_fault: Is told what was wrong with a recording that could be used in part.

        Raises:
            EndpointUnavailable: The endpoint is gone.
        """
        keys = {id(item): key for key, item in items.items()}
        cuts = ReadAhead(cut(items.values(), self.rate, on_fault), max(self._prepared, 1))
        line, patience = asyncio.Lock(), Patience()

        async def work() -> None:
            while True:
                async with line:
                    one = await asyncio.to_thread(next, cuts, None)
                if one is None:
                    return
                record, error = await self.ask(keys[id(one.item)], one)
                on_record(record)
                patience.mind(error)

        try:
            await all_of(work() for _ in range(min(self.concurrency + self._prepared, len(items))))
        finally:
            await asyncio.to_thread(cuts.close)

    async def ask(self, key: str, one: Cut) -> tuple[Record, CosmosReasonerError | None]:
        """Ask one item.

        Args:
            key: The item's.
            one: The item with its clip.

        Returns:
            Its record, and the error that it speaks of.
        """
        known = Record(key, one.item.id, one.origin)
        if one.clip is None:
            return replace(known, error=str(one.problem)), one.problem
        strip = await asyncio.to_thread(draw_strip, one.clip, self.strips / f"{key}.jpg")
        try:
            result = await self.reasoner.reason(one.item.question, one.clip, TimeBudget(self.seconds))
        except CosmosReasonerError as error:
            return replace(known, error=f"{type(error).__name__}: {error}", strip=strip), error
        return replace(known, result=result, strip=strip), None


class Patience:
    """Ends when the endpoint was away for too many items in a row."""

    def __init__(self) -> None:
        self._away = 0

    def mind(self, error: CosmosReasonerError | None) -> None:
        """Take how an item ended: with an error, or None for a result.

        Raises:
            EndpointUnavailable: That was one too many.
        """
        away = isinstance(error, TimeBudgetExceeded | EndpointError) and not isinstance(error, RequestRejected)
        self._away = self._away + 1 if away else 0
        if self._away >= PATIENCE:
            raise EndpointUnavailable(f"{PATIENCE} items in a row were not answered, the last one for: {error}")
