"""Labels of what is marked in a picture."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cosmos_reasoner.view.drawing.box import Box
from cosmos_reasoner.view.drawing.lines import fitted
from cosmos_reasoner.view.drawing.palette import Color
from cosmos_reasoner.view.drawing.pen import Align, Pen

__all__ = ["Label", "Tag", "write_labels"]

_LONGEST = 16
"""Width of a text at most, in sizes of letters."""


@dataclass(frozen=True, slots=True)
class Tag:
    """A text on a ground."""

    text: str
    ground: Color
    ink: Color


@dataclass(frozen=True, slots=True)
class Label:
    """Tags side by side.

    Attributes:
        at: What they are about.
        tags: From the left.
        beside: Whether they must leave it free; else they stand above it, or in it.
    """

    at: Box
    tags: tuple[Tag, ...]
    beside: bool = False


def write_labels(pen: Pen, free: Box, labels: Iterable[Label]) -> None:
    """Write labels where there is room; one for which there is none is left out.

    Args:
        pen: Draws into the picture.
        free: Where labels may stand.
        labels: The most important first.
    """
    taken: list[Box] = []
    room = min(_LONGEST * pen.size, free.width - pen.small)
    for label in labels:
        texts = [fitted(pen.letters, tag.text, room, pen.small, bold=True) for tag in label.tags]
        widths = [pen.width(text, pen.small, bold=True) + pen.small // 2 for text in texts]
        place = _place(label, sum(widths), round(1.5 * pen.small), free, taken)
        if place and all(texts):
            taken.append(place)
            for cell, tag, text in zip(place.columns(*widths), label.tags, texts):
                pen.fill(cell, tag.ground)
                pen.write(cell, text, tag.ink, size=pen.small, bold=True, align=Align.CENTER)


def _place(label: Label, width: int, height: int, free: Box, taken: Sequence[Box]) -> Box | None:
    """The first place that is free; None when there is none, or nothing to be seen there."""
    kept = [*taken, label.at] if label.beside else taken
    corners = _corners_beside(label.at, width, height) if label.beside else _corners_above(label.at, width, height)
    places = (Box(x, y, x + width, y + height).moved_into(free) for x, y in corners)
    fitting = (place for place in places if place.inside(free) == place and not any(map(place.meets, kept)))
    return None if label.at.is_empty else next(fitting, None)


def _corners_beside(at: Box, width: int, height: int) -> list[tuple[int, int]]:
    gap, middle = height // 3, (at.top + at.bottom - height) // 2
    return [(at.right + gap, middle), (at.left - gap - width, middle), (at.left, at.top - height), (at.left, at.bottom)]


def _corners_above(at: Box, width: int, height: int) -> list[tuple[int, int]]:
    return [(at.left, at.top - height), (at.left, at.top), (at.left, at.bottom), (at.right - width, at.top - height)]
