"""Whether a statement is true of the pictures."""

import math
import re
from dataclasses import dataclass

from cosmos_reasoner.embedded.evidence import evidence
from cosmos_reasoner.embedded.facts import Facts
from cosmos_reasoner.embedded.lexicon import Lexicon

__all__ = ["Verdict", "judge", "verdict_of_option"]

_OPEN = re.compile(r"unclear|not (?:tell|clear|certain)|cannot|can't|unknown|does not (?:tell|show)|看不出|不清楚|无法|不能确定", re.IGNORECASE)
_NO = re.compile(r"\b(?:no|not|false|didn't|wrong)\b|没有|不是|未|否", re.IGNORECASE)
_YES = re.compile(r"\b(?:yes|true|happened|it is so|correct)\b|是|发生", re.IGNORECASE)


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


def judge(statement: str, facts: Facts, horizon: float, lexicon: Lexicon) -> Verdict:
    """Weigh a statement. The more of its words cannot be measured, the more stays open."""
    mentions = lexicon.mentions(statement)
    if not mentions:
        return Verdict(0.04, 0.04, 0.92, ())
    weights = [evidence(mention, facts, horizon) for mention in mentions]
    worst = min(weights) if min(weights) < -0.3 else sum(weights) / len(weights)
    blind = 0.0 if any(weights) else 0.8
    left_open = max(blind, 0.1 + 0.4 * (1 - lexicon.coverage(statement)) + 0.3 * (1 - abs(worst)))
    left_open = min(0.92, left_open)
    yes = (1 - left_open) / (1 + math.exp(-4 * worst))
    return Verdict(yes, 1 - left_open - yes, left_open, tuple(mention.concept for mention in mentions))


def verdict_of_option(option: str, verdict: Verdict) -> float | None:
    """The share of an option that says yes, no or unclear; None when it says none of them."""
    if _OPEN.search(option):
        return verdict.open
    if _NO.search(option):
        return verdict.no
    return verdict.yes if _YES.search(option) else None
