"""How good each set is, with what chance alone may have done to it."""

from collections.abc import Iterator

from cosmos_reasoner.evaluation.report.drawing import WIDTH, Dot, Drawing, Label, Line, Mark, Scale
from cosmos_reasoner.evaluation.report.text import cut, percent
from cosmos_reasoner.evaluation.scoring.figure import Figure
from cosmos_reasoner.evaluation.scoring.tables import ALL, Table

__all__ = ["accuracy_plot"]

_ROW = 34.0
_SCALE = Scale(100, 12, WIDTH - 20)


def accuracy_plot(kind: str, table: Table) -> Drawing:
    """Draw the main figure of a kind, a share, by set.

    Args:
        kind: Of the items.
        table: Of that kind; its first figure is the main one.
    """
    name = next(iter(table[ALL]))
    rows = [(row, figures[name]) for row, figures in table.items() if name in figures]
    bottom = _ROW * len(rows) + 4
    marks = list(_SCALE.across(0, bottom, " %"))
    for place, (row, figure) in enumerate(rows):
        marks += _row(row, figure, _ROW * place)
    note = "Dot: of all items of the set. Bar: 95% interval."
    return Drawing(f"{kind}: {name} by set", note, bottom + 20, tuple(marks))


def _row(name: str, figure: Figure, top: float) -> Iterator[Mark]:
    style, middle = ("whole" if name == ALL else "first"), top + 25
    yield Label(12, top + 15, cut(name, 40), style="strong" if name == ALL else "words")
    yield Label(WIDTH - 8, top + 15, percent(figure.value), "end", "value")
    if figure.value is None:
        return
    if figure.low is not None and figure.high is not None:
        yield Line(_SCALE.at(100 * figure.low), middle, _SCALE.at(100 * figure.high), middle, f"interval {style}")
    tip = f"{name}: {percent(figure.value)} % of {figure.count}"
    yield Dot(_SCALE.at(100 * figure.value), middle, 4.5, style, tip)
