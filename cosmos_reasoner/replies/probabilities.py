"""How sure a model was of the letter that it chose."""

import math
import re
from collections.abc import Iterator, Sequence
from string import ascii_uppercase

from cosmos_reasoner.endpoints.events import Token
from cosmos_reasoner.replies.wording import LEAD

__all__ = ["SMALLEST_SHARE", "choice_probabilities"]

SMALLEST_SHARE = 0.1
"""Least probability of all letters together: below, the model hardly meant to write a letter at this place."""

_OPENING = r"(?:[\s(\[{*_`\"'$“‘（【]|\\boxed\{|\\text(?:bf|rm)?\{){0,8}"
_LETTER = re.compile(rf"{_OPENING}(?:{LEAD}){{0,3}}{_OPENING}(?P<letter>[A-Za-z])(?![A-Za-z0-9'’]| [a-z])")
_AROUND = " \t\r\n()[]{}<>/*_`\"'$.:,、。（）【】：“”‘’"
_MOST_LOST = 64
_ROUNDING = 1e-3
"""Some servers round logarithms to just above 0."""


def choice_probabilities(
    tokens: Sequence[Token], content: str, answer_start: int, count: int
) -> tuple[float, ...] | None:
    """Read the probabilities of the letters at the place where the answer's letter was written.

    Every alternative that is a letter but for space and punctuation (" A", "(A", "A.") counts for its letter; the
    letters' shares are then made to sum to 1. Under a choice constraint vLLM has already renormalised over what the
    constraint allows.

    Args:
        tokens: The content's tokens, from its first on.
        content: The whole content; the tokens' texts may differ from it where a character is split over tokens.
        answer_start: Index in the content where the answer begins; -1 for none.
        count: How many options there are, 26 at most.

    Returns:
        One probability an option, in their order; None when there are no log-probabilities, no letter opens the
        answer, or letters hold less than `SMALLEST_SHARE` there.
    """
    match = _LETTER.match(content, answer_start) if answer_start >= 0 else None
    if match is None or match["letter"].upper() not in ascii_uppercase[:count]:
        return None
    for start, token in _places(tokens, content):
        if start <= match.start("letter") < start + len(token.text):
            return _shares(token, match["letter"], count)
    return None


def _places(tokens: Sequence[Token], content: str) -> Iterator[tuple[int, Token]]:
    """Yield each token that stands in the content as it is, with its index there.

    A character split over tokens comes as U+FFFD, as nothing, or with a neighbour once more: what follows it may
    stand as many characters further on.
    """
    at = lost = 0
    for token in tokens:
        found = content.find(token.text, at, at + lost + len(token.text))
        if token.text and found >= 0:
            yield found, token
            at, lost = found + len(token.text), 0
        else:
            lost = min(lost + max(1, len(token.text)), _MOST_LOST)


def _shares(token: Token, written: str, count: int) -> tuple[float, ...] | None:
    letters = ascii_uppercase[:count] if written.isupper() else ascii_uppercase[:count].lower()
    masses = [0.0] * count
    for text, logprob in {token.text: token.logprob, **dict(token.alternatives)}.items():
        letter = text.strip(_AROUND)
        if len(letter) == 1 and letter in letters and logprob <= _ROUNDING:
            masses[letters.index(letter)] += math.exp(logprob)
    total = sum(masses)
    return tuple(mass / total for mass in masses) if total >= SMALLEST_SHARE else None
