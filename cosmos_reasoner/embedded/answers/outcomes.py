"""What may happen next, with probabilities, from the facts."""

from dataclasses import dataclass

from cosmos_reasoner.embedded.answers.forecast import Forecast, forecast
from cosmos_reasoner.embedded.answers.question import Asked
from cosmos_reasoner.embedded.answers.voice import Voice
from cosmos_reasoner.embedded.sight.facts import Box, CameraMotion, Facts, Mover, ViewFacts

__all__ = ["Outcome", "hazard", "outcomes"]

_IMMINENT = 1.0
_NEAR = 2.0
"""Seconds to contact below which a hazard is imminent, or high."""
_OTHERWISE = 0.7
"""Share of what remains that goes to the opposite: it stops, turns, starts ..."""
_NO_SIGN = 0.2
"""... and to what the pictures give no sign of."""
_STILL = 0.85
"""Probability that a scene in which nothing moved stays so."""
_RESTS = 0.7
"""Probability that a thing which has come to rest stays there."""
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
    there = [(view, mover) for view, mover in facts.movers if mover.last == view.end]
    plain = [view for view in facts.views if not view.is_still and not view.crowded]
    if there:
        found = _of_mover(*there[0], asked.horizon, voice)
    elif plain:
        found = _of_scene(plain[0], voice)
    else:
        found = [Outcome(voice.say("scene_unknown"), 0.5)]
    return sorted(found, key=lambda outcome: -outcome.probability)[: asked.max_outcomes]


def _of_mover(view: ViewFacts, mover: Mover, horizon: float, voice: Voice) -> list[Outcome]:
    """It goes on as it does; it does otherwise; or something else."""
    ahead = forecast(view, mover, horizon)
    name = voice.name(view, mover)
    if mover.halted and not mover.growth:
        first, second = voice.say("will_stay", name=name), voice.say("will_move_again", name=name)
        share, pace = _RESTS, 0.0
    else:
        first = _course(view, ahead, name, voice)
        second = voice.say("will_turn" if mover.turns else "will_stop", name=name)
        share, pace = ahead.trust, 1.0
    return [
        _about(view, mover, first, share, hazard(ahead, pace)),
        _about(view, mover, second, _OTHERWISE * (1 - share), hazard(ahead, 0.5)),
        Outcome(voice.say("other"), _NO_SIGN * (1 - share), camera=view.camera),
    ]


def _about(view: ViewFacts, mover: Mover, text: str, probability: float, level: str) -> Outcome:
    return Outcome(text, probability, level, mover.box.clipped(*view.size), view.size, view.camera)


def _course(view: ViewFacts, ahead: Forecast, name: str, voice: Voice) -> str:
    """The first thing that happens on its way."""
    if ahead.contact is not None:
        return voice.say("will_contact", name=name, time=f"{ahead.contact:.1f}")
    if ahead.mover.halted:
        return voice.say("will_near" if ahead.mover.growth > 0 else "will_stay", name=name)
    going = voice.say("goes_on", name=name, direction=voice.direction(*ahead.mover.velocity))
    if ahead.meets and (not ahead.leaves or ahead.meets[1] < ahead.leaves[1]):
        other = next(other for other in view.movers if other.number == ahead.meets[0])
        return going + voice.say("will_meet", other=voice.name(view, other), time=f"{ahead.meets[1]:.1f}")
    if ahead.leaves:
        return going + voice.say("will_leave", edge=voice.edge(ahead.leaves[0]), time=f"{ahead.leaves[1]:.1f}")
    if ahead.path:
        return going + voice.say("will_path", time=f"{ahead.path:.1f}")
    return going + voice.say("will_be", place=voice.place(*ahead.box.centre, view.size))


def hazard(ahead: Forecast, pace: float) -> str:
    """Hazard of a mover that goes on at a share of its pace, by the time to contact, to a meeting, to the way ahead."""
    if pace and ahead.contact is not None:
        contact = ahead.contact / pace
        return "IMMINENT" if contact < _IMMINENT else "HIGH" if contact < _NEAR else "LOW"
    if pace == 1.0 and ahead.meets:
        return "HIGH" if ahead.meets[1] < _IMMINENT else "LOW"
    return "LOW" if ahead.path is not None else "NONE"


def _of_scene(view: ViewFacts, voice: Voice) -> list[Outcome]:
    """Nothing moves by itself: the camera does, or nothing at all."""
    way = _way(view.motion, voice)
    if view.motion is None or not way:
        stays, starts, share = voice.say("scene_stays"), voice.say("scene_starts"), _STILL
        return [
            Outcome(stays, share, camera=view.camera),
            Outcome(starts, _OTHERWISE * (1 - share), camera=view.camera),
        ]
    contact = view.motion.contact
    level = "NONE" if contact is None else "HIGH" if contact < _NEAR else "LOW"
    return [
        Outcome(voice.say("camera_goes_on", motion=way), _CAMERA, level, camera=view.camera),
        Outcome(voice.say("camera_changes"), _OTHERWISE * (1 - _CAMERA), camera=view.camera),
        Outcome(voice.say("scene_starts"), _NO_SIGN * (1 - _CAMERA), camera=view.camera),
    ]


def _way(motion: CameraMotion | None, voice: Voice) -> str:
    """Where the camera goes; empty when it stands still."""
    if motion is None or not motion.moves:
        return ""
    if abs(motion.growth) > motion.shift / 2:
        return voice.say("motion_forward" if motion.growth > 0 else "motion_backward")
    return voice.direction(-motion.dx, -motion.dy)
