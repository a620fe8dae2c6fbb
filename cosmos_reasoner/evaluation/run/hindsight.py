"""Labels from the recording's own future: what became of each predicted outcome."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from cosmos_reasoner.errors import RecordingError
from cosmos_reasoner.evaluation.labels.item import Item
from cosmos_reasoner.evaluation.run.record import Record
from cosmos_reasoner.reasoning.hindsight_question import hindsight_question, statement_of
from cosmos_reasoner.reasoning.result import Outcome, Prediction, Result
from cosmos_reasoner.recordings.open import open_recording

__all__ = ["Check", "checks_of"]

_SEEN = 1 / 2
"""Share of the horizon that the recording must still show; as in the node."""


@dataclass(frozen=True, slots=True)
class Check:
    """An outcome that was predicted.

    Attributes:
        key: Of the item that it was predicted for.
        probability: That it was given, 0..1.
        item: Asks whether it came true, about the clip that followed; None where the recording ends before.
    """

    key: str
    probability: float
    item: Item | None


def checks_of(answered: Iterable[tuple[Item, Record]]) -> list[Check]:
    """What is to be looked at again, of all predictions among the records."""
    lengths: dict[Path, float] = {}
    checks: dict[str, list[Check]] = {}
    for item, record in answered:
        result = record.answered
        if result and isinstance(result.answer, Prediction) and record.key not in checks:
            if item.recording not in lengths:
                lengths[item.recording] = _length(item.recording)
            checks[record.key] = _checks(item, record, result, lengths[item.recording])
    return [check for found in checks.values() for check in found]


def _checks(item: Item, record: Record, result: Result, length: float) -> list[Check]:
    source, question = result.provenance, result.question
    outcomes = result.answer.outcomes if isinstance(result.answer, Prediction) else ()
    given = [(outcome, outcome.probability) for outcome in outcomes if outcome.probability is not None]
    start = (source.clip_end - record.origin) / 1e9

    def look(number: int, outcome: Outcome) -> Item | None:
        end = min(start + outcome.horizon, length)
        if end - start < _SEEN * outcome.horizon:
            return None
        asked = hindsight_question(statement_of(outcome), outcome.horizon, question.context, question.language)
        return Item(f"{item.id} outcome {number}", item.set, item.recording, start, end, source.cameras, asked)

    return [
        Check(record.key, probability, look(number, outcome)) for number, (outcome, probability) in enumerate(given, 1)
    ]


def _length(path: Path) -> float:
    """From the first frame to the last, s; 0 where it cannot be read."""
    try:
        with open_recording(path) as recording:
            return (recording.end - recording.start) / 1e9
    except RecordingError:
        return 0.0
