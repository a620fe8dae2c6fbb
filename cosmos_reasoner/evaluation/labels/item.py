"""One question to one stretch of a recording, and what would be right."""

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from cosmos_reasoner.evaluation.labels.truth import Truth
from cosmos_reasoner.tasks.task import Question

__all__ = ["Item", "Labels"]


@dataclass(frozen=True, slots=True)
class Item:
    """One question to one stretch of a recording.

    Attributes:
        id: Its name in reports; no two items of one reader have the same.
        set: What it is counted with: a benchmark, or a part of one.
        recording: Bag, video, picture or folder.
        start: Where the stretch begins, s from the recording's start; None for its start.
        end: Where the stretch ends, s from the recording's start; None for its end.
        cameras: Whose frames are shown; empty for all.
        question: What is asked.
        truth: What would be right; None when nobody has said.
        group: What items have in common that count as right only together, such as the two of a minimal pair; empty
            for an item that counts alone.
        run: Which of several runs over the same items, from 0.
    """

    id: str
    set: str
    recording: Path
    start: float | None
    end: float | None
    cameras: tuple[str, ...]
    question: Question
    truth: Truth | None = None
    group: str = ""
    run: int = 0


class Labels(NamedTuple):
    """What a reader found: items that can be asked, and for each entry that cannot be used one line that says why."""

    items: tuple[Item, ...]
    faults: tuple[str, ...]
