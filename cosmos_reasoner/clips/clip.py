"""A stretch of time as one or more cameras saw it."""

from collections.abc import Iterator
from dataclasses import dataclass

from cosmos_reasoner.clips.frame import Frame

__all__ = ["Clip", "View"]


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """What one camera saw: its frames, oldest first, all of one size."""

    camera: str
    frames: tuple[Frame, ...]

    def __post_init__(self) -> None:
        if not self.frames:
            raise ValueError(f"a view of {self.camera} needs at least one frame")


@dataclass(frozen=True, slots=True, eq=False)
class Clip:
    """A stretch of time as one or more cameras saw it.

    Attributes:
        views: One per camera, at least one. The first is the reference for stamps and frame_id.
    """

    views: tuple[View, ...]

    def __post_init__(self) -> None:
        if not self.views:
            raise ValueError("a clip needs at least one view")

    @classmethod
    def of(cls, frames: list[Frame]) -> "Clip":
        """Make a clip of one camera's frames, oldest first."""
        return cls((View(frames[0].camera, tuple(frames)),))

    @property
    def start(self) -> int:
        """Stamp of the first frame, ns."""
        return min(view.frames[0].stamp for view in self.views)

    @property
    def end(self) -> int:
        """Stamp of the last frame, ns."""
        return max(view.frames[-1].stamp for view in self.views)

    @property
    def newest(self) -> Frame:
        """The last frame: of the first view among those that end last."""
        return max((view.frames[-1] for view in self.views), key=lambda frame: frame.stamp)

    @property
    def cameras(self) -> tuple[str, ...]:
        """Names of the cameras, in the order of the views."""
        return tuple(view.camera for view in self.views)

    @property
    def frame_count(self) -> int:
        """Frames of all views together."""
        return sum(len(view.frames) for view in self.views)

    def newest_frames(self) -> "Clip":
        """The same clip with the last frame of each view alone."""
        return Clip(tuple(View(view.camera, view.frames[-1:]) for view in self.views))

    def seconds(self, frame: Frame) -> float:
        """Seconds from the clip's start to a frame: the time that a model is told."""
        return (frame.stamp - self.start) / 1e9

    def __iter__(self) -> Iterator[View]:
        return iter(self.views)
