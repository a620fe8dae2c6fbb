"""One item as the report shows it."""

from dataclasses import dataclass, fields

from cosmos_reasoner.evaluation.report.chances import Chance, chances, confidence
from cosmos_reasoner.evaluation.report.outcome import Outcome, outcome_of
from cosmos_reasoner.evaluation.run.record import Live, Record, Strip
from cosmos_reasoner.evaluation.scoring.judged import Judged
from cosmos_reasoner.evaluation.scoring.scored import Scored
from cosmos_reasoner.reasoning.result import Latencies, Result
from cosmos_reasoner.recordings.names import readable

__all__ = ["Entry"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One item as the report shows it.

    Attributes:
        place: Its number in the run, from 0.
        judged: What its answer is worth.
        outcome: The same in one word.
        where: Which stretch of which recording.
        question: Its text.
        key: Of its record; empty when it was not asked.
        result: What the reasoner gave; None where it gave none.
        strip: What its picture shows; None where there is none.
        live: Its times when a robot was simulated.
        age: Of the answer when it came to a simulated robot, s.
        chances: What probabilities and scores it states.
        confidence: How sure it is, 0..1.
    """

    place: int
    judged: Judged
    outcome: Outcome
    where: str
    question: str
    key: str
    result: Result | None
    strip: Strip | None
    live: Live | None
    age: float | None
    chances: tuple[Chance, ...]
    confidence: float | None

    @classmethod
    def of(cls, place: int, scored: Scored) -> "Entry":
        """Make the entry of an item."""
        item, record, judged = scored
        result = record.result if record else None
        answer = result.answer if result else None
        return cls(
            place,
            judged,
            outcome_of(judged),
            _where(scored),
            item.question.text or item.question.goal,
            record.key if record else "",
            result,
            record.strip if record else None,
            record.live if record else None,
            _age(record),
            chances(answer, item.question),
            confidence(answer),
        )

    @property
    def latency(self) -> float | None:
        """From the request to the result, s; None without one."""
        return self.result.provenance.latencies.total if self.result else None

    @property
    def parts(self) -> tuple[tuple[str, float], ...]:
        """Where that time went, s by name."""
        times = self.result.provenance.latencies if self.result else None
        return tuple((part.name.replace("_", " "), getattr(times, part.name)) for part in fields(Latencies) if times)


def _where(scored: Scored) -> str:
    item = scored.item
    if item.start is None and item.end is None:
        return readable(item.recording.name)
    start, end = ("" if time is None else f"{time:.2f}" for time in (item.start or 0.0, item.end))
    return f"{readable(item.recording.name)}, {start} to {end or 'its end'}{' s' if end else ''}"


def _age(record: Record | None) -> float | None:
    if record is None or record.result is None or record.live is None or record.live.answered is None:
        return None
    return record.live.answered - (record.result.provenance.clip_end - record.origin) / 1e9
