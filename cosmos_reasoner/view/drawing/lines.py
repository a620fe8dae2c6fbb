"""Text of others as one line that fits."""

import unicodedata
from bisect import bisect_right

from cosmos_reasoner.endpoints.text import whole_characters
from cosmos_reasoner.view.drawing.lettering import Lettering

__all__ = ["fitted", "plain_line"]

_LONGEST = 400
"""Characters of a text that are looked at: models may write without end."""

_UNSEEN = frozenset({"Cc", "Cf", "Mn", "Me"})
"""Categories of characters that have no place of their own in a line: control, format (and direction), marks."""


def plain_line(text: str) -> str:
    """Make one line of a text, without what would not be seen, or would change how the rest is seen.

    Marks are joined to their letters where Unicode has such a letter, and left out elsewhere: no font of OpenCV can
    put them in their place.
    """
    letters = unicodedata.normalize("NFC", whole_characters(text))
    return " ".join("".join(_seen(letter) for letter in letters).split())


def fitted(letters: Lettering, text: str, room: int, size: int, bold: bool = False) -> str:
    """Shorten a text to a width.

    Args:
        letters: Who will draw it.
        text: Anything.
        room: How wide it may become, px.
        size: Of the letters, px.
        bold: Whether they are bold.

    Returns:
        A plain line that is complete or ends in an ellipsis; empty when there is no room for one.
    """
    line = plain_line(text[:_LONGEST])
    if len(text) <= _LONGEST and letters.width(line, size, bold) <= room:
        return line

    def beginning(count: int) -> str:
        return line[:count].rstrip() + letters.ellipsis

    fitting = bisect_right(range(len(line) + 1), room, key=lambda count: letters.width(beginning(count), size, bold))
    return beginning(fitting - 1) if fitting else ""


def _seen(letter: str) -> str:
    if letter.isspace():
        return " "
    return "" if unicodedata.category(letter) in _UNSEEN else letter
