"""A question about a clip, brought to one endpoint."""

import asyncio
import math
import time
from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import replace
from functools import partial
from typing import Any

from cosmos_reasoner.clips.clip import Clip
from cosmos_reasoner.clips.encode import encode
from cosmos_reasoner.endpoints.client import ChatEndpoint
from cosmos_reasoner.endpoints.clip_tokens import clip_tokens, text_alone
from cosmos_reasoner.endpoints.request import build
from cosmos_reasoner.errors import UnreadableAnswer
from cosmos_reasoner.reasoning.assembly import Work, assemble
from cosmos_reasoner.reasoning.clip_check import altered
from cosmos_reasoner.reasoning.closing import conclude, think_deadline
from cosmos_reasoner.reasoning.exchange import Exchange, Listener, converse
from cosmos_reasoner.reasoning.rankings.ranker import Ranker
from cosmos_reasoner.reasoning.reading import constraint_of, read, score_of
from cosmos_reasoner.reasoning.result import Answer, Result
from cosmos_reasoner.reasoning.scheduler import Priority
from cosmos_reasoner.reasoning.signs import Signs
from cosmos_reasoner.reasoning.time_budget import TimeBudget
from cosmos_reasoner.reasoning.together import GATHERING_SECONDS, whatever_comes
from cosmos_reasoner.reasoning.turns import Turns
from cosmos_reasoner.replies.defects import Defect, DefectKind, repairs
from cosmos_reasoner.tasks.library import TaskLibrary
from cosmos_reasoner.tasks.prompt import Prompt, reasons, render
from cosmos_reasoner.tasks.task import AnswerType, Question, RankingMethod, Task

__all__ = ["Inquiry"]

_COUNTING_SECONDS = 0.1
"""What a whole reply waits at most for the count of its prompt's text, which is mostly there long before."""


