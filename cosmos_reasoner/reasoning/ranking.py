"""Actions in several orderings, and one ranking out of all of them.

Models favour places in a list (position bias). Each ordering is the list rotated; over as many orderings as actions,
each action stands once in each place, and the mean of its scores is free of a bias that depends on the place alone.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import fmean

from cosmos_reasoner.errors import InvalidRequest, UnreadableAnswer
from cosmos_reasoner.reasoning.exchange import Exchange
from cosmos_reasoner.reasoning.reading import option_probabilities
from cosmos_reasoner.reasoning.result import RankedAction, Ranking
from cosmos_reasoner.replies.choice import read_choice
from cosmos_reasoner.replies.levels import Origin
from cosmos_reasoner.replies.option_lines import read_option_lines
from cosmos_reasoner.tasks.task import Action, Question

__all__ = ["check_actions", "combine", "rotations"]


@dataclass(frozen=True, slots=True)
class _Reading:
    """Scores by action id from one ordering, and whether they are probabilities; else they are one vote."""

    scores: dict[str, float]
    known: bool


def check_actions(actions: Sequence[Action]) -> None:
    """Check what the caller gave.

    Raises:
        InvalidRequest: An id is empty or stands twice.
    """
    ids = [action.id for action in actions]
    if not all(ids):
        raise InvalidRequest("an action has no id")
    twice = sorted({name for name in ids if ids.count(name) > 1})
    if twice:
        raise InvalidRequest(f"the action id {twice[0]!r} stands more than once")


def rotations(question: Question, count: int) -> list[Question]:
    """The question with its actions in different orderings, the caller's own first.

    Args:
        question: With n actions.
        count: How many orderings; more than n add nothing and are not made.
    """
    n = len(question.actions)
    count = max(1, min(count, n))
    shifts = [round(k * n / count) for k in range(count)]
    return [replace(question, actions=question.actions[s:] + question.actions[:s]) for s in shifts]


def combine(asked: Sequence[tuple[Question, Exchange]]) -> Ranking:
    """Make one ranking of the replies to several orderings.

    Args:
        asked: Each ordering with its reply; the first is the caller's own.

    Raises:
        UnreadableAnswer: No reply names an option.
    """
    readings = _readings(asked)
    question, exchange = asked[0]
    mean = {action.id: fmean(reading.scores[action.id] for reading in readings) for action in question.actions}
    lines = read_option_lines(exchange.reply.think, len(mean))
    ranked = [RankedAction(action, mean[action.id], *line) for action, line in zip(question.actions, lines)]
    return Ranking(
        goal=question.goal,
        actions=tuple(sorted(ranked, key=lambda entry: -entry.score)),
        origin=Origin.LOGPROB if all(reading.known for reading in readings) else Origin.VOTE,
        entropy=_entropy(list(mean.values())),
        order_sensitivity=fmean(_distance(reading.scores, mean) for reading in readings) if len(readings) > 1 else None,
        orderings=len(readings),
    )


def _readings(asked: Sequence[tuple[Question, Exchange]]) -> list[_Reading]:
    """Read every reply that can be read."""
    readings, failure = [], UnreadableAnswer("no ordering was answered")
    for question, exchange in asked:
        try:
            readings.append(_reading(question, exchange))
        except UnreadableAnswer as error:
            failure = error
    if not readings:
        raise failure
    return readings


def _reading(question: Question, exchange: Exchange) -> _Reading:
    ids = [action.id for action in question.actions]
    if shares := option_probabilities(exchange):
        return _Reading(dict(zip(ids, shares)), known=True)
    best = read_choice(exchange.reply.answer, exchange.prompt.options)
    return _Reading({name: float(index == best) for index, name in enumerate(ids)}, known=False)


def _distance(one: dict[str, float], other: dict[str, float]) -> float:
    """Total variation between two distributions."""
    return sum(abs(one[name] - other[name]) for name in one) / 2


def _entropy(scores: Sequence[float]) -> float:
    return -sum(score * math.log(score) for score in scores if score > 0) / math.log(len(scores))
