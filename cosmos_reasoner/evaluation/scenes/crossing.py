"""Two discs on ways that cross, seen from above: do they collide, or who passes first?"""

import math
from random import Random
from typing import NamedTuple

from cosmos_reasoner.evaluation.scenes.arena import FPS, Arena
from cosmos_reasoner.evaluation.scenes.asked import MARGIN, Asked, Choice, Interval, is_in, when
from cosmos_reasoner.evaluation.scenes.flat import Disc, FlatView
from cosmos_reasoner.evaluation.scenes.looks import COLOURS, GREYS, colours
from cosmos_reasoner.evaluation.scenes.motion import Motion, Pose
from cosmos_reasoner.evaluation.scenes.scene import AFTER, Scene, frame_count

__all__ = ["WANTED", "draw"]

WANTED = tuple((("collide", "one", "other")[scene % 3], (scene + scene // 3) % 3) for scene in range(12))
"""For each scene whether the discs collide, and if not, which passes the crossing first; and in which second after the
end of the clip they touch, or the first arrives."""

_VIEW = (4.0, 3.0)
_SPOT = 0.12
_SEEN = 2.5
"""How long both are in the picture before the end of the clip, s, at least."""

_CLEAR_MISS = 0.12
"""m between discs that do not collide, at least."""

_CLEAR_HIT = 0.7
"""Share of the radii by which the ways of discs that collide may lie apart."""


class _Runner(NamedTuple):
    x: float
    y: float
    right: float
    up: float
    radius: float


class _Setting(NamedTuple):
    crossing: tuple[float, float]
    runners: dict[str, _Runner]


class _Seen(NamedTuple):
    """What happened; how near the rims come, m; how far off the middle a collision is, as a share of both radii."""

    motion: Motion
    nearest: float
    apart: float


def draw(seed: int, wanted: tuple[str, int]) -> Scene | None:
    """Simulate two discs; None when they do not do what is wanted, or are too near to doing something else."""
    random = Random(seed)
    moment = random.uniform(4.0, 6.0)
    setting = _setting(random, moment, *wanted)
    if not _in_view(setting, moment):
        return None
    seen = _simulate(setting, moment + AFTER)
    names = colours(random, 2)
    asked = _asked(seen, moment, wanted, names)
    if asked is None:
        return None
    return Scene(seed, moment, frame_count(moment), _view(random, setting, seen.motion, names).paint, asked)


def _setting(random: Random, moment: float, wanted: str, second: int) -> _Setting:
    crossing = (random.uniform(-0.5, 0.5), random.uniform(-0.3, 0.3))
    way = random.uniform(0, math.tau)
    ways = {"one": way, "other": way + random.choice((-1, 1)) * random.uniform(0.8, 2.2)}
    early = second + random.uniform(0.15, 2.0)
    late = early + (random.uniform(-0.4, 0.4) if wanted == "collide" else random.uniform(1.0, 2.5))
    first = random.choice(("one", "other")) if wanted == "collide" else wanted
    runners = {}
    for name, angle in ways.items():
        speed = random.uniform(0.14, 0.34)
        gone = speed * (moment + (early if name == first else late))
        right, up = speed * math.cos(angle), speed * math.sin(angle)
        x, y = crossing[0] - gone * math.cos(angle), crossing[1] - gone * math.sin(angle)
        runners[name] = _Runner(x, y, right, up, random.uniform(0.13, 0.22))
    return _Setting(crossing, runners)


def _in_view(setting: _Setting, moment: float) -> bool:
    """Whether both are in the picture for long enough."""
    return all(
        abs(runner.x + runner.right * time) < _VIEW[0] / 2 and abs(runner.y + runner.up * time) < _VIEW[1] / 2
        for runner in setting.runners.values()
        for time in (moment - _SEEN, moment)
    )


def _simulate(setting: _Setting, until: float) -> _Seen:
    arena = Arena()
    arena.spot("spot", *setting.crossing, _SPOT)
    for name, runner in setting.runners.items():
        body = arena.ball(name, Pose(runner.x, runner.y, 0), runner.radius, runner.radius**2)
        body.velocity = (runner.right, runner.up)
    motion = arena.run(until)
    radii = sum(runner.radius for runner in setting.runners.values())
    collision = motion.touch("one", "other")
    apart = 0.0 if collision is None else _apart(setting, motion, int(collision * FPS)) / radii
    return _Seen(motion, motion.nearest("one", "other") - radii, apart)


def _apart(setting: _Setting, motion: Motion, number: int) -> float:
    """How far the ways of the middles lie apart, each seen from the other, in the frame of a number, m."""
    one, other = (motion.ways[name][number] for name in setting.runners)
    first, second = setting.runners.values()
    right, up = second.right - first.right, second.up - first.up
    return abs((other.x - one.x) * up - (other.y - one.y) * right) / math.hypot(right, up)


def _asked(seen: _Seen, moment: float, wanted: tuple[str, int], names: list[str]) -> tuple[Asked, ...] | None:
    """The questions; None when the scene is not as wanted."""
    colour = dict(zip(("one", "other"), names))
    arrivals = {name: seen.motion.touch(name, "spot") for name in colour}
    first = min(arrivals, key=lambda name: arrivals[name] or math.inf)
    collision = seen.motion.touch("one", "other")
    came, second = wanted
    event = min(time for time in (collision, *arrivals.values(), math.inf) if time is not None)
    is_clear = seen.nearest > _CLEAR_MISS if collision is None else seen.apart < _CLEAR_HIT
    if not is_clear or came != (first if collision is None else "collide") or not is_in(second, event - moment):
        return None
    return (
        _about(colour, came),
        when("How long after the end of the clip do the discs touch, or does one reach the grey spot?", second),
        *_on_spot(seen.motion, first, colour[first], moment + AFTER),
    )


def _about(colour: dict[str, str], came: str) -> Choice:
    options = {
        "collide": "The two discs touch each other.",
        **{name: f"The {said} disc passes first, and they do not touch." for name, said in colour.items()},
    }
    others = tuple(text for name, text in options.items() if name != came)
    text = "The ways of the two discs cross at the grey spot. What happens?"
    return Choice("outcome", text, (options[came], *others))


def _on_spot(motion: Motion, name: str, colour: str, end: float) -> tuple[Asked, ...]:
    """When the first one is on the crossing, if it leaves it again."""
    since, until = motion.touch(name, "spot"), motion.parting(name, "spot")
    if since is None or until is None or until > end - MARGIN:
        return ()
    return (Interval("interval", f"The {colour} disc covers any part of the grey spot.", since, until),)


def _view(random: Random, setting: _Setting, motion: Motion, names: list[str]) -> FlatView:
    spot = Disc(_SPOT, GREYS["dark"], motion.ways["spot"], spoke=False)
    discs = [
        Disc(runner.radius, COLOURS[colour], motion.ways[name])
        for colour, (name, runner) in zip(names, setting.runners.items())
    ]
    return FlatView(random, _VIEW[0], (0, 0), [spot, *discs])
