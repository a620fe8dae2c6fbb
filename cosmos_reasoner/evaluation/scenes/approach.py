"""A robot drives towards a pillar: does it touch it, and what should it do?"""

import math
from itertools import pairwise
from random import Random

from cosmos_reasoner.evaluation.scenes.asked import MARGIN, Asked, Choice, Order, far_from, is_in, when
from cosmos_reasoner.evaluation.scenes.driving import ROBOT, Drive, Encounter, Outcome, drive, try_out
from cosmos_reasoner.evaluation.scenes.looks import COLOURS, colours
from cosmos_reasoner.evaluation.scenes.pinhole import Pillar, PinholeView
from cosmos_reasoner.evaluation.scenes.scene import AFTER, HORIZON, Scene, frame_count
from cosmos_reasoner.tasks.task import Action

__all__ = ["WANTED", "draw"]

WANTED = tuple(zip((Drive.STOP, Drive.LEFT, Drive.RIGHT) * 4, (1, 2, 1, 2, 1, 2, *6 * (None,))))
"""For each scene which action is best, and in which second after the end of the clip the robot touches the pillar when
it goes on, None for never."""

_CLEAR = 0.08
"""m between the clearances of two actions, and from a touch, that can be told by eye."""

_WIDEST = 0.6
"""Tangent of the angle to the side at which the pillar is still in the picture."""

_SEEN = 3.0
"""How long the pillar is in the picture before the end of the clip, s, at least."""

_DESCRIPTIONS = {
    Drive.ON: "The robot goes on straight ahead at the same speed.",
    Drive.STOP: "The robot brakes to a halt at once.",
    Drive.LEFT: "The robot steers to the left at the same speed.",
    Drive.RIGHT: "The robot steers to the right at the same speed.",
}


def draw(seed: int, wanted: tuple[Drive, int | None]) -> Scene | None:
    """Simulate one approach; None when it is not what is wanted, or two actions are too much alike."""
    random = Random(seed)
    moment = random.uniform(4.0, 6.0)
    then = _encounter(random)
    at_first = _earlier(then, moment)
    if not (_in_view(at_first, moment - _SEEN) and _in_view(at_first, moment)):
        return None
    best, second = wanted
    ranking = _ranking(then, best, second) if _promises(then, second) else None
    if ranking is None:
        return None
    colour = colours(random, 1)[0]
    pillar = Pillar(then.radius, random.uniform(0.6, 1.1), COLOURS[colour])
    motion = drive(at_first, moment + AFTER)
    touches = motion.touch("robot", "pillar")
    after = math.inf if touches is None else touches - moment
    if not (after > HORIZON + MARGIN if second is None else is_in(second, after)):
        return None
    view = PinholeView(random, motion.ways["robot"], pillar, motion.ways["pillar"])
    return Scene(seed, moment, frame_count(moment), view.paint, _asked(colour, second, ranking))


def _encounter(random: Random) -> Encounter:
    """How robot and pillar stand at the end of the clip."""
    return Encounter(
        speed=random.uniform(0.4, 0.7),
        x=random.uniform(0.8, 3.0),
        y=random.uniform(-0.9, 0.9),
        right=random.uniform(-0.9, 0.0),
        up=random.uniform(-0.3, 0.3),
        radius=random.uniform(0.12, 0.25),
    )


def _earlier(encounter: Encounter, time: float) -> Encounter:
    """The same, a time in s before, from where the robot was then."""
    ahead = encounter.speed - encounter.right
    return encounter._replace(x=encounter.x + ahead * time, y=encounter.y - encounter.up * time)


def _in_view(encounter: Encounter, time: float) -> bool:
    """Whether the pillar is before the camera after a time in s of driving on."""
    ahead = encounter.x + (encounter.right - encounter.speed) * time
    return ahead > 0 and abs(encounter.y + encounter.up * time) < _WIDEST * ahead


def _promises(encounter: Encounter, second: int | None) -> bool:
    """Whether a touch comes when it is wanted: reckoned, so that most draws need no simulation, which has the word."""
    right, up, reach = encounter.right - encounter.speed, encounter.up, ROBOT + encounter.radius
    fall = -(encounter.x * right + encounter.y * up)
    inside = fall**2 - (right**2 + up**2) * (encounter.x**2 + encounter.y**2 - reach**2)
    touch = (fall - math.sqrt(inside)) / (right**2 + up**2) if inside >= 0 and fall > 0 else math.inf
    return touch > HORIZON if second is None else touch < HORIZON and is_in(second, touch)


def _ranking(encounter: Encounter, best: Drive, second: int | None) -> list[Drive] | None:
    """The actions, best first; None when the order is not clear or not wanted."""
    on = try_out(encounter, Drive.ON)
    if not (on.contact is None if second is None else on.contact and is_in(second, on.contact)) or not _clear(on):
        return None
    outcomes = {action: on if action is Drive.ON else try_out(encounter, action) for action in Drive}
    ranking = sorted(outcomes, key=lambda action: _worth(outcomes[action]), reverse=True)
    pairs = pairwise(ranking)
    if ranking[0] is not best or not all(_clear(outcome) for outcome in outcomes.values()):
        return None
    return ranking if all(_differ(outcomes[one], outcomes[other]) for one, other in pairs) else None


def _worth(outcome: Outcome) -> tuple[bool, float]:
    """No contact before any, then by how near they come; of two contacts the later one is better."""
    if outcome.contact is None:
        return True, outcome.clearance
    return False, outcome.contact


def _clear(outcome: Outcome) -> bool:
    """Whether it is plain that there is a contact, in time, or that there is none."""
    if outcome.contact is None:
        return outcome.clearance > _CLEAR
    return outcome.clearance < -_CLEAR and outcome.contact > 2 * MARGIN and far_from(outcome.contact, HORIZON)


def _differ(better: Outcome, worse: Outcome) -> bool:
    (free, most), (other_free, least) = _worth(better), _worth(worse)
    return free is not other_free or most - least > (_CLEAR if free else MARGIN)


def _asked(colour: str, second: int | None, ranking: list[Drive]) -> tuple[Asked, ...]:
    robot = f"The camera looks straight ahead from the middle of a round robot that is {200 * ROBOT:.0f} cm wide."
    options = (f"It touches the {colour} pillar.", f"It passes the {colour} pillar, or does not reach it.")
    goal = (
        f"{robot} Do not touch the {colour} pillar during the next {HORIZON:g} s, and at its nearest keep it as far "
        "away as possible; if a touch cannot be avoided, the later the better."
    )
    question = f"{robot} What happens within {HORIZON:g} s after the clip when it goes on straight ahead?"
    touch = f"{robot} When it goes on straight ahead, how long after the end of the clip does it touch the pillar?"
    return (
        Choice("outcome", question, options if second is not None else options[::-1]),
        *(() if second is None else (when(touch, second, (1, 2)),)),
        Order("ranking", goal, tuple(Action(action.value, _DESCRIPTIONS[action]) for action in ranking)),
    )
