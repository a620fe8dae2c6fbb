"""Items without labels: one question every so many seconds of recordings."""

import math
from collections.abc import Iterable
from pathlib import Path, PurePath

from cosmos_reasoner.errors import ConfigurationError, RecordingError
from cosmos_reasoner.evaluation.labels.faults import fault_line
from cosmos_reasoner.evaluation.labels.item import Item, Labels
from cosmos_reasoner.evaluation.labels.names import set_name, short_names
from cosmos_reasoner.recordings.find import recordings_in
from cosmos_reasoner.recordings.open import open_recording
from cosmos_reasoner.tasks.task import Question

__all__ = ["SHORTEST", "sweep"]

SHORTEST = 0.05
"""Seconds from one item to the next at least: no camera of a robot shows anything new more often."""

_ROUNDING = 1e-6
"""Share of a step that a recording may be too short and still hold it."""


def sweep(
    recordings: Iterable[Path],
    question: Question,
    every: float,
    span: float | None = None,
    cameras: tuple[str, ...] = (),
) -> Labels:
    """Ask the same again and again, as a periodic task would: at each moment about the time just before it.

    Recordings go by their names; those whose names alone cannot tell them apart get their folders as well, as far as is
    needed: ids are `s.mp4 2 s`, or `A/s.mp4 2 s` and `B/s.mp4 2 s`.

    Args:
        recordings: Bags, videos, and folders of them; each once. One that cannot be read is a fault.
        question: What is asked.
        every: From one moment to the next, s. A recording that is shorter is asked about once, as a whole.
        span: How far each item looks back, s; None for `every`, so that all is seen once.
        cameras: Whose frames are shown; empty for all.

    Raises:
        ConfigurationError: `every` or `span` is no such time.
    """
    span = every if span is None else span
    if not (math.isfinite(every) and every >= SHORTEST and math.isfinite(span) and span > 0):
        raise ConfigurationError(f"every {every:g} s over {span:g} s: ask every {SHORTEST:g} s at most, over some time")
    items: list[Item] = []
    faults: list[str] = []
    paths: dict[PurePath, Path] = {found.absolute(): found for path in recordings for found in recordings_in(path)}
    for place, name in short_names(paths).items():
        path = paths[place]
        try:
            with open_recording(path) as recording:
                length = (recording.end - recording.start) / 1e9
        except RecordingError as error:
            faults.append(fault_line(str(error)))
            continue
        items += [_item(name, path, window, cameras, question) for window in _windows(length, every, span)]
    return Labels(tuple(items), tuple(faults))


_Window = tuple[float | None, float | None]


def _windows(length: float, every: float, span: float) -> list[_Window]:
    count = math.floor(length / every + _ROUNDING)
    ends = [number * every for number in range(1, count + 1)]
    return [(max(0.0, end - span), end) for end in ends] or [(None, None)]


def _item(name: str, recording: Path, window: _Window, cameras: tuple[str, ...], question: Question) -> Item:
    start, end = window
    moment = "" if end is None else f" {end:.6g} s"
    return Item(f"{name}{moment}", set_name(name, f"./{name}"), recording, start, end, cameras, question)
