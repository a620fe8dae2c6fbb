"""Predictions, rankings and what was found, drawn over a picture."""

from dataclasses import dataclass

from cosmos_reasoner.clips.frame import Bgr
from cosmos_reasoner.reasoning.result import Detection, Prediction, Ranking
from cosmos_reasoner.view.drawing.labels import write_labels
from cosmos_reasoner.view.drawing.lettering import Lettering, lettering
from cosmos_reasoner.view.drawing.marks import mark_detections, mark_subjects
from cosmos_reasoner.view.drawing.pen import Pen
from cosmos_reasoner.view.drawing.plan import plan
from cosmos_reasoner.view.drawing.rows import write_actions, write_age, write_note, write_outcomes

__all__ = ["Sheet", "draw"]


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is drawn.

    Attributes:
        prediction: The newest; None when there is none yet.
        age: Since the last frame that it saw, s.
        stale: Whether that is too long ago.
        ranking: The newest; None when there is none.
        ranking_age: Since the last frame that it saw, s.
        ranking_stale: Whether that is too long ago.
        detections: What was found last.
    """

    prediction: Prediction | None = None
    age: float = 0.0
    stale: bool = False
    ranking: Ranking | None = None
    ranking_age: float = 0.0
    ranking_stale: bool = False
    detections: tuple[Detection, ...] = ()


def draw(pixels: Bgr, camera: str, sheet: Sheet, letters: Lettering | None = None) -> Bgr:
    """Draw over a copy of a picture.

    Args:
        pixels: HxWx3.
        camera: Name of the camera; what is seen in pictures of others is not drawn.
        sheet: What to draw.
        letters: Who draws text; None for the best that this OpenCV has.

    Returns:
        HxWx3, of the same size.
    """
    canvas = pixels.copy()
    outcomes = sheet.prediction.outcomes if sheet.prediction else ()
    actions = sheet.ranking.actions if sheet.ranking else ()
    places = plan(canvas.shape[1], canvas.shape[0], max(len(outcomes), 1), len(actions))
    pen = Pen(canvas, letters or lettering(), places.size)
    found = mark_detections(pen, camera, sheet.detections)
    write_labels(pen, places.middle, [*mark_subjects(pen, camera, outcomes), *found])
    pen.darken(places.top)
    pen.darken(places.bottom)
    if outcomes:
        write_outcomes(pen, places, outcomes)
    else:
        write_note(pen, places, "nothing predicted" if sheet.prediction else "no prediction yet")
    write_actions(pen, places, actions)
    if sheet.prediction:
        write_age(pen, places.age, places.gap, sheet.age, stale=sheet.stale)
    if sheet.ranking:
        write_age(pen, places.ranking_age, places.gap, sheet.ranking_age, stale=sheet.ranking_stale)
    return canvas
