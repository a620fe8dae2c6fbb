"""One simulated scene."""

from collections.abc import Callable
from dataclasses import dataclass

from cosmos_reasoner.clips.frame import Bgr
from cosmos_reasoner.evaluation.scenes.arena import FPS
from cosmos_reasoner.evaluation.scenes.asked import Asked

__all__ = ["AFTER", "HORIZON", "SIZE", "Scene", "film_end", "frame_count"]

SIZE = (320, 240)
"""Width and height of the pictures, px."""

HORIZON = 3.0
"""How far a question looks ahead, s."""

AFTER = HORIZON + 0.5
"""How long the video goes on after the moment of the question, s, so that hindsight sees what followed."""


@dataclass(frozen=True, slots=True)
class Scene:
    """One simulated scene.

    Attributes:
        seed: Of everything in it.
        moment: When it is asked about, s from its beginning; up to then it is shown.
        frames: How many pictures it has.
        paint: Draws one of them, by its number from 0, without noise.
        asked: The questions.
    """

    seed: int
    moment: float
    frames: int
    paint: Callable[[int], Bgr]
    asked: tuple[Asked, ...]


def frame_count(moment: float) -> int:
    """How many pictures a scene has that is asked about at a moment, s."""
    return int((moment + AFTER) * FPS) + 1


def film_end(frames: int) -> float:
    """When the last of so many pictures is shown, s."""
    return (frames - 1) / FPS
