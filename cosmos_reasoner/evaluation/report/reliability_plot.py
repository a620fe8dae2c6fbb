"""Reliability diagrams: stated probabilities against what came of them."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from cosmos_reasoner.evaluation.metrics.proportions import Proportion
from cosmos_reasoner.evaluation.report.drawing import WIDTH, Bar, Dot, Drawing, Label, Line, Mark, Scale
from cosmos_reasoner.evaluation.report.text import percent
from cosmos_reasoner.reasoning.calibration import Bin

__all__ = ["reliability_plot"]

_STYLES = ("first", "second")
_STATED = Scale(100, 44, WIDTH - 16)
_CAME = Scale(100, 324, 24)
_FLOOR = 424.0
"""Where the bars of the counts stand."""

_TALLEST = 44.0


def reliability_plot(title: str, curves: Sequence[tuple[str, Sequence[Bin]]]) -> Drawing:
    """Draw a reliability diagram, with how many probabilities each bin holds beneath it.

    Args:
        title: What the probabilities are of.
        curves: One or two runs by name, with their bins.
    """
    marks = list(_ground())
    most = max((one.count for _, bins in curves for one in bins), default=1) or 1
    for place, (name, bins) in enumerate(curves):
        marks += _curve(name, bins, _STYLES[place])
        marks += _counts(bins, most, place, len(curves))
    legend = tuple((_STYLES[place], name) for place, (name, _) in enumerate(curves)) if len(curves) > 1 else ()
    note = "On the dashed line, what was given 70 % happens in 70 % of cases. Beneath: how many in each bin."
    return Drawing(title, note, _FLOOR + 6, tuple(marks), legend)


def _ground() -> Iterator[Mark]:
    yield from _STATED.across(_CAME.end, _CAME.start)
    for tick in _CAME.ticks():
        yield Line(_STATED.start, _CAME.at(tick), _STATED.end, _CAME.at(tick), "grid")
        yield Label(_STATED.start - 6, _CAME.at(tick) + 4, f"{tick:g}", "end", "tick")
    yield Line(_STATED.start, _CAME.start, _STATED.end, _CAME.end, "diagonal")
    yield Label((_STATED.start + _STATED.end) / 2, _CAME.start + 30, "stated, %", "middle", "tick")
    yield Label(_STATED.start - 24, 12, "came true, %", style="tick")


def _curve(name: str, bins: Sequence[Bin], style: str) -> Iterator[Mark]:
    points = []
    for one in bins:
        if one.probability is None or one.happened is None:
            continue
        x, y = _STATED.at(100 * one.probability), _CAME.at(100 * one.happened)
        low, high = Proportion(round(one.happened * one.count), one.count).interval
        yield Line(x, _CAME.at(100 * low), x, _CAME.at(100 * high), f"whisker {style}")
        tip = f"{name}: stated {percent(one.probability)} %, happened {percent(one.happened)} % of {one.count}"
        points.append(Dot(x, y, 4.5, style, tip))
    for here, there in pairwise(points):
        yield Line(here.x, here.y, there.x, there.y, f"curve {style}")
    yield from points


def _counts(bins: Sequence[Bin], most: int, place: int, curves: int) -> Iterator[Mark]:
    whole = (_STATED.end - _STATED.start) / len(bins) - 3
    width = whole / curves
    for number, one in enumerate(bins):
        if one.count:
            left = _STATED.at(100 * number / len(bins)) + 1.5 + place * width
            height = max(_TALLEST * one.count / most, 1)
            yield Bar(left, _FLOOR - height, width, height, _STYLES[place], f"{one.count}")
            if curves == 1:
                yield Label(left + width / 2, _FLOOR - height - 4, str(one.count), "middle", "tick")
