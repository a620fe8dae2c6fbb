"""How well a concept fits what was measured: from -1 (contradicted) over 0 (the pictures do not tell) to 1."""

import math
from collections.abc import Callable

from cosmos_reasoner.embedded.answers.forecast import forecast, trust
from cosmos_reasoner.embedded.answers.lexicon import Mention
from cosmos_reasoner.embedded.answers.plausibility import plausibility
from cosmos_reasoner.embedded.sight.facts import CameraMotion, Facts, Mover, ViewFacts

__all__ = ["evidence"]

_CLEAR_SPEED = 0.05
"""Picture widths a second; this fast, a direction is beyond doubt."""
_CLEAR_GROWTH = 0.05
"""1/s; growing so fast, the camera goes forward beyond doubt."""
_ALONG = 0.4
"""Cosine between a way and a direction from which the way counts as going there: within 66 degrees."""
_MINOR = 0.6
"""Weight of the second mover against the first, of the third against the second, and so on."""

_OfMover = Callable[[ViewFacts, Mover, float], float]
_OfCamera = Callable[[CameraMotion], float]


def evidence(mention: Mention, facts: Facts, horizon: float) -> float:
    """Weigh one concept that a text names.

    Args:
        mention: The concept, perhaps denied.
        facts: What was measured.
        horizon: How far ahead the text may speak of, s.

    Returns:
        -1..1.
    """
    of_camera, of_things = _of_camera(mention.concept, facts), _of_things(mention.concept, facts, horizon)
    either = max(of_camera, of_things) if of_camera > 0 or of_things > 0 else min(of_camera, of_things)
    value = {"camera": of_camera, "things": of_things, "robot": either}[mention.about]
    return -value if mention.negated else value


def _of_camera(concept: str, facts: Facts) -> float:
    motions = [view.motion for view in facts.views if view.motion]
    if concept not in _CAMERA or not motions:
        return 0.0
    return max((_CAMERA[concept](motion) for motion in motions), key=abs)


def _of_things(concept: str, facts: Facts, horizon: float) -> float:
    seen = [view for view in facts.views if not view.is_still and not view.crowded]
    if concept == "anomaly":
        return (3.5 - plausibility(facts).mean) / 2.5
    if concept not in _MOVER or not seen:
        return 0.0
    values = [
        _MINOR**rank * _MOVER[concept](view, mover, horizon) * trust(view, mover, 0.0)
        for rank, (view, mover) in enumerate(facts.movers)
    ]
    if not values:
        return 0.8 if concept == "still" else -0.8 if concept in _MOTION else 0.0
    return min(values) if concept == "still" else max(values)


def _along(x: float, y: float) -> _OfMover:
    """How far a mover goes in a direction."""

    def weigh(view: ViewFacts, mover: Mover, _: float) -> float:
        cosine = (mover.own[0] * x + mover.own[1] * y) / max(mover.speed, 1e-9)
        fits = (cosine - _ALONG) / ((1 - _ALONG) if cosine > _ALONG else (1 + _ALONG))
        return fits * _clear(mover.speed / view.size[0])

    return weigh


def _clear(speed: float) -> float:
    """0 at rest to 1 at a speed beyond doubt; in picture widths a second."""
    return math.tanh(2 * speed / _CLEAR_SPEED)


def _moves(view: ViewFacts, mover: Mover, _: float) -> float:
    return 2 * _clear(mover.speed / view.size[0]) - 1


def _nears(_: ViewFacts, mover: Mover, __: float) -> float:
    return math.tanh(4 * mover.growth) if mover.growth else -0.1


def _quickens(_: ViewFacts, mover: Mover, __: float) -> float:
    """Acceleration along the way, against the speed, 1/s."""
    (vx, vy), (ax, ay) = mover.velocity, mover.acceleration
    if mover.halted:
        return -1.0
    squared = max(vx * vx + vy * vy, 1e-9)
    return math.tanh(2 * (ax * vx + ay * vy) / squared) if (ax, ay) != (0.0, 0.0) else 0.0


