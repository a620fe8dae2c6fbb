"""Balls pass behind a screen: how many are there, does one come out, and which?"""

import math
from random import Random
from typing import NamedTuple

from cosmos_reasoner.evaluation.scenes.arena import STEP, Arena
from cosmos_reasoner.evaluation.scenes.asked import MARGIN, Asked, Choice, Interval, direction, far_from, is_in, when
from cosmos_reasoner.evaluation.scenes.flat import Box, Disc, FlatView, Shape
from cosmos_reasoner.evaluation.scenes.looks import COLOURS, GREYS, colours
from cosmos_reasoner.evaluation.scenes.motion import Motion, Pose
from cosmos_reasoner.evaluation.scenes.scene import AFTER, HORIZON, Scene, frame_count

__all__ = ["WANTED", "draw"]

WANTED = (
    *((-1, 1, 0), (-1, 2, 1), (-1, 3, 2), (1, 1, 1), (1, 2, 2), (1, 3, 0)),
    *((-1, 0, None), (-1, 0, None), (-1, 2, None), (1, 0, None), (1, 1, None), (1, 3, None)),
)
"""For each scene to which side the balls roll, how many are behind the screen, and in which second after the end of the
clip one comes out, None for none."""

_COUNTS = ("none", "one", "two", "three")
_LANES = (0.45, 0.0, -0.45)
_HEIGHT = 1.5

_FIRST_SEEN = 0.5
"""How long a ball that goes behind the screen is seen before, s, at least."""


class _Ball(NamedTuple):
    start: float
    speed: float
    drag: float


class _Setting(NamedTuple):
    side: int
    width: float
    radius: float
    balls: tuple[_Ball, ...]


def draw(seed: int, wanted: tuple[int, int, int | None]) -> Scene | None:
    """Simulate three balls; None when they do not do what is wanted, or it cannot be told by eye."""
    random = Random(seed)
    moment = random.uniform(4.0, 6.0)
    side, hidden, second = wanted
    setting = _setting(random, moment, side, hidden, second is not None)
    motion = _simulate(setting, moment + AFTER)
    names = colours(random, 3)
    asked = _asked(motion, moment, wanted, names)
    if asked is None:
        return None
    return Scene(seed, moment, frame_count(moment), _view(random, setting, motion, names).paint, asked)


def _setting(random: Random, moment: float, side: int, hidden: int, comes: bool) -> _Setting:
    balls = [_behind(random, moment, comes) for _ in range(hidden)]
    balls += [_elsewhere(random, moment) for _ in range(3 - hidden)]
    random.shuffle(balls)
    return _Setting(side, random.uniform(0.9, 1.2), random.uniform(0.1, 0.13), tuple(balls))


def _behind(random: Random, moment: float, comes: bool) -> _Ball:
    """A ball that is near the screen's middle at the moment, and goes on or halts soon."""
    middle = moment + random.uniform(-0.8, 0.8)
    if comes and random.random() < 0.7:
        speed = random.uniform(0.2, 0.35)
        return _Ball(-speed * middle, speed, 0.0)
    speed, halt = random.uniform(0.35, 0.6), middle + random.uniform(-0.5, 1.0)
    return _Ball(-speed * halt / 2 + random.uniform(-0.15, 0.15), speed, speed / halt)


def _elsewhere(random: Random, moment: float) -> _Ball:
    """A ball that is at the screen long before the moment, or long after it."""
    middle = moment + random.choice((-1, 1)) * random.uniform(2.0, 4.5)
    speed = random.uniform(0.25, 0.45)
    return _Ball(-speed * middle, speed, 0.0)


