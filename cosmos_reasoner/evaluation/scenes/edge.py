"""A ball rolls on a table, slower and slower: does it fall off the edge before it stops?"""

from itertools import product
from random import Random
from typing import NamedTuple

from cosmos_reasoner.evaluation.scenes.arena import STEP, Arena
from cosmos_reasoner.evaluation.scenes.asked import Asked, Choice, Interval, direction, is_in, when
from cosmos_reasoner.evaluation.scenes.flat import Box, Disc, FlatView, Shape
from cosmos_reasoner.evaluation.scenes.looks import COLOURS, GREYS, colours
from cosmos_reasoner.evaluation.scenes.motion import Motion, Pose
from cosmos_reasoner.evaluation.scenes.scene import AFTER, Scene, film_end, frame_count

__all__ = ["WANTED", "draw"]

WANTED = tuple(product((-1, 1), (True, False), (0, 1, 2)))
"""For each scene to which side the ball rolls, whether it falls, and in which second after the end of the clip that, or
its halt, comes."""

_FLOOR = -1.0
_TABLE = 0.08
_CLEAR_GAP = 0.12
_CLEAR_SPEED = 0.1


class _Setting(NamedTuple):
    side: int
    radius: float
    speed: float
    drag: float
    edge: float
    start: float


class _Seen(NamedTuple):
    motion: Motion
    halt: float | None
    gap: float
    speed: float


def draw(seed: int, wanted: tuple[int, bool, int]) -> Scene | None:
    """Simulate one ball; None when it does not do what is wanted, or is too near to doing something else."""
    random = Random(seed)
    moment, (side, falls, after) = random.uniform(4.0, 6.0), wanted
    setting = _setting(random, moment + after + random.uniform(0.15, 0.85), side, falls)
    seen = _simulate(setting, moment + AFTER)
    asked = _asked(seen, moment, wanted)
    if asked is None or setting.start < -1.5:
        return None
    return Scene(seed, moment, frame_count(moment), _view(random, setting, seen.motion).paint, asked)


def _setting(random: Random, event: float, side: int, falls: bool) -> _Setting:
    """A ball that would be at the edge, or stand still, at a time in s."""
    last = random.uniform(0.12, 0.35) if falls else 0.0
    drag = random.uniform(0.01, 0.05) if falls else random.uniform(0.03, 0.08)
    speed = last + drag * event
    gap = 0.0 if falls else random.uniform(0.15, 0.8)
    edge = random.uniform(0.5, 1.1)
    start = edge - gap - (speed + last) / 2 * event
    return _Setting(side, random.uniform(0.08, 0.13), speed, drag, edge, start)


def _simulate(setting: _Setting, until: float) -> _Seen:
    side, radius = setting.side, setting.radius
    arena = Arena(gravity=9.81)
    arena.fixed("floor", Pose(0, _FLOOR - 0.5, 0), (20, 1))
    arena.fixed("table", Pose(side * (setting.edge - 2), -_TABLE / 2, 0), (4, _TABLE))
    ball = arena.ball("ball", Pose(side * setting.start, radius, 0), radius)
    ball.velocity = (side * setting.speed, 0)
    ball.angular_velocity = -side * setting.speed / radius
    halts: list[float] = []
    speeds = [0.0]

    def drag(arena: Arena) -> None:
        if not arena.motion.touching("ball", "table", arena.time) or halts:
            return
        speeds.append(abs(ball.velocity.x))
        if speeds[-1] <= setting.drag * STEP:
            ball.velocity, ball.angular_velocity = (0, 0), 0
            halts.append(arena.time)
        else:
            # A rolling disc is as slow to brake as one and a half times its mass.
            ball.force = (-1.5 * ball.mass * setting.drag * (1 if ball.velocity.x > 0 else -1), 0)

    motion = arena.run(until, drag)
    return _Seen(motion, next(iter(halts), None), setting.edge - side * ball.position.x, speeds[-1])


def _asked(seen: _Seen, moment: float, wanted: tuple[int, bool, int]) -> tuple[Asked, ...] | None:
    """The questions; None when the scene is not as wanted."""
    landing = seen.motion.touch("ball", "floor")
    event = seen.halt if landing is None else seen.motion.parting("ball", "table")
    clear = seen.gap > _CLEAR_GAP if landing is None else seen.speed > _CLEAR_SPEED
    if event is None or not clear:
        return None
    side, falls, second = wanted
    if (landing is not None) != falls or not is_in(second, event - moment):
        return None
    interval = (
        Interval("interval", "The ball lies still on the table.", event, film_end(frame_count(moment)))
        if landing is None
        else Interval("interval", "The ball falls freely from the table to the floor.", event, landing)
    )
    options = ("It falls off the edge of the table.", "It stops on the table before the edge.")
    return (
        direction("To which side of the picture does the ball roll?", side),
        Choice(
            "outcome",
            "The ball rolls slower and slower. What does it do first, after the clip?",
            options if falls else options[::-1],
        ),
        when("How long after the end of the clip does the ball leave the table or come to rest?", second),
        interval,
    )


def _view(random: Random, setting: _Setting, motion: Motion) -> FlatView:
    side = setting.side
    colour = COLOURS[colours(random, 1)[0]]
    table = GREYS[random.choice(("dark", "wood"))]
    leg = Pose(side * (setting.edge - 0.3), (_FLOOR - _TABLE) / 2, 0)
    shapes: list[Shape] = [
        Box((20, 1), GREYS["stone"], [Pose(0, _FLOOR - 0.5, 0)]),
        Box((0.07, -_FLOOR - _TABLE), table, [leg]),
        Box((4, _TABLE), table, motion.ways["table"]),
        Disc(setting.radius, colour, motion.ways["ball"]),
    ]
    return FlatView(random, 3.2, (0, -0.3), shapes)
