"""Answers held to what a request allows."""

import json
import re

from cosmos_reasoner.embedded.consider import Considered, score_text
from cosmos_reasoner.embedded.facts import Facts
from cosmos_reasoner.embedded.fill import OUTCOMES, Known, fill, outcomes_value
from cosmos_reasoner.embedded.generation import Candidate, Draft
from cosmos_reasoner.embedded.layout import around, bare
from cosmos_reasoner.embedded.lexicon import Lexicon
from cosmos_reasoner.embedded.plausibility import plausibility
from cosmos_reasoner.embedded.question import Asked, Kind
from cosmos_reasoner.embedded.request import ChatRequest
from cosmos_reasoner.errors import InvalidRequest

__all__ = ["draft"]


def draft(request: ChatRequest, asked: Asked, facts: Facts, considered: Considered, lexicon: Lexicon) -> Draft:
    """Write down what may be replied.

    Raises:
        InvalidRequest: Nothing that this endpoint can say obeys the constraint.
    """
    before, after = around(asked, "\n".join(considered.thoughts), request.prefill)
    answers = _answers(request, asked, facts, considered, lexicon)
    if request.structured_outputs.regex:
        return _matching(request.structured_outputs.regex, Draft(before, answers, after))
    return Draft(before, answers, after)


def _answers(
    request: ChatRequest, asked: Asked, facts: Facts, considered: Considered, lexicon: Lexicon
) -> tuple[Candidate, ...]:
    if request.structured_outputs.choice:
        return _among(request.structured_outputs.choice, asked, facts, considered, lexicon)
    if request.schema is not None:
        return tuple((fill(request.schema, known), share) for known, share in _known(asked, facts, considered))
    if asked.kind is Kind.OUTCOMES:
        value = outcomes_value(list(considered.outcomes), asked.thousandths)
        return ((json.dumps({OUTCOMES: value}, ensure_ascii=False), 1.0),)
    return considered.answers


def _among(
    choices: list[str], asked: Asked, facts: Facts, considered: Considered, lexicon: Lexicon
) -> tuple[Candidate, ...]:
    """Share out the probability among the allowed texts: by the answers they stand for, else by their own words."""
    shares = {text.lower(): share for text, share in considered.answers}
    for letter, text in asked.options:
        shares.setdefault(text.lower(), shares.get(letter.lower(), 0.0))
    plain = [re.sub(r"[\s().]", "", choice).lower() for choice in choices]
    known = [shares.get(choice.strip().lower(), shares.get(short)) for choice, short in zip(choices, plain)]
    if all(share is None for share in known):
        scores = [score_text(choice, facts, asked.horizon, lexicon) for choice in choices]
        top = max(scores)
        known = [2.718281828 ** (score - top) for score in scores]
    weights = [share or 0.0 for share in known]
    total = sum(weights)
    return tuple((choice, weight / total if total else 1 / len(choices)) for choice, weight in zip(choices, weights))


def _known(asked: Asked, facts: Facts, considered: Considered) -> list[tuple[Known, float]]:
    """What a schema's properties may be filled with, for each answer."""
    outcomes = outcomes_value(list(considered.outcomes), asked.thousandths)
    common: Known = {
        "score": round(plausibility(facts).mean),
        "think": "\n".join(considered.thoughts),
        "count": len(facts.movers),
        **(outcomes[0] if outcomes else {}),
        **({OUTCOMES: outcomes} if asked.kind is Kind.OUTCOMES else {}),
    }
    return [
        ({"text": text, **common, "answer": text, "probability": round(share, 3)}, share) for text, share in considered.answers
    ]


def _matching(regex: str, whole: Draft) -> Draft:
    """Keep what the regular expression matches as a whole: in the asked layout, else the answer alone."""
    try:
        pattern = re.compile(regex)
    except re.error as error:
        raise InvalidRequest(f"structured_outputs.regex: {error}") from error
    for before, after in ((whole.before, whole.after), bare(), ("\n\n", "")):
        kept = [(text, share) for text, share in whole.answers if pattern.fullmatch(before + text + after)]
        if kept:
            total = sum(share for _, share in kept)
            return Draft(before, tuple((text, share / total if total else 1 / len(kept)) for text, share in kept), after)
    raise InvalidRequest("structured_outputs.regex: nothing that this endpoint can answer matches it")
