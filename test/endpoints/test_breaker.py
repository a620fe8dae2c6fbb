from dataclasses import dataclass

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from cosmos_reasoner.endpoints.breaker import BreakerState, CircuitBreaker
from cosmos_reasoner.errors import (
    AccessDenied,
    AuthenticationFailed,
    EndpointError,
    EndpointFailed,
    EndpointOverloaded,
    EndpointUnreachable,
    ModelNotFound,
    ProtocolError,
    QuotaExhausted,
    RateLimited,
    RequestRejected,
)

COUNTED = [EndpointUnreachable, ModelNotFound, EndpointOverloaded, ProtocolError, RateLimited]


@dataclass
class Clock:
    """A clock that a test moves."""

    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


def breaker() -> tuple[CircuitBreaker, Clock]:
    clock = Clock()
    return CircuitBreaker(clock), clock


def fail(tested: CircuitBreaker, error: EndpointError, times: int = 1) -> None:
    """Let requests through that fail."""
    for _ in range(times):
        ticket = tested.admit()
        assert ticket is not None
        tested.failed(ticket, error)


def opened() -> tuple[CircuitBreaker, Clock]:
    tested, clock = breaker()
    fail(tested, EndpointUnreachable("it is down"), 3)
    return tested, clock


def test_it_is_closed_at_first_and_lets_every_request_through() -> None:
    tested, _ = breaker()
    assert tested.state is BreakerState.CLOSED
    assert (tested.seconds_left, tested.reason) == (0.0, "")
    assert None not in [tested.admit() for _ in range(10)]


@pytest.mark.parametrize("kind", COUNTED)
def test_three_failures_in_a_row_open_it_for_five_seconds(kind: type[EndpointError]) -> None:
    tested, _ = breaker()
    fail(tested, kind("it is down"), 2)
    assert tested.state is BreakerState.CLOSED
    fail(tested, kind("it is down"))
    assert tested.state is BreakerState.OPEN
    assert (tested.seconds_left, tested.reason) == (5.0, "it is down")
    assert tested.admit() is None


def test_an_answer_in_between_starts_the_count_anew() -> None:
    tested, _ = breaker()
    for _ in range(5):
        fail(tested, EndpointUnreachable("no"), 2)
        ticket = tested.admit()
        assert ticket is not None
        tested.succeeded(ticket)
    assert (tested.state, tested.reason) == (BreakerState.CLOSED, "")


def test_an_endpoint_that_rejects_a_request_is_well() -> None:
    tested, clock = breaker()
    fail(tested, RequestRejected("no such field"), 9)
    assert tested.state is BreakerState.CLOSED
    tested, clock = opened()
    clock.now += 5.0
    fail(tested, RequestRejected("no such field"))
    assert tested.state is BreakerState.CLOSED


def test_an_endpoint_that_fails_over_a_request_may_be_well_and_may_not() -> None:
    tested, clock = breaker()
    fail(tested, EndpointFailed("bad picture"), 9)
    assert tested.state is BreakerState.CLOSED
    tested, clock = opened()
    clock.now += 5.0
    fail(tested, EndpointFailed("bad picture"), 2)
    assert tested.state is BreakerState.HALF_OPEN


def test_requests_that_were_under_way_together_fail_as_one() -> None:
    tested, _ = breaker()
    for row in (1, 2, 3):
        assert tested.state is BreakerState.CLOSED, row
        for ticket in [tested.admit() for _ in range(20)]:
            assert ticket is not None
            tested.failed(ticket, EndpointOverloaded("loading"))
    assert tested.state is BreakerState.OPEN


def test_a_wait_that_is_asked_for_counts_even_of_requests_that_fail_as_one() -> None:
    tested, _ = breaker()
    first, second = tested.admit(), tested.admit()
    assert first is not None and second is not None
    tested.failed(first, EndpointOverloaded("busy"))
    tested.failed(second, RateLimited("slow down", 7.5))
    assert tested.seconds_left == 7.5


def test_after_the_cool_down_exactly_one_request_tries() -> None:
    tested, clock = opened()
    clock.now += 4.99
    assert tested.admit() is None
    clock.now += 0.01
    assert tested.state is BreakerState.HALF_OPEN
    assert tested.admit() is not None
    assert [tested.admit() for _ in range(5)] == [None] * 5


def test_a_try_that_is_answered_closes_it() -> None:
    tested, clock = opened()
    clock.now += 5.0
    ticket = tested.admit()
    assert ticket is not None
    tested.succeeded(ticket)
    assert tested.state is BreakerState.CLOSED
    fail(tested, EndpointUnreachable("no"), 3)
    assert tested.seconds_left == 5.0


def test_each_try_that_fails_doubles_the_cool_down_up_to_a_minute() -> None:
    tested, clock = opened()
    waits = []
    for _ in range(6):
        waits.append(tested.seconds_left)
        clock.now += tested.seconds_left
        fail(tested, EndpointOverloaded("still loading"))
    assert waits == [5.0, 10.0, 20.0, 40.0, 60.0, 60.0]


