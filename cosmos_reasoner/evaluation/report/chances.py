"""The probabilities and scores that an answer states, line by line."""

from typing import NamedTuple

from cosmos_reasoner.reasoning.result import (
    Answer,
    ChoiceAnswer,
    Prediction,
    Ranking,
    ScoreAnswer,
    VerdictAnswer,
)
from cosmos_reasoner.replies.levels import Hazard, Verdict
from cosmos_reasoner.tasks.task import Question

__all__ = ["Chance", "chances", "confidence"]


class Chance(NamedTuple):
    """What a probability or score was given to; `value` 0..1, `note` what else was said of it."""

    name: str
    value: float
    note: str = ""


def chances(answer: Answer | None, question: Question) -> tuple[Chance, ...]:
    """All probabilities and scores of an answer, in its own order.

    Args:
        answer: Of any type; None for none.
        question: What was asked; it has the options' texts.
    """
    match answer:
        case ChoiceAnswer(probabilities=shares):
            return tuple(Chance(option, share) for option, share in zip(question.options, shares))
        case Prediction(outcomes):
            known = [(one, one.probability) for one in outcomes if one.probability is not None]
            return tuple(Chance(one.text, share, _hazard(one.hazard)) for one, share in known)
        case Ranking(actions=actions):
            notes = ["; ".join(filter(None, (one.expected_outcome, one.rationale))) for one in actions]
            return tuple(Chance(one.action.id, one.score, note) for one, note in zip(actions, notes))
        case VerdictAnswer(statement=statement, probability=float(share)):
            return (Chance(statement, share),)
        case ScoreAnswer(agreement=float(share)):
            return (Chance(f"agreement of {answer.samples} samples", share),)
    return ()


def confidence(answer: Answer | None) -> float | None:
    """How sure an answer is of itself, 0..1; None where it does not say."""
    match answer:
        case ChoiceAnswer(index, _, shares) if shares:
            return shares[index]
        case Prediction(outcomes) if outcomes:
            return outcomes[0].probability
        case Ranking(actions=actions) if actions:
            return actions[0].score
        case VerdictAnswer(verdict=verdict, probability=float(share)):
            return 1 - share if verdict is Verdict.DID_NOT else share
        case ScoreAnswer(agreement=agreement):
            return agreement
    return None


def _hazard(hazard: Hazard) -> str:
    return "" if hazard in (Hazard.UNKNOWN, Hazard.NONE) else f"hazard {hazard.name.lower()}"
