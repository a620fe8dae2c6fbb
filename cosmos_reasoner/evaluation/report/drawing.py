"""A plot as marks on a sheet, which the template writes as SVG in the page's own colours."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, TypeAlias

__all__ = ["WIDTH", "Bar", "Dot", "Drawing", "Label", "Line", "Mark", "Scale"]

WIDTH = 360.0
"""Of every plot, in units that are about a pixel: as wide as a phone, so that letters keep their size there."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A filled rectangle; `tip` is told when somebody points at it."""

    tag: ClassVar[str] = "bar"
    x: float
    y: float
    width: float
    height: float
    style: str
    tip: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line."""

    tag: ClassVar[str] = "line"
    x1: float
    y1: float
    x2: float
    y2: float
    style: str


@dataclass(frozen=True, slots=True)
class Dot:
    """A disc; `tip` is told when somebody points at it."""

    tag: ClassVar[str] = "dot"
    x: float
    y: float
    radius: float
    style: str
    tip: str = ""


@dataclass(frozen=True, slots=True)
class Label:
    """Words; `y` is that of their base line, `anchor` start, middle or end."""

    tag: ClassVar[str] = "label"
    x: float
    y: float
    text: str
    anchor: str = "start"
    style: str = "words"


Mark: TypeAlias = Bar | Line | Dot | Label
"""Anything on a sheet."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A plot.

    Attributes:
        title: What it shows.
        note: A sentence on how to read it, or empty.
        height: Of the sheet, whose width is `WIDTH`.
        marks: From the ground up.
        legend: Style and meaning of each.
    """

    title: str
    note: str
    height: float
    marks: tuple[Mark, ...]
    legend: tuple[tuple[str, str], ...] = ()
    width: float = WIDTH


@dataclass(frozen=True, slots=True)
class Scale:
    """Where values lie on a sheet.

    Attributes:
        top: The value that lies at `end`; 0 lies at `start`.
        start: Place of 0.
        end: Place of `top`; less than `start` on an axis that goes up.
    """

    top: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """Place of a value."""
        return round(self.start + (self.end - self.start) * value / self.top, 2)

    def ticks(self) -> Iterator[float]:
        """Round values, 0 first, some four to eight: steps of 1, 2 or 5 times a power of ten."""
        power = 10 ** math.floor(math.log10(self.top / 4))
        step = max(factor * power for factor in (1, 2, 5) if factor * power <= self.top / 4 * (1 + 1e-9))
        count = math.floor(self.top / step * (1 + 1e-9))
        yield from (step * place for place in range(count + 1))

    def across(self, top: float, bottom: float, unit: str = "") -> Iterator[Mark]:
        """Grid lines of an axis from left to right, with their values beneath."""
        for tick in self.ticks():
            yield Line(self.at(tick), top, self.at(tick), bottom, "grid")
            yield Label(self.at(tick), bottom + 14, f"{tick:.4g}{unit}", "middle", "tick")
