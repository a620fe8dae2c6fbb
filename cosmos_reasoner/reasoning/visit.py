"""A question at one endpoint: asked again where that helps, left when it falls silent, and reported to its breaker."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from cosmos_reasoner.clips.clip import Clip
from cosmos_reasoner.endpoints.breaker import CircuitBreaker
from cosmos_reasoner.endpoints.client import ChatEndpoint
from cosmos_reasoner.errors import EndpointError, EndpointSilent, EndpointUnavailable, QuotaExhausted, Remedy
from cosmos_reasoner.reasoning.exchange import Listener
from cosmos_reasoner.reasoning.inquiry import Inquiry
from cosmos_reasoner.reasoning.result import Result
from cosmos_reasoner.reasoning.scheduler import Priority
from cosmos_reasoner.reasoning.signs import Signs
from cosmos_reasoner.reasoning.time_budget import TimeBudget
from cosmos_reasoner.replies.live import Part, Piece
from cosmos_reasoner.tasks.task import Question

__all__ = ["BACKOFF", "Job", "Route", "Visit", "half_time"]

BACKOFF = 0.25
"""s before the first retry at most, doubling with each; the wait itself is drawn evenly from 0 (full jitter), so that
those whom a server turned away together do not come back together."""

_RETRIES = 2
"""How often an endpoint is asked again while another one could be asked."""

_SILENCE = 2.0
"""s; an endpoint that had less says nothing about itself by writing nothing."""

_PATIENCE = 60.0
"""s; what counts as half of the time of a question without a budget."""

_GLANCE = 0.1
"""s between two looks at whether the others are free."""

_OVER = 0.001
"""s; a budget with less left has run out."""


def half_time(budget: TimeBudget) -> float:
    """When half of the time that is left now will be over, in s since the request."""
    return budget.spent + (_PATIENCE if budget.left is None else budget.left / 2)


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


class Job:
    """A question, and what belongs to it whoever is asked.

    Args:
        question: What is asked; it fits its task.
        clip: What is seen.
        budget: How long the caller will wait.
        listener: Is told what the model writes while it writes it, and Part.RESTART when that is void.
        priority: Who goes first at an endpoint.
    """

    def __init__(
        self, question: Question, clip: Clip, budget: TimeBudget, listener: Listener | None, priority: Priority
    ) -> None:
        self.question = question
        self.clip = clip
        self.budget = budget
        self.priority = priority
        self.failed_at: set[Route] = set()
        """Where it was not answered so far."""
        self._listener = listener
        self._told: list[Piece] = []

    def tell(self, piece: Piece) -> None:
        """Pass on what the model writes."""
        self._told.append(piece)
        if self._listener:
            self._listener(piece)

    def restart(self) -> None:
        """Take back what was told."""
        if self._told:
            self.tell(Piece(Part.RESTART, ""))
        self._told.clear()

    def correct(self, result: Result) -> None:
        """Tell anew what turned out otherwise than it was told, as where a reply was asked for twice."""
        final = {Part.THINK: result.think, Part.ANSWER: result.reply}
        if any(self._told_of(part).strip() != text.strip() for part, text in final.items()):
            self.restart()
            for part, text in final.items():
                if text:
                    self.tell(Piece(part, text))

    def _told_of(self, part: Part) -> str:
        return "".join(piece.text for piece in self._told if piece.part is part)


class Visit:
    """One question's visit to one endpoint, from its first attempt there to its last.

    Args:
        route: The endpoint.
        job: The question.
        others: The endpoints that it could go to from here.
    """

    def __init__(self, route: Route, job: Job, others: Sequence[Route]) -> None:
        self._route = route
        self._job = job
        self._others = others
        self._half = half_time(job.budget)
        self._allowed = self._half - job.budget.spent
        self._signs = Signs(job.budget)

    async def answer(self, chance: Random) -> Result:
        """Ask, and where it helps ask again, as long as half of the time is left for the others.

        Args:
            chance: Draws the waits.

        Raises:
            FrameError: A camera's frames cannot be decoded.
            EndpointError: The last failure; EndpointUnavailable when the breaker held the question back.
        """
        failure: EndpointError | None = None
        for retry in range(_RETRIES + 1):
            ticket = self._route.breaker.admit()
            if ticket is None:
                break
            try:
                return await self._attempt(ticket)
            except EndpointError as error:
                failure = error
            wait = (failure.retry_after or 0.0) + chance.uniform(0.0, BACKOFF * 2**retry)
            if failure.remedy is not Remedy.RETRY or retry == _RETRIES or not self._is_worth(wait):
                break
            await asyncio.sleep(wait)
        raise failure or _held(self._route)

    def _is_worth(self, wait: float) -> bool:
        """Whether to ask here again before the others: where there is none, the list is gone through again."""
        in_time = self._job.budget.spent + wait <= self._half
        return in_time and self._others_are_free and self._route.breaker.seconds_left <= wait

    @property
    def _others_are_free(self) -> bool:
        return any(other.breaker.is_free for other in self._others)

    async def _attempt(self, ticket: int) -> Result:
        """Ask once, and let the breaker know how it went."""
        self._job.restart()
        try:
            result = await self._hear()
        except BaseException as error:
            self._report(ticket, self._failure(error))
            raise
        _settle(self._route, ticket)
        self._job.correct(result)
        return result

    async def _hear(self) -> Result:
        """Ask, and leave an endpoint that writes nothing for half of the time, while there is another one."""
        job, self._signs = self._job, Signs(self._job.budget)
        answer = asyncio.ensure_future(
            self._route.inquiry.answer(job.question, job.clip, job.budget, job.tell, self._signs, job.priority)
        )
        try:
            while not answer.done():
                if self._is_dumb and self._others_are_free:
                    raise self._silent()
                await asyncio.wait({answer}, timeout=max(_GLANCE, self._allowed - self._signs.silence))
            return answer.result()
        finally:
            answer.cancel()
            await asyncio.wait({answer})

    @property
    def _is_dumb(self) -> bool:
        """Whether nothing was written for so long that nothing more is expected, though there is no answer yet."""
        streaming = self._route.endpoint.profile.streaming
        return streaming and not self._signs.has_answered and self._signs.silence >= self._allowed

    def _silent(self) -> EndpointSilent:
        return EndpointSilent(f"{self._route.endpoint.base_url} wrote nothing for {self._signs.silence:.1f} s")

    def _failure(self, error: BaseException) -> EndpointError | None:
        """What the end of an attempt says of the endpoint; None for nothing, as when it had hardly time to answer."""
        budget = self._job.budget
        if isinstance(error, asyncio.CancelledError) and budget.left is not None and budget.left < _OVER:
            was_silent = self._signs.silence >= self._allowed
            error = self._silent() if was_silent else error
        if isinstance(error, EndpointSilent):
            return error if self._signs.silence >= _SILENCE else None
        return error if isinstance(error, EndpointError) else None

    def _report(self, ticket: int, failure: EndpointError | None) -> None:
        if failure:
            again = self._route in self._job.failed_at
            self._route.breaker.failed(ticket, failure, again=again)
            self._job.failed_at.add(self._route)
        else:
            self._route.breaker.withdrawn(ticket)


def _settle(route: Route, ticket: int) -> None:
    """Note an answer; if it was the last of the day, ask no more until there may be others."""
    quota = route.endpoint.quota
    if quota is not None and quota.is_used_up_today:
        last = f"{route.endpoint.base_url} grants nothing more until tomorrow"
        route.breaker.failed(ticket, QuotaExhausted(last))
    else:
        route.breaker.succeeded(ticket)


def _held(route: Route) -> EndpointUnavailable:
    seconds = route.breaker.seconds_left
    when = f"for another {seconds:.1f} s" if seconds else "while one question tries"
    return EndpointUnavailable(f"{route.name} is not asked {when}: {route.breaker.reason}", seconds)
