"""What is put into areas of a picture; nothing is drawn outside of them."""

from dataclasses import dataclass
from enum import Enum

import numpy as np

from cosmos_reasoner.clips.frame import Bgr
from cosmos_reasoner.view.drawing.box import Box
from cosmos_reasoner.view.drawing.lettering import CAPITAL, Lettering
from cosmos_reasoner.view.drawing.lines import fitted
from cosmos_reasoner.view.drawing.palette import DARKENED, WHITE, Color

__all__ = ["Align", "Pen"]


class Align(Enum):
    """Where in its area a text stands, as the share of the free room that is left of it."""

    LEFT = 0.0
    CENTER = 0.5
    RIGHT = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Pen:
    """Draws into a picture.

    Attributes:
        canvas: HxWx3, which is changed.
        letters: Who draws text.
        size: Of the letters, px.
    """

    canvas: Bgr
    letters: Lettering
    size: int

    @property
    def small(self) -> int:
        """Size of the letters of labels, px."""
        return max(round(0.8 * self.size), 1)

    def fill(self, box: Box, color: Color) -> None:
        """Give an area a colour."""
        self._part(box)[:] = color

    def darken(self, box: Box) -> None:
        """Make an area so dark that text on it can be read."""
        part = self._part(box)
        np.floor_divide(part, DARKENED, out=part)

    def frame(self, box: Box, thickness: int, color: Color) -> None:
        """Draw the outermost px of an area."""
        inner = box.grown(-min(thickness, (box.width + 1) // 2, (box.height + 1) // 2))
        self.fill(Box(box.left, box.top, box.right, inner.top), color)
        self.fill(Box(box.left, inner.bottom, box.right, box.bottom), color)
        self.fill(Box(box.left, inner.top, inner.left, inner.bottom), color)
        self.fill(Box(inner.right, inner.top, box.right, inner.bottom), color)

    def width(self, text: str, size: int, bold: bool = False) -> int:
        """px that an area must have for a text to be complete."""
        return self.letters.width(text, size, bold) + 2 * _overhang(size)

    def write(
        self, box: Box, text: str, color: Color = WHITE, *, size: int = 0, bold: bool = False, align: Align = Align.LEFT
    ) -> None:
        """Write a line in the middle of the height of an area, shortened to its width.

        Args:
            box: Where.
            text: Anything.
            color: BGR.
            size: Of the letters, px; 0 for the pen's.
            bold: Whether they are bold.
            align: Where in the width.
        """
        size = size or self.size
        visible = box.inside(Box.of(self.canvas))
        room = box.width - 2 * _overhang(size)
        line = fitted(self.letters, text, room, size, bold)
        if not line or visible.is_empty:
            return
        free = room - self.letters.width(line, size, bold)
        left = box.left + _overhang(size) + int(align.value * free)
        base = box.top + round((box.height + CAPITAL * size) / 2)
        at = (left - visible.left, base - visible.top)
        self.letters.draw(self._part(visible), line, at, size, color, bold)

    def _part(self, box: Box) -> Bgr:
        part = box.inside(Box.of(self.canvas))
        return self.canvas[part.top : part.bottom, part.left : part.right]


def _overhang(size: int) -> int:
    """px that letters such as j and f reach over their own width."""
    return -(-size // 12)
