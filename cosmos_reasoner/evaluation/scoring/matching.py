"""Whether an answer says the same as a truth."""

import re
import unicodedata
from collections.abc import Sequence

from cosmos_reasoner.evaluation.labels.truth import LabelledEvent
from cosmos_reasoner.evaluation.metrics.events import Interval, interval_iou
from cosmos_reasoner.reasoning.result import Event

__all__ = ["event_overlaps", "same_text"]


def event_overlaps(answered: Sequence[Event], true: Sequence[LabelledEvent], origin: int) -> tuple[float, ...]:
    """Overlap of each true event with the answered one that belongs to it, 0..1.

    As many answered events count as there are true ones, the earliest, so that a longer list gains nothing. The two
    that overlap most belong together, then the next; what is left over gets 0.

    Args:
        answered: By their start.
        true: By their start.
        origin: Stamp of the recording's first frame, ns.
    """
    given = [_seconds(event, origin) for event in answered][: len(true)]
    labels = [(event.start, event.end) for event in true]
    overlaps = [
        (interval_iou(one, label), place, number)
        for number, label in enumerate(labels)
        for place, one in enumerate(given)
    ]
    found: dict[int, float] = {}
    used: set[int] = set()
    for iou, place, number in sorted(overlaps, reverse=True):
        if number not in found and place not in used:
            found[number] = iou
            used.add(place)
    return tuple(found.get(number, 0.0) for number in range(len(labels)))


def same_text(one: str, other: str) -> bool:
    """Whether two texts have the same words, whatever their case, accents of width, articles and punctuation."""
    return _words(one) == _words(other)


def _seconds(event: Event, origin: int) -> Interval:
    return (event.start - origin) / 1e9, (event.end - origin) / 1e9


def _words(text: str) -> list[str]:
    words = re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold())
    return [word for word in words if word not in ("a", "an", "the")] or words
