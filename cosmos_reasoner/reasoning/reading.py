"""Replies as typed answers, by the answer type of their task."""

from collections.abc import Sequence
from statistics import median_low
from string import ascii_uppercase

from cosmos_reasoner.clips.encode import EncodedClip
from cosmos_reasoner.endpoints.constraints import Constraint
from cosmos_reasoner.endpoints.profile import Profile
from cosmos_reasoner.errors import UnreadableAnswer
from cosmos_reasoner.reasoning.exchange import Exchange
from cosmos_reasoner.reasoning.findings import detections, events
from cosmos_reasoner.reasoning.places import region_of, view_of
from cosmos_reasoner.reasoning.result import (
    Answer,
    ChoiceAnswer,
    DataAnswer,
    Outcome,
    Prediction,
    ScoreAnswer,
    TextAnswer,
    VerdictAnswer,
)
from cosmos_reasoner.replies.choice import read_choice
from cosmos_reasoner.replies.data import read_data
from cosmos_reasoner.replies.defects import Defect, repairs
from cosmos_reasoner.replies.detections import DETECTIONS_SCHEMA
from cosmos_reasoner.replies.events import EVENTS_SCHEMA
from cosmos_reasoner.replies.levels import Origin, Verdict
from cosmos_reasoner.replies.outcomes import OUTCOMES_SCHEMA, StatedOutcome, read_outcomes
from cosmos_reasoner.replies.probabilities import choice_probabilities
from cosmos_reasoner.replies.score import read_score
from cosmos_reasoner.tasks.prompt import Prompt
from cosmos_reasoner.tasks.task import AnswerType, Question

__all__ = ["constraint_of", "option_probabilities", "read", "score_of"]

_VERDICTS = (Verdict.HAPPENED, Verdict.DID_NOT, Verdict.UNCLEAR)
"""In the order of a verdict task's options."""

_LETTERED = frozenset({AnswerType.CHOICE, AnswerType.RANKING, AnswerType.VERDICT})

_SCHEMAS = {
    AnswerType.OUTCOMES: OUTCOMES_SCHEMA,
    AnswerType.DETECTIONS: DETECTIONS_SCHEMA,
    AnswerType.EVENTS: EVENTS_SCHEMA,
}


def constraint_of(prompt: Prompt) -> Constraint | None:
    """What the answer may be; None when it is free text."""
    if prompt.answer in _LETTERED:
        return Constraint(choices=tuple(ascii_uppercase[: len(prompt.options)]))
    if prompt.answer is AnswerType.SCORE:
        return Constraint(choices=prompt.options)
    schema = _SCHEMAS.get(prompt.answer, prompt.schema)
    return Constraint(schema=schema) if schema else None


def read(
    exchange: Exchange, question: Question, clip: EncodedClip, profile: Profile, *, start: int
) -> tuple[Answer, tuple[Defect, ...]]:
    """Read the answer of a reply to any task but a ranking, which takes several.

    Args:
        exchange: The question's words and the reply.
        question: What was asked.
        clip: What was seen.
        profile: How the endpoint writes coordinates.
        start: When the clip starts, ns.

    Returns:
        The answer, and what had to be mended to read it.

    Raises:
        UnreadableAnswer: It is not of the asked type.
    """
    text, kind = exchange.reply.answer, exchange.prompt.answer
    if not text:
        raise UnreadableAnswer("the reply has no answer")
    if kind is AnswerType.OUTCOMES:
        return _prediction(text, question, clip, profile)
    if kind is AnswerType.DETECTIONS:
        return detections(text, clip, profile.prompting.coordinates)
    if kind is AnswerType.EVENTS:
        return events(text, clip, start)
    if kind is AnswerType.DATA:
        data, mended = read_data(text, exchange.prompt.schema)
        return DataAnswer(data), repairs(mended)
    return _plain(exchange, question), ()


def option_probabilities(exchange: Exchange) -> tuple[float, ...]:
    """Probabilities of the options from the letter's log-probabilities; empty when the endpoint gave none."""
    count = len(exchange.prompt.options)
    return choice_probabilities(exchange.tokens, exchange.content, exchange.reply.answer_start, count) or ()


def score_of(exchanges: Sequence[Exchange]) -> ScoreAnswer:
    """One score of the replies to the same question; those that cannot be read are left out.

    Args:
        exchanges: At least one.

    Raises:
        UnreadableAnswer: None can be read.
    """
    scores, failure = [], UnreadableAnswer("no sample was answered")
    for exchange in exchanges:
        levels = [int(level) for level in exchange.prompt.options]
        try:
            scores.append(read_score(exchange.reply.answer, min(levels), max(levels)))
        except UnreadableAnswer as error:
            failure = error
    if not scores:
        raise failure
    score = median_low(scores)
    agreement = scores.count(score) / len(scores) if len(scores) > 1 else None
    return ScoreAnswer(score, agreement, len(scores))


def _plain(exchange: Exchange, question: Question) -> Answer:
    """An answer that has nothing to mend."""
    kind = exchange.prompt.answer
    if kind is AnswerType.CHOICE:
        return _choice(exchange)
    if kind is AnswerType.VERDICT:
        return _verdict(exchange, question)
    if kind is AnswerType.SCORE:
        return score_of([exchange])
    return TextAnswer(exchange.reply.answer)


def _choice(exchange: Exchange) -> ChoiceAnswer:
    index = read_choice(exchange.reply.answer, exchange.prompt.options)
    return ChoiceAnswer(index, exchange.prompt.options[index], option_probabilities(exchange))


def _verdict(exchange: Exchange, question: Question) -> VerdictAnswer:
    """The likeliest, whichever the dice chose. Unclear says nothing of whether it is so: yes and no share it."""
    index = read_choice(exchange.reply.answer, exchange.prompt.options)
    shares = option_probabilities(exchange)
    if not shares:
        return VerdictAnswer(question.text, _VERDICTS[index], None, Origin.NONE)
    likeliest = _VERDICTS[shares.index(max(shares))]
    return VerdictAnswer(question.text, likeliest, shares[0] + shares[2] / 2, Origin.LOGPROB)


def _prediction(
    text: str, question: Question, clip: EncodedClip, profile: Profile
) -> tuple[Prediction, tuple[Defect, ...]]:
    stated = read_outcomes(text)
    coordinates = profile.prompting.coordinates
    outcomes = tuple(_outcome(found, question, clip, coordinates) for found in stated.outcomes[: question.max_outcomes])
    return Prediction(outcomes), repairs(stated.repaired)


def _outcome(stated: StatedOutcome, question: Question, clip: EncodedClip, coordinates: str) -> Outcome:
    origin = Origin.NONE if stated.probability is None else Origin.SELF_REPORTED
    view = view_of(stated.camera, clip)
    region = region_of(stated.subject, view, coordinates) if view and stated.subject else None
    return Outcome(stated.text, stated.probability, origin, question.horizon, stated.hazard, region)
