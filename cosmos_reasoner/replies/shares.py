"""Probabilities of outcomes that exclude each other, as a model states them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from cosmos_reasoner.errors import UnreadableAnswer
from cosmos_reasoner.replies.wording import shortened

__all__ = ["read_fractions", "read_shares"]

_WRITTEN = re.compile(r"\s?(\d{1,3}(?:\.\d{1,9})?)\s?([%％]?)\s?")
_SURELY_PERCENT = 10
"""A number above this is a percentage; one between 1 and this could as well be out of ten."""
_ROUNDING = 1e-6
"""By how much a sum may be above 1 and count as rounded."""


@dataclass(frozen=True, slots=True)
class _Number:
    value: float
    percent: bool


def read_shares(stated: Sequence[int | float | str | None]) -> tuple[tuple[float | None, ...], bool]:
    """Read the probabilities of outcomes that exclude each other.

    Args:
        stated: As `read_fractions` takes them.

    Returns:
        The probabilities, 0..1, scaled down where they sum to more than 1; and whether any was converted, or scaled by
        more than rounding explains.

    Raises:
        UnreadableAnswer: A number is out of its range, or could be read in two ways.
    """
    shares, converted = read_fractions(stated)
    total = sum(share for share in shares if share is not None)
    scaled = tuple(None if share is None else share / max(1.0, total) for share in shares)
    return scaled, converted or total > 1 + _ROUNDING


def read_fractions(stated: Sequence[int | float | str | None]) -> tuple[tuple[float | None, ...], bool]:
    """Read numbers from 0 to 1 that belong together.

    Args:
        stated: Numbers from 0 to 1, or percentages: "70%", or numbers of which at least one is above 10 and none is a
            fraction below 1; None where nothing was stated.

    Returns:
        The numbers, each 0..1; and whether any was converted.

    Raises:
        UnreadableAnswer: A number is out of its range, or could be read in two ways.
    """
    numbers = [None if entry is None else _number(entry) for entry in stated]
    bare = [number.value for number in numbers if number and not number.percent]
    percent = max(bare, default=0) > _SURELY_PERCENT
    if percent and any(0 < value < 1 for value in bare):
        raise UnreadableAnswer(f"unreadable probabilities {shortened(str(bare))}: fractions and percentages together")
    converted = percent or any(isinstance(entry, str) for entry in stated)
    return tuple(_share(number, percent) for number in numbers), converted


def _number(stated: int | float | str) -> _Number:
    if not isinstance(stated, str):
        return _Number(_within(stated, 100), percent=False)
    match = _WRITTEN.fullmatch(stated)
    if match is None:
        raise UnreadableAnswer(f"unreadable probability {shortened(stated)}: a number from 0 to 1 was asked for")
    return _Number(_within(float(match[1]), 100), percent=bool(match[2]))


def _share(number: _Number | None, percent: bool) -> float | None:
    if number is None:
        return None
    return number.value / 100 if percent or number.percent else _within(number.value, 1)


def _within(value: float, highest: float) -> float:
    if not 0 <= value <= highest:
        raise UnreadableAnswer(f"unreadable probability {shortened(str(value))}: a number from 0 to 1 was asked for")
    return float(value)
