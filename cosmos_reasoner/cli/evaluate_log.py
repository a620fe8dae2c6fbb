"""`cosmos-reasoner evaluate --rerun FILE`: what is known of a run, as a file of rerun."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from cosmos_reasoner.evaluation.labels.item import Item
from cosmos_reasoner.evaluation.run.cutting import cut
from cosmos_reasoner.reasoning.result import Result
from cosmos_reasoner.recordings.names import readable
from cosmos_reasoner.view.rrd.log import RerunLog

__all__ = ["Answered", "write_log"]


@dataclass(frozen=True, slots=True, eq=False)
class Answered:
    """An item with its result, and the picture of its clip; there may be none."""

    item: Item
    result: Result
    strip: Path


def write_log(file: Path, answered: Iterable[Answered], rate: float) -> None:
    """Write results with the last frames of their clips, which are cut out of the recordings once more.

    Args:
        file: Where to; it is replaced.
        answered: In any order.
        rate: As it was asked: frames a second and camera, Hz.

    Raises:
        ConfigurationError: rerun is not installed, or the file cannot be written.
    """
    of_items = {id(one.item): one for one in answered}
    names = _names({one.item.recording for one in of_items.values()})
    with RerunLog(file) as log:
        for one in cut([entry.item for entry in of_items.values()], rate, lambda _fault: None):
            known, name = of_items[id(one.item)], names[one.item.recording]
            end = known.result.provenance.clip_end
            frames = [view.frames[-1] for view in one.clip] if one.clip and one.clip.end == end else []
            log.show(name, end, frames, known.strip.read_bytes() if known.strip.exists() else b"")
            log.tell(name, known.result)
            log.answer(name, known.result)


def _names(recordings: set[Path]) -> Mapping[Path, str]:
    """A name for each: the file's own, or its whole path where several files have the same."""
    counts = Counter(path.name for path in recordings)
    return {path: readable(path.name if counts[path.name] == 1 else str(path)) for path in recordings}
