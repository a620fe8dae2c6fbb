"""How a scene looks: colours, ground, the camera's motion, noise."""

import math
from dataclasses import dataclass
from random import Random

import cv2
import numpy as np
import numpy.typing as npt

from cosmos_reasoner.clips.frame import Bgr

__all__ = ["COLOURS", "GREYS", "Matrix", "Noise", "Shake", "colours", "texture"]

Matrix = npt.NDArray[np.float64]
"""Points or a mapping of points."""

COLOURS: dict[str, tuple[int, int, int]] = {
    "red": (40, 40, 215),
    "green": (60, 165, 40),
    "blue": (215, 90, 30),
    "yellow": (30, 215, 235),
    "purple": (185, 40, 150),
}
"""Of things, BGR; far from each other and from any ground."""

GREYS: dict[str, tuple[int, int, int]] = {"dark": (62, 60, 58), "wood": (95, 125, 150), "stone": (120, 118, 115)}
"""Of what does not move, BGR."""


def colours(random: Random, count: int) -> list[str]:
    """Names of so many different colours."""
    names = list(COLOURS)
    random.shuffle(names)
    return names[:count]


def texture(seed: int, width: int, height: int) -> Bgr:
    """A ground of little colour: clouds with stripes or fields in them."""
    draw = np.random.Generator(np.random.PCG64(seed))
    clouds = draw.integers(0, 45, (height // 12 + 2, width // 12 + 2)).astype(np.float32)
    value = cv2.resize(clouds, (width, height), interpolation=cv2.INTER_LINEAR)
    rows, columns = np.indices((height, width)) // int(draw.integers(18, 40))
    pattern = (columns % 2, rows % 2, (rows + columns) % 2)[int(draw.integers(3))]
    value = value + float(draw.integers(140, 175)) + pattern * float(draw.integers(4, 14))
    tint = draw.uniform(0.94, 1.0, 3)
    return np.asarray(np.clip(value[..., None] * tint, 0, 255), np.uint8)


@dataclass(frozen=True, slots=True)
class Shake:
    """A camera that is not quite still: it swings by `shift` px and `turn` rad, so many times a second."""

    shift: float
    turn: float
    rate: float
    phase: float

    @classmethod
    def draw(cls, random: Random) -> "Shake":
        """One of several strengths, from none to slight."""
        strength = random.uniform(0.0, 1.0)
        return cls(3.0 * strength, 0.008 * strength, random.uniform(0.2, 0.6), random.uniform(0.0, math.tau))

    def matrix(self, time: float, size: tuple[int, int]) -> Matrix:
        """2x3 matrix, px, from a picture of this width and height that is not shaken to the one at a time in s."""
        way = math.tau * self.rate * time + self.phase
        right, down = self.shift * math.sin(way), 0.6 * self.shift * math.sin(1.3 * way)
        cosine, sine = math.cos(self.turn * math.sin(0.7 * way)), math.sin(self.turn * math.sin(0.7 * way))
        x, y = size[0] / 2, size[1] / 2
        return np.array(
            [[cosine, -sine, x - cosine * x + sine * y + right], [sine, cosine, y - sine * x - cosine * y + down]]
        )


class Noise:
    """The noise of a camera; other in each picture, the same in each run.

    Args:
        seed: Of the noise.
        size: Width and height of the pictures, px.
    """

    _ROOM = 48

    def __init__(self, seed: int, size: tuple[int, int]) -> None:
        self._draw = np.random.Generator(np.random.PCG64(seed))
        self._width, self._height = size
        shape = (self._height + self._ROOM, self._width + self._ROOM, 3)
        noise = self._draw.integers(0, 6, shape, np.uint8)
        self._brighter, self._darker = noise, np.ascontiguousarray(noise[::-1, ::-1])

    def on(self, picture: Bgr) -> Bgr:
        """Add noise of +-5 to a picture, HxWx3 uint8."""
        picture = np.asarray(cv2.add(picture, self._part(self._brighter)), np.uint8)
        return np.asarray(cv2.subtract(picture, self._part(self._darker)), np.uint8)

    def _part(self, noise: Bgr) -> Bgr:
        top, left = (int(offset) for offset in self._draw.integers(0, self._ROOM, 2))
        return np.ascontiguousarray(noise[top : top + self._height, left : left + self._width])
