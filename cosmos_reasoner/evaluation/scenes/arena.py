"""A flat world with physics."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import TYPE_CHECKING

from cosmos_reasoner.errors import ConfigurationError
from cosmos_reasoner.evaluation.scenes.motion import Contact, Motion, Pose, in_order

if TYPE_CHECKING:
    import pymunk

__all__ = ["FPS", "STEP", "Arena", "physics"]

FPS = 12
"""Pictures a second."""

STEP = 1 / 240
"""Of the simulation, s."""

_STEPS_A_FRAME = round(1 / (FPS * STEP))


class Arena:
    """A flat world; lengths in m, times in s, masses in kg.

    Args:
        gravity: Downwards, m/s^2; 0 where the world is seen from above.

    Raises:
        ConfigurationError: pymunk is not installed.
    """

    def __init__(self, gravity: float = 0.0) -> None:
        self._physics = physics()
        self._space = self._physics.Space()
        self._space.gravity = (0.0, -gravity)
        self._space.iterations = 30
        self._space.on_collision(None, None, begin=self._begin, separate=self._separate)
        self._names: dict[int, str] = {}
        self._type = 0
        self._steps = 0
        self._goes_on = False
        self.bodies: dict[str, pymunk.Body] = {}
        self.motion = Motion()

    @property
    def time(self) -> float:
        """s since the beginning."""
        return self._steps * STEP

    def ball(self, name: str, pose: Pose, radius: float, mass: float = 1.0, *, ghost: bool = False) -> pymunk.Body:
        """Add a disc that moves; one that is a ghost touches, but pushes nothing."""
        body = self._physics.Body(mass, self._physics.moment_for_circle(mass, 0.0, radius))
        return self._add(name, body, self._physics.Circle(body, radius), pose, ghost)

    def block(self, name: str, pose: Pose, size: tuple[float, float], mass: float = 1.0) -> pymunk.Body:
        """Add a rectangle that moves; `size` is its width and height."""
        body = self._physics.Body(mass, self._physics.moment_for_box(mass, size))
        return self._add(name, body, self._physics.Poly.create_box(body, size), pose, False)

    def fixed(self, name: str, pose: Pose, size: tuple[float, float], *, ghost: bool = False) -> None:
        """Add a rectangle that stays where it is."""
        body = self._physics.Body(body_type=self._physics.Body.STATIC)
        self._add(name, body, self._physics.Poly.create_box(body, size), pose, ghost)

    def spot(self, name: str, x: float, y: float, radius: float) -> None:
        """Add a round place on the ground, which tells what is on it."""
        body = self._physics.Body(body_type=self._physics.Body.STATIC)
        self._add(name, body, self._physics.Circle(body, radius), Pose(x, y, 0.0), True)

    def run(self, until: float, drive: Callable[[Arena], None] = lambda _: None) -> Motion:
        """Run from the beginning to a time, s; `drive` is called before each step."""
        self._note()
        while self.time < until - STEP / 2:
            drive(self)
            self._step()
            if self._steps % _STEPS_A_FRAME == 0:
                self._note()
        return self.motion

    def _step(self) -> None:
        self._goes_on = True
        self._space.step(STEP)
        self._goes_on = False
        self._steps += 1

    def _add(self, name: str, body: pymunk.Body, shape: pymunk.Shape, pose: Pose, ghost: bool) -> pymunk.Body:
        body.position, body.angle = (pose.x, pose.y), pose.angle
        self._type += 1
        shape.friction, shape.sensor, shape.collision_type = 0.7, ghost, self._type
        self._names[self._type] = name
        self._space.add(body, shape)
        self.bodies[name] = body
        return body

    def _note(self) -> None:
        for name, body in self.bodies.items():
            pose = Pose(body.position.x, body.position.y, body.angle)
            self.motion.ways.setdefault(name, []).append(pose)

    def _begin(self, arbiter: pymunk.Arbiter, *_: object) -> None:
        self._touched(arbiter, True)

    def _separate(self, arbiter: pymunk.Arbiter, *_: object) -> None:
        self._touched(arbiter, False)

    def _touched(self, arbiter: pymunk.Arbiter, begins: bool) -> None:
        if not self._goes_on:  # pymunk parts what touches when it frees the memory, too
            return
        one, other = (self._names[shape.collision_type] for shape in arbiter.shapes)
        self.motion.contacts.append(Contact((self._steps + 1) * STEP, in_order(one, other), begins))


def physics() -> ModuleType:
    """The physics engine.

    Raises:
        ConfigurationError: It is not installed.
    """
    try:
        import pymunk
    except ImportError:
        raise ConfigurationError(
            "the scenes need pymunk, which is not installed: pip install cosmos-reasoner[scenes]"
        ) from None
    return pymunk
