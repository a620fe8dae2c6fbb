"""A clip and a question in, a result out. The node, the services, the command line: all come through here."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import replace
from random import Random

from cosmos_reasoner.clips.clip import Clip
from cosmos_reasoner.endpoints.breaker import CircuitBreaker
from cosmos_reasoner.endpoints.client import ChatEndpoint
from cosmos_reasoner.reasoning.exchange import Listener
from cosmos_reasoner.reasoning.failover import Failover
from cosmos_reasoner.reasoning.inquiry import Inquiry
from cosmos_reasoner.reasoning.rankings.orderings import check_actions
from cosmos_reasoner.reasoning.result import Result
from cosmos_reasoner.reasoning.scheduler import Priority
from cosmos_reasoner.reasoning.time_budget import TimeBudget
from cosmos_reasoner.reasoning.visit import Route
from cosmos_reasoner.tasks.library import TaskLibrary
from cosmos_reasoner.tasks.prompt import MAX_OPTIONS, render
from cosmos_reasoner.tasks.task import AnswerType, Question, RankingMethod

__all__ = ["Reasoner"]


class Reasoner:
    """Asks endpoints about clips.

    Args:
        endpoints: Who answers: the first that can.
        tasks: What can be asked.
        orderings: In how many orderings the actions of a ranking are asked at most; pairs are asked in both.
        pool: Where clips are encoded; None for asyncio's own threads.
        clock: Monotonic, s; says when an endpoint that failed is asked again.
        chance: Draws the waits before retries; None for one of its own.
        method: How rankings are made whose question leaves it open.
    """

    def __init__(
        self,
        endpoints: Sequence[ChatEndpoint],
        tasks: TaskLibrary,
        orderings: int = 8,
        pool: Executor | None = None,
        clock: Callable[[], float] = time.monotonic,
        chance: Random | None = None,
        method: RankingMethod = RankingMethod.AUTO,
    ) -> None:
        self.tasks = tasks
        routes = [
            Route(each, Inquiry(each, tasks, orderings, pool, method), CircuitBreaker(clock)) for each in endpoints
        ]
        self.failover = Failover(routes, chance or Random())

    async def reason(
        self,
        question: Question,
        clip: Clip,
        budget: TimeBudget | None = None,
        listener: Listener | None = None,
        *,
        waits: bool = True,
        priority: Priority = Priority.REQUEST,
    ) -> Result:
        """Ask one question about a clip.

        A reply that cannot be read gives a result without an answer, status DEFECTIVE, and the defects that say why.

        Args:
            question: What is asked.
            clip: What is seen.
            budget: How long the caller will wait; None for ever. What of it is spent already counts as queueing.
            listener: Is told what the model writes while it writes it; of a ranking, in its first ordering. After a
                piece of Part.RESTART, what was told before is void.
            waits: Whether to wait more than a second for an endpoint that may get well.
            priority: Who goes first where an endpoint takes no more requests at once.

        Raises:
            InvalidRequest: The question does not fit its task.
            FrameError: A frame of the clip cannot be decoded.
            TimeBudgetExceeded: No answer within the budget.
            EndpointError: The endpoints could not be reached, refused, or failed.
        """
        budget = budget or TimeBudget()
        self.check(question)
        return await budget.hold(self.failover.answer(question, clip, budget, listener, waits=waits, priority=priority))

    def check(self, question: Question) -> None:
        """Refuse a question that cannot be asked, before anything is done for it.

        Raises:
            InvalidRequest: It does not fit its task; the message says why.
        """
        task = self.tasks.named(question.task)
        if task.answer is AnswerType.RANKING:
            check_actions(question.actions)
            question = replace(question, actions=question.actions[:MAX_OPTIONS])
        render(task, question, None, self.failover.routes[0].endpoint.profile.prompting.style)
