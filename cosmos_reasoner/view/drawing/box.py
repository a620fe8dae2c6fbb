"""Areas of a picture."""

from dataclasses import dataclass

from cosmos_reasoner.clips.frame import Bgr

__all__ = ["Box"]


@dataclass(frozen=True, slots=True)
class Box:
    """An area, px; `right` and `bottom` are the first that are outside."""

    left: int
    top: int
    right: int
    bottom: int

    @classmethod
    def of(cls, pixels: Bgr) -> "Box":
        """A whole picture."""
        return cls(0, 0, pixels.shape[1], pixels.shape[0])

    @property
    def width(self) -> int:
        """px."""
        return self.right - self.left

    @property
    def height(self) -> int:
        """px."""
        return self.bottom - self.top

    @property
    def is_empty(self) -> bool:
        """Whether it has no px."""
        return self.width <= 0 or self.height <= 0

    def meets(self, other: "Box") -> bool:
        """Whether some px are in both."""
        across = max(self.left, other.left) < min(self.right, other.right)
        return across and max(self.top, other.top) < min(self.bottom, other.bottom)

    def grown(self, by: int) -> "Box":
        """The area with a border around, px; with less than nothing, an area further inside."""
        return Box(self.left - by, self.top - by, self.right + by, self.bottom + by)

    def flatter(self, by: int) -> "Box":
        """The area without so many px at its top, and as many at its bottom."""
        return Box(self.left, self.top + by, self.right, self.bottom - by)

    def inside(self, other: "Box") -> "Box":
        """The part that lies in another area; of no width or height when there is none."""
        left, top = max(self.left, other.left), max(self.top, other.top)
        return Box(left, top, max(left, min(self.right, other.right)), max(top, min(self.bottom, other.bottom)))

    def moved_into(self, other: "Box") -> "Box":
        """The area at the nearest place in another one, to whose left or top it stays where it is too large."""
        left = max(other.left, min(self.left, other.right - self.width))
        top = max(other.top, min(self.top, other.bottom - self.height))
        return Box(left, top, left + self.width, top + self.height)

    def columns(self, *widths: int) -> list["Box"]:
        """Parts side by side from the left, px each, and what is left of it."""
        edges = [self.left]
        for width in widths:
            edges.append(min(edges[-1] + width, self.right))
        return [Box(a, self.top, b, self.bottom) for a, b in zip(edges, [*edges[1:], self.right])]
