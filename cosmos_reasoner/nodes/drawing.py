"""Predictions and rankings drawn over a picture."""

from dataclasses import dataclass

import cv2

from cosmos_reasoner.clips.frame import Bgr
from cosmos_reasoner.reasoning.result import Outcome, Prediction, Ranking, Region
from cosmos_reasoner.replies.levels import Hazard

__all__ = ["HAZARD_COLORS", "Sheet", "draw"]

HAZARD_COLORS = {
    Hazard.UNKNOWN: (200, 200, 200),
    Hazard.NONE: (200, 200, 200),
    Hazard.LOW: (230, 180, 90),
    Hazard.HIGH: (0, 165, 255),
    Hazard.IMMINENT: (60, 60, 230),
}
"""BGR; told apart by people who do not see red and green as different, too."""

_FONT = cv2.FONT_HERSHEY_SIMPLEX
_INK = (255, 255, 255)
_BAR = (190, 140, 60)
_LONGEST = 200
"""Characters of a line that are looked at: models may write without end."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is drawn: the newest prediction with the age of what it saw, s, and the newest ranking."""

    prediction: Prediction | None = None
    age: float = 0.0
    ranking: Ranking | None = None


def draw(pixels: Bgr, camera: str, sheet: Sheet) -> Bgr:
    """Draw over a copy of a picture.

    Args:
        pixels: HxWx3.
        camera: Name of the camera; boxes in pictures of other cameras are not drawn.
        sheet: What to draw.

    Returns:
        HxWx3, of the same size.
    """
    canvas = pixels.copy()
    pen = _Pen(canvas)
    for outcome in sheet.prediction.outcomes if sheet.prediction else ():
        if outcome.subject and outcome.subject.camera == camera:
            pen.box(outcome.subject, HAZARD_COLORS[outcome.hazard])
    for line, color in _outcome_lines(sheet):
        pen.line(line, color)
    for entry in sheet.ranking.actions if sheet.ranking else ():
        pen.bar(entry.action.id, entry.score)
    return canvas


def _outcome_lines(sheet: Sheet) -> list[tuple[str, tuple[int, int, int]]]:
    if sheet.prediction is None:
        return [("no prediction yet", _INK)]
    lines = [(_outcome_line(outcome), HAZARD_COLORS[outcome.hazard]) for outcome in sheet.prediction.outcomes]
    return [*lines, (f"seen {sheet.age:.1f} s ago", _INK)]


def _outcome_line(outcome: Outcome) -> str:
    share = "" if outcome.probability is None else f"{outcome.probability:.0%} "
    return f"{share}{outcome.text}"


class _Pen:
    """Writes lines from the top of a picture downwards, each shortened to its width."""

    def __init__(self, canvas: Bgr) -> None:
        self._canvas = canvas
        self._height, self._width = canvas.shape[:2]
        self._scale = max(self._height, 120) / 720 * 0.8
        self._row = max(round(34 * self._scale), 6)
        self._thickness = max(1, round(1.6 * self._scale))
        self._top = 0

    def line(self, text: str, color: tuple[int, int, int]) -> None:
        """Write a line on a darkened strip."""
        if self._strip():
            self._write(text, color, self._width)

    def bar(self, text: str, share: float) -> None:
        """Write a line over a bar whose length is a share, 0..1."""
        if self._strip():
            end = round(share * self._width / 2)
            cv2.rectangle(self._canvas, (0, self._top - self._row + 1), (end, self._top - 2), _BAR, -1)
            self._write(f"{share:.0%} {text}", _INK, self._width)

    def box(self, region: Region, color: tuple[int, int, int]) -> None:
        """Draw the frame of a region."""
        corner = (region.left + region.width - 1, region.top + region.height - 1)
        cv2.rectangle(self._canvas, (region.left, region.top), corner, color, 2 * self._thickness)

    def _strip(self) -> bool:
        """Darken the next line; False when there is no room for one."""
        if self._top + self._row > self._height:
            return False
        part = self._canvas[self._top : self._top + self._row]
        part[:] = part // 3
        self._top += self._row
        return True

    def _write(self, text: str, color: tuple[int, int, int], room: int) -> None:
        shown = _shortened(text[:_LONGEST].encode("ascii", "replace").decode(), room - 8, self._scale, self._thickness)
        origin = (4, self._top - round(self._row * 0.28))
        cv2.putText(self._canvas, shown, origin, _FONT, self._scale, color, self._thickness, cv2.LINE_AA)


def _shortened(text: str, room: int, scale: float, thickness: int) -> str:
    def width(candidate: str) -> int:
        return int(cv2.getTextSize(candidate, _FONT, scale, thickness)[0][0])

    if width(text) <= room:
        return text
    fitting = next((n for n in range(len(text), 0, -1) if width(text[:n] + "...") <= room), 0)
    return text[:fitting] + "..." if fitting else ""
