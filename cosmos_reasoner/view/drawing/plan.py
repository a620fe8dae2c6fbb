"""How the room in a picture is shared out."""

from dataclasses import dataclass

from cosmos_reasoner.view.drawing.box import Box

__all__ = ["Plan", "plan"]

_COVERED = 0.45
"""Share of the height that the strips with text may take."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Where what stands; all px.

    Attributes:
        size: Of the letters.
        row: Height of a line.
        gap: Between columns, and between text and the left and right edge.
        top: The strip of the outcomes; of no height when there are none.
        outcomes: A row for each that has room.
        age: A row below that strip, of no height when there is no room for one.
        ranking_age: A row above the bottom strip, of no height when there is no room for one.
        middle: What stays free of text but for labels.
        bottom: The strip of the actions; of no height when there are none.
        actions: A place for each that has room, best first; the left column before the right one.
    """

    size: int
    row: int
    gap: int
    top: Box
    outcomes: tuple[Box, ...]
    age: Box
    ranking_age: Box
    middle: Box
    bottom: Box
    actions: tuple[Box, ...]


def plan(width: int, height: int, outcomes: int, actions: int) -> Plan:
    """Share out a picture; when not all has room, outcomes get at least half of the lines, if they need so many.

    Args:
        width: px.
        height: px.
        outcomes: How many lines are wanted at the top.
        actions: How many places are wanted at the bottom.
    """
    size = round(6 + min(height, 0.75 * width) / 40)
    row, gap, border = round(1.45 * size), round(0.6 * size), round(0.35 * size)
    rows = max(int(_COVERED * height - 4 * border) // row, 0)
    fair = min(outcomes, (rows + 1) // 2)
    columns = 2 if actions > rows - fair and width >= 32 * size else 1
    upper = min(outcomes, max(rows - -(-actions // columns), fair))
    lower = min(-(-actions // columns), rows - upper)
    top = Box(0, 0, width, _high(upper, row, border))
    bottom = Box(0, height - _high(lower, row, border), width, height)
    cells = [cell for column in _columns(bottom, columns, gap) for cell in _rows(column, lower, row, border)]
    lines = _rows(Box(gap, top.top, width - gap, top.bottom), upper, row, border)
    age = Box(0, top.bottom, width, top.bottom + (row if bottom.top - top.bottom >= row else 0))
    ranking_age = Box(0, bottom.top - (row if lower and bottom.top - age.bottom >= row else 0), width, bottom.top)
    middle = Box(0, age.bottom, width, ranking_age.top)
    return Plan(size, row, gap, top, tuple(lines), age, ranking_age, middle, bottom, tuple(cells[:actions]))


def _high(rows: int, row: int, border: int) -> int:
    return rows * row + 2 * border if rows else 0


def _rows(strip: Box, count: int, row: int, border: int) -> list[Box]:
    first = strip.top + border
    return [Box(strip.left, first + i * row, strip.right, first + (i + 1) * row) for i in range(count)]


def _columns(strip: Box, count: int, gap: int) -> list[Box]:
    width = (strip.width - gap) // count
    return [Box(gap + i * width, strip.top, (i + 1) * width, strip.bottom) for i in range(count)]
