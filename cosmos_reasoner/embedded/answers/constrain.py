"""Answers held to what a request allows."""

import json
import re

from cosmos_reasoner.embedded.answers.fill import OUTCOMES, Known, fill, outcomes_value
from cosmos_reasoner.embedded.answers.generation import Candidate, Draft
from cosmos_reasoner.embedded.answers.layout import around
from cosmos_reasoner.embedded.answers.options import log_odds
from cosmos_reasoner.embedded.answers.plausibility import plausibility
from cosmos_reasoner.embedded.answers.problem import Considered, Problem, softmax
from cosmos_reasoner.embedded.answers.question import Kind
from cosmos_reasoner.embedded.intake.request import ChatRequest
from cosmos_reasoner.errors import InvalidRequest

__all__ = ["draft"]


_BARE = (("", ""), ("\n\n", ""))
"""Other layouts that a regular expression may want: the answer alone, or after a blank line."""


def draft(request: ChatRequest, problem: Problem, considered: Considered) -> Draft:
    """Write down what may be replied.

    Raises:
        InvalidRequest: Nothing that this endpoint can say obeys the constraint.
    """
    before, after = around(problem.asked, "\n".join(considered.thoughts), request.prefill)
    whole = Draft(before, _answers(request, problem, considered), after)
    regex = request.structured_outputs.regex
    return _matching(regex, whole) if regex else whole


def _answers(request: ChatRequest, problem: Problem, considered: Considered) -> tuple[Candidate, ...]:
    if request.structured_outputs.choice:
        return _among(request.structured_outputs.choice, problem, considered)
    if problem.asked.shares:
        return ((json.dumps({letter: round(share, 3) for letter, share in considered.answers}), 1.0),)
    if request.answer_schema is not None:
        return tuple((fill(request.answer_schema, known), share) for known, share in _known(problem, considered))
    if problem.asked.kind is Kind.OUTCOMES:
        return ((json.dumps({OUTCOMES: _outcomes(problem, considered)}, ensure_ascii=False), 1.0),)
    return considered.answers


def _among(choices: list[str], problem: Problem, considered: Considered) -> tuple[Candidate, ...]:
    """Share out the probability among the allowed texts: by the answers they stand for, else by their own words."""
    shares = {text.lower(): share for text, share in considered.answers}
    for letter, text in problem.asked.options:
        shares.setdefault(text.lower(), shares.get(letter.lower(), 0.0))
    known = [shares.get(choice.strip().lower(), shares.get(_plain(choice))) for choice in choices]
    if all(share is None for share in known):
        return softmax(choices, [log_odds(choice, problem) for choice in choices])
    return _normalised([(choice, share or 0.0) for choice, share in zip(choices, known)])


def _plain(choice: str) -> str:
    """A choice such as "(A)" or "B." as its letter."""
    return re.sub(r"[\s().]", "", choice).lower()


def _outcomes(problem: Problem, considered: Considered) -> list[Known]:
    return outcomes_value(considered.outcomes, problem.asked.thousandths)


def _known(problem: Problem, considered: Considered) -> list[tuple[Known, float]]:
    """What a schema's properties may be filled with, for each answer."""
    outcomes = _outcomes(problem, considered)
    common: Known = {
        "score": round(plausibility(problem.facts).mean),
        "think": "\n".join(considered.thoughts),
        "count": len(problem.facts.movers),
        **(outcomes[0] if outcomes else {}),
        **({OUTCOMES: outcomes} if outcomes else {}),
    }
    return [
        ({"text": text, **common, "answer": text, "probability": round(share, 3)}, share)
        for text, share in considered.answers
    ]


def _matching(regex: str, whole: Draft) -> Draft:
    """Keep what the regular expression matches as a whole: in the asked layout, else the answer alone."""
    try:
        pattern = re.compile(regex)
    except re.error as error:
        raise InvalidRequest(f"structured_outputs.regex: {error}") from error
    for before, after in ((whole.before, whole.after), *_BARE):
        kept = [(text, share) for text, share in whole.answers if pattern.fullmatch(before + text + after)]
        if kept:
            return Draft(before, _normalised(kept), after)
    raise InvalidRequest("structured_outputs.regex: nothing that this endpoint can answer matches it")


def _normalised(answers: list[Candidate]) -> tuple[Candidate, ...]:
    total = sum(share for _, share in answers)
    return tuple((text, share / total if total else 1 / len(answers)) for text, share in answers)
