"""Pictures of a floor with a round pillar on it, as a robot's camera sees them."""

import math
from collections.abc import Sequence
from random import Random
from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from cosmos_reasoner.clips.frame import Bgr
from cosmos_reasoner.evaluation.scenes.arena import FPS
from cosmos_reasoner.evaluation.scenes.looks import Matrix, Shake, texture
from cosmos_reasoner.evaluation.scenes.motion import Pose
from cosmos_reasoner.evaluation.scenes.scene import SIZE

__all__ = ["FOCAL", "HORIZON_ROW", "Pillar", "PinholeView"]

FOCAL = 230.0
"""px."""

HORIZON_ROW = 96
"""px from the top."""

_EYE = 0.4
_CELL = 0.02
_TILE = 512


class Pillar(NamedTuple):
    """A round thing that stands on the floor; m, BGR."""

    radius: float
    height: float
    colour: tuple[int, int, int]


class PinholeView:
    """A camera on a robot that looks along its way.

    Args:
        random: Of its looks.
        robot: Poses of the camera, one each frame; it looks along the angle.
        pillar: What it sees.
        way: Poses of the pillar.
    """

    def __init__(self, random: Random, robot: Sequence[Pose], pillar: Pillar, way: Sequence[Pose]) -> None:
        self._robot, self._pillar, self._way = robot, pillar, way
        self._shake = Shake.draw(random)
        self._floor = texture(random.getrandbits(32), _TILE, _TILE).reshape(-1, 3)
        self._wall = np.full((HORIZON_ROW, SIZE[0], 3), random.uniform(195, 225), np.uint8)
        columns, rows = np.meshgrid(np.arange(SIZE[0]), np.arange(HORIZON_ROW + 1, SIZE[1]))
        self._ahead = FOCAL * _EYE / (rows - HORIZON_ROW)
        self._aside = (columns - SIZE[0] / 2) / FOCAL * self._ahead

    def paint(self, number: int) -> Bgr:
        """Draw the frame of this number: HxWx3 uint8."""
        number = min(number, len(self._robot) - 1)
        robot, pillar = self._robot[number], self._way[number]
        picture = np.concatenate([self._wall, self._wall[:1] // 2, self._seen_floor(robot)])
        self._draw(picture, *_from_camera(robot, pillar))
        camera = self._shake.matrix(number / FPS, SIZE)
        return np.asarray(cv2.warpAffine(picture, camera, SIZE, borderMode=cv2.BORDER_REPLICATE), np.uint8)

    def _seen_floor(self, robot: Pose) -> Bgr:
        cosine, sine = math.cos(robot.angle), math.sin(robot.angle)
        x = robot.x + cosine * self._ahead + sine * self._aside
        y = robot.y + sine * self._ahead - cosine * self._aside
        return np.asarray(np.take(self._floor, _cells(y) * _TILE + _cells(x), axis=0))

    def _draw(self, picture: Bgr, ahead: float, aside: float) -> None:
        """Draw the pillar at a distance along the camera's way and to its right, m."""
        pillar = self._pillar
        near = ahead - pillar.radius
        if near <= 0.02:
            return
        centre = SIZE[0] / 2 + FOCAL * aside / ahead
        half = FOCAL * pillar.radius / ahead
        top, bottom = HORIZON_ROW - FOCAL * (pillar.height - _EYE) / ahead, HORIZON_ROW + FOCAL * _EYE / ahead
        blue, green, red = pillar.colour
        for share, light in ((1.0, 0.6), (0.8, 0.8), (0.55, 1.0)):
            colour = (blue * light, green * light, red * light)
            corners = (round(centre - share * half), round(top)), (round(centre + share * half), round(bottom))
            cv2.rectangle(picture, *corners, colour, -1)


def _from_camera(robot: Pose, pillar: Pose) -> tuple[float, float]:
    """Where the pillar is: ahead, and to the right, m."""
    x, y = pillar.x - robot.x, pillar.y - robot.y
    cosine, sine = math.cos(robot.angle), math.sin(robot.angle)
    return cosine * x + sine * y, sine * x - cosine * y


def _cells(metres: Matrix) -> npt.NDArray[np.int32]:
    """Rows or columns of the floor's texture, whose edge is not below the robot's way."""
    return (metres * (1 / _CELL) + 1000.5 * _TILE).astype(np.int32) & (_TILE - 1)
