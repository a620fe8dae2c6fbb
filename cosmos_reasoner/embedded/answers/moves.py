"""Moves of the camera, or of the robot that carries it, and how well each would serve a goal."""

from dataclasses import dataclass

from cosmos_reasoner.embedded.answers.forecast import forecast, path_box
from cosmos_reasoner.embedded.answers.lexicon import Lexicon
from cosmos_reasoner.embedded.sight.facts import Box, Facts, Mover, ViewFacts

__all__ = ["MOVES", "Goal", "Move", "Weighed", "read_goal", "read_move", "weigh"]


@dataclass(frozen=True, slots=True)
class Move:
    """What an action does with the camera.

    Attributes:
        pace: Speed against a normal one; negative for going back.
        side: Where it heads: -1 left, 0 straight ahead, 1 right.
    """

    pace: float
    side: float


MOVES: dict[str, Move] = {
    "stop": Move(0.0, 0.0),
    "slow": Move(0.5, 0.0),
    "forward": Move(1.0, 0.0),
    "fast": Move(1.5, 0.0),
    "back": Move(-0.6, 0.0),
    "left": Move(0.7, -1.0),
    "right": Move(0.7, 1.0),
}
"""The moves that can be told from words."""

_STANDING = 0.2
"""Risk of what comes into the way of a camera that stands still."""
_UNSEEN = 0.3
"""Risk of going back, where the camera does not look, against that of going ahead."""
_ASIDE = 0.35
"""Picture widths between the way ahead and the ways to the left and the right."""
_WALL = 0.6
"""Weight of the scene ahead, which may have a way through, against a thing."""

_WORDS = {
    "stop": ("stop", "wait", "still"),
    "slow": ("slower",),
    "back": ("reverse", "away"),
    "left": ("left",),
    "right": ("right",),
    "fast": ("faster", "quick"),
    "forward": ("forward", "straight", "continue", "towards", "move"),
}
"""Concepts that mean a move; where several stand in one action, the first of this table that fits counts."""


@dataclass(frozen=True, slots=True)
class Goal:
    """How much each thing counts, and the goal's kind for the voice."""

    kind: str
    risk: float
    progress: float
    target: float


@dataclass(frozen=True, slots=True)
class Weighed:
    """What an action would do.

    Attributes:
        move: Name of its move; empty when its words do not tell.
        risk: 0..1, of meeting something.
        progress: -1..1.
        target: -1..1, towards the most prominent moving thing.
        utility: All together by the goal's weights; 0 when the words do not tell.
        threat: The mover that makes the risk, with its view.
    """

    move: str
    risk: float = 0.0
    progress: float = 0.0
    target: float = 0.0
    utility: float = 0.0
    threat: tuple[ViewFacts, Mover] | None = None


def read_goal(goal: str, lexicon: Lexicon) -> Goal:
    """Read what counts for a goal."""
    if lexicon.has(goal, "safe"):
        return Goal("goal_safety", 3.0, 0.5, 0.0)
    if lexicon.has(goal, "reach") or lexicon.has(goal, "towards"):
        return Goal("goal_target", 0.5, 0.5, 2.0)
    if any(lexicon.has(goal, word) for word in ("progress", "forward", "straight", "continue", "faster", "quick")):
        return Goal("goal_progress", 1.0, 2.0, 0.0)
    return Goal("goal_plain", 1.5, 1.0, 0.0)


def read_move(text: str, lexicon: Lexicon) -> str:
    """Name of the move that an action's words mean; empty when they do not tell."""
    mentions = lexicon.mentions(text)
    said = {mention.concept for mention in mentions if not mention.negated}
    denied = {mention.concept for mention in mentions if mention.negated}
    if not said and denied & {"move", "forward", "straight", "continue"}:
        return "stop"
    return next((move for move, words in _WORDS.items() if said & set(words)), "")


def weigh(move: str, goal: Goal, facts: Facts, horizon: float) -> Weighed:
    """Weigh a move.

    Args:
        move: Name of the move; empty when unknown.
        goal: What counts.
        facts: What was measured.
        horizon: How far to look ahead, s.
    """
    if move not in MOVES:
        return Weighed("")
    doing = MOVES[move]
    risk, threat = _risk(doing, facts, horizon)
    progress = doing.pace * (1.0 if doing.side == 0 else 0.6)
    target = _target(doing, facts, horizon)
    utility = goal.progress * progress + goal.target * target - goal.risk * risk
    return Weighed(move, risk, progress, target, utility, threat)


def _risk(doing: Move, facts: Facts, horizon: float) -> tuple[float, tuple[ViewFacts, Mover] | None]:
    """Largest risk that a mover makes: in the way at the horizon or on its way there, and how surely."""
    risks = [(_risk_of(doing, view, mover, horizon), (view, mover)) for view, mover in facts.movers]
    worst, threat = max(risks, key=lambda pair: pair[0], default=(0.0, None))
    ahead = [view.motion.contact for view in facts.views if view.motion and view.motion.contact]
    wall = max((min(1.0, horizon / contact) for contact in ahead), default=0.0)
    wall *= max(0.0, doing.pace) * (1.0 if doing.side == 0 else 0.5) * _WALL
    return (wall, None) if wall > worst else (worst, threat if worst > 0.02 else None)


def _risk_of(doing: Move, view: ViewFacts, mover: Mover, horizon: float) -> float:
    if mover.last < view.end and mover.left:
        return 0.0
    ahead = forecast(view, mover, horizon)
    way = path_box(view.size).moved(_ASIDE * doing.side * view.size[0], 0.0)
    near = max(_overlap(box, way) for box in (mover.box, ahead.box))
    nears = 1.0 if ahead.contact is not None else 0.0
    standing = _STANDING * max(nears, near * ahead.trust)
    pace = doing.pace if doing.pace > 0 else _UNSEEN * -doing.pace
    return min(1.0, standing + pace * max(near, nears) * ahead.trust)


def _overlap(box: Box, way: Box) -> float:
    area = min(max(box.width * box.height, 1.0), way.width * way.height)
    return min(1.0, box.overlap(way) / area)


def _target(doing: Move, facts: Facts, horizon: float) -> float:
    """Whether the move heads for where the most prominent mover will be."""
    if not facts.movers:
        return 0.0
    view, mover = facts.movers[0]
    x = forecast(view, mover, horizon).box.centre[0] / view.size[0]
    place = min(1.0, max(-1.0, 3 * (x - 0.5)))
    onward = (doing.pace > 0) - (doing.pace < 0)
    return onward * (1.0 - abs(place - doing.side))
