"""Items and their records as a summary."""

from collections import Counter
from collections.abc import Sequence

from cosmos_reasoner.evaluation.metrics.probabilities import brier_score, calibration_error, log_loss, reliability_bins
from cosmos_reasoner.evaluation.metrics.proportions import Confusion, confusion
from cosmos_reasoner.evaluation.metrics.spread import Percentiles, percentiles
from cosmos_reasoner.evaluation.run.record import Record
from cosmos_reasoner.evaluation.scoring.judged import Judged, Kind
from cosmos_reasoner.evaluation.scoring.summary import Calibrated, LiveFigures, RunInfo, Summary
from cosmos_reasoner.evaluation.scoring.tables import NOT_SCORED, tables

__all__ = ["summarise"]

_PARTS = ("queue", "encode", "first_token", "think", "answer", "total")

_LAYOUT = frozenset(
    {"NO_REASONING", "UNCLOSED_THINK", "NO_ANSWER", "UNCLOSED_ANSWER", "SEVERAL_ANSWERS", "UNREADABLE", "REPAIRED"}
)
"""Defects by which a reply does not keep to the form that was asked for."""

_FEW = 6
"""Different options up to which they are told apart by their text; above, by their letter."""


def summarise(
    run: RunInfo, judged: Sequence[Judged], records: Sequence[Record], faults: Sequence[str], max_age: float
) -> Summary:
    """Put a run into numbers.

    Args:
        run: What was run.
        judged: All items.
        records: Of the items.
        faults: What could not be used.
        max_age: From which age on an answer is stale to a robot, s.
    """
    return Summary(
        run=run,
        counts=_counts(judged),
        tables=tables(judged),
        calibration=_calibration(judged),
        confusion=_confusion(judged),
        latencies=_latencies(records),
        tokens=_tokens(records),
        live=_live(records, max_age),
        faults=tuple(faults),
        items=tuple(judged),
    )


def _counts(judged: Sequence[Judged]) -> dict[str, int]:
    answered = [item for item in judged if item.status not in NOT_SCORED]
    return {
        "items": len(judged),
        "answered": len(answered),
        **{state.lower(): count for state, count in sorted(Counter(item.status for item in judged).items())},
        "truncated": sum("TRUNCATED" in item.defects for item in answered),
        "refused": sum("REFUSED" in item.defects for item in answered),
        "well_formed": sum(not _LAYOUT & set(item.defects) for item in answered),
    }


def _calibration(judged: Sequence[Judged]) -> dict[str, Calibrated]:
    found = {}
    for kind in Kind:
        mine = [item for item in judged if item.kind is kind]
        given = [(one.probability, one.happened) for item in mine for one in item.forecasts]
        unclear = sum(item.unclear for item in mine)
        if given or unclear:
            chances, came = [one for one, _ in given], [one for _, one in given]
            scores = (brier_score(chances, came), log_loss(chances, came), calibration_error(chances, came))
            found[kind.value] = Calibrated(*scores, len(given), unclear, reliability_bins(chances, came))
    return found


def _confusion(judged: Sequence[Judged]) -> Confusion | None:
    """Which option was taken for which, where the options are the same few throughout, as `yes` and `no`."""
    choices = [item for item in judged if item.kind is Kind.CHOICE and item.status not in NOT_SCORED]
    by_text = [(_option(item.answer) or None, _option(item.truth)) for item in choices]
    if not choices:
        return None
    if len({label for pair in by_text for label in pair if label}) <= _FEW:
        return confusion([answer for answer, _ in by_text], [truth for _, truth in by_text])
    letters = [(item.answer[:1] or None, item.truth[:1]) for item in choices]
    return confusion([answer for answer, _ in letters], [truth for _, truth in letters])


def _option(words: str) -> str:
    return words.partition(". ")[2]


def _latencies(records: Sequence[Record]) -> dict[str, Percentiles]:
    times = [record.answered.provenance.latencies for record in records if record.answered]
    return {part: percentiles([getattr(one, part) for one in times]) for part in _PARTS}


def _tokens(records: Sequence[Record]) -> dict[str, int]:
    sources = [record.answered.provenance for record in records if record.answered]
    return {
        "prompt": sum(source.prompt_tokens for source in sources),
        "completion": sum(source.completion_tokens for source in sources),
        "requests": sum(source.request_count for source in sources),
    }


def _live(records: Sequence[Record], max_age: float) -> LiveFigures | None:
    times = [record for record in records if record.live]
    if not times:
        return None
    ages = [
        record.live.answered - (record.result.provenance.clip_end - record.origin) / 1e9
        for record in times
        if record.live and record.live.answered is not None and record.result
    ]
    dropped = sum(record.is_dropped for record in times)
    stale = sum(age > max_age for age in ages)
    return LiveFigures(len(times), len(ages), dropped, stale, max_age, percentiles(ages))
