"""An ordered list of endpoints: the first that answers is taken, and one that fails is left alone for a while."""

import asyncio
import math
from collections.abc import Mapping, Sequence
from random import Random

from cosmos_reasoner.clips.clip import Clip
from cosmos_reasoner.errors import EndpointError, EndpointUnavailable, Remedy
from cosmos_reasoner.reasoning.exchange import Listener
from cosmos_reasoner.reasoning.result import Result
from cosmos_reasoner.reasoning.time_budget import TimeBudget
from cosmos_reasoner.reasoning.visit import BACKOFF, Job, Route, Visit, half_time
from cosmos_reasoner.tasks.task import Question

__all__ = ["Failover"]

_LONGEST_BACKOFF = 2.0
"""s; no longer than that is an endpoint left waiting that is well again."""


class Failover:
    """Brings questions to the first endpoint of a list that answers.

    The list is gone through in its order: an error says whether the same endpoint is asked again or the next one. An
    endpoint that its breaker holds back is passed over; when it lets a question through again, the endpoint has its old
    place. When none has answered and waiting may help, the list is gone through again, as long as half of the time is
    left for the answer.

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
            EndpointError: RequestRejected where an endpoint would not take it and no other one did; else what the only
                endpoint failed with, or EndpointUnavailable when there are several, or none could be asked.
        """
        job = Job(question, clip, budget, listener)
        latest, backoff = half_time(budget), BACKOFF
        while True:
            failures: dict[Route, EndpointError] = {}
            for index, route in enumerate(self.routes):
                is_last = all(other.breaker.seconds_left for other in self.routes[index + 1 :])
                try:
                    result = await Visit(route, job, is_last=is_last).answer(self._chance)
                except EndpointError as error:
                    failures[route] = error
                else:
                    self.answering = route
                    return result
            wait = _soonest(failures) + self._chance.uniform(0.0, backoff)
            if budget.spent + wait > latest:
                raise _of_all(failures)
            await asyncio.sleep(wait)
            backoff = min(2 * backoff, _LONGEST_BACKOFF)


def _soonest(failures: Mapping[Route, EndpointError]) -> float:
    """How long to wait until one of the endpoints may answer after all, s; infinite when waiting does not help."""
    if any(error.remedy is Remedy.GIVE_UP for error in failures.values()):
        return math.inf
    waits = [
        max(error.retry_after or 0.0, route.breaker.seconds_left)
        for route, error in failures.items()
        if error.remedy is Remedy.RETRY
    ]
    return min(waits, default=math.inf)


def _of_all(failures: Mapping[Route, EndpointError]) -> EndpointError:
    """One error of all."""
    errors = list(failures.values())
    rejected = [error for error in errors if error.remedy is Remedy.GIVE_UP]
    if rejected or len(errors) == 1:
        return (rejected or errors)[0]
    waits = [route.breaker.seconds_left for route in failures]
    return EndpointUnavailable("no endpoint answers: " + "; ".join(map(str, errors)), min(waits))
