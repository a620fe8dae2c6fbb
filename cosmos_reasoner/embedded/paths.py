"""Paths fitted to the places of a thing."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["Floats", "Path", "fit_path", "largest_jump"]

Floats = npt.NDArray[np.float64]

_SHORTEST = 3
_CURVE = 5
"""Places that a curved path needs at least."""
_BETTER = 0.5
"""A curved path must fit this much better than a straight one."""


@dataclass(frozen=True, slots=True)
class Path:
    """Where something is heading.

    Attributes:
        velocity: px/s at the last place.
        acceleration: px/s^2; (0, 0) on a straight path.
        scatter: RMS distance of the places from the path, px.
        sights: How many of the last places lie on it.
    """

    velocity: tuple[float, float]
    acceleration: tuple[float, float]
    scatter: float
    sights: int


def fit_path(times: Floats, places: Floats, tolerance: float) -> Path:
    """Fit the longest stretch up to the last place that one path explains: what happened since the last bounce or push.

    Args:
        times: s, rising.
        places: Nx2, px, N >= 2.
        tolerance: RMS distance that a path may have, px.
    """
    best = _fit(times[-_SHORTEST:], places[-_SHORTEST:])
    for count in range(_SHORTEST + 1, len(times) + 1):
        longer = _fit(times[-count:], places[-count:])
        if longer.scatter > tolerance:
            break
        best = longer
    return best


def largest_jump(times: Floats, places: Floats) -> float:
    """Largest distance of a place from the line between its neighbours, px."""
    if len(times) < 3:
        return 0.0
    share = ((times[1:-1] - times[:-2]) / (times[2:] - times[:-2]))[:, None]
    between = places[:-2] + share * (places[2:] - places[:-2])
    return float(np.max(np.linalg.norm(places[1:-1] - between, axis=1)))


def _fit(times: Floats, places: Floats) -> Path:
    """A straight path, or a curved one where that is clearly better; least squares."""
    line, off = _polynomial(times, places, 1)
    if len(times) >= _CURVE:
        curve, off_curve = _polynomial(times, places, 2)
        if off_curve < _BETTER * off:
            return Path(_pair(curve[1]), _pair(2 * curve[0]), off_curve, len(times))
    return Path(_pair(line[0]), (0.0, 0.0), off, len(times))


def _polynomial(times: Floats, places: Floats, degree: int) -> tuple[Floats, float]:
    """Coefficients, highest power first, of a polynomial in the time before the last place; and the RMS distance."""
    powers = np.vander(times - times[-1], degree + 1)
    coefficients = np.linalg.lstsq(powers, places, rcond=None)[0]
    off = places - powers @ coefficients
    return coefficients, float(np.sqrt(np.mean(np.sum(off**2, axis=1))))


def _pair(values: Floats) -> tuple[float, float]:
    return float(values[0]), float(values[1])
