"""Options, scored by their words against what was measured."""

from cosmos_reasoner.embedded.answers.evidence import evidence
from cosmos_reasoner.embedded.answers.problem import Considered, Problem, softmax

__all__ = ["consider_options", "log_odds"]

_SHARPNESS = 2.0
"""Factor from evidence, -1..1 for each concept, to log-odds."""
_CLEAR = 0.3
"""Log-odds from which an option is said to fit, or to contradict."""


def log_odds(text: str, problem: Problem) -> float:
    """How well a text fits the facts; 0 when no word of it can be measured."""
    mentions = problem.lexicon.mentions(text)
    return _SHARPNESS * sum(evidence(mention, problem.facts, problem.asked.horizon) for mention in mentions)


def consider_options(problem: Problem) -> Considered:
    """Weigh each option; the answer is a letter."""
    options = problem.asked.options
    scores = [log_odds(text, problem) for _, text in options]
    lines = [_line(problem, letter, text, score) for (letter, text), score in zip(options, scores)]
    return Considered(tuple(lines), softmax([letter for letter, _ in options], scores))


def _line(problem: Problem, letter: str, text: str, score: float) -> str:
    voice = problem.voice
    words = [voice.concept(mention.concept) for mention in problem.lexicon.mentions(text)]
    fits = "option_fits" if score > _CLEAR else "option_contradicts" if score < -_CLEAR else "option_open"
    why = voice.say("words_none")
    if words:
        why = voice.say("words_known", words=voice.listed(words), score=f"{score:+.2f}")
    return voice.say("option", letter=letter, outcome=voice.say(fits), why=why)
