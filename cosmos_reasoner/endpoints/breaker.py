"""Holds an endpoint back that fails, and finds out when it is well again."""

from collections.abc import Callable
from enum import Enum

from cosmos_reasoner.errors import (
    AuthenticationFailed,
    EndpointError,
    EndpointFailed,
    QuotaExhausted,
    RateLimited,
    RequestRejected,
)

__all__ = ["BreakerState", "CircuitBreaker"]

_FAILURES = 3
"""Failures in a row that open it: two may be chance."""

_FIRST_COOL_DOWN = 5.0
_LONGEST_COOL_DOWN = 60.0
"""s; a server restarts in seconds, a large model is loaded in minutes: the cool-down doubles from one to the other."""

_REFUSED_KEY = 60.0
"""s; a key becomes right only when somebody does something about it."""

_USED_UP = 900.0
"""s; a quota comes back with the provider's next day, whose time zone is its own: four tries an hour find it."""


class BreakerState(Enum):
    """Whether requests are let through."""

    CLOSED = "closed"  # every one
    OPEN = "open"  # none
    HALF_OPEN = "half-open"  # one, to try


class CircuitBreaker:
    """Holds requests back from an endpoint that fails.

    It opens after three failures in a row, cools down, and lets one request try: its success closes it, its failure
    opens it for twice as long. A refused key, a used-up quota or an asked-for wait open it at once. A rejected request
    tells that the endpoint is well; one that it failed over (500) tells nothing, as that is often the request's fault.

    A request is let through by `admit`, and whoever got a ticket tells once how it went. Requests that were under way
    together when one of them failed are one failure, and those from before the last change of state are ignored.

    Args:
        clock: Monotonic, s.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._ticket = 0
        self._changed = 0
        self._counted = 0
        self._failures = 0
        self._until: float | None = None
        self._trying = False
        self._cool_down = _FIRST_COOL_DOWN
        self.reason = ""
        """What went wrong last; empty since the last success."""

    @property
    def state(self) -> BreakerState:
        """Whether requests are let through now."""
        if self._until is None:
            return BreakerState.CLOSED
        return BreakerState.OPEN if self.seconds_left else BreakerState.HALF_OPEN

    @property
    def seconds_left(self) -> float:
        """s until one request may try; 0 unless it is open."""
        return 0.0 if self._until is None else max(0.0, self._until - self._clock())

    @property
    def is_free(self) -> bool:
        """Whether a request would be let through now."""
        return not (self.seconds_left or self._trying)

    def admit(self) -> int | None:
        """Let a request through.

        Returns:
            A ticket, to tell with it how the request went; None when it must not be sent.
        """
        if self._until is not None:
            if not self.is_free:
                return None
            self._trying = True
        self._ticket += 1
        return self._ticket

    def succeeded(self, ticket: int) -> None:
        """Note that a request was answered."""
        if ticket > self._changed:
            self._failures, self._cool_down, self.reason = 0, _FIRST_COOL_DOWN, ""
            if self._until is not None:
                self._change(None)

    def failed(self, ticket: int, error: EndpointError, *, again: bool = False) -> None:
        """Note that a request was not answered.

        Args:
            ticket: Of the request.
            error: Why.
            again: The same question has failed here before, which tells nothing new: it does not add to the row.
        """
        if isinstance(error, RequestRejected):
            self.succeeded(ticket)
        elif isinstance(error, EndpointFailed):
            self.reason = str(error)
            self.withdrawn(ticket)
        elif ticket > self._changed:
            self._count(ticket, error, again=again)

    def withdrawn(self, ticket: int) -> None:
        """Note that a request ended without telling anything about the endpoint, such as by a cancel."""
        if ticket > self._changed:
            self._trying = False

    def _count(self, ticket: int, error: EndpointError, *, again: bool) -> None:
        if ticket > self._counted and not again:
            self._failures += 1
            self._counted = self._ticket
        self.reason = str(error)
        seconds = _hold(error)
        if seconds is None and (self._trying or self._failures >= _FAILURES):
            seconds = self._cool_down
            self._cool_down = min(2 * self._cool_down, _LONGEST_COOL_DOWN)
        if seconds is not None:
            self._change(self._clock() + seconds)

    def _change(self, until: float | None) -> None:
        self._until = until
        self._trying = False
        self._changed = self._ticket


def _hold(error: EndpointError) -> float | None:
    """How long an error opens it by itself, s; None when it only counts."""
    if isinstance(error, QuotaExhausted):
        return max(_USED_UP, error.retry_after or 0.0)
    if isinstance(error, AuthenticationFailed):
        return _REFUSED_KEY
    return error.retry_after if isinstance(error, RateLimited) and error.retry_after else None
