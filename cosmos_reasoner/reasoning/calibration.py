"""How well probabilities were borne out by what happened."""

from dataclasses import dataclass

from cosmos_reasoner.replies.levels import Verdict

__all__ = ["BINS", "Bin", "Calibration"]

BINS = 10
"""Of equal width; the last one holds 1 too."""


@dataclass(frozen=True, slots=True)
class Bin:
    """Outcomes whose probabilities were alike.

    Attributes:
        count: How many.
        probability: Their mean probability; None when there are none.
        happened: Share of them that happened; None when there are none.
    """

    count: int
    probability: float | None
    happened: float | None


class Calibration:
    """Counts what became of predicted outcomes, and scores their probabilities."""

    def __init__(self) -> None:
        self.unclear = 0
        """Outcomes of which nobody can tell whether they happened; they enter no score."""
        self.missed = 0
        """Predictions that were not, or not wholly, checked."""
        self._squares = 0.0
        self._counts = [0] * BINS
        self._probabilities = [0.0] * BINS
        self._happened = [0] * BINS

    @property
    def happened(self) -> int:
        """Outcomes that happened."""
        return sum(self._happened)

    @property
    def did_not(self) -> int:
        """Outcomes that did not happen."""
        return sum(self._counts) - self.happened

    @property
    def brier_score(self) -> float | None:
        """Mean of (probability - happened)^2: 0 is best, 1 worst, 0.25 what 0.5 always gets; None without outcomes.

        G. W. Brier, Verification of forecasts expressed in terms of probability, Monthly Weather Review 78(1), 1950.
        His own sum runs over both cases, it happened and it did not, and so is twice as large.
        """
        total = sum(self._counts)
        return self._squares / total if total else None

    @property
    def calibration_error(self) -> float | None:
        """Expected calibration error: how far shares and probabilities of the bins are apart, each bin by its count.

        0 is best, 1 worst; None without outcomes. M. P. Naeini, G. F. Cooper, M. Hauskrecht, Obtaining well calibrated
        probabilities using Bayesian binning, AAAI 2015.
        """
        total = sum(self._counts)
        gaps = [abs(expected - came) for expected, came in zip(self._probabilities, self._happened)]
        return sum(gaps) / total if total else None

    @property
    def bins(self) -> tuple[Bin, ...]:
        """The outcomes by their probability: 0 to 0.1, ..., 0.9 to 1."""
        sums = zip(self._counts, self._probabilities, self._happened)
        return tuple(
            Bin(count, probability / count, happened / count) if count else Bin(0, None, None)
            for count, probability, happened in sums
        )

    def add(self, probability: float, verdict: Verdict) -> None:
        """Take what became of an outcome.

        Args:
            probability: That it was given, 0..1.
            verdict: What became of it.
        """
        if verdict is Verdict.UNCLEAR:
            self.unclear += 1
            return
        came = verdict is Verdict.HAPPENED
        place = min(int(probability * BINS), BINS - 1)
        self._counts[place] += 1
        self._probabilities[place] += probability
        self._happened[place] += came
        self._squares += (probability - came) ** 2

    def miss(self) -> None:
        """Take a prediction that was not, or not wholly, checked."""
        self.missed += 1
