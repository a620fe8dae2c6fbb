"""Where the time went, and how old answers were."""

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from cosmos_reasoner.evaluation.metrics.spread import Percentiles
from cosmos_reasoner.evaluation.report.drawing import WIDTH, Bar, Drawing, Label, Line, Mark, Scale
from cosmos_reasoner.evaluation.report.text import seconds

__all__ = ["age_plot", "latency_plot"]

_PERCENTILES = (("first", "p50"), ("second", "p90"), ("third", "p99"))
_GROUP = 54.0
_COLUMNS = 24
_FLOOR = 170.0


def latency_plot(latencies: Mapping[str, Percentiles]) -> Drawing | None:
    """Draw the percentiles of each part, side by side; None where nothing was measured.

    They are not stacked, since percentiles of parts do not add up to those of the whole.
    """
    most = max((value for part in latencies.values() for value in _values(part)), default=0.0)
    if most <= 0:
        return None
    scale, bottom = Scale(most, 12, WIDTH - 62), _GROUP * len(latencies) + 2
    marks = list(scale.across(0, bottom, " s"))
    for place, (part, figures) in enumerate(latencies.items()):
        marks += _group(part.replace("_", " "), figures, scale, _GROUP * place)
    note = "Half, 90 % and 99 % of the items took at most this long."
    return Drawing("Latency by part", note, bottom + 20, tuple(marks), _PERCENTILES)


def age_plot(ages: Sequence[float], limit: float) -> Drawing | None:
    """Draw how old answers were when they came; None without any.

    Args:
        ages: s.
        limit: From which age on an answer is stale, s.
    """
    if not ages:
        return None
    oldest = max(*ages, limit, 1e-3)
    wide = _column_width(oldest, limit)
    columns = Counter(max(math.ceil(age / wide * (1 - 1e-9)) - 1, 0) for age in ages)
    scale = Scale(max((max(columns) + 1) * wide, 1.02 * limit), 16, WIDTH - 16)
    stale = sum(age > limit for age in ages)
    place = scale.at(limit)
    marks = (
        *scale.across(18, _FLOOR, " s"),
        *_columns(columns, wide, scale, limit),
        Line(place, 14, place, _FLOOR, "limit"),
        Label(place - 4, 12, f"stale after {limit:g} s", "end" if place > WIDTH / 2 else "start", "value"),
    )
    note = f"{stale} of {len(ages)} answers were stale when they came."
    return Drawing("Age of the answers", note, _FLOOR + 20, marks)


def _column_width(oldest: float, limit: float) -> float:
    """Such that a column ends at the limit, unless the limit is next to nothing."""
    return limit / max(round(_COLUMNS * limit / oldest), 1) if limit > oldest / 1000 else oldest / _COLUMNS


def _values(figures: Percentiles) -> list[float]:
    return [value for value in (figures.p50, figures.p90, figures.p99) if value is not None]


def _group(part: str, figures: Percentiles, scale: Scale, top: float) -> Iterator[Mark]:
    yield Label(12, top + 14, part)
    for place, ((style, name), value) in enumerate(zip(_PERCENTILES, _values(figures))):
        y = top + 19 + 11 * place
        yield Bar(12, y, max(scale.at(value) - 12, 0.5), 9, style, f"{part} {name}: {seconds(value)}")
        yield Label(scale.at(value) + 5, y + 8.5, seconds(value), style="tick")


def _columns(columns: Mapping[int, int], wide: float, scale: Scale, limit: float) -> Iterator[Mark]:
    most = max(columns.values())
    for place, count in sorted(columns.items()):
        left, right = scale.at(place * wide), scale.at((place + 1) * wide)
        height = (_FLOOR - 24) * count / most
        style = "second" if (place + 0.5) * wide > limit else "first"
        yield Bar(left + 0.25, _FLOOR - height, max(right - left - 0.5, 0.5), height, style, f"{count}")
