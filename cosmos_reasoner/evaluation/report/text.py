"""Text and numbers as a page shows them."""

import re

from cosmos_reasoner.evaluation.scoring.tables import MACRO

__all__ = [
    "LONGEST",
    "chance",
    "clean",
    "cut",
    "decimal",
    "number",
    "percent",
    "seconds",
    "share_or_number",
    "signed",
    "with_unit",
]

LONGEST = 20_000
"""Characters of a text that a page shows; the whole of it stays in results.jsonl."""

_UNKNOWN = "–"

_HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""What no page can hold, or nobody can see: control characters, halves of characters, and what is none."""

_NUMBERS = frozenset({"NDCG", "Kendall tau", "mean IoU", "IoU of an item", "mean error", "Pearson", "Spearman"})
"""Figures that are no shares."""


def chance(p: float) -> str:
    """How likely something is by chance, 0..1; the smallest are not told apart."""
    return "< 0.001" if p < 0.001 else number(p)


def clean(text: str) -> str:
    """A text with a visible sign in place of each character that a page cannot show; each line ends in a line feed."""
    return _HIDDEN.sub(_visible, text.replace("\r\n", "\n"))


def cut(text: str, length: int) -> str:
    """The beginning of a text, with an ellipsis where there was more."""
    return text if len(text) <= length else text[: length - 1] + "…"


def number(value: float | None, digits: int = 3) -> str:
    """A number with so many digits behind the point; a dash for None."""
    return _UNKNOWN if value is None else f"{value:.{digits}f}".replace("-", "\N{MINUS SIGN}")


def decimal(value: float) -> str:
    """A number without digits that say nothing."""
    return f"{value:.4g}".replace("-", "\N{MINUS SIGN}")


def percent(value: float | None) -> str:
    """A share, 0..1, as percent; a dash for None."""
    return _UNKNOWN if value is None else number(100 * value, 1)


def seconds(value: float | None) -> str:
    """A time, s; a dash for None."""
    return _UNKNOWN if value is None else f"{number(value, 2)} s"


def share_or_number(value: float | None, name: str) -> str:
    """A figure by its name: a share as percent, anything else as a number of three digits."""
    return number(value) if name.removeprefix(MACRO) in _NUMBERS else percent(value)


def signed(figure: str) -> str:
    """A number that is written already, with a plus where it has no minus."""
    return figure if figure[0] in f"\N{MINUS SIGN}{_UNKNOWN}" else f"+{figure}"


def with_unit(name: str) -> str:
    """The name of a figure, with the unit in which `share_or_number` writes it."""
    return name if name.removeprefix(MACRO) in _NUMBERS else f"{name}, %"


def _visible(found: re.Match[str]) -> str:
    code = ord(found.group())
    if code == 0x7F:
        return "\N{SYMBOL FOR DELETE}"
    return chr(0x2400 + code) if code < 0x20 else "\N{REPLACEMENT CHARACTER}"
