"""Letters in pictures, by what the installed OpenCV has.

OpenCV 5 brings fonts with Latin, Greek, Cyrillic, Chinese, Japanese and Korean. OpenCV 4, which ROS distributions have,
draws ASCII by strokes. A letter that cannot be drawn becomes a question mark in both.
"""

import unicodedata
from typing import ClassVar, Protocol

import cv2

from cosmos_reasoner.clips.frame import Bgr
from cosmos_reasoner.endpoints.text import whole_characters
from cosmos_reasoner.view.drawing.palette import Color

__all__ = ["CAPITAL", "Hershey", "Lettering", "TrueType", "lettering"]

CAPITAL = 0.75
"""Height of a capital letter, as a share of the size."""

_HERSHEY_CAPITAL = 21
"""px of a capital letter of FONT_HERSHEY_SIMPLEX at scale 1."""

_LIKE = str.maketrans("‘’“”„–—−", '\'\'"""---')
"""Signs that models write often, and what is nearest to them in ASCII."""


class Lettering(Protocol):
    """Measures and draws a line of text; sizes are those of the letters, px."""

    ellipsis: ClassVar[str]
    """What stands for text that was left out."""

    def width(self, text: str, size: int, bold: bool = False) -> int:
        """How far a text reaches, px."""

    def draw(self, canvas: Bgr, text: str, at: tuple[int, int], size: int, color: Color, bold: bool = False) -> None:
        """Draw into a picture; what reaches out of it is cut off.

        Args:
            canvas: HxWx3.
            text: One line.
            at: x of its beginning, y of its base line, px.
            size: px.
            color: BGR.
            bold: Whether it is emphasised.
        """


class TrueType:
    """The fonts of OpenCV 5.

    A FontFace is made for each call. That is cheap (1 us), because OpenCV keeps the fonts, once for each thread (the
    first call takes 50 ms); a face that two threads shared would be changed by both.
    """

    ellipsis: ClassVar[str] = "…"

    def width(self, text: str, size: int, bold: bool = False) -> int:
        """See `Lettering`."""
        found = cv2.getTextSize((0, 0), whole_characters(text), (0, 0), cv2.FontFace("sans"), size, _weight(bold))
        return int(found[2])

    def draw(self, canvas: Bgr, text: str, at: tuple[int, int], size: int, color: Color, bold: bool = False) -> None:
        """See `Lettering`."""
        # OpenCV 5.0.0 ends the process when a text holds half a character.
        cv2.putText(canvas, whole_characters(text), at, color, cv2.FontFace("sans"), size, _weight(bold))


class Hershey:
    """The strokes of OpenCV 4: ASCII only, accents are left out."""

    ellipsis: ClassVar[str] = "..."

    def width(self, text: str, size: int, bold: bool = False) -> int:
        """See `Lettering`."""
        (width, _), _ = cv2.getTextSize(_ascii(text), cv2.FONT_HERSHEY_SIMPLEX, _scale(size), _strokes(size, bold))
        return int(width)

    def draw(self, canvas: Bgr, text: str, at: tuple[int, int], size: int, color: Color, bold: bool = False) -> None:
        """See `Lettering`."""
        font, strokes = cv2.FONT_HERSHEY_SIMPLEX, _strokes(size, bold)
        cv2.putText(canvas, _ascii(text), at, font, _scale(size), color, strokes, cv2.LINE_AA)


def lettering() -> Lettering:
    """The best that this OpenCV has."""
    return TrueType() if hasattr(cv2, "FontFace") else Hershey()


def _weight(bold: bool) -> int:
    return 700 if bold else 400


def _scale(size: int) -> float:
    return size * CAPITAL / _HERSHEY_CAPITAL


def _strokes(size: int, bold: bool) -> int:
    return max(1, round(size / (9.5 if bold else 16)))


def _ascii(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.translate(_LIKE))
    return "".join(c for c in letters if not unicodedata.combining(c)).encode("ascii", "replace").decode()
