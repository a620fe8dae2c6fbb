"""Answers against truths, one item at a time."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from cosmos_reasoner.evaluation.labels.item import Item
from cosmos_reasoner.evaluation.labels.truth import (
    EventsTruth,
    LabelledEvent,
    OptionTruth,
    OutcomeTruth,
    RankingTruth,
    ScoreTruth,
    TextTruth,
    Truth,
)
from cosmos_reasoner.evaluation.metrics.rankings import kendall_tau, ndcg, top_1
from cosmos_reasoner.evaluation.run.record import Record
from cosmos_reasoner.evaluation.scoring.judged import Forecast, Judged, Kind
from cosmos_reasoner.evaluation.scoring.matching import event_overlaps, same_text
from cosmos_reasoner.evaluation.scoring.wording import in_words, truth_in_words
from cosmos_reasoner.reasoning.result import (
    Answer,
    ChoiceAnswer,
    EventsAnswer,
    Prediction,
    Ranking,
    Result,
    ScoreAnswer,
    Status,
    TextAnswer,
    VerdictAnswer,
)
from cosmos_reasoner.replies.levels import Verdict

__all__ = ["judge", "with_hindsight"]

_ENOUGH = 0.5
"""Overlap of two events that counts as the same."""

_KINDS: dict[type[Truth], Kind] = {
    OptionTruth: Kind.CHOICE,
    RankingTruth: Kind.RANKING,
    EventsTruth: Kind.EVENTS,
    ScoreTruth: Kind.SCORE,
    OutcomeTruth: Kind.OUTCOME,
    TextTruth: Kind.TEXT,
}


def judge(item: Item, record: Record | None) -> Judged:
    """Judge what came of an item.

    Args:
        item: What was asked, and what is right.
        record: What came of it; None when it has not been asked yet.
    """
    result = record.answered if record else None
    judged = Judged(
        id=item.id,
        set=item.set,
        group=item.group,
        run=item.run,
        kind=_kind(item, result),
        status=_status(record),
        note=_note(record),
        answer=in_words(result.answer, record.origin) if record and result and result.answer else "",
        truth=truth_in_words(item),
        defects=tuple(defect.kind.name for defect in result.defects) if result else (),
    )
    if item.truth is None:
        return judged
    return _judged(judged, item, result.answer if result else None, record.origin if record else 0)


def with_hindsight(judged: Judged, looks: Iterable[tuple[float, Record | None]]) -> Judged:
    """Add to a prediction what became of its outcomes.

    Args:
        judged: The prediction.
        looks: For each outcome the probability that it was given, and what was found when it was looked at again.
    """
    forecasts, unclear = [], 0
    for probability, record in looks:
        answer = record.result.answer if record and record.result else None
        if isinstance(answer, VerdictAnswer) and answer.verdict is not Verdict.UNCLEAR:
            forecasts.append(Forecast(probability, answer.verdict is Verdict.HAPPENED))
        else:
            unclear += 1
    return replace(judged, forecasts=tuple(forecasts), unclear=unclear)


def _kind(item: Item, result: Result | None) -> Kind:
    if item.truth is not None:
        return _KINDS[type(item.truth)]
    return Kind.PREDICTION if result and isinstance(result.answer, Prediction) else Kind.UNSCORED


def _status(record: Record | None) -> str:
    if record is None:
        return "MISSING"
    if record.is_dropped:
        return "DROPPED"
    return record.result.provenance.status.name if record.result else Status.FAILED.name


def _note(record: Record | None) -> str:
    if record is None:
        return "not asked yet"
    return record.result.provenance.status_text if record.result else record.error


def _judged(judged: Judged, item: Item, answer: Answer | None, origin: int) -> Judged:
    match item.truth:
        case OptionTruth(index):
            judged = _choice(judged, answer if isinstance(answer, ChoiceAnswer) else None, index)
        case RankingTruth(ids):
            judged = _ranking(judged, answer if isinstance(answer, Ranking) else None, ids)
        case EventsTruth(events):
            judged = _events(judged, answer if isinstance(answer, EventsAnswer) else None, events, origin)
        case ScoreTruth(score):
            judged = _score(judged, answer if isinstance(answer, ScoreAnswer) else None, score)
        case OutcomeTruth(happened):
            judged = _outcome(judged, answer if isinstance(answer, VerdictAnswer) else None, happened)
        case TextTruth(texts):
            said = answer.text if isinstance(answer, TextAnswer) else None
            judged = replace(judged, right=said is not None and any(same_text(said, text) for text in texts))
    return judged


def _choice(judged: Judged, answer: ChoiceAnswer | None, index: int) -> Judged:
    right = answer is not None and answer.index == index
    sure = answer.probabilities[answer.index] if answer and answer.probabilities else None
    return replace(judged, right=right, forecasts=() if sure is None else (Forecast(sure, right),))


def _ranking(judged: Judged, answer: Ranking | None, ids: Sequence[str]) -> Judged:
    if answer is None:
        return replace(judged, right=False)
    scores = {entry.action.id: entry.score for entry in answer.actions}
    given, true = [scores[name] for name in ids], [float(len(ids) - place) for place in range(len(ids))]
    found = {"top_1": top_1(given, true), "ndcg": ndcg(given, true), "kendall_tau": kendall_tau(given, true)}
    values = {name: value for name, value in found.items() if value is not None}
    return replace(judged, right=answer.actions[0].action.id == ids[0], values=values)


def _outcome(judged: Judged, answer: VerdictAnswer | None, happened: bool) -> Judged:
    right = answer is not None and answer.verdict is (Verdict.HAPPENED if happened else Verdict.DID_NOT)
    sure = answer.probability if answer else None
    return replace(judged, right=right, forecasts=() if sure is None else (Forecast(sure, happened),))


def _events(judged: Judged, answer: EventsAnswer | None, events: Sequence[LabelledEvent], origin: int) -> Judged:
    ious = event_overlaps(answer.events if answer else (), events, origin)
    right = answer is not None and bool(answer.events) == bool(events) and all(iou >= _ENOUGH for iou in ious)
    return replace(judged, right=right, ious=ious)


def _score(judged: Judged, answer: ScoreAnswer | None, score: int) -> Judged:
    given = {} if answer is None else {"score": float(answer.score)}
    right = answer is not None and answer.score == score
    return replace(judged, right=right, values={**given, "true_score": float(score)})
