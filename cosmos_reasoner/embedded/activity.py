"""How many requests a server has seen, and what became of them."""

import threading
from dataclasses import dataclass, replace

__all__ = ["Activity", "Counts"]


@dataclass(frozen=True, slots=True)
class Counts:
    """Chat requests by what became of them.

    Attributes:
        received: All that passed the key.
        finished: Answered to the end.
        refused: Answered with an error.
        cancelled: Left by the caller before the end.
    """

    received: int = 0
    finished: int = 0
    refused: int = 0
    cancelled: int = 0

    @property
    def running(self) -> int:
        """Those that are being answered."""
        return self.received - self.finished - self.refused - self.cancelled


class Activity:
    """Counts that one thread writes and others read or wait for."""

    def __init__(self) -> None:
        self._counts = Counts()
        self._changed = threading.Condition()

    @property
    def counts(self) -> Counts:
        """The counts now."""
        return self._counts

    def note(self, what: str) -> None:
        """Count one more of an attribute of `Counts`."""
        with self._changed:
            self._counts = replace(self._counts, **{what: getattr(self._counts, what) + 1})
            self._changed.notify_all()

    def wait_for(self, what: str, count: int, timeout: float) -> bool:
        """Wait until so many have been counted.

        Args:
            what: Attribute of `Counts`.
            count: How many at least.
            timeout: s.

        Returns:
            Whether it came so far in time.
        """
        with self._changed:
            return self._changed.wait_for(lambda: bool(getattr(self._counts, what) >= count), timeout)
