"""What is drawn where it is in the picture: subjects of outcomes, and things that were found."""

from collections import defaultdict
from collections.abc import Iterable

import cv2

from cosmos_reasoner.reasoning.result import Detection, Outcome, Region
from cosmos_reasoner.replies.levels import Hazard
from cosmos_reasoner.view.box import Box
from cosmos_reasoner.view.palette import BLACK, HAZARD_COLORS, SHADE, WHITE, Color
from cosmos_reasoner.view.pen import Align, Pen

__all__ = ["draw_detections", "draw_subjects"]

_LABEL = 16
"""Width of a label at most, in sizes of letters."""


def draw_subjects(pen: Pen, free: Box, camera: str, outcomes: Iterable[Outcome]) -> None:
    """Draw a box around the subject of each outcome, with its number; subjects in the same place share a box.

    Args:
        pen: Draws into the picture.
        free: Where labels may stand.
        camera: Whose picture it is; what another one sees is not drawn.
        outcomes: Likeliest first.
    """
    subjects: dict[Region, list[tuple[str, Hazard]]] = defaultdict(list)
    for number, outcome in enumerate(outcomes, 1):
        if outcome.subject and outcome.subject.camera == camera:
            subjects[outcome.subject].append((str(number), outcome.hazard))
    for region, numbers in reversed(subjects.items()):
        box = _box(pen, region)
        if box.width and box.height:
            _outline(pen, box, HAZARD_COLORS[max(hazard for _, hazard in numbers)])
            _numbers(pen, free, box, numbers)


def draw_detections(pen: Pen, free: Box, camera: str, detections: Iterable[Detection]) -> None:
    """Draw what was found: boxes, and crosses with a ring where points are, each with its label beside.

    Args:
        pen: Draws into the picture.
        free: Where labels may stand.
        camera: Whose picture it is; what was found in another one is not drawn.
        detections: What was found.
    """
    for detection in detections:
        if detection.camera != camera:
            continue
        ...
