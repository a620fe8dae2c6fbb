"""Items' clips, cut out of their recordings."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from cosmos_reasoner.clips.clip import Clip
from cosmos_reasoner.errors import ClipUnavailable, CosmosReasonerError, InvalidRequest, RecordingError
from cosmos_reasoner.evaluation.labels.item import Item
from cosmos_reasoner.evaluation.run.compact import compact
from cosmos_reasoner.evaluation.run.window import Window
from cosmos_reasoner.recordings.open import open_recording
from cosmos_reasoner.recordings.recording import Recording

__all__ = ["Cut", "cut"]

_LATE = 2_000_000_000
"""ns by which frames may come out of order; a window is open for so much longer."""

_GAP = 10_000_000_000
"""ns without a window from which on it is quicker to seek than to read on."""


_BEYOND = 1.0
"""s by which a window may end behind the recording without a word; a video does not always know where it ends."""


@dataclass(frozen=True, slots=True, eq=False)
class Cut:
    """An item with its clip, or with why there is none; `origin` is the stamp of the recording's first frame, ns."""

    item: Item
    clip: Clip | None
    origin: int = 0
    problem: CosmosReasonerError | None = None


def cut(items: Iterable[Item], rate: float, on_fault: Callable[[str], None]) -> Iterator[Cut]:
    """Cut the clips of items, recording by recording, and in each by time.

    Each recording is read once, and of its frames only those that are sampled are decoded and kept. A clip does not
    depend on which other items there are.

    Args:
        items: In any order.
        rate: Frames a second and camera, Hz.
        on_fault: Is told in one line what was wrong with a recording that could be used in part.
    """
    for path, group in groupby(sorted(items, key=lambda item: item.recording), lambda item: item.recording):
        mine = list(group)
        try:
            with open_recording(path) as recording:
                yield from _cut_one(recording, mine, rate, on_fault)
        except RecordingError as error:
            yield from (Cut(item, None, problem=error) for item in mine)


def _cut_one(recording: Recording, items: list[Item], rate: float, on_fault: Callable[[str], None]) -> Iterator[Cut]:
    windows: list[Window] = []
    for item in items:
        try:
            window = Window(item, recording, rate)
            windows.append(window)
            if window.beyond > _BEYOND:
                on_fault(f"{item.id}: its window ends {window.beyond:.1f} s behind the recording: the rest was used")
        except (InvalidRequest, RecordingError) as error:
            yield Cut(item, None, problem=error)
    for stretch in _stretches(windows):
        yield from _read(recording, stretch, on_fault)
    for fault in recording.faults:
        on_fault(fault)
    if recording.skipped:
        on_fault(f"{recording.path}: {recording.skipped} pictures cannot be read: the others were used")


def _stretches(windows: list[Window]) -> Iterator[list[Window]]:
    """Windows by their starts, in groups that are read without a seek."""
    stretch: list[Window] = []
    reach = 0
    for window in sorted(windows, key=lambda window: (window.start, window.end)):
        if stretch and window.start > reach + _GAP:
            yield stretch
            stretch = []
        stretch.append(window)
        reach = max(reach, window.end)
    if stretch:
        yield stretch


def _read(recording: Recording, windows: list[Window], on_fault: Callable[[str], None]) -> Iterator[Cut]:
    """Fill windows with one pass over their stretch of the recording."""
    takers: dict[tuple[str, int], list[Window]] = {}
    waiting = windows[::-1]  # the next one last
    opened: list[Window] = []

    def wanted(camera: str, stamp: int) -> bool:
        while waiting and waiting[-1].start <= stamp + _LATE:
            opened.append(waiting.pop())
        found = [window for window in opened if window.wants(camera, stamp)]
        if found:
            takers[camera, stamp] = found
        return bool(found)

    cameras = list(dict.fromkeys(camera for window in windows for camera in window.cameras))
    last = max(window.end for window in windows)
    problem = None
    try:
        for frame in recording.frames(cameras, windows[0].start, last + 1, wanted):
            small = compact(frame)
            for window in takers.pop((frame.camera, frame.stamp), ()):
                window.add(small)
            for window in [window for window in opened if window.end < frame.stamp - _LATE]:
                opened.remove(window)
                yield _closed(window)
    except RecordingError as error:
        on_fault(str(error))
        problem = error
    yield from (_closed(window, problem) for window in (*opened, *reversed(waiting)))


def _closed(window: Window, problem: CosmosReasonerError | None = None) -> Cut:
    try:
        return Cut(window.item, window.take_clip(), window.origin)
    except ClipUnavailable as error:
        return Cut(window.item, None, window.origin, problem or error)
