"""Tracks as measured movers."""

import math
from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

from cosmos_reasoner.embedded.facts import Box, Mover
from cosmos_reasoner.embedded.tracks import Track

__all__ = ["colour_name", "movers_of"]

_MOST = 8
_FEWEST_SIGHTS = 3
_EDGE = 0.04
"""Share of a side within which something counts as at the edge."""

Floats = npt.NDArray[np.float64]


def movers_of(tracks: Sequence[Track], seconds: Sequence[float], size: tuple[int, int], scale: float) -> tuple[Mover, ...]:
    """Measure what moved, the most prominent first.

    Args:
        tracks: All tracks.
        seconds: Times of the frames, s.
        size: Width and height of the analysed pictures, px.
        scale: Factor from px as analysed to px as sent.
    """
    fewest = min(_FEWEST_SIGHTS, len(seconds))
    long = [track for track in tracks if len(track.blobs) >= fewest and _travelled(track) > 0.015 * size[0]]
    long.sort(key=lambda track: -_prominence(track))
    return tuple(_mover(number, track, seconds, size, scale) for number, track in enumerate(long[:_MOST], 1))


def colour_name(bgr: tuple[float, float, float]) -> str:
    """Name of a colour: of its hue where it has one, else of its brightness."""
    pixel = np.array([[bgr]], np.uint8)
    hue, saturation, value = (int(part) for part in cv2.cvtColor(pixel, cv2.COLOR_BGR2HSV)[0, 0])
    if value < 55:
        return "dark"
    if saturation < 60:
        return "bright" if value > 170 else "grey"
    limits = [(8, "red"), (20, "orange"), (33, "yellow"), (80, "green"), (98, "cyan"), (130, "blue"), (165, "purple")]
    return next((name for limit, name in limits if hue < limit), "red")


def _travelled(track: Track) -> float:
    return math.dist(track.blobs[0].centre, track.blobs[-1].centre)


def _prominence(track: Track) -> float:
    return len(track.blobs) * math.sqrt(track.blobs[-1].area) * (1 + _travelled(track) / 20)


def _mover(number: int, track: Track, seconds: Sequence[float], size: tuple[int, int], scale: float) -> Mover:
    times = np.array(track.seconds) - track.seconds[-1]
    places = np.array([blob.centre for blob in track.blobs]) * scale
    velocity, acceleration, scatter = _path(times, places)
    last = track.blobs[-1].box
    box = Box(last.left * scale, last.top * scale, last.right * scale, last.bottom * scale)
    growth, contact = _growth(times, np.sqrt([blob.area for blob in track.blobs]))
    return Mover(
        number=number,
        colour=colour_name(track.blobs[-1].colour),
        box=box,
        velocity=velocity,
        acceleration=acceleration,
        scatter=scatter,
        sights=len(track.blobs),
        first=track.seconds[0],
        last=track.seconds[-1],
        travelled=_travelled(track) * scale,
        growth=growth,
        contact=contact,
        halted=False,
        entered=track.frames[0] == 0 or _at_edge(track.blobs[0].box, size),
        left=track.seconds[-1] == seconds[-1] or _at_edge(last, size),
        jerk=_jerk(times, places, math.sqrt(track.blobs[-1].area) * scale),
    )


def _path(times: Floats, places: Floats) -> tuple[tuple[float, float], tuple[float, float], float]:
    """Fit a straight path, or a curved one where that is clearly better."""
    line, off = _fit(times, places, 1)
    velocity, acceleration = line[0], np.zeros(2)
    if len(times) >= 5:
        curve, off_curve = _fit(times, places, 2)
        if off_curve < 0.5 * off:
            velocity, acceleration, off = curve[1], 2 * curve[0], off_curve
    return (float(velocity[0]), float(velocity[1])), (float(acceleration[0]), float(acceleration[1])), off


def _fit(times: Floats, places: Floats, degree: int) -> tuple[Floats, float]:
    """Least squares; returns the coefficients, highest power first, and the RMS distance."""
    degree = min(degree, len(times) - 1)
    coefficients = np.polyfit(times, places, degree)
    off = places - np.vander(times, degree + 1) @ coefficients
    return coefficients, float(np.sqrt(np.mean(np.sum(off**2, axis=1))))


def _growth(times: Floats, sizes: Floats) -> tuple[float, float | None]:
    """Rate of growth, 1/s, and time to contact, s: under constant speed 1/size falls straight to zero at contact."""
    if len(times) < 4:
        return 0.0, None
    (slope, start), covariance = np.polyfit(times, 1 / sizes, 1, cov=True)
    if abs(slope) < 3 * math.sqrt(max(covariance[0, 0], 1e-12)) or abs(slope / start) < 0.05 or start <= 0:
        return 0.0, None
    return float(-slope / start), (float(-start / slope) if slope < 0 else None)


def _at_edge(box: Box, size: tuple[int, int]) -> bool:
    width, height = size
    return (
        box.left < _EDGE * width
        or box.top < _EDGE * height
        or box.right > (1 - _EDGE) * width
        or box.bottom > (1 - _EDGE) * height
    )


def _jerk(times: Floats, places: Floats, size: float) -> float:
    """Largest distance of a place from the line through its neighbours, in sizes."""
    if len(times) < 3:
        return 0.0
    share = ((times[1:-1] - times[:-2]) / (times[2:] - times[:-2]))[:, None]
    between = places[:-2] + share * (places[2:] - places[:-2])
    return float(np.max(np.linalg.norm(places[1:-1] - between, axis=1)) / max(size, 1.0))
