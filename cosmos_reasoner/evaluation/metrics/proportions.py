"""Shares of right answers with their uncertainty, and which answer was taken for which."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cosmos_reasoner.evaluation.metrics.vectors import pairs

__all__ = ["Confusion", "Proportion", "confusion"]

_Z = 1.959963984540054
"""The 97.5% quantile of the standard normal distribution, for intervals of 95%."""


@dataclass(frozen=True, slots=True)
class Proportion:
    """So many of so many.

    Attributes:
        hits: How many are right, 0..count; as a mean of several runs no whole number.
        count: How many there are.

    Raises:
        ValueError: More hits than there are, or fewer than none.
    """

    hits: float
    count: int

    def __post_init__(self) -> None:
        if not 0 <= self.hits <= self.count:
            raise ValueError(f"{self.hits} of {self.count} is no proportion")

    @classmethod
    def of(cls, rights: Iterable[bool]) -> "Proportion":
        """Count what is true."""
        listed = [bool(right) for right in rights]
        return cls(sum(listed), len(listed))

    @property
    def share(self) -> float | None:
        """Of the hits, 0..1; None of nothing."""
        return self.hits / self.count if self.count else None

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's interval of 95% for the share, both ends in 0..1; of nothing it is everything, 0 to 1.

        E. B. Wilson, Probable inference, the law of succession, and statistical inference, Journal of the American
        Statistical Association 22(158), 1927: all p for which |share - p| <= z * sqrt(p * (1 - p) / count).
        """
        if not self.count:
            return 0.0, 1.0
        share, slack = self.hits / self.count, _Z**2 / self.count
        middle = (share + slack / 2) / (1 + slack)
        half = math.sqrt(slack * (share * (1 - share) + slack / 4)) / (1 + slack)
        low = middle - half if self.hits else 0.0
        high = middle + half if self.hits < self.count else 1.0
        return low, high


@dataclass(frozen=True, slots=True)
class Confusion:
    """How often which truth got which answer.

    Attributes:
        labels: All n that were true or answered.
        counts: n rows, one a truth, of n + 1 numbers: one an answer, both in the order of the labels, and in the last
            column the unreadable ones.
    """

    labels: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]


def confusion(answers: Sequence[str | None], truths: Sequence[str], first: Sequence[str] = ()) -> Confusion:
    """Count which truth got which answer.

    Args:
        answers: None for an unreadable one.
        truths: As many.
        first: Labels that stand first, in this order, even where they never come; the others follow sorted.

    Raises:
        ValueError: There are not as many answers as truths.
    """
    cells = Counter(pairs(truths, answers))
    others = {label for cell in cells for label in cell if label is not None} - set(first)
    labels = (*dict.fromkeys(first), *sorted(others))
    return Confusion(labels, tuple(tuple(cells[truth, answer] for answer in (*labels, None)) for truth in labels))
