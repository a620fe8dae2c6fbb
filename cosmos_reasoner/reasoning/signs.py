"""What shows that an endpoint is at work on a question."""

from collections.abc import Callable

__all__ = ["Signs"]


class Signs:
    """When an endpoint last wrote something, and whether it has answered already.

    Args:
        clock: Of the question's time budget, s.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._last: float | None = None
        self.has_answered = False
        """There is an answer; all that may still come makes it better."""

    def beat(self) -> None:
        """Note that the endpoint was asked, or wrote something."""
        self._last = self._clock()

    @property
    def silence(self) -> float:
        """s since it wrote something or, before it did, was asked; 0 before that."""
        return 0.0 if self._last is None else self._clock() - self._last
