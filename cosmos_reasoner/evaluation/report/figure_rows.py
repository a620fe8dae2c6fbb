"""A table of figures in the order in which it is read: one figure after the other, each of all items and by set."""

from collections.abc import Iterator
from typing import NamedTuple

from cosmos_reasoner.evaluation.scoring.figure import Figure
from cosmos_reasoner.evaluation.scoring.tables import ALL, MACRO, Table

__all__ = ["FigureRows", "figure_rows"]


class FigureRows(NamedTuple):
    """A figure: its name, of all items and as the mean of the sets, and by set."""

    name: str
    totals: tuple[tuple[str, Figure], ...]
    sets: tuple[tuple[str, Figure], ...]


def figure_rows(table: Table) -> Iterator[FigureRows]:
    """Turn a table by sets into one by figures."""
    whole = table[ALL]
    for name, figure in whole.items():
        if name.startswith(MACRO):
            continue
        macro = whole.get(f"{MACRO}{name}")
        totals = (("all items", figure), *((("mean of the sets", macro),) if macro and macro.count > 1 else ()))
        sets = tuple((row, figures[name]) for row, figures in table.items() if row != ALL and name in figures)
        yield FigureRows(name, totals, sets)
