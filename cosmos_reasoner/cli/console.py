"""What the commands write: with colors on a terminal, plain elsewhere."""

import io
import os
import sys

from rich.console import Console as RichConsole
from rich.progress import Progress, ProgressColumn
from rich.table import Table
from rich.text import Text

from cosmos_reasoner.replies.parser import Part, Piece

__all__ = ["Console"]

_HEADINGS = {Part.THINK: "think", Part.ANSWER: "answer", Part.RESTART: "(asked again)"}
_STYLES = {Part.THINK: "dim", Part.ANSWER: "bold", Part.RESTART: ""}
_MARKS = (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x2028, 0x2029)
"""They turn the direction of a text, or break lines in some terminals."""

_CONTROL = {code: None for code in (*range(0x20), *range(0x7F, 0xA0), *_MARKS) if chr(code) not in "\n\t"}

_WIDE = 200
"""Columns of a table where there is no terminal that says how many it has."""


class _Patient(RichConsole):
    """Falls silent when nobody reads any more (`| head`), instead of ending the process from within."""

    def on_broken_pipe(self) -> None:
        self.quiet = True
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class Console:
    """Writes lines, and a model's text while it is written. Nothing that a model writes can control the terminal.

    Args:
        silent: Write nothing at all.
    """

    def __init__(self, silent: bool = False) -> None:
        width = None if sys.stdout.isatty() else _WIDE
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(errors="replace")  # of letters that the reader's encoding lacks
        self._rich = _Patient(quiet=silent, highlight=False, soft_wrap=True, width=width)
        self._part: Part | None = None

    @property
    def is_terminal(self) -> bool:
        """Whether somebody looks at it."""
        return self._rich.is_terminal

    @property
    def has_reader(self) -> bool:
        """Whether what is written still arrives somewhere."""
        return not self._rich.quiet

    def write(self, piece: Piece) -> None:
        """Write what a model has just written."""
        if piece.part is not self._part:
            self._heading(_HEADINGS[piece.part])
            self._part = piece.part
        self._rich.print(Text(piece.text.translate(_CONTROL), style=_STYLES[piece.part]), end="")

    def line(self, text: str = "", style: str = "", *, whole: bool = True) -> None:
        """Write a line of our own.

        Args:
            text: What.
            style: As rich names it.
            whole: Let a long line run on; else it ends with an ellipsis at the terminal's edge.
        """
        if self._part is not None:
            self._rich.print()
            self._part = None
        cut = self.is_terminal and not whole
        line = Text(text.translate(_CONTROL), style=style)
        self._rich.print(line, soft_wrap=not cut, no_wrap=cut, overflow="ellipsis" if cut else None)

    def table(self, table: Table) -> None:
        """Write a table whose cells are `Text`, so that nothing in them is markup."""
        self._rich.print(table, soft_wrap=False)

    def progress(self, *columns: ProgressColumn) -> Progress:
        """A bar that stays below the lines, for a terminal."""
        return Progress(*columns, console=self._rich, disable=not self.is_terminal, transient=True)

    def _heading(self, name: str) -> None:
        if self._part is not None:
            self._rich.print()
        self._rich.print(Text(name, style="cyan"))
