"""What a reasoner publishes, as results again."""

import math
from collections.abc import Callable, Mapping
from typing import Any

from cosmos_reasoner.nodes.conversions import nanoseconds, seconds
from cosmos_reasoner.reasoning.result import (
    Answer,
    Latencies,
    Outcome,
    Prediction,
    Provenance,
    RankedAction,
    Ranking,
    Region,
    Result,
    Status,
    VerdictAnswer,
)
from cosmos_reasoner.replies.levels import Hazard, Origin, Verdict
from cosmos_reasoner.tasks.task import Action, Question, RankingMethod

__all__ = ["result_of"]


def result_of(message: Any) -> Result:
    """Take a message as a result.

    Args:
        message: Reasoning: the result has words and no answer. OutcomePrediction, ActionRanking or OutcomeVerdict: it
            has an answer, or none where there are no outcomes or actions, and no words.
    """
    source = _provenance(message.provenance)
    question, read = Question(source.task), _ANSWERS.get(type(message).__name__)
    if read:
        return Result(question, "", "", "", read(message), (), source)
    return Result(question, message.question, message.think, message.answer, None, (), source)


def _prediction(message: Any) -> Answer | None:
    return Prediction(tuple(_outcome(outcome) for outcome in message.outcomes)) if message.outcomes else None


def _outcome(message: Any) -> Outcome:
    box = message.subject
    region = Region(message.subject_camera, box.x_offset, box.y_offset, box.width, box.height) if box.width else None
    return Outcome(
        message.text,
        _known(message.probability),
        Origin(message.confidence_origin),
        seconds(message.horizon),
        Hazard(message.hazard),
        region,
    )


def _ranking(message: Any) -> Answer | None:
    if not message.actions:
        return None
    actions = tuple(
        RankedAction(Action(entry.id, entry.description), entry.score, entry.expected_outcome, entry.rationale)
        for entry in message.actions
    )
    origin, unsteady = Origin(message.score_origin), _known(message.order_sensitivity)
    counts = (message.orderings_asked, message.orderings)
    return Ranking(message.goal, actions, RankingMethod(message.method), origin, message.entropy, unsteady, *counts)


def _verdict(message: Any) -> Answer | None:
    verdict, probability = Verdict(message.verdict), _known(message.probability)
    return VerdictAnswer(message.statement, verdict, probability, Origin(message.confidence_origin))


_ANSWERS: Mapping[str, Callable[[Any], Answer | None]] = {
    "OutcomePrediction": _prediction,
    "ActionRanking": _ranking,
    "OutcomeVerdict": _verdict,
}
"""How the answer of a message is read, by the name of its type."""


def _provenance(message: Any) -> Provenance:
    names = ("queue", "encode", "first_token", "think", "answer", "total")
    plain = ("request_id", "frame_count", "model", "profile", "task", "prompt_hash", "request_count")
    counts = ("prompt_tokens", "completion_tokens", "status_text")
    return Provenance(
        clip_start=nanoseconds(message.clip_start),
        clip_end=nanoseconds(message.clip_end),
        cameras=tuple(message.cameras),
        frame_id="",
        latencies=Latencies(*(seconds(getattr(message, f"{name}_latency")) for name in names)),
        status=Status(message.status),
        **{name: getattr(message, name) for name in (*plain, *counts)},
    )


def _known(value: float) -> float | None:
    return None if math.isnan(value) else value
