"""What a robot can do, and how near it comes to a pillar that moves on."""

import math
from enum import Enum
from typing import NamedTuple

from cosmos_reasoner.evaluation.scenes.arena import STEP, Arena
from cosmos_reasoner.evaluation.scenes.motion import Motion, Pose
from cosmos_reasoner.evaluation.scenes.scene import HORIZON

__all__ = ["ROBOT", "Drive", "Encounter", "Outcome", "drive", "try_out"]

ROBOT = 0.2
"""The robot's radius, m."""

_BRAKE = 1.0
_TURN = 0.8
_SHARPEST = 1.2


class Drive(str, Enum):
    """Actions; the robot looks along x, so that left is up."""

    ON = "go_on"
    STOP = "stop"
    LEFT = "steer_left"
    RIGHT = "steer_right"


class Encounter(NamedTuple):
    """A robot that drives along x from (0, 0), and a pillar that it may meet; m, m/s."""

    speed: float
    x: float
    y: float
    right: float
    up: float
    radius: float


class Outcome(NamedTuple):
    """When they touch, s after the action's beginning, if they do, and how near they come, m; overlaps are negative."""

    contact: float | None
    clearance: float


def drive(encounter: Encounter, until: float) -> Motion:
    """Drive on, up to a contact, which halts both."""
    arena = _arena(encounter)
    robot, pillar = arena.bodies["robot"], arena.bodies["pillar"]

    def steer(arena: Arena) -> None:
        if arena.motion.touch("robot", "pillar") is not None:
            robot.velocity = pillar.velocity = (0, 0)

    return arena.run(until, steer)


def try_out(encounter: Encounter, action: Drive) -> Outcome:
    """Do one of the actions for as long as questions look ahead; a contact stops nobody, so that its depth is seen."""
    arena = _arena(encounter)
    robot = arena.bodies["robot"]

    def steer(arena: Arena) -> None:
        speed, heading = _driven(encounter.speed, action, arena.time)
        robot.velocity = (speed * math.cos(heading), speed * math.sin(heading))

    motion = arena.run(HORIZON, steer)
    return Outcome(motion.touch("robot", "pillar"), motion.nearest("robot", "pillar") - ROBOT - encounter.radius)


def _driven(speed: float, action: Drive, time: float) -> tuple[float, float]:
    """Speed in m/s and heading in rad, a time in s after the action's beginning."""
    if action is Drive.STOP:
        return max(speed - _BRAKE * (time + STEP), 0.0), 0.0
    turned = min(_TURN * time, _SHARPEST)
    return speed, {Drive.LEFT: turned, Drive.RIGHT: -turned}.get(action, 0.0)


def _arena(encounter: Encounter) -> Arena:
    arena = Arena()
    robot = arena.ball("robot", Pose(0, 0, 0), ROBOT, ghost=True)
    pillar = arena.ball("pillar", Pose(encounter.x, encounter.y, 0), encounter.radius, ghost=True)
    robot.velocity, pillar.velocity = (encounter.speed, 0), (encounter.right, encounter.up)
    return arena
