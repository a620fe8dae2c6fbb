"""The text over a picture: outcomes at the top, actions at the bottom, and between them how old these are."""

from collections.abc import Iterable, Sequence

from cosmos_reasoner.reasoning.result import Outcome, RankedAction
from cosmos_reasoner.view.drawing.box import Box
from cosmos_reasoner.view.drawing.palette import BLACK, HAZARD_COLORS, QUIET, TRACK, WHITE, Color
from cosmos_reasoner.view.drawing.pen import Align, Pen
from cosmos_reasoner.view.drawing.plan import Plan

__all__ = ["write_actions", "write_age", "write_note", "write_outcomes"]

_STALE = "STALE"

_BAR = 0.34
"""Length of a whole bar, as a share of its row."""


def write_outcomes(pen: Pen, places: Plan, outcomes: Sequence[Outcome]) -> None:
    """Write number, probability, hazard and text of each outcome, as far as there is room."""
    number = pen.width(str(len(places.outcomes)), pen.size)
    share = _widest(pen, (outcome.probability for outcome in outcomes)) + places.gap
    hazard = max(pen.width(outcome.hazard.name, pen.small, bold=True) for outcome in outcomes) + places.gap
    for i, (outcome, row) in enumerate(zip(outcomes, _with_rest(pen, places.outcomes, len(outcomes))), 1):
        cells = row.columns(number, share, places.gap, hazard, places.gap)
        pen.write(cells[0], str(i), QUIET, align=Align.RIGHT)
        pen.write(cells[1], _percent(outcome.probability), bold=True, align=Align.RIGHT)
        _tag(pen, cells[3], outcome.hazard.name, HAZARD_COLORS[outcome.hazard])
        pen.write(cells[5], outcome.text)


def write_note(pen: Pen, places: Plan, text: str) -> None:
    """Write a line where outcomes would be."""
    for row in places.outcomes[:1]:
        pen.write(row, text, QUIET)


def write_actions(pen: Pen, places: Plan, actions: Sequence[RankedAction]) -> None:
    """Write share, bar and id of each action, as far as there is room; the best stands out."""
    share = _widest(pen, (entry.score for entry in actions))
    bar = round(_BAR * max((place.width for place in places.actions), default=0))
    for i, (entry, row) in enumerate(zip(actions, _with_rest(pen, places.actions, len(actions)))):
        color, bold = (WHITE, True) if i == 0 else (QUIET, False)
        cells = row.columns(share, places.gap, bar, places.gap)
        pen.write(cells[0], _percent(entry.score), color, bold=bold, align=Align.RIGHT)
        _bar(pen, cells[2].flatter(round(0.3 * places.row)), entry.score, color)
        pen.write(cells[4], entry.action.id, color, bold=bold)


def write_age(pen: Pen, row: Box, gap: int, age: float, *, stale: bool) -> None:
    """Write at the right of a row how long ago the last frame was taken that led to an answer, s."""
    text = _ago(age)
    said = pen.width(text, pen.size)
    sign = pen.width(_STALE, pen.small, bold=True) + gap if stale else 0
    tab = Box(row.right - sign - said - 3 * gap, row.top, row.right, row.bottom).inside(row)
    pen.darken(tab)
    cells = tab.columns(gap, sign, gap, said)
    if stale:
        _tag(pen, cells[1], _STALE, WHITE)
    pen.write(cells[3], text)


def _with_rest(pen: Pen, rows: Sequence[Box], count: int) -> list[Box]:
    """Write at the end of the last row how many more there are, and make it so much shorter."""
    if not rows or count == len(rows):
        return list(rows)
    text = f"+{count - len(rows)}"
    *before, last = rows
    left, right = last.columns(last.width - pen.width(text, pen.size))
    pen.write(right, text, QUIET)
    return [*before, left]


def _widest(pen: Pen, shares: Iterable[float | None]) -> int:
    """Room for percentages; the same for all below 100 %, so that columns stay where they are."""
    return max(pen.width(_percent(share), pen.size, bold=True) for share in (0.88, *shares))


def _tag(pen: Pen, box: Box, text: str, ground: Color) -> None:
    pen.fill(box.flatter(round(0.1 * box.height)), ground)
    pen.write(box, text, BLACK, size=pen.small, bold=True, align=Align.CENTER)


def _bar(pen: Pen, box: Box, share: float, color: Color) -> None:
    pen.fill(box, TRACK)
    pen.fill(Box(box.left, box.top, box.left + round(share * box.width), box.bottom), color)


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.0%}"


def _ago(age: float) -> str:
    if age < 100:
        return f"{max(age, 0.0):.1f} s ago"
    return f"{age / 60:.0f} min ago" if age < 6000 else f"{age / 3600:.0f} h ago"
