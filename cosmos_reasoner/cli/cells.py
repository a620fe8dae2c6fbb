"""Pieces of a line on a terminal; nothing that somebody else wrote can control it."""

from rich.text import Text

__all__ = ["HAZARD_STYLES", "cell", "one_line", "share_bar"]

HAZARD_STYLES = {"high": "yellow", "imminent": "bold red"}
"""How hazards stand out; their words stand there, too."""

_PLACES = 10

_LONGEST = 2000
"""Characters of a text that are looked at: more than a line has."""


def share_bar(share: float | None) -> str:
    """A share, 0..1, as a bar of ten places and a percentage; None is unknown."""
    if share is None:
        return f"{'·' * _PLACES}    ?"
    shown = min(max(share, 0.0), 1.0)
    return f"{'█' * round(_PLACES * shown):·<{_PLACES}} {shown:4.0%}"


def one_line(text: str) -> str:
    """The visible characters of a text, in one line: without controls, and without marks that turn the direction."""
    spaced = "".join(" " if c.isspace() else c for c in text if c.isprintable() or c.isspace())
    return " ".join(spaced.split())


def cell(text: str, width: int, style: str = "", *, right: bool = False) -> Text:
    """A text in exactly so many columns; what does not fit ends with an ellipsis.

    Args:
        text: What, of anybody.
        width: Columns; one of a Chinese character takes two.
        style: As rich names it.
        right: Whether it stands at the right edge.
    """
    made = Text(one_line(text[:_LONGEST]) if width > 0 else "", style=style, no_wrap=True)
    made.truncate(max(width, 0), overflow="ellipsis")
    space = max(width, 0) - made.cell_len
    (made.pad_left if right else made.pad_right)(space)
    return made
