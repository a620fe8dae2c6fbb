"""The newest frames of one camera, bounded in seconds and in bytes."""

from collections import Counter, deque
from collections.abc import Callable

from cosmos_reasoner.clips.frame import Frame
from cosmos_reasoner.clips.sampler import Sampler, Verdict

__all__ = ["ClipBuffer"]


class ClipBuffer:
    """The newest sampled frames of one camera.

    All frames in it have one size and rising stamps. It is not safe to use from two threads at once.

    Args:
        rate: Frames to keep a second, Hz.
        seconds: How far back it reaches, s.
        max_bytes: How much it may hold. One frame is always held, whatever its size.
    """

    def __init__(self, rate: float, seconds: float, max_bytes: int) -> None:
        self._sampler = Sampler(rate)
        self._seconds = round(seconds * 1e9)
        self._max_bytes = max_bytes
        self._frames: deque[Frame] = deque()
        self._nbytes = 0
        self._began = 0
        self.counts: Counter[str] = Counter()
        """Frames by what became of them: kept, not_due, no_stamp, duplicate, late; and jumped_back, size_changed,
        over_bytes (frames that the byte bound pushed out early)."""

    def judge(self, stamp: int) -> Verdict:
        """Say whether a frame of this stamp is to be added, and count it. Ask once a frame, before copying it."""
        verdict = self._sampler.judge(stamp)
        self.counts[verdict.name.lower()] += 1
        if verdict is Verdict.JUMPED_BACK:
            self._clear()
        return verdict

    def add(self, frame: Frame) -> None:
        """Add a frame that `judge` wanted kept."""
        if self._frames and (frame.width, frame.height) != (self._frames[-1].width, self._frames[-1].height):
            self.counts["size_changed"] += 1
            self._clear()
        self._began = self._began or frame.stamp
        self._frames.append(frame)
        self._nbytes += frame.nbytes
        self._drop_while(lambda: self._frames[0].stamp <= frame.stamp - self._seconds)
        self.counts["over_bytes"] += self._drop_while(lambda: self._nbytes > self._max_bytes)

    def offer(self, frame: Frame) -> Verdict:
        """Judge a frame, and add it if it is to be kept."""
        verdict = self.judge(frame.stamp)
        if verdict in (Verdict.KEPT, Verdict.JUMPED_BACK):
            self.add(frame)
        return verdict

    def frames(self, start: int, end: int) -> tuple[Frame, ...]:
        """The frames with start < stamp <= end, oldest first; both in ns."""
        return tuple(frame for frame in self._frames if start < frame.stamp <= end)

    @property
    def newest(self) -> Frame | None:
        """The last frame; None when empty."""
        return self._frames[-1] if self._frames else None

    @property
    def seconds(self) -> float:
        """How long this time line has been seen, s; frames that were dropped since count."""
        return (self._frames[-1].stamp - self._began) / 1e9 if self._frames else 0.0

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        return self._nbytes

    def flush(self) -> None:
        """Forget every frame and start anew."""
        self._sampler.forget()
        self._clear()

    def __len__(self) -> int:
        return len(self._frames)

    def _clear(self) -> None:
        self._frames.clear()
        self._nbytes = self._began = 0

    def _drop_while(self, too_much: Callable[[], bool]) -> int:
        dropped = 0
        while len(self._frames) > 1 and too_much():
            self._nbytes -= self._frames.popleft().nbytes
            dropped += 1
        return dropped
