"""Answers in words."""

from cosmos_reasoner.embedded.describe import describe, describe_camera, describe_mover
from cosmos_reasoner.embedded.facts import Facts
from cosmos_reasoner.embedded.lexicon import Lexicon
from cosmos_reasoner.embedded.outcomes import outcomes
from cosmos_reasoner.embedded.question import Asked
from cosmos_reasoner.embedded.voice import Voice

__all__ = ["tell"]

_MEASURABLE = ("left", "right", "up", "down", "towards", "away", "stop", "still", "move", "faster", "slower", "quick", "collide", "leave", "enter", "straight", "turn", "forward", "reverse")


def tell(asked: Asked, facts: Facts, voice: Voice, lexicon: Lexicon) -> str:
    """Answer a question without options: the facts that its words touch, else all of them."""
    lower = asked.text.lower()
    if not facts.views or all(view.is_still for view in facts.views):
        return voice.join(describe(facts, voice))
    if any(word in lower for word in ("next", "will happen", "future", "接下来", "将会", "预测")):
        return voice.join([entry.text for entry in outcomes(asked, facts, voice)[:1]])
    if any(word in lower for word in ("how many", "count", "number of", "多少", "几个")):
        count = len(facts.movers)
        sentence = voice.say("count_one") if count == 1 else voice.say("count", count=count)
        return voice.join([sentence, voice.say("only_motion")])
    if lexicon.has(lower, "camera"):
        return voice.join([line for view in facts.views for line in describe_camera(view.motion, voice)])
    if any(lexicon.has(lower, concept) for concept in _MEASURABLE) or any(word in lower for word in ("direction", "speed", "where", "describe", "方向", "速度", "哪", "描述")):
        return voice.join([*_things(facts, voice)])
    return voice.join([*_things(facts, voice), voice.say("only_motion")])


def _things(facts: Facts, voice: Voice) -> list[str]:
    if not facts.movers:
        return describe(facts, voice)
    return [describe_mover(view, mover, voice) for view, mover in facts.movers]
