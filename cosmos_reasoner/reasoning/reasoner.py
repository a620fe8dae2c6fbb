"""A clip and a question in, a result out. The node, the services, the command line: all come through here."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import Executor

from cosmos_reasoner.clips.clip import Clip
from cosmos_reasoner.clips.encode import EncodedClip, encode
from cosmos_reasoner.endpoints.client import ChatEndpoint
from cosmos_reasoner.endpoints.request import build
from cosmos_reasoner.errors import UnreadableAnswer
from cosmos_reasoner.reasoning.assembly import Work, assemble
from cosmos_reasoner.reasoning.exchange import Exchange, Listener, converse
from cosmos_reasoner.reasoning.ranking import check_actions, combine, rotations
from cosmos_reasoner.reasoning.reading import constraint_of, read
from cosmos_reasoner.reasoning.result import Answer, Result
from cosmos_reasoner.reasoning.time_budget import TimeBudget
from cosmos_reasoner.replies.defects import Defect, DefectKind
from cosmos_reasoner.tasks.library import TaskLibrary
from cosmos_reasoner.tasks.prompt import render
from cosmos_reasoner.tasks.task import AnswerType, Question

__all__ = ["Reasoner"]

_GATHERING_SECONDS = 0.05
"""Kept of a ranking's budget to make one ranking of the orderings that were answered."""


class Reasoner:
    """Asks an endpoint about clips.

    Args:
        endpoint: Who answers.
        tasks: What can be asked.
        orderings: In how many orderings the actions of a ranking are asked at most.
        pool: Where clips are encoded; None for asyncio's own threads.
    """

    def __init__(
        self, endpoint: ChatEndpoint, tasks: TaskLibrary, orderings: int = 4, pool: Executor | None = None
    ) -> None:
        self.tasks = tasks
        self._endpoint = endpoint
        self._orderings = orderings
        self._pool = pool

    async def reason(
        self, question: Question, clip: Clip, budget: TimeBudget | None = None, listener: Listener | None = None
    ) -> Result:
        """Ask one question about a clip.

        A reply that cannot be read gives a result without an answer, status DEFECTIVE, and the defects that say why.

        Args:
            question: What is asked.
            clip: What is seen.
            budget: How long the caller will wait; None for ever. What of it is spent already counts as queueing.
            listener: Is told what the model writes while it writes it; of a ranking, in its first ordering.

        Raises:
            InvalidRequest: The question does not fit its task.
            FrameError: A frame of the clip cannot be decoded.
            TimeBudgetExceeded: No answer within the budget.
            EndpointError: The endpoint could not be reached, refused, or failed.
        """
        budget = budget or TimeBudget()
        self.check(question)
        return await budget.hold(self._reason(question, clip, budget, listener))

    def check(self, question: Question) -> None:
        """Refuse a question that cannot be asked, before anything is done for it.

        Raises:
            InvalidRequest: It does not fit its task; the message says why.
        """
        task = self.tasks.named(question.task)
        if task.answer is AnswerType.RANKING:
            check_actions(question.actions)
        render(task, question, None, self._endpoint.profile.prompting.style)

    async def _reason(self, question: Question, clip: Clip, budget: TimeBudget, listener: Listener | None) -> Result:
        queued = budget.spent
        encoded = await self._encode(clip)
        work = Work(question, clip, encoded, budget, queued, budget.spent - queued)
        if self.tasks.named(question.task).answer is AnswerType.RANKING:
            return await self._rank(work, listener)
        exchange = await self._ask(work, question, listener)
        try:
            answer, mended = read(exchange, question, encoded, self._endpoint.profile)
        except UnreadableAnswer as error:
            return self._unreadable(work, [exchange], error)
        return self._result(work, [exchange], answer, mended)

    async def _encode(self, clip: Clip) -> EncodedClip:
        encoding = self._endpoint.profile.media.encoding
        return await asyncio.get_running_loop().run_in_executor(self._pool, encode, clip, encoding)

    async def _ask(self, work: Work, question: Question, listener: Listener | None = None) -> Exchange:
        profile = self._endpoint.profile
        prompt = render(self.tasks.named(question.task), question, work.clip, profile.prompting.style)
        body = build(profile, prompt, work.encoded, constraint_of(prompt))
        return await converse(self._endpoint, prompt, body, listener)

    async def _rank(self, work: Work, listener: Listener | None) -> Result:
        """Ask the first ordering alone, so that the others find the clip in the endpoint's cache."""
        first, *others = rotations(work.question, self._orderings)
        asked = [(first, await self._ask(work, first, listener)), *await self._ask_all(work, others)]
        exchanges = [exchange for _, exchange in asked]
        try:
            return self._result(work, exchanges, combine(asked), ())
        except UnreadableAnswer as error:
            return self._unreadable(work, exchanges, error)

    async def _ask_all(self, work: Work, questions: Sequence[Question]) -> list[tuple[Question, Exchange]]:
        """Ask more orderings at once; those that fail or come too late are left out."""
        left = work.budget.left
        tasks = {asyncio.ensure_future(self._ask(work, question)): question for question in questions}
        if not tasks:
            return []
        try:
            done, _ = await asyncio.wait(tasks, timeout=None if left is None else max(0.0, left - _GATHERING_SECONDS))
        finally:
            for task in tasks:
                task.cancel()
        return [(question, task.result()) for task, question in tasks.items() if task in done and not task.exception()]

    def _result(
        self, work: Work, exchanges: Sequence[Exchange], answer: Answer | None, more: tuple[Defect, ...]
    ) -> Result:
        defects = exchanges[0].reply.defects + more
        return assemble(work, self._endpoint.profile, exchanges, answer, defects)

    def _unreadable(self, work: Work, exchanges: Sequence[Exchange], error: UnreadableAnswer) -> Result:
        return self._result(work, exchanges, None, (Defect(DefectKind.UNREADABLE, str(error)),))
