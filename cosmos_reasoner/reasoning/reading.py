"""Replies as typed answers, by the answer type of their task."""

from string import ascii_uppercase

from cosmos_reasoner.clips.encode import EncodedClip, EncodedView
from cosmos_reasoner.endpoints.profile import Profile
from cosmos_reasoner.endpoints.request import Constraint
from cosmos_reasoner.errors import UnreadableAnswer
from cosmos_reasoner.reasoning.exchange import Exchange
from cosmos_reasoner.reasoning.result import (
    Answer,
    ChoiceAnswer,
    Outcome,
    Prediction,
    Region,
    ScoreAnswer,
    TextAnswer,
    VerdictAnswer,
)
from cosmos_reasoner.replies.choice import read_choice
from cosmos_reasoner.replies.defects import Defect, DefectKind
from cosmos_reasoner.replies.levels import Origin, Verdict
from cosmos_reasoner.replies.outcomes import OUTCOMES_SCHEMA, StatedOutcome, read_outcomes
from cosmos_reasoner.replies.probabilities import choice_probabilities
from cosmos_reasoner.replies.score import read_score
from cosmos_reasoner.tasks.prompt import Prompt
from cosmos_reasoner.tasks.task import AnswerType, Question

__all__ = ["constraint_of", "option_probabilities", "read"]

_VERDICTS = (Verdict.HAPPENED, Verdict.DID_NOT, Verdict.UNCLEAR)
"""In the order of a verdict task's options."""

_LETTERED = frozenset({AnswerType.CHOICE, AnswerType.RANKING, AnswerType.VERDICT})


def constraint_of(prompt: Prompt) -> Constraint | None:
    """What the answer may be; None when it is free text."""
    if prompt.answer in _LETTERED:
        return Constraint(choices=tuple(ascii_uppercase[: len(prompt.options)]))
    if prompt.answer is AnswerType.SCORE:
        return Constraint(choices=prompt.options)
    return Constraint(schema=OUTCOMES_SCHEMA) if prompt.answer is AnswerType.OUTCOMES else None


def read(
    exchange: Exchange, question: Question, clip: EncodedClip, profile: Profile
) -> tuple[Answer, tuple[Defect, ...]]:
    """Read the answer of a reply to any task but a ranking, which takes several.

    Returns:
        The answer, and what had to be mended to read it.

    Raises:
        UnreadableAnswer: It is not of the asked type.
    """
    text = exchange.reply.answer
    if not text:
        raise UnreadableAnswer("the reply has no answer")
    kind = exchange.prompt.answer
    if kind is AnswerType.OUTCOMES:
        return _prediction(text, question, clip, profile)
    if kind is AnswerType.CHOICE:
        return _choice(exchange), ()
    if kind is AnswerType.VERDICT:
        return _verdict(exchange, question), ()
    if kind is AnswerType.SCORE:
        levels = [int(level) for level in exchange.prompt.options]
        return ScoreAnswer(read_score(text, min(levels), max(levels))), ()
    return TextAnswer(text), ()


def option_probabilities(exchange: Exchange) -> tuple[float, ...]:
    """Probabilities of the options from the letter's log-probabilities; empty when the endpoint gave none."""
    count = len(exchange.prompt.options)
    return choice_probabilities(exchange.tokens, exchange.content, exchange.reply.answer_start, count) or ()


def _choice(exchange: Exchange) -> ChoiceAnswer:
    index = read_choice(exchange.reply.answer, exchange.prompt.options)
    return ChoiceAnswer(index, exchange.prompt.options[index], option_probabilities(exchange))


def _verdict(exchange: Exchange, question: Question) -> VerdictAnswer:
    """Unclear says nothing of whether it is so: its share is split between yes and no."""
    index = read_choice(exchange.reply.answer, exchange.prompt.options)
    shares = option_probabilities(exchange)
    if not shares:
        return VerdictAnswer(question.text, _VERDICTS[index], None, Origin.NONE)
    return VerdictAnswer(question.text, _VERDICTS[index], shares[0] + shares[2] / 2, Origin.LOGPROB)


def _prediction(
    text: str, question: Question, clip: EncodedClip, profile: Profile
) -> tuple[Prediction, tuple[Defect, ...]]:
    stated = read_outcomes(text)
    outcomes = tuple(_outcome(found, question, clip, profile) for found in stated.outcomes[: question.max_outcomes])
    mended = (Defect(DefectKind.REPAIRED, "the answer was mended before it could be read"),) if stated.repaired else ()
    return Prediction(outcomes), mended


def _outcome(stated: StatedOutcome, question: Question, clip: EncodedClip, profile: Profile) -> Outcome:
    origin = Origin.NONE if stated.probability is None else Origin.SELF_REPORTED
    region = _region(stated, clip, profile)
    return Outcome(stated.text, stated.probability, origin, question.horizon, stated.hazard, region)


def _region(stated: StatedOutcome, clip: EncodedClip, profile: Profile) -> Region | None:
    """Map a box from the picture as sent to the picture as taken; None when it is no box inside it."""
    view = _view(stated.camera, clip)
    if stated.subject is None or view is None:
        return None
    width, height = view.taken
    x, y = view.scale if profile.prompting.coordinates == "pixels" else (width / 1000, height / 1000)
    left, right = (min(max(round(value * x), 0), width) for value in stated.subject[::2])
    top, bottom = (min(max(round(value * y), 0), height) for value in stated.subject[1::2])
    if left >= right or top >= bottom:
        return None
    return Region(view.camera, left, top, right - left, bottom - top)


def _view(camera: str | None, clip: EncodedClip) -> EncodedView | None:
    if len(clip.views) == 1:
        return clip.views[0]
    return next((view for view in clip.views if view.camera == camera), None)
