"""Where what moves will be, if it goes on as it does."""

import math
from dataclasses import dataclass

from cosmos_reasoner.embedded.sight.facts import Box, Mover, ViewFacts

__all__ = ["Forecast", "forecast", "path_box", "trust"]

_STEPS = 20
"""Instants at which the way to the horizon is looked at."""
_HELD = 0.8
"""Trust in the best measured movers over a short time."""
_LEAST_TRUST = 0.05
_SCATTER, _REACH = 2.0, 0.1
"""How much scatter, and how much a long horizon, take from the trust."""
_TURNED = 0.8
"""What remains of the trust for each time that it turned back before."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """What becomes of one mover until the horizon; times in s after the last frame.

    Attributes:
        mover: Which.
        box: Where it will be at the horizon, or when it leaves the picture, px.
        leaves: Edge ("left", "right", "top", "bottom") and time at which its centre goes out of the picture.
        meets: Number of another mover that it touches, and when.
        path: When it enters the robot's own path, see `path_box`; 0 when it is in it already.
        contact: When it would reach the camera; None when it does not near, or not within the horizon.
        trust: Probability that it goes on as it does until the first of these events, or else the horizon, 0..1.
    """

    mover: Mover
    box: Box
    leaves: tuple[str, float] | None
    meets: tuple[int, float] | None
    path: float | None
    contact: float | None
    trust: float


def path_box(size: tuple[int, int]) -> Box:
    """The part of the picture that a camera which looks ahead goes over next: the middle, near the bottom."""
    width, height = size
    return Box(0.3 * width, 0.6 * height, 0.7 * width, float(height))


def forecast(view: ViewFacts, mover: Mover, horizon: float) -> Forecast:
    """Follow one mover along its fitted path.

    Args:
        view: What its camera saw.
        mover: Which.
        horizon: How far to look beyond the last frame, s.
    """
    way = [(horizon * step / _STEPS, _at(view, mover, horizon * step / _STEPS)) for step in range(1, _STEPS + 1)]
    leaves = next(((edge, time) for time, box in way if (edge := _edge(box, view.size))), None)
    inside = [(time, box) for time, box in way if leaves is None or time <= leaves[1]]
    meets = _first_meeting(view, mover, inside)
    contact = _contact(view, mover, horizon)
    times = [leaves[1] if leaves else None, meets[1] if meets else None, contact]
    events = [time for time in times if time is not None]
    return Forecast(
        mover=mover,
        box=inside[-1][1],
        leaves=leaves,
        meets=meets,
        path=_first_in_path(view, mover, inside),
        contact=contact,
        trust=trust(view, mover, min(events, default=horizon)),
    )


def trust(view: ViewFacts, mover: Mover, horizon: float) -> float:
    """Probability that a mover goes on as it does until the horizon.

    The form is a guess, its constants are fitted to real footage (docs/design/embedded.md). A path that does not hold
    for all sights, scatter against the way gone, turns before, and a horizon that is long against the time seen make
    it smaller.
    """
    straying = 1.0 + _SCATTER * mover.scatter / max(mover.travelled, 1.0)
    steadiness = math.sqrt(mover.steady / mover.sights) / straying
    reach = 1.0 / (1.0 + _REACH * (horizon + view.end - mover.last) / _seen(mover))
    return max(_LEAST_TRUST, _HELD * steadiness * reach * _TURNED**mover.turns)


def _at(view: ViewFacts, mover: Mover, after: float) -> Box:
    """Where it is at a time. A path is followed for as long as it was seen, its acceleration for half as long."""
    time, seen = after + view.end - mover.last, _seen(mover)
    (vx, vy), (ax, ay) = mover.velocity, mover.acceleration
    grown = min(4.0, max(0.25, math.exp(mover.growth * time)))
    going, pushed = min(time, seen), min(time, seen / 2)
    push = pushed * going - pushed * pushed / 2
    return mover.box.moved(vx * going + ax * push, vy * going + ay * push, grown)


def _seen(mover: Mover) -> float:
    """How long it was seen on its present path, s."""
    return max((mover.last - mover.first) * mover.steady / mover.sights, 1e-3)


def _edge(box: Box, size: tuple[int, int]) -> str:
    (x, y), (width, height) = box.centre, size
    outside = {"left": -x, "right": x - width, "top": -y, "bottom": y - height}
    edge, depth = max(outside.items(), key=lambda item: item[1])
    return edge if depth > 0 else ""


def _contact(view: ViewFacts, mover: Mover, horizon: float) -> float | None:
    """Seconds from the last frame to contact; None when it does not come to it within the horizon."""
    if mover.contact is None:
        return None
    left = max(0.0, mover.contact - (view.end - mover.last))
    return left if left <= horizon else None


def _first_meeting(view: ViewFacts, mover: Mover, way: list[tuple[float, Box]]) -> tuple[int, float] | None:
    others = [other for other in view.movers if other is not mover and other.box.overlap(mover.box) == 0]
    for time, box in way:
        for other in others:
            if _at(view, other, time).overlap(box) > 0:
                return other.number, time
    return None


def _first_in_path(view: ViewFacts, mover: Mover, way: list[tuple[float, Box]]) -> float | None:
    path = path_box(view.size)
    times = [(0.0, _at(view, mover, 0.0)), *way]
    return next((time for time, box in times if _inside(box, path)), None)


def _inside(box: Box, path: Box) -> bool:
    area = max(box.width * box.height, 1.0)
    return box.overlap(path) > 0.3 * min(area, path.width * path.height)
