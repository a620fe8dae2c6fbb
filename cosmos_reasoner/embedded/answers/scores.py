"""The score of a clip's physical plausibility, and why."""

from cosmos_reasoner.embedded.answers.plausibility import LEVELS, plausibility
from cosmos_reasoner.embedded.answers.problem import Considered, Problem

__all__ = ["consider_score"]


def consider_score(problem: Problem) -> Considered:
    """Judge the smoothness of motion; the answer is a number from 1 to 5."""
    judged, voice = plausibility(problem.facts), problem.voice
    jerk = f"{judged.jerk:.1f}"
    smooth = voice.say("score_smooth", jerk=jerk)
    lines = (
        voice.say("score_jump", name=voice.name(*judged.jumps), jerk=jerk) if judged.jumps else smooth,
        *(voice.say("score_appears", name=voice.name(*seen)) for seen in judged.appears),
        *(voice.say("score_vanishes", name=voice.name(*seen)) for seen in judged.vanishes),
        voice.say("score_weak"),
        voice.say("score", score=f"{judged.mean:.1f}"),
    )
    return Considered(lines, tuple((str(level), share) for level, share in zip(LEVELS, judged.shares)))
