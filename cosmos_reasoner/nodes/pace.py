"""The time of a recording while it is played."""

from collections.abc import Callable

__all__ = ["Pace"]


class Pace:
    """Maps the time of a recording to a clock that never jumps.

    Every due time is counted from the beginning, so that no error adds up.

    Args:
        begin: Time of the recording at which it starts, now, ns.
        rate: Seconds of the recording per second.
        monotonic: The clock, ns.
    """

    def __init__(self, begin: int, rate: float, monotonic: Callable[[], int]) -> None:
        self._begin = begin
        self._rate = rate
        self._monotonic = monotonic
        self._started = monotonic()

    @property
    def position(self) -> int:
        """Time of the recording now, ns."""
        return self._begin + round((self._monotonic() - self._started) * self._rate)

    def until(self, time: int) -> int:
        """How long it is until a time of the recording, ns of the clock; below 0 when it has passed."""
        return self._started + round((time - self._begin) / self._rate) - self._monotonic()
