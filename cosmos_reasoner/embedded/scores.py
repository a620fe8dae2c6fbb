"""The score of a clip's physical plausibility, and why."""

from cosmos_reasoner.embedded.plausibility import LEVELS, plausibility
from cosmos_reasoner.embedded.problem import Considered, Problem

__all__ = ["consider_score"]


def consider_score(problem: Problem) -> Considered:
    """Judge the smoothness of motion; the answer is a number from 1 to 5."""
    judged, voice = plausibility(problem.facts), problem.voice
    names = {mover.number: voice.name(view, mover) for view, mover in problem.facts.movers}
    number, jerk = judged.jump
    smooth = voice.say("score_smooth", jerk=f"{jerk:.1f}")
    lines = (
        voice.say("score_jump", name=names[number], jerk=f"{jerk:.1f}") if number else smooth,
        *(voice.say("score_appears", name=names[number]) for number in judged.appears),
        *(voice.say("score_vanishes", name=names[number]) for number in judged.vanishes),
        voice.say("score_weak"),
        voice.say("score", score=f"{judged.mean:.1f}"),
    )
    return Considered(lines, tuple((str(level), share) for level, share in zip(LEVELS, judged.shares)))
