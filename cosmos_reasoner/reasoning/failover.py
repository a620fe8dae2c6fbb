"""An ordered list of endpoints: the first that answers is taken, and one that fails is left alone for a while."""

import asyncio
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from cosmos_reasoner.clips.clip import Clip
from cosmos_reasoner.errors import EndpointError, EndpointUnavailable, Remedy
from cosmos_reasoner.reasoning.exchange import Listener
from cosmos_reasoner.reasoning.result import Result
from cosmos_reasoner.reasoning.scheduler import Priority
from cosmos_reasoner.reasoning.time_budget import TimeBudget
from cosmos_reasoner.reasoning.visit import BACKOFF, Job, Route, Visit, half_time
from cosmos_reasoner.tasks.task import Question

__all__ = ["Failover"]

_SECOND_THOUGHTS = 1.0
"""s; a connection that broke by chance is there again by then."""

_LONGEST_BACKOFF = 2.0
"""s; no longer than that is an endpoint left waiting that is well again."""


class Failover:
    """Brings questions to the first endpoint of a list that answers.

    The list is gone through in its order: an error says whether the same endpoint is asked again or the next one. An
    endpoint that its breaker holds back is passed over; when it lets a question through again, the endpoint has its old
    place. When none has answered, those whose trouble may pass are asked again, as long as half of the time is left for
    the answer.

    Args:
        routes: At least one, the preferred one first.
        chance: Draws the waits.
    """

    def __init__(self, routes: Sequence[Route], chance: Random) -> None:
        self.routes = tuple(routes)
        self.answering = self.routes[0]
        """Who answered last."""
        self._chance = chance

    async def answer(
        self,
        question: Question,
        clip: Clip,
        budget: TimeBudget,
        listener: Listener | None,
        *,
        waits: bool = True,
        priority: Priority = Priority.REQUEST,
    ) -> Result:
        """Ask one question.

        Args:
            question: What is asked; it fits its task.
            clip: What is seen.
            budget: How long the caller will wait.
            listener: Is told what the model writes while it writes it, and Part.RESTART when that is void.
            waits: Whether to wait more than a second for an endpoint that may get well. Who asks again and again rather
                asks later, and about a newer clip.
            priority: Who goes first at an endpoint.

        Raises:
            FrameError: A camera's frames cannot be decoded.
            EndpointError: What the only endpoint failed with. Of several: RequestRejected when all rejected it, else
                EndpointUnavailable.
        """
        job = Job(question, clip, budget, listener, priority)
        latest = half_time(budget) if waits else min(half_time(budget), budget.spent + _SECOND_THOUGHTS)
        backoff = BACKOFF
        failures: dict[Route, _Failure] = {}
        while True:
            routes = [route for route in self.routes if route not in failures or failures[route].may_pass]
            for index, route in enumerate(routes):
                try:
                    result = await Visit(route, job, routes[index + 1 :]).answer(self._chance)
                except EndpointError as error:
                    failures[route] = _Failure(error, budget.spent + (error.retry_after or 0.0))
                else:
                    self.answering = route
                    return result
            wait = _soonest(failures, budget.spent) + self._chance.uniform(0.0, backoff)
            if budget.spent + wait > latest:
                raise _of_all(failures)
            await asyncio.sleep(wait)
            backoff = min(2 * backoff, _LONGEST_BACKOFF)


@dataclass(frozen=True, slots=True)
class _Failure:
    """Why an endpoint did not answer, and when it may be asked again, s since the request."""

    error: EndpointError
    until: float

    @property
    def may_pass(self) -> bool:
        return self.error.remedy is Remedy.RETRY


def _soonest(failures: Mapping[Route, _Failure], now: float) -> float:
    """How long to wait until one of the endpoints may answer after all, s; infinite when waiting does not help."""
    waits = [
        max(failure.until - now, route.breaker.seconds_left, 0.0)
        for route, failure in failures.items()
        if failure.may_pass
    ]
    return min(waits, default=math.inf)


def _of_all(failures: Mapping[Route, _Failure]) -> EndpointError:
    """One error of all."""
    errors = [failure.error for failure in failures.values()]
    if len(errors) == 1 or all(error.remedy is Remedy.GIVE_UP for error in errors):
        return errors[0]
    waits = [route.breaker.seconds_left for route in failures]
    return EndpointUnavailable("no endpoint answers: " + "; ".join(map(str, errors)), min(waits))
