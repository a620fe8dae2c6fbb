"""A recording unrolled in time, once or again and again."""

from collections.abc import Iterator

from cosmos_reasoner.clips.frame import Frame
from cosmos_reasoner.errors import RecordingError
from cosmos_reasoner.nodes.playback import Playback
from cosmos_reasoner.recordings.recording import CameraInfo, Recording

__all__ = ["passes"]

_STILL_INTERVAL = 100_000_000
"""ns between the passes of a recording of one frame."""


def passes(recording: Recording, playback: Playback) -> Iterator[tuple[int, Frame | CameraInfo]]:
    """Read the chosen part of a recording; with `loop`, again and again.

    Yields:
        The time of each sample, ns, and the sample. The time is its stamp; on later passes, moved on by the length of
        the passes before, each of which ends one mean frame interval after its last frame.

    Raises:
        RecordingError: There is no frame in the chosen part.
    """
    moved = 0
    while True:
        span = _Span()
        for sample in _chosen(recording, playback):
            if isinstance(sample, Frame):
                span.add(sample)
            yield sample.stamp + moved, sample
        if not span.count:
            raise RecordingError(_nothing(recording, playback))
        if not playback.loop:
            return
        moved += span.length


class _Span:
    """How long one pass took, by the stamps of its frames."""

    def __init__(self) -> None:
        self.count = 0
        self._cameras: set[str] = set()
        self._first = self._last = 0

    def add(self, frame: Frame) -> None:
        self._first = min(self._first, frame.stamp) if self.count else frame.stamp
        self._last = max(self._last, frame.stamp)
        self._cameras.add(frame.camera)
        self.count += 1

    @property
    def length(self) -> int:
        intervals = self.count / len(self._cameras) - 1
        lasted = self._last - self._first
        return lasted + (round(lasted / intervals) if lasted and intervals > 0 else _STILL_INTERVAL)


def _chosen(recording: Recording, playback: Playback) -> Iterator[Frame | CameraInfo]:
    begin = recording.start + round(playback.start * 1e9)
    stop = None if playback.duration is None else begin + round(playback.duration * 1e9)
    # With no start asked for, samples that lie before the first frame are part of the recording too.
    return recording.samples(playback.cameras or None, begin if playback.start else None, stop)


def _nothing(recording: Recording, playback: Playback) -> str:
    seconds = (recording.end - recording.start) / 1e9
    return f"{recording.path}: no frame from {playback.start:g} s on; the recording lasts {seconds:.1f} s"
