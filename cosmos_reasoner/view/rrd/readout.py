"""An answer as lines and numbers, for tools that show plain text and plots."""

import json
from collections.abc import Callable, Mapping

from cosmos_reasoner.reasoning.result import (
    Answer,
    ChoiceAnswer,
    DataAnswer,
    Detection,
    DetectionsAnswer,
    Event,
    EventsAnswer,
    Outcome,
    Prediction,
    RankedAction,
    Ranking,
    ScoreAnswer,
    TextAnswer,
    VerdictAnswer,
)
from cosmos_reasoner.replies.levels import Verdict

__all__ = ["lines", "percent", "scores"]


def lines(answer: Answer, start: int) -> list[str]:
    """Say an answer in lines.

    Args:
        answer: Of any type.
        start: When the clip starts, ns; events are told in seconds from there.
    """
    if isinstance(answer, DetectionsAnswer):
        return [_detection(detection) for detection in answer.detections] or ["nothing found"]
    if isinstance(answer, EventsAnswer):
        return [_event(event, start) for event in answer.events] or ["no event"]
    if isinstance(answer, DataAnswer):
        return json.dumps(answer.data, ensure_ascii=False, indent=2).split("\n")
    if isinstance(answer, TextAnswer):
        return answer.text.split("\n")
    return _LINES[type(answer)](answer)


def scores(answer: Answer) -> Mapping[str, float]:
    """Numbers of an answer by their names; those that are unknown are left out.

    Of outcomes (likeliest first), options and a statement these are probabilities, 0..1, of actions the scores, which
    sum to 1. A verdict that is clear is 1 or 0. Of a score it is the number on the task's scale.
    """
    if isinstance(answer, Prediction):
        known = enumerate((outcome.probability for outcome in answer.outcomes), 1)
        return {f"outcome {number}": value for number, value in known if value is not None}
    if isinstance(answer, Ranking):
        return {entry.action.id: entry.score for entry in answer.actions}
    if isinstance(answer, ChoiceAnswer):
        return {f"option {number}": value for number, value in enumerate(answer.probabilities, 1)}
    if isinstance(answer, ScoreAnswer):
        return {"score": float(answer.score)}
    return _verdict_scores(answer) if isinstance(answer, VerdictAnswer) else {}


def percent(share: float | None) -> str:
    """A probability or score, 0..1, in percent; None is unknown."""
    return "?" if share is None else f"{share:.0%}"


def _verdict_scores(answer: VerdictAnswer) -> dict[str, float]:
    clear = {} if answer.verdict is Verdict.UNCLEAR else {"verdict": float(answer.verdict is Verdict.HAPPENED)}
    return clear if answer.probability is None else {**clear, "verdict probability": answer.probability}


def _prediction(answer: Prediction) -> list[str]:
    return [_outcome(number, outcome) for number, outcome in enumerate(answer.outcomes, 1)] or ["no outcome"]


def _outcome(number: int, outcome: Outcome) -> str:
    return f"{number}: {percent(outcome.probability)}  {outcome.hazard.name}  {outcome.text}"


def _ranking(answer: Ranking) -> list[str]:
    return [_action(entry) for entry in answer.actions]


def _action(entry: RankedAction) -> str:
    why = " -- ".join(part for part in (entry.expected_outcome, entry.rationale) if part)
    return f"{percent(entry.score)}  {entry.action.id}" + (f": {why}" if why else "")


def _choice(answer: ChoiceAnswer) -> list[str]:
    share = f"{percent(answer.probabilities[answer.index])}  " if answer.probabilities else ""
    return [f"{share}{answer.option}"]


def _score(answer: ScoreAnswer) -> list[str]:
    agreed = "" if answer.agreement is None else f", {answer.agreement:.0%} of {answer.samples} samples agree"
    return [f"score {answer.score}{agreed}"]


def _verdict(answer: VerdictAnswer) -> list[str]:
    share = "" if answer.probability is None else f" ({answer.probability:.0%})"
    return [f"{answer.verdict.name}{share}: {answer.statement}"]


def _detection(found: Detection) -> str:
    box = f" box {found.box.left},{found.box.top} {found.box.width}x{found.box.height}" if found.box else ""
    point = f" point {found.point[0]},{found.point[1]}" if found.point else ""
    return f"{found.label or 'unnamed'}:{box}{point} in {found.camera}"


def _event(event: Event, start: int) -> str:
    return f"{(event.start - start) / 1e9:.2f} to {(event.end - start) / 1e9:.2f} s  {event.text}"


_LINES: Mapping[type, Callable[..., list[str]]] = {
    ChoiceAnswer: _choice,
    Prediction: _prediction,
    Ranking: _ranking,
    ScoreAnswer: _score,
    VerdictAnswer: _verdict,
}
