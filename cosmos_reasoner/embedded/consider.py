"""A question and the facts as reasoning and possible answers."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cosmos_reasoner.embedded.actions import MOVES, Weighed, read_goal, read_moves, weigh
from cosmos_reasoner.embedded.describe import describe
from cosmos_reasoner.embedded.evidence import evidence
from cosmos_reasoner.embedded.facts import Facts
from cosmos_reasoner.embedded.generation import Candidate
from cosmos_reasoner.embedded.lexicon import Lexicon
from cosmos_reasoner.embedded.outcomes import Outcome, outcomes
from cosmos_reasoner.embedded.plausibility import LEVELS, plausibility
from cosmos_reasoner.embedded.question import Asked, Kind
from cosmos_reasoner.embedded.statements import Verdict, judge, verdict_of_option
from cosmos_reasoner.embedded.tell import tell
from cosmos_reasoner.embedded.voice import Voice

__all__ = ["Considered", "consider", "score_text"]

_SHARPNESS = 2.0
"""Factor from evidence (-1..1) or utility to log-odds."""


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


def consider(asked: Asked, facts: Facts, voice: Voice, lexicon: Lexicon) -> Considered:
    """Think about a question.

    Args:
        asked: The question.
        facts: What was measured.
        voice: The language of the reasoning.
        lexicon: The words that can be measured.
    """
    seen = describe(facts, voice)
    thoughts, answers, found = _BY_KIND[asked.kind](asked, facts, voice, lexicon)
    return Considered((*seen, *thoughts), tuple(answers), tuple(found))


def score_text(text: str, facts: Facts, horizon: float, lexicon: Lexicon) -> float:
    """How well a text fits the facts, as log-odds; 0 when no word of it can be measured."""
    mentions = lexicon.mentions(text)
    return _SHARPNESS * sum(evidence(mention, facts, horizon) for mention in mentions)


_Answer = tuple[list[str], Sequence[Candidate], Sequence[Outcome]]


def _outcomes(asked: Asked, facts: Facts, voice: Voice, _: Lexicon) -> _Answer:
    found = outcomes(asked, facts, voice)
    lines = [voice.say("probability", value=f"{entry.probability:.2f}", text=entry.text) for entry in found]
    return lines, [(found[0].text, 1.0)], found


def _options(asked: Asked, facts: Facts, voice: Voice, lexicon: Lexicon) -> _Answer:
    scores = [score_text(text, facts, asked.horizon, lexicon) for _, text in asked.options]
    lines = []
    for (letter, text), score in zip(asked.options, scores):
        words = [mention.concept for mention in lexicon.mentions(text)]
        why = voice.say("words_known", words=voice.listed(words), score=f"{score:+.2f}") if words else voice.say("words_none")
        fits = "option_fits" if score > 0.3 else "option_contradicts" if score < -0.3 else "option_open"
        lines.append(voice.say("option", letter=letter, outcome=voice.say(fits), why=why))
    return lines, _softmax([letter for letter, _ in asked.options], scores), ()


def _actions(asked: Asked, facts: Facts, voice: Voice, lexicon: Lexicon) -> _Answer:
    goal = read_goal(asked.goal, lexicon)
    weighed = [weigh(read_moves(text, lexicon), goal, facts, asked.horizon) for _, text in asked.options]
    known = [entry.utility for entry in weighed if entry.move]
    neutral = sum(known) / len(known) if known else 0.0
    utilities = [entry.utility if entry.move else neutral for entry in weighed]
    lines = [voice.say(goal.kind)]
    for (letter, _), entry in zip(asked.options, weighed):
        outcome = voice.say(f"act_{entry.move or 'unknown'}")
        lines.append(voice.say("option", letter=letter, outcome=outcome, why=_why(entry, goal.target > 0, voice)))
    return lines, _softmax([letter for letter, _ in asked.options], [_SHARPNESS * value for value in utilities]), ()


def _why(entry: Weighed, target: bool, voice: Voice) -> str:
    if not entry.move:
        return voice.say("words_none")
    numbers = {"risk": f"{entry.risk:.2f}", "progress": f"{entry.progress:+.2f}", "utility": f"{entry.utility:+.2f}"}
    clear = voice.say("why_clear")
    blocked = voice.say("why_blocked", name=voice.name(*entry.threat)) if entry.threat else clear
    toward = voice.say("why_target", target=f"{entry.target:+.2f}") if target else ""
    return voice.listed([blocked, voice.say("why_action", **numbers) + toward])


def _next_action(asked: Asked, facts: Facts, voice: Voice, lexicon: Lexicon) -> _Answer:
    goal = read_goal(asked.goal or asked.text, lexicon)
    weighed = [weigh(name, goal, facts, asked.horizon) for name in MOVES]
    texts = [
        voice.say("next_action", action=voice.action(entry.move), why=_why(entry, goal.target > 0, voice))
        for entry in weighed
    ]
    return [voice.say(goal.kind), *texts], _softmax(texts, [_SHARPNESS * entry.utility for entry in weighed]), ()


def _statement(asked: Asked, facts: Facts, voice: Voice, lexicon: Lexicon) -> _Answer:
    verdict = judge(asked.statement or asked.text, facts, asked.horizon, lexicon)
    shares = [verdict_of_option(text, verdict) for _, text in asked.options]
    if None in shares:
        return _options(asked, facts, voice, lexicon)
    total = sum(share or 0.0 for share in shares)
    answers = [(letter, (share or 0.0) / total) for (letter, _), share in zip(asked.options, shares)]
    return [_verdict_line(verdict, voice)], answers, ()


def _yes_no(asked: Asked, facts: Facts, voice: Voice, lexicon: Lexicon) -> _Answer:
    verdict = judge(asked.statement or asked.text, facts, asked.horizon, lexicon)
    answers = [(voice.say("yes"), verdict.yes), (voice.say("no"), verdict.no), (voice.say("cannot_tell"), verdict.open)]
    return [_verdict_line(verdict, voice)], answers, ()


def _verdict_line(verdict: Verdict, voice: Voice) -> str:
    if not verdict.words:
        return voice.say("statement_none")
    shares = {"yes": f"{verdict.yes:.2f}", "no": f"{verdict.no:.2f}", "open": f"{verdict.open:.2f}"}
    return voice.say("statement", words=voice.listed(list(verdict.words)), **shares)


def _score(_: Asked, facts: Facts, voice: Voice, __: Lexicon) -> _Answer:
    judged = plausibility(facts)
    names = {mover.number: voice.name(view, mover) for view, mover in facts.movers}
    number, jerk = judged.jump
    lines = [
        voice.say("score_jump", name=names[number], jerk=f"{jerk:.1f}") if number else voice.say("score_smooth", jerk=f"{jerk:.1f}"),
        *(voice.say("score_appears", name=names[number]) for number in judged.appears),
        *(voice.say("score_vanishes", name=names[number]) for number in judged.vanishes),
        voice.say("score_weak"),
        voice.say("score", score=f"{judged.mean:.1f}"),
    ]
    return lines, [(str(level), share) for level, share in zip(LEVELS, judged.shares)], ()


def _words(asked: Asked, facts: Facts, voice: Voice, lexicon: Lexicon) -> _Answer:
    return [], [(tell(asked, facts, voice, lexicon), 1.0)], ()


def _softmax(texts: Sequence[str], scores: Sequence[float]) -> list[Candidate]:
    top = max(scores)
    weights = [math.exp(score - top) for score in scores]
    return [(text, weight / sum(weights)) for text, weight in zip(texts, weights)]


_BY_KIND: dict[Kind, Callable[[Asked, Facts, Voice, Lexicon], _Answer]] = {
    Kind.OUTCOMES: _outcomes,
    Kind.OPTIONS: _options,
    Kind.ACTIONS: _actions,
    Kind.NEXT_ACTION: _next_action,
    Kind.STATEMENT: _statement,
    Kind.YES_NO: _yes_no,
    Kind.SCORE: _score,
    Kind.WORDS: _words,
}
