"""Plots: marks lie where their values are."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosmos_reasoner.evaluation.metrics.probabilities import reliability_bins
from cosmos_reasoner.evaluation.metrics.spread import Percentiles
from cosmos_reasoner.evaluation.report.accuracy_plot import accuracy_plot
from cosmos_reasoner.evaluation.report.drawing import Bar, Dot, Drawing, Label, Line, Scale
from cosmos_reasoner.evaluation.report.reliability_plot import reliability_plot
from cosmos_reasoner.evaluation.report.time_plots import age_plot, latency_plot
from cosmos_reasoner.evaluation.scoring.figure import Figure
from cosmos_reasoner.evaluation.scoring.tables import ALL

SHARE = Figure(0.5, 8, 0.25, 0.75)


def inside(drawing: Drawing) -> bool:
    """Whether all marks lie on the sheet."""
    places = []
    for mark in drawing.marks:
        match mark:
            case Bar(x, y, width, height):
                places += [(x, y), (x + width, y + height)]
            case Line(x1, y1, x2, y2):
                places += [(x1, y1), (x2, y2)]
            case Dot(x, y) | Label(x, y):
                places.append((x, y))
    return all(-0.01 <= x <= drawing.width + 0.01 and -0.01 <= y <= drawing.height + 0.01 for x, y in places)


def dots(drawing: Drawing) -> list[Dot]:
    return [mark for mark in drawing.marks if isinstance(mark, Dot)]


@given(st.floats(1e-6, 1e9))
def test_an_axis_has_a_few_round_ticks(top: float) -> None:
    ticks = list(Scale(top, 0, 100).ticks())
    assert 4 <= len(ticks) <= 12
    assert ticks[0] == 0 and ticks[-1] <= top * (1 + 1e-6)
    mantissa = ticks[1] / 10 ** math.floor(math.log10(ticks[1]) + 1e-9)
    assert round(mantissa, 6) in (1, 2, 5, 10)


def test_a_dot_lies_in_the_middle_of_its_interval() -> None:
    drawing = accuracy_plot("choice", {"physics": {"accuracy": SHARE}, ALL: {"accuracy": SHARE}})
    lines = [mark for mark in drawing.marks if isinstance(mark, Line) and mark.style.startswith("interval")]
    assert [(dot.x, dot.y) for dot in dots(drawing)] == [((line.x1 + line.x2) / 2, line.y1) for line in lines]
    assert inside(drawing)


def test_a_set_without_a_figure_has_a_name_and_no_dot() -> None:
    drawing = accuracy_plot("choice", {"empty": {"accuracy": Figure(None, 0)}, ALL: {"accuracy": SHARE}})
    assert len(dots(drawing)) == 1
    assert "empty" in [mark.text for mark in drawing.marks if isinstance(mark, Label)]


def test_a_bin_is_a_dot_at_what_was_stated_and_what_came() -> None:
    bins = reliability_bins([0.25, 0.25, 0.25, 0.25, 1.0], [True, False, False, False, True])
    drawing = reliability_plot("verdicts", [("run", bins)])
    low, high = dots(drawing)
    corner = low.x - (high.x - low.x) / 3, low.y + (low.y - high.y) / 3
    grid = [mark for mark in drawing.marks if isinstance(mark, Line) and mark.style == "diagonal"]
    assert (grid[0].x1, grid[0].y1) == pytest.approx(corner, abs=0.1)
    assert [mark.tip for mark in drawing.marks if isinstance(mark, Bar)] == ["4", "1"]
    assert inside(drawing)


def test_two_runs_share_a_reliability_diagram() -> None:
    bins = reliability_bins([0.2, 0.8], [False, True])
    drawing = reliability_plot("verdicts", [("one", bins), ("other", bins)])
    assert {dot.style for dot in dots(drawing)} == {"first", "second"}
    assert [name for _, name in drawing.legend] == ["one", "other"]


def test_bars_of_times_are_as_long_as_the_times() -> None:
    drawing = latency_plot({"think": Percentiles(1.0, 2.0, 4.0), "queue": Percentiles(None, None, None)})
    assert drawing is not None and inside(drawing)
    widths = [mark.width for mark in drawing.marks if isinstance(mark, Bar)]
    assert [width / widths[-1] for width in widths] == pytest.approx([0.25, 0.5, 1.0], abs=0.01)


def test_nothing_measured_is_no_plot() -> None:
    assert latency_plot({"think": Percentiles(None, None, None)}) is None
    assert age_plot([], 2.0) is None


@given(st.lists(st.floats(-0.5, 1e4), min_size=1, max_size=40), st.floats(0, 100))
def test_every_age_is_in_one_column_and_columns_do_not_mix_stale_with_fresh(ages: list[float], limit: float) -> None:
    drawing = age_plot(ages, limit)
    assert drawing is not None and inside(drawing)
    bars = [mark for mark in drawing.marks if isinstance(mark, Bar)]
    assert sum(int(bar.tip) for bar in bars) == len(ages)
    at = next(mark.x1 for mark in drawing.marks if isinstance(mark, Line) and mark.style == "limit")
    assert all(bar.x >= at - 1 if bar.style == "second" else bar.x + bar.width <= at + 1 for bar in bars)