def test_a_try_that_was_cancelled_leaves_the_next_one_its_chance() -> None:
    tested, clock = opened()
    clock.now += 5.0
    ticket = tested.admit()
    assert ticket is not None
    tested.withdrawn(ticket)
    assert tested.state is BreakerState.HALF_OPEN
    assert tested.admit() is not None


@pytest.mark.parametrize(
    ("error", "seconds"),
    [
        (RateLimited("slow down", 7.5), 7.5),
        (AuthenticationFailed("no"), 60.0),
        (AccessDenied("no"), 60.0),
        (QuotaExhausted("tomorrow"), 900.0),
        (QuotaExhausted("tomorrow", 30.0), 900.0),
        (QuotaExhausted("tomorrow", 5000.0), 5000.0),
    ],
)
def test_some_failures_open_it_at_once_for_a_time_of_their_own(error: EndpointError, seconds: float) -> None:
    tested, _ = breaker()
    fail(tested, error)
    assert (tested.state, tested.seconds_left) == (BreakerState.OPEN, seconds)


@pytest.mark.parametrize("wait", [None, 0.0])
def test_a_rate_limit_without_a_wait_only_counts(wait: float | None) -> None:
    tested, _ = breaker()
    fail(tested, RateLimited("slow down", wait), 2)
    assert tested.state is BreakerState.CLOSED


def test_requests_from_before_it_opened_say_nothing_of_the_time_since() -> None:
    tested, clock = breaker()
    before = [tested.admit() for _ in range(2)]
    fail(tested, EndpointUnreachable("no"), 3)
    assert tested.seconds_left == 5.0
    assert before[0] is not None and before[1] is not None
    tested.succeeded(before[0])
    assert tested.state is BreakerState.OPEN
    clock.now += 5.0
    assert tested.admit() is not None
    tested.failed(before[1], EndpointUnreachable("no"))
    assert tested.state is BreakerState.HALF_OPEN


ERRORS = st.one_of(
    st.sampled_from(COUNTED).map(lambda kind: kind("no")),
    st.sampled_from([RequestRejected("no"), EndpointFailed("no"), AuthenticationFailed("no"), QuotaExhausted("no")]),
    (st.just(0.0) | st.floats(0.001, 100.0)).map(lambda wait: RateLimited("no", wait)),
)


class AnyCourse(RuleBasedStateMachine):
    """Requests that come, end and overlap as they like, while time passes."""

    def __init__(self) -> None:
        super().__init__()
        self.tested, self.clock = breaker()
        self.under_way: list[tuple[int, BreakerState]] = []

    @rule(seconds=st.floats(0.0, 1000.0))
    def time_passes(self, seconds: float) -> None:
        self.clock.now += seconds

    @rule()
    def a_request_comes(self) -> None:
        state = self.tested.state
        trial = any(begun is BreakerState.HALF_OPEN for ticket, begun in self.under_way if self.counts(ticket))
        ticket = self.tested.admit()
        let_through = state is BreakerState.CLOSED or (state is BreakerState.HALF_OPEN and not trial)
        assert (ticket is not None) == let_through
        if ticket is not None:
            self.under_way.append((ticket, state))

    def counts(self, ticket: int) -> bool:
        return ticket > self.tested._changed

    @rule(data=st.data(), error=st.none() | ERRORS, cancelled=st.booleans())
    def a_request_ends(self, data: st.DataObject, error: EndpointError | None, cancelled: bool) -> None:
        if not self.under_way:
            return
        ticket, _ = self.under_way.pop(data.draw(st.integers(0, len(self.under_way) - 1)))
        before, current = self.tested.state, self.counts(ticket)
        if cancelled:
            self.tested.withdrawn(ticket)
        elif error is None:
            self.tested.succeeded(ticket)
        else:
            self.tested.failed(ticket, error)
        if cancelled or not current or isinstance(error, EndpointFailed):
            assert self.tested.state is before
        elif error is None or isinstance(error, RequestRejected):
            assert self.tested.state is BreakerState.CLOSED
        elif before is BreakerState.HALF_OPEN or isinstance(error, AuthenticationFailed | QuotaExhausted):
            assert self.tested.state is BreakerState.OPEN

    @invariant()
    def it_is_held_for_a_time_that_ends(self) -> None:
        assert 0.0 <= self.tested.seconds_left <= 900.001
        assert (self.tested.seconds_left > 0.0) == (self.tested.state is BreakerState.OPEN)
        assert self.tested.state is BreakerState.CLOSED or self.tested.reason

    def teardown(self) -> None:
        for ticket, _ in self.under_way:
            self.tested.withdrawn(ticket)
        self.clock.now += self.tested.seconds_left + 0.001
        ticket = self.tested.admit()
        assert ticket is not None
        self.tested.succeeded(ticket)
        assert self.tested.state is BreakerState.CLOSED


TestAnyCourse = AnyCourse.TestCase
