"""Thinking about a question: the facts first, then what they mean for it."""

from collections.abc import Callable
from dataclasses import replace

from cosmos_reasoner.embedded.answers.actions import consider_actions, consider_next_action
from cosmos_reasoner.embedded.answers.describe import describe
from cosmos_reasoner.embedded.answers.options import consider_options
from cosmos_reasoner.embedded.answers.outcomes import outcomes
from cosmos_reasoner.embedded.answers.problem import Considered, Problem
from cosmos_reasoner.embedded.answers.question import Kind
from cosmos_reasoner.embedded.answers.scores import consider_score
from cosmos_reasoner.embedded.answers.statements import consider_statement, consider_yes_no
from cosmos_reasoner.embedded.answers.tell import tell

__all__ = ["consider"]


def consider(problem: Problem) -> Considered:
    """Think about a question."""
    considered = _BY_KIND[problem.asked.kind](problem)
    seen = describe(problem.facts, problem.voice)
    return replace(considered, thoughts=(*seen, *considered.thoughts))


def _consider_outcomes(problem: Problem) -> Considered:
    voice = problem.voice
    found = outcomes(problem.asked, problem.facts, voice)
    lines = [voice.say("probability", value=f"{entry.probability:.2f}", text=entry.text) for entry in found]
    return Considered(tuple(lines), ((found[0].text, 1.0),), tuple(found))


def _consider_words(problem: Problem) -> Considered:
    return Considered((), ((tell(problem), 1.0),))


_BY_KIND: dict[Kind, Callable[[Problem], Considered]] = {
    Kind.OUTCOMES: _consider_outcomes,
    Kind.OPTIONS: consider_options,
    Kind.ACTIONS: consider_actions,
    Kind.NEXT_ACTION: consider_next_action,
    Kind.STATEMENT: consider_statement,
    Kind.YES_NO: consider_yes_no,
    Kind.SCORE: consider_score,
    Kind.WORDS: _consider_words,
}