def _stops(view: ViewFacts, mover: Mover, horizon: float) -> float:
    return 1.0 if mover.halted else max(-0.6, -_quickens(view, mover, horizon) - 0.4)


def _turns(_: ViewFacts, mover: Mover, __: float) -> float:
    """Acceleration across the way."""
    (vx, vy), (ax, ay) = mover.velocity, mover.acceleration
    across = abs(ax * vy - ay * vx) / max(vx * vx + vy * vy, 1e-9)
    if mover.turns:
        return 0.8
    return math.tanh(2 * across) if across else -0.3


def _leaves(view: ViewFacts, mover: Mover, horizon: float) -> float:
    if mover.last < view.end and mover.left:
        return 0.9
    seen = forecast(view, mover, horizon)
    return seen.trust if seen.leaves else -0.5


def _meets(view: ViewFacts, mover: Mover, horizon: float) -> float:
    seen = forecast(view, mover, horizon)
    return seen.trust if seen.meets or seen.contact is not None else -0.5


def _enters(view: ViewFacts, mover: Mover, _: float) -> float:
    return 0.8 if mover.first > view.seconds[0] else -0.3


_MOVER: dict[str, _OfMover] = {
    "left": _along(-1, 0),
    "right": _along(1, 0),
    "up": _along(0, -1),
    "down": _along(0, 1),
    "move": _moves,
    "still": lambda view, mover, horizon: -_moves(view, mover, horizon),
    "stop": _stops,
    "wait": _stops,
    "towards": _nears,
    "away": lambda view, mover, horizon: -_nears(view, mover, horizon) if mover.growth else 0.0,
    "faster": _quickens,
    "slower": lambda view, mover, horizon: -_quickens(view, mover, horizon),
    "quick": lambda view, mover, _: math.tanh(4 * (mover.speed / view.size[0] - 0.2)),
    "straight": lambda view, mover, horizon: -_turns(view, mover, horizon),
    "continue": _moves,
    "turn": _turns,
    "leave": _leaves,
    "collide": _meets,
    "enter": _enters,
}

_MOTION = frozenset(_MOVER) - {"still", "stop", "wait"}
"""What is contradicted when nothing moves."""


def _goes(share: float) -> float:
    """How far a motion is there: none, and its opposite, contradict it.

    Args:
        share: Of a speed beyond doubt, along the motion.
    """
    return 2 * math.tanh(max(0.0, share)) - 1


def _moving(motion: CameraMotion) -> float:
    return _goes(motion.shift / _CLEAR_SPEED + abs(motion.growth) / _CLEAR_GROWTH)


_CAMERA: dict[str, _OfCamera] = {
    "left": lambda motion: _goes(motion.dx / _CLEAR_SPEED),
    "right": lambda motion: _goes(-motion.dx / _CLEAR_SPEED),
    "up": lambda motion: _goes(motion.dy / _CLEAR_SPEED),
    "down": lambda motion: _goes(-motion.dy / _CLEAR_SPEED),
    "turn": lambda motion: _goes(abs(motion.dx) / _CLEAR_SPEED),
    "straight": lambda motion: -_goes(abs(motion.dx) / _CLEAR_SPEED),
    "forward": lambda motion: _goes(motion.growth / _CLEAR_GROWTH),
    "towards": lambda motion: _goes(motion.growth / _CLEAR_GROWTH),
    "reverse": lambda motion: _goes(-motion.growth / _CLEAR_GROWTH),
    "away": lambda motion: _goes(-motion.growth / _CLEAR_GROWTH),
    "move": _moving,
    "continue": _moving,
    "still": lambda motion: -_moving(motion),
    "stop": lambda motion: -_moving(motion),
    "wait": lambda motion: -_moving(motion),
}
