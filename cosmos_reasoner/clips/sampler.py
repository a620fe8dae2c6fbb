"""Which of a camera's frames to keep: by time, not by count."""

from enum import Enum, auto

__all__ = ["JUMP_BACK", "Sampler", "Verdict"]

JUMP_BACK = 1_000_000_000
"""A stamp this much older than the newest, ns, means that the clock jumped back; less is a late frame."""

_EARLIEST = 4
"""A frame may come this part of the period before it is due, at most."""


class Verdict(Enum):
    """What became of a frame."""

    KEPT = auto()
    NOT_DUE = auto()
    NO_STAMP = auto()
    DUPLICATE = auto()
    LATE = auto()
    JUMPED_BACK = auto()


class Sampler:
    """Picks frames at a steady rate by their stamps.

    The first frame sets the phase; then the frame nearest to each next instant is kept, so that the rate is right in
    the mean whatever the camera's own rate and jitter, and a camera slower than the rate loses nothing.

    Args:
        rate: Frames to keep a second, Hz.
    """

    def __init__(self, rate: float) -> None:
        self._period = round(1e9 / rate)
        self._newest: int | None = None
        self._due = 0

    def judge(self, stamp: int) -> Verdict:
        """Say what shall become of a frame, and remember it.

        Args:
            stamp: ns. After JUMPED_BACK the frame counts as the first of a new time line and is to be kept.
        """
        if stamp <= 0:
            return Verdict.NO_STAMP
        if self._newest is None or stamp <= self._newest - JUMP_BACK:
            jumped = self._newest is not None
            self._newest, self._due = stamp, stamp + self._period
            return Verdict.JUMPED_BACK if jumped else Verdict.KEPT
        if stamp <= self._newest:
            return Verdict.DUPLICATE if stamp == self._newest else Verdict.LATE
        interval, self._newest = stamp - self._newest, stamp
        return Verdict.KEPT if self._is_due(stamp, interval) else Verdict.NOT_DUE

    def forget(self) -> None:
        """Start anew with the next frame."""
        self._newest = None

    def _is_due(self, stamp: int, interval: int) -> bool:
        """Whether the next frame, one interval later, would be farther from the instant that is due."""
        behind = stamp - self._due
        if behind < -min(interval // 2, self._period // _EARLIEST):
            return False
        self._due += self._period if behind < self._period else behind + self._period
        return True