class Inquiry:
    """Asks one endpoint about clips.

    Args:
        endpoint: Who answers.
        tasks: What can be asked.
        orderings: In how many orderings the actions of a ranking are asked at most.
        pool: Where clips are encoded; None for asyncio's own threads.
        method: How rankings are made whose question leaves it open.

    Attributes:
        turns: Requests at once.
    """

    def __init__(
        self,
        endpoint: ChatEndpoint,
        tasks: TaskLibrary,
        orderings: int,
        pool: Executor | None,
        method: RankingMethod,
    ) -> None:
        self._endpoint = endpoint
        self._tasks = tasks
        self._orderings = orderings
        self._pool = pool
        self._method = method
        self.turns = Turns(endpoint.profile.concurrency)

    async def answer(
        self,
        question: Question,
        clip: Clip,
        budget: TimeBudget,
        listener: Listener | None,
        signs: Signs,
        priority: Priority = Priority.REQUEST,
    ) -> Result:
        """Ask one question.

        Args:
            question: What is asked; it fits its task.
            clip: What is seen.
            budget: How long the caller will wait.
            listener: Is told what the model writes while it writes it.
            signs: Shows those who wait that the endpoint is at work.
            priority: Who goes first at this endpoint.

        Raises:
            FrameError: A camera's frames cannot be decoded.
            EndpointError: The endpoint could not be reached, refused, or failed.
        """
        queued = budget.spent
        if self._tasks.named(question.task).frames == "newest":
            clip = clip.newest_frames()
        media = self._endpoint.profile.media.suited_to(clip)
        encoded = await asyncio.get_running_loop().run_in_executor(self._pool, encode, clip, media.encoding)
        work = Work(question, clip, encoded, budget, queued, budget.spent - queued, signs, priority)
        if self._tasks.named(question.task).answer is AnswerType.RANKING:
            return await self._rank(work, listener)
        if self._tasks.named(question.task).samples > 1:
            return await self._score(work, listener)
        exchange = await self._ask(work, question, listener)
        try:
            answer, mended = read(exchange, question, encoded, self._endpoint.profile, start=clip.start)
        except UnreadableAnswer as error:
            return self._unreadable(work, [exchange], error)
        return self._result(work, [exchange], answer, mended)

    async def _ask(self, work: Work, question: Question, listener: Listener | None = None, rounds: int = 1) -> Exchange:
        """Ask in one wording when it is its turn, and see to it that an answer comes while there is time."""
        task = self._tasks.named(question.task)
        prompt, body = self._worded(work, task, question)
        ready = time.monotonic()
        async with self.turns.held(work.priority):
            waited = time.monotonic() - ready
            work.signs.beat()
            deadline = think_deadline(asyncio.get_running_loop().time(), work.budget.left, rounds)
            exchange = replace(await self._checked(work, prompt, body, listener, deadline), waited=waited)
            if not exchange.is_open:
                return exchange
            direct = task.model_copy(update={"reasoning": False})
            return await conclude(
                self._endpoint,
                exchange,
                body,
                constraint_of(prompt),
                lambda: self._worded(work, direct, question),
                listener,
                work.signs,
            )

    def _worded(self, work: Work, task: Task, question: Question) -> tuple[Prompt, dict[str, Any]]:
        profile = self._endpoint.profile
        prompt = render(task, question, work.clip, profile.prompting.style)
        timing = profile.media.suited_to(work.clip).time
        return prompt, build(profile, prompt, work.encoded, constraint_of(prompt), timing, question.sample)

    async def _checked(
        self, work: Work, prompt: Prompt, body: dict[str, Any], listener: Listener | None, think_until: float
    ) -> Exchange:
        """Ask, and compare what the endpoint saw with what was sent."""
        counting = asyncio.ensure_future(self._endpoint.count_tokens(text_alone(body["messages"])))
        try:
            exchange = await converse(self._endpoint, prompt, body, work.signs, listener, think_until=think_until)
            left = math.inf if work.budget.left is None else work.budget.left / 2
            await asyncio.wait({counting}, timeout=min(_COUNTING_SECONDS, left))
            text = counting.result() if counting.done() else None
        finally:
            counting.cancel()
        media = self._endpoint.profile.media
        clip = clip_tokens(work.encoded, media.rules, media.suited_to(work.clip).time)
        found = altered(prompt, work.encoded.frame_count, exchange.finish.prompt_tokens, clip, text)
        return replace(exchange, reply=replace(exchange.reply, defects=exchange.reply.defects + found))

    async def _rank(self, work: Work, listener: Listener | None) -> Result:
        ask = partial(self._ask, work)
        orderings = self._orderings if self._varies(work) else min(self._orderings, len(work.question.actions))
        ranker = Ranker(ask, work.budget, work.signs, self._endpoint.profile.concurrency, orderings)
        method = self._ranked_by(work.question)
        try:
            ranking = await ranker.rank(replace(work.question, method=method), listener)
        except UnreadableAnswer as error:
            return self._unreadable(work, ranker.exchanges, error)
        note = ranker.note("comparisons" if method is RankingMethod.PAIRWISE else "orderings")
        return self._result(work, ranker.exchanges, ranking, repairs(ranker.mended), note)

    def _ranked_by(self, question: Question) -> RankingMethod:
        """The method of a ranking: the question's, else the reasoner's, else what the endpoint allows."""
        for method in (question.method, self._method):
            if method is not RankingMethod.AUTO:
                return method
        return RankingMethod.LOGPROB if self._endpoint.profile.logprobs else RankingMethod.VOTE

    async def _score(self, work: Work, listener: Listener | None) -> Result:
        """Ask the same several times, with other seeds; the first alone, as for a ranking."""
        count = self._tasks.named(work.question.task).samples if self._varies(work) else 1
        first, *others = [replace(work.question, sample=work.question.sample + sample) for sample in range(count)]
        exchange = await self._ask(work, first, listener, rounds=2)
        work.signs.has_answered = True
        left = work.budget.left
        seconds = None if left is None else max(0.0, left - GATHERING_SECONDS)
        more = await whatever_comes((self._ask(work, other) for other in others), seconds)
        exchanges = [exchange, *filter(None, more)]
        try:
            score = score_of(exchanges)
        except UnreadableAnswer as error:
            return self._unreadable(work, exchanges, error)
        lost, unread = count - len(exchanges), len(exchanges) - score.samples
        said = {f"{lost} of {count} samples were not answered": lost, f"{unread} of {count} could not be read": unread}
        return self._result(work, exchanges, score, (), "; ".join(text for text, holds in said.items() if holds))

    def _varies(self, work: Work) -> bool:
        """Whether a second reply to the same question may say something else."""
        profile, task = self._endpoint.profile, self._tasks.named(work.question.task)
        return profile.sampling.draw(reasons(task, profile.prompting.style)).temperature > 0

    def _result(
        self, work: Work, exchanges: Sequence[Exchange], answer: Answer | None, more: tuple[Defect, ...], note: str = ""
    ) -> Result:
        defects = exchanges[0].reply.defects + more
        return assemble(work, self._endpoint.profile, exchanges, answer, defects, note)

    def _unreadable(self, work: Work, exchanges: Sequence[Exchange], error: UnreadableAnswer) -> Result:
        return self._result(work, exchanges, None, (Defect(DefectKind.UNREADABLE, str(error)),))
