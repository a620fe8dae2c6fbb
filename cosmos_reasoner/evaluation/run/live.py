"""A robot that plays recordings: it asks one question at a time, and has an answer only when it is there.

Time is virtual: it stands still while nobody is asked, and passes by what an answer took. So an hour of recording takes
as long as the endpoint does.
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import groupby
from pathlib import Path

from cosmos_reasoner.evaluation.labels.item import Item
from cosmos_reasoner.evaluation.run.asking import Asker, Patience
from cosmos_reasoner.evaluation.run.cutting import Cut, cut
from cosmos_reasoner.evaluation.run.record import Live, Record
from cosmos_reasoner.recordings.read_ahead import ReadAhead

__all__ = ["Robot"]

_AHEAD = 2


class Robot:
    """Plays recordings, one after the other.

    What is to be asked while it waits for an answer waits too; when something newer comes meanwhile, the older is
    dropped, as the node does with its periodic tasks. What was answered before takes as long as it took then.

    Args:
        asker: How items are asked.
        known: Records so far, by key.
        on_record: Takes each record.
        on_fault: Is told what was wrong with a recording that could be used in part.
    """

    def __init__(
        self,
        asker: Asker,
        known: Mapping[str, Record],
        on_record: Callable[[Record], None],
        on_fault: Callable[[str], None],
    ) -> None:
        self._asker = asker
        self._known = known
        self._on_record = on_record
        self._on_fault = on_fault
        self._patience = Patience()

    async def play(self, items: Mapping[str, Item]) -> None:
        """Play the recordings of some items, each of which is due when its stretch ends.

        Args:
            items: By key.

        Raises:
            EndpointUnavailable: The endpoint is gone.
        """
        keys = {id(item): key for key, item in items.items()}
        timelines = sorted(items.values(), key=_timeline)
        for _, mine in groupby(timelines, _timeline):
            await self._play_one(list(mine), keys)

    async def _play_one(self, items: list[Item], keys: Mapping[int, str]) -> None:
        cuts = ReadAhead(cut(items, self._asker.rate, self._on_fault), _AHEAD)
        free_at = 0.0
        waiting: Cut | None = None
        try:
            while (one := await asyncio.to_thread(next, cuts, None)) is not None:
                due = _due(one)
                if waiting and free_at < due:
                    free_at = await self._ask(keys[id(waiting.item)], waiting, free_at)
                    waiting = None
                if due >= free_at:
                    free_at = await self._ask(keys[id(one.item)], one, due)
                    continue
                if waiting:
                    self._drop(keys[id(waiting.item)], waiting)
                waiting = one
            if waiting:
                await self._ask(keys[id(waiting.item)], waiting, free_at)
        finally:
            await asyncio.to_thread(cuts.close)

    async def _ask(self, key: str, one: Cut, now: float) -> float:
        """Ask, and give the time at which the answer is there, s."""
        known, began = self._known.get(key), time.monotonic()
        if known and known.result:
            record = known
        else:
            record, error = await self._asker.ask(key, one)
            self._patience.mind(error)
        took = record.result.provenance.latencies.total if record.result else time.monotonic() - began
        answered = now + took if record.result else None
        self._take(replace(record, live=Live(_due(one), now, answered)))
        return now + took

    def _drop(self, key: str, one: Cut) -> None:
        """Pass an item over; an answer that it got before is kept for the case that it gets its turn again."""
        known = self._known.get(key) or Record(key, one.item.id, one.origin)
        self._take(replace(known, error="", live=Live(_due(one))))

    def _take(self, record: Record) -> None:
        if self._known.get(record.key) != record:
            self._on_record(record)


def _timeline(item: Item) -> tuple[Path, int]:
    return item.recording, item.run


def _due(one: Cut) -> float:
    """When an item is to be asked, s from the recording's start: when the last frame that it may show is taken."""
    if one.item.end is not None:
        return one.item.end
    return (one.clip.end - one.origin) / 1e9 if one.clip else 0.0
