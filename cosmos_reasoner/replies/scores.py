"""How likely each option is to be the best, as a model states it."""

from string import ascii_uppercase

from cosmos_reasoner.errors import UnreadableAnswer
from cosmos_reasoner.replies.json_answer import read_json
from cosmos_reasoner.replies.wording import shortened

__all__ = ["read_scores"]

_HIGHEST = 100
_ROUNDING = 0.02
"""By how much numbers that were meant to sum to 1 may miss it and count as rounded."""


def read_scores(answer: str, count: int) -> tuple[tuple[float, ...], bool]:
    """Read the one JSON object of an answer: a number a letter, as in `{"A": 0.7, "B": 0.3}`, or in percent.

    Args:
        answer: What the model wrote.
        count: How many options there are, 26 at most.

    Returns:
        One share an option, in their order, together 1; and whether something had to be mended: the JSON, a letter that
        was left out and counts as 0, or numbers that did not sum to 1.

    Raises:
        UnreadableAnswer: It is no such object, names anything but the options' letters, holds anything but numbers from
            0 to 100, or all of them are 0.
    """
    stated, mended = read_json(answer)
    letters = ascii_uppercase[:count]
    if not isinstance(stated, dict) or not stated.keys() <= set(letters):
        raise UnreadableAnswer(f"the answer {shortened(answer)} is not one number for each letter A to {letters[-1]}")
    numbers = [_number(stated.get(letter, 0), answer) for letter in letters]
    total = sum(numbers)
    if total == 0:
        raise UnreadableAnswer(f"the answer {shortened(answer)} gives every letter 0")
    mended = mended or len(stated) < count or abs(total - 1) > _ROUNDING
    return tuple(number / total for number in numbers), mended


def _number(stated: object, answer: str) -> float:
    if isinstance(stated, bool) or not isinstance(stated, (int, float)) or not 0 <= stated <= _HIGHEST:
        raise UnreadableAnswer(f"the answer {shortened(answer)} has a score that is no number from 0 to {_HIGHEST}")
    return float(stated)
