"""How well stated probabilities agree with what happened, by the definitions of `reasoning/calibration.py`."""

from collections.abc import Sequence

import numpy as np

from cosmos_reasoner.evaluation.metrics.vectors import Vector, vectors
from cosmos_reasoner.reasoning.calibration import Bin, Calibration
from cosmos_reasoner.replies.levels import Verdict

__all__ = ["CLIP", "brier_score", "calibration_error", "log_loss", "reliability_bins"]

CLIP = 1e-6
"""A log loss counts no probability as nearer to 0 or 1, so that one wrong certainty costs 13.8 and not infinity."""


def brier_score(probabilities: Sequence[float], happened: Sequence[bool]) -> float | None:
    """Mean of (probability - happened)^2, 0..1, less is better; None without any.

    G. W. Brier, Verification of forecasts expressed in terms of probability, Monthly Weather Review 78(1), 1950; his
    own sum is twice as large.

    Args:
        probabilities: As stated, 0..1.
        happened: As many: whether it did.

    Raises:
        ValueError: They are not of the same length, or a probability is not in 0..1.
    """
    return _calibration(probabilities, happened).brier_score


def log_loss(probabilities: Sequence[float], happened: Sequence[bool], clip: float = CLIP) -> float | None:
    """Mean of -ln(probability of what came to be), nats, less is better; None without any. Always 0.5 gets ln 2.

    I. J. Good, Rational decisions, Journal of the Royal Statistical Society B 14(1), 1952.

    Args:
        probabilities: As stated, 0..1.
        happened: As many: whether it did.
        clip: Probabilities are held between this and 1 minus this; above 0, at most 0.5.

    Raises:
        ValueError: They are not of the same length, or a probability is not in 0..1.
    """
    stated, came = _checked(probabilities, happened)
    held = np.clip(stated, clip, 1 - clip)
    return float(-np.mean(np.log(np.where(came > 0, held, 1 - held)))) if held.size else None


def calibration_error(probabilities: Sequence[float], happened: Sequence[bool]) -> float | None:
    """Expected calibration error, 0..1, less is better: the gaps of the bins, each by its count; None without any.

    M. P. Naeini, G. F. Cooper, M. Hauskrecht, Obtaining well calibrated probabilities using Bayesian binning, AAAI
    2015.

    Args:
        probabilities: As stated, 0..1.
        happened: As many: whether it did.

    Raises:
        ValueError: They are not of the same length, or a probability is not in 0..1.
    """
    return _calibration(probabilities, happened).calibration_error


def reliability_bins(probabilities: Sequence[float], happened: Sequence[bool]) -> tuple[Bin, ...]:
    """What a reliability diagram shows: in ten bins of equal width, the mean probability and the share that happened.

    Args:
        probabilities: As stated, 0..1.
        happened: As many: whether it did.

    Raises:
        ValueError: They are not of the same length, or a probability is not in 0..1.
    """
    return _calibration(probabilities, happened).bins


def _checked(probabilities: Sequence[float], happened: Sequence[bool]) -> tuple[Vector, Vector]:
    stated, came = vectors(probabilities, happened)
    wrong = (stated < 0) | (stated > 1)
    if wrong.any():
        raise ValueError(f"{stated[wrong][0]:g} is no probability: they lie between 0 and 1")
    return stated, came


def _calibration(probabilities: Sequence[float], happened: Sequence[bool]) -> Calibration:
    calibration = Calibration()
    for probability, came in zip(*_checked(probabilities, happened)):
        calibration.add(float(probability), Verdict.HAPPENED if came else Verdict.DID_NOT)
    return calibration
