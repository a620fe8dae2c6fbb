"""What was measured in the pictures, and nothing else.

Places and lengths are in px of the picture as sent, x to the right and y down; times in s on the clock of the request.
"""

import math
from dataclasses import dataclass

__all__ = ["MOVING_GROWTH", "MOVING_SHIFT", "Box", "CameraMotion", "Facts", "Mover", "ViewFacts"]

MOVING_SHIFT = 0.01
"""Picture widths a second that the background shifts under a camera that counts as moving, or ..."""
MOVING_GROWTH = 0.02
"""... the rate at which it grows or shrinks, 1/s."""


@dataclass(frozen=True, slots=True)
class Box:
    """An upright rectangle, px."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def centre(self) -> tuple[float, float]:
        """x, y."""
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    @property
    def width(self) -> float:
        """px."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """px."""
        return self.bottom - self.top

    def moved(self, dx: float, dy: float, grown: float = 1.0) -> "Box":
        """The box shifted by dx, dy and scaled about its centre."""
        x, y = self.centre
        w, h = self.width * grown / 2, self.height * grown / 2
        return Box(x + dx - w, y + dy - h, x + dx + w, y + dy + h)

    def clipped(self, width: float, height: float) -> "Box":
        """The part inside a picture of that size."""
        return Box(
            min(max(self.left, 0.0), width),
            min(max(self.top, 0.0), height),
            min(max(self.right, 0.0), width),
            min(max(self.bottom, 0.0), height),
        )

    def overlap(self, other: "Box") -> float:
        """Shared area, px."""
        w = min(self.right, other.right) - max(self.left, other.left)
        h = min(self.bottom, other.bottom) - max(self.top, other.top)
        return max(w, 0.0) * max(h, 0.0)


@dataclass(frozen=True, slots=True)
class CameraMotion:
    """How the picture as a whole moves, as the camera's own motion makes it.

    Attributes:
        dx: Shift of the background to the right, picture widths a second: the camera turns or goes left.
        dy: The same downwards, in picture widths a second.
        growth: Rate at which the background grows about the picture's centre, 1/s: the camera goes forward.
        roll: Turn of the background, degrees a second, clockwise positive.
        support: Share of the tracked points that one such motion explains, 0..1.
        shake: Scatter of the shift from one frame to the next, picture widths.
    """

    dx: float
    dy: float
    growth: float
    roll: float
    support: float
    shake: float

    @property
    def shift(self) -> float:
        """Size of the shift, picture widths a second."""
        return math.hypot(self.dx, self.dy)

    @property
    def moves(self) -> bool:
        """Whether the camera moves at all."""
        return self.shift > MOVING_SHIFT or abs(self.growth) > MOVING_GROWTH

    @property
    def contact(self) -> float | None:
        """Seconds until the camera would reach what fills the picture; None when it does not near.

        Time to contact is size over growth (Lee 1976, A theory of visual control of braking), here 1 / growth.
        """
        return 1.0 / self.growth if self.growth > MOVING_GROWTH else None


@dataclass(frozen=True, slots=True)
class Mover:
    """A part of the picture that moves by itself.

    Attributes:
        number: From 1, the most prominent first.
        colour: Name of its mean colour: "red", "dark", ...
        box: Where it was when last seen.
        velocity: dx, dy of its centre in the picture, px/s, at the last sight.
        acceleration: px/s^2; (0, 0) where the path does not show one.
        own: Velocity against the background, px/s: the same as `velocity` under a camera that stands still.
        scatter: RMS distance of its places from the fitted path, px.
        sights: Frames in which it was seen.
        steady: How many of the last sights lie on the fitted path.
        turns: How often it turned back.
        first: When it was first seen, s.
        last: When it was last seen, s.
        travelled: Largest distance from its first place against the background, px.
        growth: Rate of change of its size, 1/s; 0 where it shows none.
        contact: Seconds from its last sight until it would reach the camera; None when it does not near.
        halted: Whether it moved before and stands still at the last sight.
        entered: Whether it came in over the picture's edge or was there at the start; else it appeared inside.
        left: Whether it was there until the end, or went out over the edge; else it vanished inside.
        jerk: Largest jump away from a smooth path, in units of its own size.
    """

    number: int
    colour: str
    box: Box
    velocity: tuple[float, float]
    acceleration: tuple[float, float]
    own: tuple[float, float]
    scatter: float
    sights: int
    steady: int
    turns: int
    first: float
    last: float
    travelled: float
    growth: float
    contact: float | None
    halted: bool
    entered: bool
    left: bool
    jerk: float

    @property
    def speed(self) -> float:
        """Against the background, px/s."""
        return math.hypot(*self.own)


@dataclass(frozen=True, slots=True)
class ViewFacts:
    """What one camera's pictures show.

    Attributes:
        camera: Its name; empty when the request gave none.
        size: Width and height in px as sent.
        seconds: Time of each frame that was analysed, after the last cut.
        cut: When the last cut was, s; None without one.
        motion: How the picture as a whole moves; None for a single picture or one without anything to hold on to.
        movers: What moves by itself, the most prominent first.
        residual: Mean change from frame to frame that the camera's motion does not explain, grey levels of 255.
        crowded: Whether so much changes at once that single things cannot be told apart.
        parallax: Whether near things shift against far ones, so that only what moves across that shift is found.
        brightness: Mean grey level of the last frame, 0..255.
    """

    camera: str
    size: tuple[int, int]
    seconds: tuple[float, ...]
    cut: float | None
    motion: CameraMotion | None
    movers: tuple[Mover, ...]
    residual: float
    crowded: bool
    parallax: bool
    brightness: float

    @property
    def is_still(self) -> bool:
        """Whether it is one picture only, so that motion cannot be told."""
        return len(self.seconds) < 2

    @property
    def end(self) -> float:
        """Time of the last frame, s."""
        return self.seconds[-1]


@dataclass(frozen=True, slots=True)
class Facts:
    """What all views of a request show; none when it had no pictures."""

    views: tuple[ViewFacts, ...]

    @property
    def movers(self) -> list[tuple[ViewFacts, Mover]]:
        """What moves, in all views, each with its view, the most prominent first."""
        found = [(view, mover) for view in self.views for mover in view.movers]
        return sorted(found, key=lambda pair: pair[1].number)
