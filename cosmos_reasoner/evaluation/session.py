"""A whole run: items are asked, predictions are looked at again, and all of it is scored and written."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from pathlib import Path
from typing import Protocol

from cosmos_reasoner.errors import ConfigurationError
from cosmos_reasoner.evaluation.labels.item import Item, Labels
from cosmos_reasoner.evaluation.report.page import write_report
from cosmos_reasoner.evaluation.run.asking import Asker
from cosmos_reasoner.evaluation.run.hindsight import Check, checks_of
from cosmos_reasoner.evaluation.run.keys import Keys
from cosmos_reasoner.evaluation.run.live import Robot
from cosmos_reasoner.evaluation.run.plan import Plan, unanswered
from cosmos_reasoner.evaluation.run.record import Record
from cosmos_reasoner.evaluation.run.results import ResultsFile
from cosmos_reasoner.evaluation.scoring.judge import judge, with_hindsight
from cosmos_reasoner.evaluation.scoring.judged import Judged, Kind
from cosmos_reasoner.evaluation.scoring.scored import Scored
from cosmos_reasoner.evaluation.scoring.summarise import summarise
from cosmos_reasoner.evaluation.scoring.summary import RunInfo, Summary, read_summary, write_summary
from cosmos_reasoner.reasoning.result import Result
from cosmos_reasoner.recordings.names import readable

__all__ = ["NOT_SEEN", "Asks", "Observer", "Session", "Who"]


class Observer(Protocol):
    """Sees a run go on."""

    def begin(self, what: str, total: int, known: int) -> None:
        """A part of the run begins: so many items, so many of which are known from before."""

    def take(self, record: Record) -> None:
        """A record has come."""

    def fault(self, line: str) -> None:
        """Something cannot be used, or not wholly."""


NOT_SEEN = "hindsight_failed"
"""In the counts of a summary: outcomes that could not be looked at again."""


class Asks(Protocol):
    """Asks items: here, or on a cluster."""

    async def ask_all(
        self, items: Mapping[str, Item], on_record: Callable[[Record], None], on_fault: Callable[[str], None]
    ) -> None:
        """Ask items by key; see `Asker.ask_all`."""


@dataclass(frozen=True, slots=True)
class Who:
    """Somebody who is asked, and the keys of what they are asked."""

    asker: Asks
    keys: Keys


class Session:
    """A run in its folder.

    Args:
        folder: Where results.jsonl is, and all that is made of it.
        what: In a few words what is asked.
        labels: What is asked.
        who: Who is asked.
        witness: Who is asked what became of predictions; None to leave that open.
        observer: Sees it go on.
        runs: How often each item is asked.
        max_age: From which age on an answer is stale to a robot, s.
    """

    def __init__(
        self,
        folder: Path,
        what: str,
        labels: Labels,
        who: Who,
        witness: Who | None,
        observer: Observer,
        runs: int = 1,
        max_age: float = 10.0,
    ) -> None:
        self.folder = folder
        self._what = what
        self._who = who
        self._witness = witness
        self._observer = observer
        self._max_age = max_age
        self._plan = Plan.of(labels.items, who.keys, runs)
        self._faults: dict[str, None] = {}
        for line in (*labels.faults, *self._plan.faults):
            self._fault(line)

    async def ask(self, results: ResultsFile) -> None:
        """Ask whatever has no result yet.

        Args:
            results: The run's.

        Raises:
            EndpointUnavailable: The endpoint is gone.
            OSError: The disk is full.
        """
        if results.unreadable:
            self._fault(f"{results.path}: {results.unreadable} lines are no records of this version, and are left")
        await self._ask_items(results)
        if self._witness:
            await self._look_back(results, self._witness)

    async def _ask_items(self, results: ResultsFile) -> None:
        items = self._plan.by_key
        to_do = unanswered(items, results.records)
        take = self._taker(results)
        self._observer.begin("items", len(items), len(items) - len(to_do))
        if isinstance(self._who.asker, Asker) and self._who.keys.live:
            await Robot(self._who.asker, results.records, take, self._fault).play(items)
            return
        self._recall({item.recording for item in items.values()} - {item.recording for item in to_do.values()})
        await self._who.asker.ask_all(to_do, take, self._fault)

    async def _look_back(self, results: ResultsFile, witness: Who) -> None:
        items = {key: check.item for key, check in self._checks(results) if key and check.item}
        to_do = unanswered(items, results.records)
        if items:
            self._observer.begin("hindsight", len(items), len(items) - len(to_do))
            await witness.asker.ask_all(to_do, self._taker(results), self._fault)

    def write(self, results: ResultsFile) -> Summary:
        """Write summary.json and report.html of what is known, be the run complete or not.

        Args:
            results: The run's.

        Raises:
            OSError: They cannot be written.
        """
        looks: dict[str, list[tuple[float, Record | None]]] = {}
        unseen = 0
        for key, check in self._checks(results):
            looks.setdefault(check.key, []).append((check.probability, results.records.get(key)))
            if check.item and (key not in results.records or results.records[key].result is None):
                self._fault(f"{check.item.id}: could not be looked at again")
                unseen += 1
        entries = [(item, results.records.get(key)) for key, item in self._plan.items]
        scored = [Scored(item, record, _judged(item, record, looks)) for item, record in entries]
        records = list({record.key: record for _, record in entries if record}.values())
        judged = [one.judged for one in scored]
        summary = summarise(self._info(), judged, records, tuple(self._faults), self._max_age)
        if unseen:
            summary = replace(summary, counts={**summary.counts, NOT_SEEN: unseen})
        write_summary(summary, self.folder / "summary.json")
        write_report(self.folder, summary, scored)
        return summary

    def published(self, results: ResultsFile) -> Iterator[tuple[int, Result, str, Item, str]]:
        """What a node would have published.

        Each with its time (ns, by the recording's clock), the request id of the prediction that a verdict is about, its
        item, and its key.

        Args:
            results: The run's.
        """
        checks = self._checks(results)
        about = {key: check.key for key, check in checks if key}
        items = self._plan.by_key | {key: check.item for key, check in checks if key and check.item}
        for key, item in items.items():
            record = results.records.get(key)
            if record and record.answered:
                prediction = results.records[about[key]].result if key in about else None
                asked_by = prediction.provenance.request_id if prediction else ""
                yield record.when, record.answered, asked_by, item, key

    def _checks(self, results: ResultsFile) -> list[tuple[str, Check]]:
        """What is to be looked at again, each with its key; an empty one where the recording ends before."""
        if not self._witness:
            return []
        answered = [(item, results.records[key]) for key, item in self._plan.items if key in results.records]
        checks = checks_of(answered)
        plan = Plan.of([check.item for check in checks if check.item], self._witness.keys)
        keys = iter(plan.items)
        return [(next(keys)[0] if check.item else "", check) for check in checks]

    def _info(self) -> RunInfo:
        keys = self._who.keys
        now = datetime.now(timezone.utc).isoformat(timespec="seconds")
        name = readable(self.folder.resolve().name)
        return RunInfo(name, self._what, keys.model, keys.profile.name, keys.rate, now)

    def _taker(self, results: ResultsFile) -> Callable[[Record], None]:
        def take(record: Record) -> None:
            results.add(record)
            self._observer.take(record)

        return take

    def _recall(self, unread: set[Path]) -> None:
        """Say again what an earlier run found wrong with recordings that are not read this time."""
        try:
            earlier = read_summary(self.folder).faults
        except ConfigurationError:
            return
        names = tuple(f"{path}{mark}" for path in unread for mark in (":", "/"))
        for line in earlier:
            if line.startswith(names):
                self._fault(line)

    def _fault(self, line: str) -> None:
        line = readable(line)
        if line not in self._faults:
            self._faults[line] = None
            self._observer.fault(line)


def _judged(item: Item, record: Record | None, looks: Mapping[str, list[tuple[float, Record | None]]]) -> Judged:
    judged = judge(item, record)
    if record is None or judged.kind is not Kind.PREDICTION:
        return judged
    return with_hindsight(judged, looks.get(record.key, []))
