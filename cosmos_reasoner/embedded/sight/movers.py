"""Tracks as measured movers."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from cosmos_reasoner.embedded.sight.facts import Box, Mover
from cosmos_reasoner.embedded.sight.growth import NO_GROWTH, Growth, growth_of_sizes, sizes_back
from cosmos_reasoner.embedded.sight.paths import Floats, count_turns, fit_path, largest_jump
from cosmos_reasoner.embedded.sight.steps import Gray, Matrix
from cosmos_reasoner.embedded.sight.tracks import Track

__all__ = ["Shots", "colour_name", "movers_of"]

_MOST = 6
_MEASURED = 12
"""Tracks that are looked at more closely."""
_FEWEST_SIGHTS = 3
_LEAST_WAY = 0.02
"""Picture widths that a thing must have gone to count as moving, unless it grows."""
_EDGE = 0.03
"""Share of a side within which something counts as at the edge."""
_TOLERANCE = 0.01
"""Picture widths that a thing's places may lie off its path, RMS; more for large things, whose outline wavers."""
_AT_REST = 0.012
"""Picture widths a second below which a thing stands still."""
_FEWEST_AREAS = 5
"""Sights that a growth by area needs: outlines waver."""
_FOLLOWED_BACK = 7
"""Frames over which the growth of a thing is measured."""


@dataclass(frozen=True, slots=True, eq=False)
class Shots:
    """The analysed frames of a view.

    Attributes:
        seconds: Their times, s.
        grays: Their grey pictures.
        to_last: Maps places in each onto the last one.
        scale: Factor from px as analysed to px as sent.
    """

    seconds: tuple[float, ...]
    grays: tuple[Gray, ...]
    to_last: tuple[Matrix, ...]
    scale: float

    @property
    def size(self) -> tuple[int, int]:
        """Width and height, px as analysed."""
        return self.grays[0].shape[1], self.grays[0].shape[0]


def movers_of(tracks: Sequence[Track], shots: Shots) -> tuple[Mover, ...]:
    """Measure what moved, the most prominent first.

    Args:
        tracks: All tracks, their places against the background: on the last picture.
        shots: The frames.
    """
    fewest = min(_FEWEST_SIGHTS, len(shots.seconds))
    long = [track for track in tracks if len(track.blobs) >= fewest]
    long.sort(key=lambda track: -len(track.blobs) * math.sqrt(track.blobs[-1].area))
    found = [mover for track in long[:_MEASURED] if (mover := _mover(track, shots)) is not None]
    found.sort(key=lambda mover: -_prominence(mover, shots))
    return tuple(replace(mover, number=number) for number, mover in enumerate(found[:_MOST], 1))


def colour_name(bgr: tuple[float, float, float]) -> str:
    """Name of a colour: of its hue where it has one, else of its brightness."""
    pixel = np.array([[bgr]], np.uint8)
    hue, saturation, value = (int(part) for part in cv2.cvtColor(pixel, cv2.COLOR_BGR2HSV)[0, 0])
    if value < 60:
        return "dark"
    if saturation < 60:
        return "bright" if value > 170 else "grey"
    limits = [(8, "red"), (20, "orange"), (33, "yellow"), (80, "green"), (98, "cyan"), (130, "blue"), (165, "purple")]
    return next((name for limit, name in limits if hue < limit), "red")


