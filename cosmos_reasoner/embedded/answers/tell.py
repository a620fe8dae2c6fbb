"""Answers in words."""

from cosmos_reasoner.embedded.answers.describe import describe, describe_camera, describe_mover
from cosmos_reasoner.embedded.answers.outcomes import outcomes
from cosmos_reasoner.embedded.answers.problem import Problem

__all__ = ["tell"]

_MEASURED = (
    "left", "right", "up", "down", "towards", "away", "stop", "still", "move", "faster", "slower", "quick", "collide",
    "leave", "enter", "straight", "continue", "turn", "forward", "reverse", "place",
)  # fmt: skip
"""Concepts for which the movers are told."""


def tell(problem: Problem) -> str:
    """Answer a question without options: the facts that its words touch, and that there are no more if it asks more."""
    facts, voice, text = problem.facts, problem.voice, problem.asked.text

    def asks(*concepts: str) -> bool:
        return any(problem.lexicon.has(text, concept) for concept in concepts)

    if not facts.views or all(view.is_still for view in facts.views):
        return voice.join(describe(facts, voice))
    if asks("future"):
        return voice.join([outcomes(problem.asked, facts, voice)[0].text])
    if asks("count"):
        return voice.join([voice.count(len(facts.movers)), voice.say("only_motion")])
    if asks("camera"):
        return voice.join([line for view in facts.views for line in describe_camera(view.motion, voice)])
    return voice.join(_things(problem) if asks(*_MEASURED) else [*_things(problem), voice.say("only_motion")])


def _things(problem: Problem) -> list[str]:
    facts, voice = problem.facts, problem.voice
    if not facts.movers:
        return describe(facts, voice)
    return [describe_mover(view, mover, voice) for view, mover in facts.movers]
