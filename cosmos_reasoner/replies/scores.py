"""How likely each option is to be the best, as a model states it."""

from string import ascii_uppercase
from typing import Any

from cosmos_reasoner.errors import UnreadableAnswer
from cosmos_reasoner.replies.json_answer import read_json
from cosmos_reasoner.replies.shares import read_fractions
from cosmos_reasoner.replies.wording import shortened

__all__ = ["read_scores"]

_ROUNDING = 0.02
"""By how much numbers that were meant to sum to 1 may miss it and count as rounded."""


def read_scores(answer: str, count: int) -> tuple[tuple[float, ...], bool]:
    """Read the one JSON object of an answer: a number a letter, as in `{"A": 0.7, "B": 0.3}`, or in percent.

    Args:
        answer: What the model wrote.
        count: How many options there are, 26 at most.

    Returns:
        One share an option, in their order, together 1; and whether something had to be mended: the JSON, a small
        letter, a letter that was left out and counts as 0, percentages, numbers written as text ("70%", "0.7"), or
        numbers that did not sum to 1.

    Raises:
        UnreadableAnswer: It is no such object, names anything but the options' letters or one twice, holds anything but
            such numbers, fractions beside percentages, or all of them are 0.
    """
    value, mended = read_json(answer)
    letters = ascii_uppercase[:count]
    stated = _by_letter(value, letters, answer)
    fractions, converted = read_fractions([stated.get(letter) for letter in letters])
    numbers = [fraction or 0.0 for fraction in fractions]
    total = sum(numbers)
    if total == 0:
        raise UnreadableAnswer(f"the answer {shortened(answer)} gives every letter 0")
    mended = mended or converted or stated != value or len(stated) < count or abs(total - 1) > _ROUNDING
    return tuple(number / total for number in numbers), mended


def _by_letter(value: object, letters: str, answer: str) -> dict[str, int | float | str]:
    """What was stated of each letter, unread."""
    entries: dict[str, Any] = value if isinstance(value, dict) else {"": None}
    stated = {key.strip().upper(): number for key, number in entries.items()}
    if len(stated) < len(entries) or not stated.keys() <= set(letters):
        raise UnreadableAnswer(f"the answer {shortened(answer)} is not one number for each letter A to {letters[-1]}")
    if not all(type(number) in (int, float, str) for number in stated.values()):
        raise UnreadableAnswer(f"the answer {shortened(answer)} has a score that is no number from 0 to 1")
    return stated