def _simulate(setting: _Setting, until: float) -> Motion:
    side = setting.side
    arena = Arena()
    arena.fixed("screen", Pose(0, 0, 0), (setting.width, _HEIGHT), ghost=True)
    # A disc touches this narrower one just while it is wholly behind the screen.
    arena.fixed("hidden", Pose(0, 0, 0), (setting.width - 4 * setting.radius, _HEIGHT), ghost=True)
    for number, (ball, lane) in enumerate(zip(setting.balls, _LANES)):
        body = arena.ball(f"ball {number}", Pose(side * ball.start, lane, 0), setting.radius)
        body.velocity, body.angular_velocity = (side * ball.speed, 0), -side * ball.speed / setting.radius

    def drag(arena: Arena) -> None:
        for number, ball in enumerate(setting.balls):
            body = arena.bodies[f"ball {number}"]
            speed = max(abs(body.velocity.x) - ball.drag * STEP, 0.0)
            body.velocity, body.angular_velocity = (side * speed, 0), -side * speed / setting.radius

    return arena.run(until, drag)


def _asked(
    motion: Motion, moment: float, wanted: tuple[int, int, int | None], names: list[str]
) -> tuple[Asked, ...] | None:
    """The questions; None when the scene is not as wanted."""
    balls = {f"ball {number}": colour for number, colour in enumerate(names)}
    behind = [ball for ball in balls if motion.touching(ball, "hidden", moment)]
    beside = [ball for ball in balls if motion.touching(ball, "screen", moment) and ball not in behind]
    times = [contact.time for contact in motion.contacts]
    unseen = [ball for ball in behind if motion.touching(ball, "screen", _FIRST_SEEN)]
    if beside or unseen or not far_from(moment, *times) or not far_from(moment + HORIZON, *times):
        return None
    coming = sorted((time, ball) for ball in balls if (time := _coming_out(motion, ball, moment)) is not None)
    side, hidden, second = wanted
    after = coming[0][0] - moment if coming else math.inf
    is_wanted = after > HORIZON if second is None else after < HORIZON and is_in(second, after)
    if len(behind) != hidden or not is_wanted or (len(coming) > 1 and coming[1][0] - coming[0][0] < 2 * MARGIN):
        return None
    following = () if second is None else _next(balls, coming[0][1], second)
    return (*_about(side, hidden), *following, *_hiding(motion, balls, moment + AFTER))


def _coming_out(motion: Motion, ball: str, moment: float) -> float | None:
    """When a ball begins to come out after the moment, s."""
    parting = motion.parting(ball, "hidden")
    return parting if parting is not None and parting > moment else None


def _about(side: int, hidden: int) -> tuple[Asked, ...]:
    counts = (_COUNTS[hidden], *_COUNTS[:hidden], *_COUNTS[hidden + 1 :])
    return (
        direction("To which side of the picture do the balls roll?", side),
        Choice("count", "How many balls are behind the grey screen at the end of the clip?", counts, ahead=False),
    )


def _next(balls: dict[str, str], ball: str, second: int) -> tuple[Asked, ...]:
    options = (balls[ball], *(colour for other, colour in balls.items() if other != ball))
    return (
        Choice("next", "Of what colour is the ball that next comes out from behind the grey screen?", options),
        when("How long after the end of the clip does a ball begin to come out from behind the grey screen?", second),
    )


def _hiding(motion: Motion, balls: dict[str, str], end: float) -> tuple[Asked, ...]:
    """When the first ball that comes out again is out of sight, if one does."""
    for ball, colour in balls.items():
        since, until = motion.touch(ball, "hidden"), motion.parting(ball, "hidden")
        if since is not None and until is not None and MARGIN < since < until < end - MARGIN:
            return (Interval("interval", f"The {colour} ball is wholly hidden by the screen.", since, until),)
    return ()


def _view(random: Random, setting: _Setting, motion: Motion, names: list[str]) -> FlatView:
    shapes: list[Shape] = [
        Box((20, 0.03), GREYS["wood"], [Pose(0, lane - setting.radius - 0.015, 0)]) for lane in _LANES
    ]
    for number, colour in enumerate(names):
        shapes.append(Disc(setting.radius, COLOURS[colour], motion.ways[f"ball {number}"]))
    shapes.append(Box((setting.width, _HEIGHT), GREYS["dark"], [Pose(0, 0, 0)]))
    return FlatView(random, 3.2, (0, 0), shapes)
