"""What a model found: things in the pictures as they were taken, events in the time in which they happened."""

from cosmos_reasoner.clips.encode import EncodedClip
from cosmos_reasoner.errors import UnreadableAnswer
from cosmos_reasoner.reasoning.places import pixel_of, region_of, view_of
from cosmos_reasoner.reasoning.result import Detection, DetectionsAnswer, Event, EventsAnswer
from cosmos_reasoner.replies.defects import Defect, DefectKind, repairs
from cosmos_reasoner.replies.detections import StatedDetection, read_detections
from cosmos_reasoner.replies.events import StatedEvent, read_events

__all__ = ["detections", "events"]

_OVERSHOOT = 0.5
"""s by which an event may reach out of the clip and still count as at its end: models round times."""


def detections(text: str, clip: EncodedClip, coordinates: str) -> tuple[DetectionsAnswer, tuple[Defect, ...]]:
    """Read boxes and points.

    Args:
        text: The answer.
        clip: What was seen.
        coordinates: "pixels" of the picture as sent, or "thousandths" of its width and height.

    Returns:
        The answer, and a defect where something was mended, or was left out because it lies in no picture.

    Raises:
        UnreadableAnswer: It is no list of boxes and points, or all of them were to be left out.
    """
    stated = read_detections(text)
    placed = [_detection(entry, clip, coordinates) for entry in stated.entries]
    found = tuple(detection for detection in placed if detection)
    lost = len(placed) - len(found) + stated.unusable
    return DetectionsAnswer(found), (*repairs(stated.mended), *_left_out(lost, len(found), "boxes and points"))


def _detection(stated: StatedDetection, clip: EncodedClip, coordinates: str) -> Detection | None:
    view = view_of(stated.camera, clip)
    if view is None:
        return None
    box = region_of(stated.box, view, coordinates) if stated.box else None
    point = pixel_of(stated.point, view, coordinates) if stated.point else None
    return Detection(stated.label, view.camera, box, point) if box or point else None


def events(text: str, clip: EncodedClip, start: int) -> tuple[EventsAnswer, tuple[Defect, ...]]:
    """Read events.

    Args:
        text: The answer.
        clip: What was seen.
        start: When it starts, ns.

    Returns:
        The answer, and a defect where something was mended, was left out because it lies outside of the clip, or
        reached out of it by more than a model's rounding and was cut off there.

    Raises:
        UnreadableAnswer: It is no list of events, or all of them were to be left out.
    """
    stated = read_events(text)
    length = max(view.seconds[-1] for view in clip.views)
    inside = [entry for entry in stated.entries if entry.start <= length + _OVERSHOOT and entry.end >= -_OVERSHOOT]
    found = sorted((_event(entry, start, length) for entry in inside), key=lambda event: (event.start, event.end))
    cut = sum(entry.start < -_OVERSHOOT or entry.end > length + _OVERSHOOT for entry in inside)
    lost = len(stated.entries) - len(inside) + stated.unusable
    defects = (*repairs(stated.mended), *_left_out(lost, len(found), "events"), *_cut_off(cut, len(found)))
    return EventsAnswer(tuple(found)), defects


def _event(stated: StatedEvent, start: int, length: float) -> Event:
    first, last = (start + round(min(max(second, 0.0), length) * 1e9) for second in (stated.start, stated.end))
    return Event(stated.text, first, last)


def _left_out(lost: int, kept: int, what: str) -> tuple[Defect, ...]:
    if lost and not kept:
        raise UnreadableAnswer(f"none of the {lost} {what} in the answer lies in what was seen")
    text = f"{lost} of {lost + kept} {what} were left out: broken, or not in what was seen"
    return (Defect(DefectKind.REPAIRED, text),) if lost else ()


def _cut_off(count: int, of: int) -> tuple[Defect, ...]:
    text = f"{count} of {of} events reach out of the clip and were cut off at its ends"
    return (Defect(DefectKind.REPAIRED, text),) if count else ()
