"""A ball hits a tower of blocks: does it topple or stand?"""

import math
from random import Random
from typing import NamedTuple

from cosmos_reasoner.evaluation.scenes.arena import Arena
from cosmos_reasoner.evaluation.scenes.asked import MARGIN, Asked, Choice, Interval
from cosmos_reasoner.evaluation.scenes.flat import Box, Disc, FlatView, Shape
from cosmos_reasoner.evaluation.scenes.looks import COLOURS, GREYS, colours
from cosmos_reasoner.evaluation.scenes.motion import Motion, Pose
from cosmos_reasoner.evaluation.scenes.scene import AFTER, HORIZON, Scene, frame_count

__all__ = ["WANTED", "draw"]

WANTED = (True, False) * 6
"""For each scene whether the tower topples."""

_SHOWN = 0.15
"""How much of the push is shown, s."""

_SETTLED = 0.3
"""Share of its height by which a block of a tower that stands may sink."""

_SOONEST = 0.3
"""s after the end of the clip at which a block may touch the ground."""


class _Block(NamedTuple):
    x: float
    y: float
    width: float
    height: float


class _Setting(NamedTuple):
    side: int
    blocks: tuple[_Block, ...]
    radius: float
    speed: float
    start: float
    go: float


def draw(seed: int, topples: bool) -> Scene | None:
    """Simulate one tower; None when it does not do what is wanted, or is too near to doing something else."""
    random = Random(seed)
    setting = _setting(random, random.uniform(4.0, 6.0) - _SHOWN)
    motion = _simulate(setting, 6.0 + AFTER)
    hit = _hit(motion, setting)
    if hit is None or not 4.0 <= hit + _SHOWN <= 6.0 or _landing(motion, setting, hit):
        return None
    moment = hit + _SHOWN
    asked = _asked(motion, setting, hit, topples)
    if asked is None:
        return None
    return Scene(seed, moment, frame_count(moment), _view(random, setting, motion).paint, asked)


def _setting(random: Random, hit: float) -> _Setting:
    blocks: list[_Block] = []
    x, y = random.uniform(0.3, 0.7), 0.0
    for _ in range(random.randint(3, 5)):
        width, height = random.uniform(0.2, 0.36), random.uniform(0.16, 0.26)
        blocks.append(_Block(x, y + height / 2, width, height))
        x, y = x + random.uniform(-0.3, 0.3) * width, y + height
    radius, speed = random.uniform(0.16, 0.28), random.uniform(0.6, 1.8)
    way = random.uniform(1.2, 1.9)
    start = blocks[0].x - blocks[0].width / 2 - radius - way
    return _Setting(random.choice((-1, 1)), tuple(blocks), radius, speed, start, hit - way / speed)


def _simulate(setting: _Setting, until: float) -> Motion:
    side, radius = setting.side, setting.radius
    arena = Arena(gravity=9.81)
    arena.fixed("floor", Pose(0, -0.5, 0), (40, 1))
    for number, block in enumerate(setting.blocks):
        size = (block.width, block.height)
        arena.block(f"block {number}", Pose(side * block.x, block.y, 0), size, 20 * block.width * block.height)
    ball = arena.ball("ball", Pose(side * setting.start, radius, 0), radius, 150 * radius**2)
    gone: list[float] = []

    def push(arena: Arena) -> None:
        if not gone and arena.time >= setting.go:
            ball.velocity, ball.angular_velocity = (side * setting.speed, 0), -side * setting.speed / radius
            gone.append(arena.time)

    return arena.run(until, push)


def _hit(motion: Motion, setting: _Setting) -> float | None:
    """When the ball first touches a block, s."""
    times = [motion.touch("ball", f"block {number}") for number in range(len(setting.blocks))]
    return min((time for time in times if time is not None), default=None)


def _landing(motion: Motion, setting: _Setting, before: float = math.inf) -> float | None:
    """When a block other than the lowest first touches the ground, s, if that is before a time."""
    times = [motion.touch("floor", f"block {number}") for number in range(1, len(setting.blocks))]
    return min((time for time in times if time is not None and time < before), default=None)


def _asked(motion: Motion, setting: _Setting, hit: float, topples: bool) -> tuple[Asked, ...] | None:
    """The questions; None when the tower does not do what is wanted, or the picture does not tell what it does."""
    moment = hit + _SHOWN
    landing = _landing(motion, setting)
    if (landing is not None) != topples:
        return None
    if landing is None and not _stands(motion, setting):
        return None
    if landing is not None and not _SOONEST <= landing - moment <= HORIZON - MARGIN:
        return None
    if setting.go < 0.4:
        return None
    rolls = Interval("approach", "The ball rolls and has not touched the tower yet.", setting.go, hit)
    if landing is None:
        return (_about(False), rolls)
    text = "The tower comes down: from the touch of the ball to the first touch of another block with the ground."
    return (_about(True), rolls, Interval("fall", text, hit, landing))


def _stands(motion: Motion, setting: _Setting) -> bool:
    """Whether in the end all blocks are about as high as at first."""
    ends = [motion.ways[f"block {number}"][-1].y for number in range(len(setting.blocks))]
    return all(block.y - end < _SETTLED * block.height for block, end in zip(setting.blocks, ends))


def _about(topples: bool) -> Choice:
    options = (
        "At least one of the upper blocks falls to the ground.",
        "All the upper blocks stay on top of other blocks.",
    )
    text = "The ball has just hit the tower of blocks. What follows?"
    return Choice("outcome", text, options if topples else options[::-1])


def _view(random: Random, setting: _Setting, motion: Motion) -> FlatView:
    names = colours(random, 5)
    ball, *others = (COLOURS[name] for name in names)
    shapes: list[Shape] = [Box((40, 1), GREYS["stone"], [Pose(0, -0.5, 0)])]
    for number, block in enumerate(setting.blocks):
        colour = others[number % len(others)]
        shapes.append(Box((block.width, block.height), colour, motion.ways[f"block {number}"]))
    shapes.append(Disc(setting.radius, ball, motion.ways["ball"]))
    return FlatView(random, 4.0, (0, 0.8), shapes)
