"""Whether a statement is true of the pictures."""

import math
import re
from dataclasses import dataclass

from cosmos_reasoner.embedded.answers.evidence import evidence
from cosmos_reasoner.embedded.answers.options import consider_options
from cosmos_reasoner.embedded.answers.problem import Considered, Problem

__all__ = ["Verdict", "consider_statement", "consider_yes_no", "judge"]

_OPEN = re.compile(
    r"unclear|not (?:tell|clear|certain|show)|cannot|can't|unknown|看不出|不清楚|无法|不能确定", re.IGNORECASE
)
_NO = re.compile(r"\b(?:no|not|false|didn't|wrong)\b|没有|不是|未|否", re.IGNORECASE)
_YES = re.compile(r"\b(?:yes|true|happened|it is so|correct)\b|是|发生", re.IGNORECASE)


_BLIND = 0.9
"""Probability that stays open when no word can be measured."""
_DENIED = -0.3
"""Evidence of one word that suffices to deny the whole."""
_SHARPNESS = 4.0
"""Factor from evidence to log-odds."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Probabilities that a statement is true, that it is false, and that the pictures do not tell.

    Attributes:
        yes: 0..1.
        no: 0..1.
        open: 0..1; the three sum to 1.
        words: Concepts of the statement that were measured.
    """

    yes: float
    no: float
    open: float
    words: tuple[str, ...]


def judge(statement: str, problem: Problem) -> Verdict:
    """Weigh a statement: true as far as all its measured words are; the fewer of its words are, the more stays open."""
    mentions = problem.lexicon.mentions(problem.lexicon.without_places(statement))
    weights = [evidence(mention, problem.facts, problem.asked.horizon) for mention in mentions]
    if not any(weights):
        even = (1 - _BLIND) / 2
        return Verdict(even, even, _BLIND, tuple(mention.concept for mention in mentions))
    weight = min(weights) if min(weights) < _DENIED else sum(weights) / len(weights)
    unseen = 1 - problem.lexicon.coverage(statement)
    left_open = min(_BLIND, 0.1 + 0.4 * unseen + 0.3 * (1 - abs(weight)))
    yes = (1 - left_open) / (1 + math.exp(-_SHARPNESS * weight))
    return Verdict(yes, 1 - left_open - yes, left_open, tuple(mention.concept for mention in mentions))


def consider_statement(problem: Problem) -> Considered:
    """Weigh a statement; the answer is the letter of the option that says yes, no or unclear."""
    verdict = judge(problem.asked.statement or problem.asked.text, problem)
    shares = [_share(text, verdict) for _, text in problem.asked.options]
    if None in shares:
        return consider_options(problem)
    total = sum(share or 0.0 for share in shares)
    answers = [(letter, (share or 0.0) / total) for (letter, _), share in zip(problem.asked.options, shares)]
    return Considered((_line(problem, verdict),), tuple(answers))


def consider_yes_no(problem: Problem) -> Considered:
    """Weigh a question; the answer is yes, no, or, where that may be said, that the pictures do not tell."""
    verdict = judge(problem.asked.statement or problem.asked.text, problem)
    say, either = problem.voice.say, verdict.yes + verdict.no
    answers = ((say("yes"), verdict.yes), (say("no"), verdict.no), (say("cannot_tell"), verdict.open))
    if problem.asked.binary:
        answers = ((say("yes"), verdict.yes / either), (say("no"), verdict.no / either), (say("cannot_tell"), 0.0))
    return Considered((_line(problem, verdict),), answers)


def _line(problem: Problem, verdict: Verdict) -> str:
    voice = problem.voice
    if not verdict.words:
        return voice.say("statement_none")
    words = voice.listed([voice.concept(word) for word in verdict.words])
    shares = {"yes": f"{verdict.yes:.2f}", "no": f"{verdict.no:.2f}", "open": f"{verdict.open:.2f}"}
    return voice.say("statement", words=words, **shares)


def _share(option: str, verdict: Verdict) -> float | None:
    """The share of an option that says yes, no or unclear; None when it says none of them."""
    if _OPEN.search(option):
        return verdict.open
    if _NO.search(option):
        return verdict.no
    return verdict.yes if _YES.search(option) else None
