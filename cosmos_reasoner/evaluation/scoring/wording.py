"""Answers and truths in one line each."""

import json
from string import ascii_uppercase

from cosmos_reasoner.evaluation.labels.item import Item
from cosmos_reasoner.evaluation.labels.truth import (
    EventsTruth,
    OptionTruth,
    OutcomeTruth,
    RankingTruth,
    ScoreTruth,
    TextTruth,
)
from cosmos_reasoner.reasoning.result import (
    Answer,
    ChoiceAnswer,
    DataAnswer,
    DetectionsAnswer,
    EventsAnswer,
    Prediction,
    Ranking,
    ScoreAnswer,
    TextAnswer,
    VerdictAnswer,
)

__all__ = ["in_words", "truth_in_words"]


def in_words(answer: Answer, origin: int) -> str:
    """An answer in one line.

    Args:
        answer: Of any type.
        origin: Stamp from which times are counted, ns.
    """
    match answer:
        case TextAnswer(text):
            words = text
        case ChoiceAnswer(index, option):
            words = f"{_letter(index)}. {option}"
        case Prediction(outcomes):
            words = "; ".join(f"{outcome.text}{_percent(outcome.probability)}" for outcome in outcomes)
        case Ranking():
            words = " > ".join(f"{entry.action.id} {entry.score:.2f}" for entry in answer.actions)
        case VerdictAnswer():
            words = f"{answer.verdict.name}{_percent(answer.probability)}"
        case ScoreAnswer(score):
            words = str(score)
        case DetectionsAnswer(detections):
            words = ", ".join(detection.label or "unnamed" for detection in detections) or "nothing"
        case EventsAnswer(events):
            times = [(event.start - origin, event.end - origin, event.text) for event in events]
            words = "; ".join(f"{start / 1e9:.2f} to {end / 1e9:.2f} s {text}" for start, end, text in times) or "none"
        case DataAnswer(data):
            words = json.dumps(data, ensure_ascii=False)
    return " ".join(words.split())


def truth_in_words(item: Item) -> str:
    """What would be right, in one line; empty where nobody has said."""
    words = ""
    match item.truth:
        case OptionTruth(index):
            words = f"{_letter(index)}. {item.question.options[index]}"
        case RankingTruth(ids):
            words = " > ".join(ids)
        case EventsTruth(events):
            times = [f"{event.start:.2f} to {event.end:.2f} s {event.text}" for event in events]
            words = "; ".join(times) or "none"
        case ScoreTruth(score):
            words = str(score)
        case OutcomeTruth(happened):
            words = "HAPPENED" if happened else "DID_NOT"
        case TextTruth(texts):
            words = " / ".join(texts)
    return " ".join(words.split())


def _letter(index: int) -> str:
    return ascii_uppercase[index] if index < len(ascii_uppercase) else str(index + 1)


def _percent(probability: float | None) -> str:
    return "" if probability is None else f" ({probability:.0%})"
