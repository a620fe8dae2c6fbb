"""An ordered list of endpoints: the first that answers is taken, and one that fails is left alone for a while."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from cosmos_reasoner.clips.clip import Clip
from cosmos_reasoner.endpoints.breaker import CircuitBreaker
from cosmos_reasoner.endpoints.client import ChatEndpoint
from cosmos_reasoner.errors import EndpointError, EndpointSilent, EndpointUnavailable, QuotaExhausted, Remedy
from cosmos_reasoner.reasoning.exchange import Listener
from cosmos_reasoner.reasoning.inquiry import Inquiry
from cosmos_reasoner.reasoning.result import Result
from cosmos_reasoner.reasoning.time_budget import TimeBudget
from cosmos_reasoner.replies.live import Part, Piece
from cosmos_reasoner.tasks.task import Question

__all__ = ["Failover", "Route"]

_RETRIES = 2
"""How often one endpoint is asked again about one question."""

_BACKOFF = 0.25
"""s before the first retry at most, doubling with each; the wait itself is drawn evenly from 0 (full jitter), so that
those whom a server turned away together do not come back together."""

_LONGEST_WAIT = 60.0
"""s before a retry at most, however much time there is."""

_SILENCE = 2.0
"""s; an endpoint that was given less says nothing about itself by writing nothing."""

_SILENT_SHARE = 0.5
"""Of the time left, what an endpoint may write nothing for while another one could still be asked."""

_OVER = 0.001
"""s; a budget with less left has run out."""


@dataclass(frozen=True, slots=True, eq=False)
class Route:
    """An endpoint of the list.

    Attributes:
        endpoint: Who answers.
        inquiry: Asks it.
        breaker: Holds questions back from it.
    """

    endpoint: ChatEndpoint
    inquiry: Inquiry
    breaker: CircuitBreaker

    @property
    def name(self) -> str:
        """For people."""
        return f"{self.endpoint.profile.name} at {self.endpoint.base_url}"


class Failover:
    """Brings questions to the first endpoint of a list that answers.

    An error says what helps against it: the same endpoint is asked again if the wait leaves half of the time, the next
    endpoint is asked, or the question is given up. One that streams and has written nothing in half of the time is left
    for the next. An endpoint that its breaker holds back is passed over; when it lets
    a question through again, the endpoint has its old place.

    Args:
        routes: At least one, the preferred one first.
        chance: Draws the waits.
    """

    def __init__(self, routes: Sequence[Route], chance: Random) -> None:
        self.routes = tuple(routes)
        self.answering = self.routes[0]
        """Who answered last."""
        self._chance = chance

    async def answer(self, question: Question, clip: Clip, budget: TimeBudget, listener: Listener | None) -> Result:
        """Ask one question.

        Args:
            question: What is asked; it fits its task.
            clip: What is seen.
            budget: How long the caller will wait.
            listener: Is told what the model writes while it writes it, and Part.RESTART when that is void.

        Raises:
            FrameError: A camera's frames cannot be decoded.
            EndpointError: What the only endpoint failed with; EndpointUnavailable when there are several, or none could
                be asked; RequestRejected at once.
        """
        job = _Job(question, clip, budget, _Hearing(listener))
        failures: dict[Route, EndpointError] = {}
        for index, route in enumerate(self.routes):
            is_last = all(other.breaker.seconds_left for other in self.routes[index + 1 :])
            try:
                result = await self._persist(route, job, is_last=is_last)
            except EndpointError as error:
                if error.remedy is Remedy.GIVE_UP:
                    raise
                failures[route] = error
            else:
                self.answering = route
                return result
        raise _unavailable(failures)

    async def _persist(self, route: Route, job: "_Job", *, is_last: bool) -> Result:
        """Ask one endpoint, more than once where that helps."""
        patient = is_last or not route.endpoint.profile.streaming
        failure: EndpointError | None = None
        for retries in range(_RETRIES + 1):
            ticket = route.breaker.admit()
            if ticket is None:
                break
            try:
                return await _attempt(route, ticket, job, patient=patient)
            except EndpointError as error:
                failure = error
            wait = max(failure.retry_after or 0.0, self._chance.uniform(0.0, _BACKOFF * 2**retries))
            if failure.remedy is not Remedy.RETRY or retries == _RETRIES or not _is_worth(wait, route, job.budget):
                break
            await asyncio.sleep(wait)
        raise failure or _held(route)


class _Hearing:
    """Passes pieces on, and takes back what was told of an attempt when the next one begins."""

    def __init__(self, listener: Listener | None) -> None:
        self._listener = listener
        self.heard = False

    def __call__(self, piece: Piece) -> None:
        self.heard = True
        if self._listener:
            self._listener(piece)

    def restart(self) -> None:
        if self.heard:
            self(Piece(Part.RESTART, ""))
        self.heard = False


@dataclass(frozen=True, slots=True, eq=False)
class _Job:
    """A question, and what belongs to it whoever is asked."""

    question: Question
    clip: Clip
    budget: TimeBudget
    hearing: _Hearing


async def _attempt(route: Route, ticket: int, job: _Job, *, patient: bool) -> Result:
    """Ask once, and let the breaker know how it went."""
    began = job.budget.spent
    job.hearing.restart()
    try:
        result = await _answer(route, job, patient=patient)
    except BaseException as error:
        failure = _failure(error, route, job, began)
        if failure:
            route.breaker.failed(ticket, failure)
        else:
            route.breaker.withdrawn(ticket)
        raise
    _settle(route, ticket)
    return result


async def _answer(route: Route, job: _Job, *, patient: bool) -> Result:
    """Ask, and leave an endpoint that writes nothing while there is time for another one."""
    answer = asyncio.ensure_future(route.inquiry.answer(job.question, job.clip, job.budget, job.hearing))
    left = job.budget.left
    try:
        if left is not None and not patient:
            await asyncio.wait({answer}, timeout=_SILENT_SHARE * left)
            if not answer.done() and not job.hearing.heard:
                raise _silent(route)
        return await answer
    finally:
        answer.cancel()
        await asyncio.wait({answer})


def _silent(route: Route) -> EndpointSilent:
    return EndpointSilent(f"{route.endpoint.base_url} wrote nothing in time")


def _failure(error: BaseException, route: Route, job: _Job, began: float) -> EndpointError | None:
    """What the end of an attempt says of the endpoint; None for nothing, as when it had hardly time to write."""
    had_time = job.budget.spent - began >= _SILENCE
    if isinstance(error, EndpointSilent):
        return error if had_time else None
    if isinstance(error, EndpointError):
        return error
    over = isinstance(error, asyncio.CancelledError) and job.budget.left is not None and job.budget.left < _OVER
    return _silent(route) if over and had_time and not job.hearing.heard else None


def _settle(route: Route, ticket: int) -> None:
    """Note an answer; if it was the last of the day, ask no more until there may be others."""
    quota = route.endpoint.quota
    if quota is not None and quota.daily and quota.is_used_up:
        last = f"{route.endpoint.base_url} grants nothing more until tomorrow"
        route.breaker.failed(ticket, QuotaExhausted(last))
    else:
        route.breaker.succeeded(ticket)


def _is_worth(wait: float, route: Route, budget: TimeBudget) -> bool:
    """Whether a retry can be made after a wait, and has half of the time for its answer."""
    left = budget.left
    return wait <= _LONGEST_WAIT and (left is None or wait <= left / 2) and route.breaker.seconds_left <= wait


def _held(route: Route) -> EndpointUnavailable:
    seconds = route.breaker.seconds_left
    when = f"for another {seconds:.1f} s" if seconds else "while one question tries"
    return EndpointUnavailable(f"{route.name} is not asked {when}: {route.breaker.reason}", seconds)


def _unavailable(failures: Mapping[Route, EndpointError]) -> EndpointError:
    """One error of all."""
    errors = list(failures.values())
    if len(errors) == 1:
        return errors[0]
    waits = [route.breaker.seconds_left for route in failures]
    return EndpointUnavailable("no endpoint answers: " + "; ".join(map(str, errors)), min(waits))
