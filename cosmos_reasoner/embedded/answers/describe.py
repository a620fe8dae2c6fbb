"""Measured facts in sentences."""

import math

from cosmos_reasoner.embedded.answers.voice import Voice
from cosmos_reasoner.embedded.sight.facts import MOVING_GROWTH, MOVING_SHIFT, CameraMotion, Facts, Mover, ViewFacts

__all__ = ["describe", "describe_camera", "describe_mover", "describe_view"]

_MOVING_ROLL = 1.5
"""Degrees a second."""
_SHAKE = 0.01
"""Picture widths."""


def describe(facts: Facts, voice: Voice) -> list[str]:
    """All that was measured, view by view."""
    if not facts.views:
        return [voice.say("nothing_sent")]
    return [sentence for view in facts.views for sentence in describe_view(view, voice)]


def describe_view(view: ViewFacts, voice: Voice) -> list[str]:
    """One view: its frames, the camera's motion, what moves."""
    lines = [voice.say("view", camera=view.camera)] if view.camera else []
    if view.cut is not None:
        lines.append(voice.say("cut", time=f"{view.cut:.2f}"))
    if view.is_still:
        return [*lines, voice.say("still")]
    lines.append(voice.say("clip", frames=len(view.seconds), seconds=f"{view.end - view.seconds[0]:.2f}"))
    lines.extend(describe_camera(view.motion, voice))
    if view.parallax:
        lines.append(voice.say("parallax"))
    if view.crowded:
        return [*lines, voice.say("crowded")]
    if not view.movers:
        return [*lines, voice.say("none_moves", residual=f"{view.residual:.1f}")]
    lines.append(voice.count(len(view.movers)))
    return [*lines, *(describe_mover(view, mover, voice) for mover in view.movers)]


def describe_camera(motion: CameraMotion | None, voice: Voice) -> list[str]:
    """The camera's own motion."""
    if motion is None:
        return [voice.say("no_points")]
    lines = []
    if motion.shift > MOVING_SHIFT:
        way = {"direction": voice.direction(motion.dx, motion.dy), "opposite": voice.direction(-motion.dx, -motion.dy)}
        lines.append(voice.say("camera_pan", shift=f"{100 * motion.shift:.1f}", **way))
    if motion.growth > MOVING_GROWTH:
        growth, contact = f"{100 * motion.growth:.1f}", f"{1 / motion.growth:.1f}"
        lines.append(voice.say("camera_forward", growth=growth, contact=contact))
    if motion.growth < -MOVING_GROWTH:
        lines.append(voice.say("camera_backward", growth=f"{-100 * motion.growth:.1f}"))
    if abs(motion.roll) > _MOVING_ROLL:
        lines.append(voice.say("camera_roll", roll=f"{motion.roll:.1f}"))
    if not lines:
        lines.append(voice.say("camera_still", shift=f"{100 * motion.shift:.2f}"))
    if motion.shake > _SHAKE:
        lines.append(voice.say("camera_shake"))
    return [*lines, voice.say("support", support=f"{100 * motion.support:.0f}")]


def describe_mover(view: ViewFacts, mover: Mover, voice: Voice) -> str:
    """One mover: where, whither, how fast, and what changes in it."""
    values = {
        "name": voice.name(view, mover),
        "direction": voice.direction(*mover.own),
        "speed": f"{100 * mover.speed / view.size[0]:.1f}",
        "sights": mover.sights,
        "scatter": f"{mover.scatter:.1f}",
    }
    lines = [voice.say("halted" if mover.halted else "mover", **values)]
    if _differs(mover):
        speed = f"{100 * math.hypot(*mover.velocity) / view.size[0]:.1f}"
        lines.append(voice.say("in_picture", direction=voice.direction(*mover.velocity), speed=speed))
    lines.extend(_changes(mover, voice))
    if mover.last < view.end:
        lines.append(voice.say("gone_out" if mover.left else "vanished", time=f"{mover.last:.2f}"))
    return voice.join(lines)


def _differs(mover: Mover) -> bool:
    """Whether the camera's motion makes it move otherwise in the picture than against the background."""
    return math.dist(mover.velocity, mover.own) > 0.2 * math.hypot(*mover.velocity, *mover.own)


def _changes(mover: Mover, voice: Voice) -> list[str]:
    (vx, vy), (ax, ay) = mover.velocity, mover.acceleration
    along, lines = ax * vx + ay * vy, []
    if along and not mover.halted:
        lines.append(voice.say("speeding" if along > 0 else "slowing"))
    if mover.turns:
        lines.append(voice.say("turned", turns=mover.turns))
    if mover.contact is not None:
        lines.append(voice.say("growing", growth=f"{100 * mover.growth:.0f}", contact=f"{mover.contact:.1f}"))
    elif mover.growth < 0:
        lines.append(voice.say("shrinking", growth=f"{-100 * mover.growth:.0f}"))
    return lines
