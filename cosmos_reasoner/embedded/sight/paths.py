"""Paths fitted to the places of a thing."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["Floats", "Path", "count_turns", "fit_path", "largest_jump"]

Floats = npt.NDArray[np.float64]
"""Numbers, of any shape."""

_SHORTEST = 3
_CURVE = 5
"""Places that a curved path needs at least."""
_STRAIGHT = 0.5
"""Share of the tolerance up to which a straight path does, and a curved one is not looked for."""
_BETTER = 0.4
"""Share of the straight path's distance that a curved one must come down to."""


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
    best = _fit(times[-_SHORTEST:], places[-_SHORTEST:], tolerance)
    for count in range(_SHORTEST + 1, len(times) + 1):
        longer = _fit(times[-count:], places[-count:], tolerance)
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


def count_turns(places: Floats, least: float) -> int:
    """How often something turned back: its way reversed by more than 120 degrees.

    Args:
        places: Nx2, px.
        least: Way before and after the turn that counts, px.
    """
    turns, corner, heading = 0, places[0], np.zeros(2)
    for place in places[1:]:
        way = place - corner
        if np.linalg.norm(way) < least:
            continue
        direction = way / np.linalg.norm(way)
        turns += bool(direction @ heading < -0.5)
        corner, heading = place, direction
    return turns


def _fit(times: Floats, places: Floats, tolerance: float) -> Path:
    """A straight path, or a curved one where the straight one does not do; least squares."""
    line, off = _polynomial(times, places, 1)
    if len(times) >= _CURVE and off > _STRAIGHT * tolerance:
        curve, off_curve = _polynomial(times, places, 2)
        if off_curve < _BETTER * off:
            return Path(_pair(curve[1]), _pair(2 * curve[0]), off_curve, len(times))
    return Path(_pair(line[0]), (0.0, 0.0), off, len(times))


def _polynomial(times: Floats, places: Floats, degree: int) -> tuple[Floats, float]:
    """Coefficients, highest power first, of a polynomial in the time before the last place; and the RMS distance."""
    powers = np.vander(times - times[-1], degree + 1)
    coefficients = np.asarray(np.linalg.lstsq(powers, places, rcond=None)[0], np.float64)
    off = places - powers @ coefficients
    return coefficients, float(np.sqrt(np.mean(np.sum(off**2, axis=1))))


def _pair(values: Floats) -> tuple[float, float]:
    return float(values[0]), float(values[1])
