"""Pictures of a flat world, seen from the side or from above."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

from cosmos_reasoner.clips.frame import Bgr
from cosmos_reasoner.evaluation.scenes.arena import FPS
from cosmos_reasoner.evaluation.scenes.looks import Matrix, Shake, texture
from cosmos_reasoner.evaluation.scenes.motion import Pose
from cosmos_reasoner.evaluation.scenes.scene import SIZE

__all__ = ["Box", "Disc", "FlatView", "Shape"]

_FINE = 4
"""Bits of a pixel's fraction that OpenCV is given."""

_BORDER = 24
"""px of ground around the picture, for the camera to move over."""


@dataclass(frozen=True, slots=True)
class Disc:
    """A circle with a spoke that shows how it turns; `way` has one pose a frame, or one for all."""

    radius: float
    colour: tuple[int, int, int]
    way: Sequence[Pose]
    spoke: bool = True


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of this width and height, m."""

    size: tuple[float, float]
    colour: tuple[int, int, int]
    way: Sequence[Pose]


Shape: TypeAlias = Disc | Box
"""What a flat world has in it."""


class FlatView:
    """A camera that looks at a flat world.

    Args:
        random: Of its looks.
        width: Of what it sees, m.
        centre: Of what it sees, m.
        shapes: What is there; later ones hide earlier ones.
    """

    def __init__(self, random: Random, width: float, centre: tuple[float, float], shapes: Sequence[Shape]) -> None:
        self._scale = SIZE[0] / width
        self._centre = centre
        self._shapes = tuple(shapes)
        self._shake = Shake.draw(random)
        self._ground = texture(random.getrandbits(32), SIZE[0] + 2 * _BORDER, SIZE[1] + 2 * _BORDER)

    def paint(self, number: int) -> Bgr:
        """Draw the frame of this number: HxWx3 uint8."""
        camera = self._shake.matrix(number / FPS, SIZE)
        picture = np.asarray(cv2.warpAffine(self._ground, camera @ _OFFSET, SIZE), np.uint8)
        for shape in self._shapes:
            pose = shape.way[min(number, len(shape.way) - 1)]
            if isinstance(shape, Disc):
                self._disc(picture, camera, shape, pose)
            else:
                self._polygon(picture, camera, _corners(shape.size, pose), shape.colour)
        return picture

    def _disc(self, picture: Bgr, camera: Matrix, disc: Disc, pose: Pose) -> None:
        end = (pose.x + disc.radius * math.cos(pose.angle), pose.y + disc.radius * math.sin(pose.angle))
        centre, rim = _fine(self._pixels(camera, np.array([(pose.x, pose.y), end])))
        radius = round(disc.radius * self._scale * (1 << _FINE))
        cv2.circle(picture, _point(centre), radius, disc.colour, -1, cv2.LINE_AA, _FINE)
        if disc.spoke:
            cv2.line(picture, _point(centre), _point(rim), _darker(disc.colour), 1, cv2.LINE_AA, _FINE)

    def _polygon(self, picture: Bgr, camera: Matrix, corners: Matrix, colour: tuple[int, int, int]) -> None:
        points = _fine(self._pixels(camera, corners))
        cv2.fillPoly(picture, [points], colour, cv2.LINE_AA, _FINE)
        cv2.polylines(picture, [points], True, _darker(colour), 1, cv2.LINE_AA, _FINE)

    def _pixels(self, camera: Matrix, points: Matrix) -> Matrix:
        """Nx2 points in m as px of the shaken picture."""
        still = (points - self._centre) * (self._scale, -self._scale) + (SIZE[0] / 2, SIZE[1] / 2)
        return np.asarray(still @ camera[:, :2].T + camera[:, 2])


_OFFSET = np.array([[1, 0, -_BORDER], [0, 1, -_BORDER], [0, 0, 1]])


def _corners(size: tuple[float, float], pose: Pose) -> Matrix:
    signs = np.array([(-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)]) * size
    cosine, sine = math.cos(pose.angle), math.sin(pose.angle)
    return np.asarray(signs @ np.array([[cosine, sine], [-sine, cosine]]) + (pose.x, pose.y))


def _fine(points: Matrix) -> npt.NDArray[np.int32]:
    return np.asarray(np.round(points * (1 << _FINE)), np.int32)


def _point(point: npt.NDArray[np.int32]) -> tuple[int, int]:
    return int(point[0]), int(point[1])


def _darker(colour: tuple[int, int, int]) -> tuple[int, int, int]:
    blue, green, red = colour
    return blue // 2, green // 2, red // 2
