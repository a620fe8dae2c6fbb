"""A question together with all that is needed to think about it, and what comes of thinking."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from cosmos_reasoner.embedded.answers.generation import Candidate
from cosmos_reasoner.embedded.answers.lexicon import Lexicon
from cosmos_reasoner.embedded.answers.outcomes import Outcome
from cosmos_reasoner.embedded.answers.question import Asked
from cosmos_reasoner.embedded.answers.voice import Voice
from cosmos_reasoner.embedded.sight.facts import Facts

__all__ = ["Considered", "Problem", "softmax"]


@dataclass(frozen=True, slots=True)
class Problem:
    """A question together with all that is needed to think about it.

    Attributes:
        asked: The question.
        facts: What was measured.
        voice: The language of the reasoning.
        lexicon: The words that can be measured.
    """

    asked: Asked
    facts: Facts
    voice: Voice
    lexicon: Lexicon


@dataclass(frozen=True, slots=True)
class Considered:
    """What comes of thinking about a question.

    Attributes:
        thoughts: The reasoning, line by line.
        answers: What may be answered, with probabilities that sum to 1.
        outcomes: For a question for outcomes.
    """

    thoughts: tuple[str, ...]
    answers: tuple[Candidate, ...]
    outcomes: tuple[Outcome, ...] = ()


def softmax(texts: Sequence[str], log_odds: Sequence[float]) -> tuple[Candidate, ...]:
    """Texts with probabilities."""
    top = max(log_odds)
    weights = [math.exp(score - top) for score in log_odds]
    return tuple((text, weight / sum(weights)) for text, weight in zip(texts, weights))