def _mover(track: Track, shots: Shots) -> Mover | None:
    """Measure one track; None when it does not move."""
    width, scale, last = shots.size[0], shots.scale, track.blobs[-1]
    times = np.array(track.seconds)
    grounded = np.array([blob.centre for blob in track.blobs])
    seen = _in_pictures(track, grounded, shots)
    size = math.sqrt(last.area)
    tolerance = max(_TOLERANCE * width, 0.15 * size)
    path, own = fit_path(times, seen, tolerance), fit_path(times, grounded, tolerance)
    way = float(np.max(np.linalg.norm(grounded - grounded[0], axis=1)))
    dx, dy = (float(value) for value in seen[-1] - grounded[-1])
    box = last.box.moved(dx, dy)
    growth = _growth(track, box, shots, moved_clear=way > 1.5 * size)
    if way < _LEAST_WAY * width and growth.rate == 0:
        return None
    pause = grounded[-_FEWEST_SIGHTS:]
    halted = bool(np.linalg.norm(pause[-1] - pause[0]) < _AT_REST * width * (times[-1] - times[-len(pause)]))
    if halted:
        path = own = replace(path, velocity=(0.0, 0.0), acceleration=(0.0, 0.0))
    return Mover(
        number=0,
        colour=colour_name(last.colour),
        box=_scaled(box, scale),
        velocity=_times(path.velocity, scale),
        acceleration=_times(path.acceleration, scale),
        own=_times(own.velocity, scale),
        scatter=path.scatter * scale,
        sights=len(track.blobs),
        steady=path.sights,
        turns=count_turns(grounded, max(_LEAST_WAY * width, 0.4 * size)),
        first=track.seconds[0],
        last=track.seconds[-1],
        travelled=way * scale,
        growth=growth.rate,
        contact=growth.contact,
        halted=halted,
        entered=track.frames[0] == 0 or _at_edge(track.blobs[0].box, shots.size),
        left=track.seconds[-1] == shots.seconds[-1] or _at_edge(last.box, shots.size),
        jerk=largest_jump(times, grounded) / max(size, 4.0),
    )


def _in_pictures(track: Track, grounded: Floats, shots: Shots) -> Floats:
    """Places on the last picture as places in the picture of each frame."""
    inverse = [cv2.invertAffineTransform(shots.to_last[frame]) for frame in track.frames]
    return np.array([matrix @ np.append(place, 1.0) for matrix, place in zip(inverse, grounded)])


def _growth(track: Track, box: Box, shots: Shots, moved_clear: bool) -> Growth:
    """By the points on it; else by its area, which is right only where it does not overlap its earlier place."""
    end = track.frames[-1] + 1
    start = max(0, end - _FOLLOWED_BACK)
    sizes = sizes_back(shots.grays[start:end], box)
    if len(sizes) >= _FEWEST_SIGHTS:
        return growth_of_sizes(np.array(shots.seconds[end - len(sizes) : end]), sizes)
    whole = [blob for blob in track.blobs[-_FOLLOWED_BACK:] if not _at_edge(blob.box, shots.size)]
    if not moved_clear or len(whole) < _FEWEST_AREAS or len(whole) < len(track.blobs[-_FOLLOWED_BACK:]):
        return NO_GROWTH
    areas = np.array([blob.area for blob in whole])
    return growth_of_sizes(np.array(track.seconds[-_FOLLOWED_BACK:]), np.sqrt(areas))


def _prominence(mover: Mover, shots: Shots) -> float:
    """Large, fast, steady and still there comes first."""
    width = shots.size[0] * shots.scale
    size = math.sqrt(mover.box.width * mover.box.height) / width
    speed = mover.speed / width + abs(mover.growth) * size
    there = 1.0 if mover.last == shots.seconds[-1] else 0.2
    return there * math.sqrt(size) * (0.02 + min(speed, 0.2)) * min(mover.steady - 2, 4)


def _scaled(box: Box, scale: float) -> Box:
    return Box(box.left * scale, box.top * scale, box.right * scale, box.bottom * scale)


def _times(pair: tuple[float, float], scale: float) -> tuple[float, float]:
    return pair[0] * scale, pair[1] * scale


def _at_edge(box: Box, size: tuple[int, int]) -> bool:
    width, height = size
    inside_x = box.left > _EDGE * width and box.right < (1 - _EDGE) * width
    inside_y = box.top > _EDGE * height and box.bottom < (1 - _EDGE) * height
    return not (inside_x and inside_y)
