"""What may happen next, with probabilities, from the facts."""

from dataclasses import dataclass

from cosmos_reasoner.embedded.facts import Box, Facts, Mover, ViewFacts
from cosmos_reasoner.embedded.forecast import Forecast, forecast
from cosmos_reasoner.embedded.question import Asked
from cosmos_reasoner.embedded.voice import Voice

__all__ = ["Outcome", "outcomes"]

_IMMINENT = 1.0
_NEAR = 2.0
"""Seconds to contact below which a hazard is imminent, or high."""
_STILL = 0.85
"""Probability that a scene in which nothing moved stays so."""
_CAMERA = 0.75
"""Probability that the camera goes on as it does."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Something that may happen.

    Attributes:
        text: One sentence.
        probability: 0..1.
        hazard: "NONE", "LOW", "HIGH" or "IMMINENT".
        box: The main thing in the last frame, px as sent.
        size: Of the picture in px as sent; (0, 0) without one.
        camera: Which camera shows it; empty when unknown.
    """

    text: str
    probability: float
    hazard: str = "NONE"
    box: Box | None = None
    size: tuple[int, int] = (0, 0)
    camera: str = ""


def outcomes(asked: Asked, facts: Facts, voice: Voice) -> list[Outcome]:
    """Up to the asked number of outcomes that exclude each other, the likeliest first."""
    seen = [(view, mover) for view, mover in facts.movers if mover.last == view.end or not mover.left]
    if seen:
        found = _of_mover(*seen[0], asked.horizon, voice)
    elif any(not view.is_still and not view.crowded for view in facts.views):
        found = _of_scene(facts, voice)
    else:
        found = [Outcome(voice.say("scene_unknown"), 0.5, camera=facts.views[0].camera if facts.views else "")]
    return sorted(found, key=lambda outcome: -outcome.probability)[: asked.max_outcomes]


def _of_mover(view: ViewFacts, mover: Mover, horizon: float, voice: Voice) -> list[Outcome]:
    ahead = forecast(view, mover, horizon)
    name = voice.name(view, mover)
    about = {"box": mover.box.clipped(*view.size), "size": view.size, "camera": view.camera}
    rest = 1.0 - ahead.trust
    if mover.halted:
        main = Outcome(voice.say("will_stay", name=name), ahead.trust, _hazard(ahead, 0.0), **about)
        other = Outcome(voice.say("will_move_again", name=name), 0.7 * rest, _hazard(ahead, 0.5), **about)
    else:
        main = Outcome(_course(view, ahead, name, voice), ahead.trust, _hazard(ahead, 1.0), **about)
        other = Outcome(voice.say("will_stop", name=name), 0.7 * rest, _hazard(ahead, 0.5), **about)
    return [main, other, Outcome(voice.say("other"), 0.2 * rest, camera=view.camera)]


def _course(view: ViewFacts, ahead: Forecast, name: str, voice: Voice) -> str:
    """The first thing that happens on its way."""
    if ahead.contact is not None:
        return voice.say("will_contact", name=name, time=f"{ahead.contact:.1f}")
    going = voice.say("goes_on", name=name, direction=voice.direction(*ahead.mover.velocity))
    if ahead.meets and (not ahead.leaves or ahead.meets[1] < ahead.leaves[1]):
        other = next(other for other in view.movers if other.number == ahead.meets[0])
        return going + voice.say("will_meet", other=voice.name(view, other), time=f"{ahead.meets[1]:.1f}")
    if ahead.path:
        return going + voice.say("will_path", time=f"{ahead.path:.1f}")
    if ahead.leaves:
        return going + voice.say("will_leave", edge=voice.edge(ahead.leaves[0]), time=f"{ahead.leaves[1]:.1f}")
    return going + voice.say("will_be", place=voice.place(*ahead.box.centre, view.size))


def _hazard(ahead: Forecast, pace: float) -> str:
    """Hazard of a mover that goes on at a share of its pace."""
    if pace and ahead.contact is not None:
        return "IMMINENT" if ahead.contact < _IMMINENT * pace else "HIGH" if ahead.contact < _NEAR else "LOW"
    if pace == 1.0 and ahead.meets:
        return "HIGH" if ahead.meets[1] < _IMMINENT else "LOW"
    return "LOW" if ahead.path is not None else "NONE"


def _of_scene(facts: Facts, voice: Voice) -> list[Outcome]:
    """Nothing moves by itself: the camera does, or nothing at all."""
    view = next(view for view in facts.views if not view.is_still and not view.crowded)
    motion, about = view.motion, {"camera": view.camera}
    if motion is None or (motion.shift < 0.01 and abs(motion.growth) < 0.02):
        return [
            Outcome(voice.say("scene_stays"), _STILL, **about),
            Outcome(voice.say("scene_starts"), 0.8 * (1 - _STILL), **about),
        ]
    hazard = "HIGH" if motion.contact and motion.contact < _NEAR else "LOW" if motion.contact else "NONE"
    if abs(motion.growth) > motion.shift / 2:
        way = voice.say("motion_forward" if motion.growth > 0 else "motion_backward")
    else:
        way = voice.direction(-motion.dx, -motion.dy)
    return [
        Outcome(voice.say("camera_goes_on", motion=way), _CAMERA, hazard, **about),
        Outcome(voice.say("camera_changes"), 0.6 * (1 - _CAMERA), **about),
        Outcome(voice.say("scene_starts"), 0.3 * (1 - _CAMERA), **about),
    ]
