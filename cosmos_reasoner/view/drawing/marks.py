"""What is drawn where it is in the picture: subjects of outcomes, and things that were found."""

from collections.abc import Iterable

import cv2

from cosmos_reasoner.reasoning.result import Detection, Outcome, Region
from cosmos_reasoner.replies.levels import Hazard
from cosmos_reasoner.view.drawing.box import Box
from cosmos_reasoner.view.drawing.labels import Label, Tag
from cosmos_reasoner.view.drawing.palette import BLACK, HAZARD_COLORS, SHADE, WHITE, Color
from cosmos_reasoner.view.drawing.pen import Pen

__all__ = ["mark_detections", "mark_subjects"]


def mark_subjects(pen: Pen, camera: str, outcomes: Iterable[Outcome]) -> list[Label]:
    """Draw boxes around the subjects of outcomes, which share one when they are in the same place.

    Args:
        pen: Draws into the picture.
        camera: Whose picture it is; what is seen in others is not drawn.
        outcomes: Likeliest first.

    Returns:
        The labels of the boxes: the numbers of the outcomes.
    """
    subjects: dict[Region, list[tuple[int, Hazard]]] = {}
    for number, outcome in enumerate(outcomes, 1):
        if outcome.subject and outcome.subject.camera == camera:
            subjects.setdefault(outcome.subject, []).append((number, outcome.hazard))
    for region, about in reversed(subjects.items()):
        _outline(pen, _visible(pen, region), HAZARD_COLORS[max(hazard for _, hazard in about)])
    return [_numbers(_visible(pen, region), about) for region, about in subjects.items()]


def mark_detections(pen: Pen, camera: str, detections: Iterable[Detection]) -> list[Label]:
    """Draw boxes around what was found, and crosses with a ring on points.

    Args:
        pen: Draws into the picture.
        camera: Whose picture it is; what was found in others is not drawn.
        detections: What was found.

    Returns:
        The labels of what was found.
    """
    labels = []
    for detection in detections:
        if detection.camera != camera:
            continue
        tags = (Tag(detection.label, SHADE, WHITE),)
        if detection.point:
            at = _cross(pen, *detection.point)
            labels += [] if detection.box else [Label(at, tags, beside=True)]
        if detection.box:
            _outline(pen, box := _visible(pen, detection.box), WHITE)
            labels.append(Label(box, tags))
    return labels


def _numbers(at: Box, about: Iterable[tuple[int, Hazard]]) -> Label:
    return Label(at, tuple(Tag(str(number), HAZARD_COLORS[hazard], BLACK) for number, hazard in about))


def _visible(pen: Pen, region: Region) -> Box:
    box = Box(region.left, region.top, region.left + region.width, region.top + region.height)
    return box.inside(Box.of(pen.canvas))


def _outline(pen: Pen, box: Box, color: Color) -> None:
    """Draw the outermost px of an area, with a dark line on both sides, which shows on any ground."""
    if not box.is_empty:
        thickness, dark = max(round(pen.size / 8), 1), max(round(pen.size / 24), 1)
        pen.frame(box.grown(dark), thickness + 2 * dark, BLACK)
        pen.frame(box, thickness, color)


def _cross(pen: Pen, x: int, y: int) -> Box:
    """Draw a cross with a ring, and say where; an area of no size when the point is not in the picture."""
    point = Box(x, y, x + 1, y + 1).inside(Box.of(pen.canvas))
    if point.is_empty:
        return point
    half, dark, arm = pen.size // 24, max(round(pen.size / 24), 1), round(0.8 * pen.size)
    for color, more in ((BLACK, dark), (WHITE, 0)):
        cv2.circle(pen.canvas, (x, y), round(0.5 * pen.size), color, 2 * (half + more) + 1, cv2.LINE_AA)
    for color, more in ((BLACK, dark), (WHITE, 0)):
        wide, thin = arm + more, half + more
        pen.fill(Box(x - wide, y - thin, x + wide + 1, y + thin + 1), color)
        pen.fill(Box(x - thin, y - wide, x + thin + 1, y + wide + 1), color)
    return point.grown(arm + dark)
