"""Sections below each other: who gets how many rows of a window."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from rich.text import Text

from cosmos_reasoner.cli.cells import cell, one_line
from cosmos_reasoner.cli.watch_rows import row

__all__ = ["Section", "arrange"]

_TALL = 30
"""Rows that are enough for a gap between sections."""


@dataclass(slots=True)
class Section:
    """A heading, and rows below it.

    Attributes:
        title: What it is.
        aside: Beside the title.
        note: At the right edge.
        rows: All that it has.
        usual: Rows that it usually gets, so that those below it stay where they are.
        most: Rows that it can use.
        grows: Whether it takes what no other can use; then its last rows are the most important.
    """

    title: str
    aside: str = ""
    note: Text = field(default_factory=Text)
    rows: list[Text] = field(default_factory=list)
    usual: int = 3
    most: int = 3
    grows: bool = False


def arrange(sections: Sequence[Section], width: int, height: int) -> list[Text]:
    """Put sections below each other, the most important first; the last ones are left out where there is no room.

    Args:
        sections: Which.
        width: Columns.
        height: Rows for all.

    Returns:
        The rows, each as wide as that.
    """
    gaps = len(sections) - 1 if height >= _TALL else 0
    drawn: list[Text] = []
    for section, room in zip(sections, _shared(height - gaps, sections)):
        if room:
            drawn += [cell("", width)] if gaps and drawn else []
            drawn += [_heading(section, width), *_rows(section, room - 1, width)]
    return drawn


def _shared(room: int, sections: Sequence[Section]) -> list[int]:
    """Rows for each section with its heading: at first one for each, then the usual, then what each can use.

    What is left goes to the one that grows.
    """
    given = [0] * len(sections)
    for wanted in (lambda _: 1, lambda each: each.usual, lambda each: each.most):
        for i, section in enumerate(sections):
            more = min(1 + wanted(section) - given[i], room)
            if more > 0 and given[i] + more > 1:
                given[i] += more
                room -= more
    return [rows + (room if section.grows and rows else 0) for rows, section in zip(given, sections)]


def _heading(section: Section, width: int) -> Text:
    note = Text(" ") + section.note if section.note else Text()
    aside = one_line(section.aside[: 2 * width])
    title = Text.assemble((section.title, "bold cyan"), "  " if aside else "", aside, " ")
    title.truncate(max(width - note.cell_len, 0), overflow="ellipsis")
    line = Text("─" * (width - title.cell_len - note.cell_len), "dim")
    return row(width, Text.assemble(title, line, note))


def _rows(section: Section, count: int, width: int) -> list[Text]:
    shown = section.rows[-count:] if section.grows else section.rows[:count]
    return shown + [cell("", width)] * (count - len(shown))
