"""Results for people and for programs."""

import json
from dataclasses import asdict
from enum import Enum
from typing import Any

from cosmos_reasoner.cli.console import Console
from cosmos_reasoner.cli.result_lines import outcome_line, share_line
from cosmos_reasoner.reasoning.result import (
    Answer,
    ChoiceAnswer,
    DataAnswer,
    Detection,
    DetectionsAnswer,
    EventsAnswer,
    Prediction,
    Ranking,
    Result,
    ScoreAnswer,
    Status,
    VerdictAnswer,
)

__all__ = ["as_json", "show"]


def show(result: Result, console: Console) -> None:
    """Write what was answered, how sure it is, and what it cost."""
    source = result.provenance
    for line in _lines(result.answer, source.clip_start):
        console.line(line, style="bold")
    if source.status is not Status.OK:
        console.line(f"{source.status.name}: {source.status_text}", style="red")
    for defect in result.defects if result.answer is not None else ():
        console.line(f"{defect.kind.name}: {defect.text}", style="yellow")
    console.line(
        f"{source.model}: {source.frame_count} frames of {(source.clip_end - source.clip_start) / 1e9:.2f} s, "
        f"{source.prompt_tokens} + {source.completion_tokens} tokens, {source.latencies.total:.2f} s",
        style="dim",
    )


def as_json(result: Result) -> str:
    """The whole result as JSON; enumerations by their names."""
    return json.dumps(_plain(asdict(result)), ensure_ascii=False, indent=2)


def _lines(answer: Answer | None, clip_start: int) -> list[str]:
    if isinstance(answer, DetectionsAnswer):
        return [_detection(detection) for detection in answer.detections] or ["nothing found"]
    if isinstance(answer, EventsAnswer):
        times = [((event.start - clip_start) / 1e9, (event.end - clip_start) / 1e9) for event in answer.events]
        lines = [f"{start:.2f} to {end:.2f} s  {event.text}" for (start, end), event in zip(times, answer.events)]
        return lines or ["no event"]
    if isinstance(answer, DataAnswer):
        return json.dumps(answer.data, ensure_ascii=False, indent=2).split("\n")
    return _short(answer)


def _short(answer: Answer | None) -> list[str]:
    if isinstance(answer, Prediction):
        return [outcome_line(x.text, x.probability, x.hazard.name) for x in answer.outcomes]
    if isinstance(answer, Ranking):
        return [share_line(x.action.id, x.score, x.expected_outcome, x.rationale) for x in answer.actions]
    if isinstance(answer, ChoiceAnswer):
        shares = f" ({answer.probabilities[answer.index]:.0%})" if answer.probabilities else ""
        return [f"{answer.option}{shares}"]
    if isinstance(answer, VerdictAnswer):
        share = "" if answer.probability is None else f", probability that it happened {answer.probability:.0%}"
        return [f"{answer.verdict.name}{share}"]
    if not isinstance(answer, ScoreAnswer):
        return []
    agreed = "" if answer.agreement is None else f", {answer.agreement:.0%} of {answer.samples} samples agree"
    return [f"score {answer.score}{agreed}"]


def _detection(detection: Detection) -> str:
    places = []
    if box := detection.box:
        places.append(f"box {box.left},{box.top} to {box.left + box.width},{box.top + box.height}")
    if detection.point:
        places.append(f"point {detection.point[0]},{detection.point[1]}")
    return f"{detection.label or 'unnamed'}: {', '.join(places)} in {detection.camera}"


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.name
    if isinstance(value, dict):
        return {key: _plain(entry) for key, entry in value.items()}
    return [_plain(entry) for entry in value] if isinstance(value, list | tuple) else value
