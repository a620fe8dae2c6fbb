"""Actions asked about in as many orderings as there is time for."""

import sys
from collections.abc import Coroutine, Sequence
from itertools import zip_longest
from typing import Any, Protocol

from cosmos_reasoner.reasoning.exchange import Exchange, Listener
from cosmos_reasoner.reasoning.rankings.ballots import Poll
from cosmos_reasoner.reasoning.rankings.finals import final_of, on_one_scale
from cosmos_reasoner.reasoning.rankings.orderings import groups, rotations
from cosmos_reasoner.reasoning.rankings.pairwise import comparisons, strengths
from cosmos_reasoner.reasoning.rankings.ranking import ranking_of
from cosmos_reasoner.reasoning.result import Ranking
from cosmos_reasoner.reasoning.signs import Signs
from cosmos_reasoner.reasoning.time_budget import TimeBudget
from cosmos_reasoner.reasoning.together import GATHERING_SECONDS, all_of, whatever_comes
from cosmos_reasoner.tasks.task import Question, RankingMethod

__all__ = ["Ask", "Ranker"]

_SHORTEST = 0.001
"""s; no reply takes less."""

_Request = tuple[Poll, Question]


class Ask(Protocol):
    """Asks one ordering; `rounds` is how many requests follow each other from this one on."""

    def __call__(
        self, question: Question, listener: Listener | None = None, rounds: int = 1
    ) -> Coroutine[Any, Any, Exchange]:
        """Ask."""


class Ranker:
    """One ranking on its way.

    The first ordering is asked alone, or that of each group together, so that the others find the clip in the
    endpoint's cache; how long it took tells for how many more there is time.

    Args:
        ask: Asks one ordering.
        budget: How long the caller will wait.
        signs: Shows those who wait when there is enough for a ranking.
        concurrency: Requests at once.
        orderings: In how many orderings the same actions are asked about at most; pairs always in both.

    Attributes:
        exchanges: What came, the first ordering first.
    """

    def __init__(self, ask: Ask, budget: TimeBudget, signs: Signs, concurrency: int, orderings: int) -> None:
        self.exchanges: list[Exchange] = []
        self._ask = ask
        self._budget = budget
        self._signs = signs
        self._concurrency = concurrency
        self._orderings = orderings
        self._polls: list[Poll] = []
        self._planned = 0
        self._pace = 0.0
        self._notes: list[str] = []

    async def rank(self, question: Question, listener: Listener | None = None) -> Ranking:
        """Rank the actions of a question.

        Args:
            question: With 2 to 64 actions, and any method but AUTO.
            listener: Is told what the model writes in the first ordering.

        Raises:
            UnreadableAnswer: What could be read of the replies is no ranking of all actions.
            EndpointError: The first ordering could not be asked.
        """
        if question.method is RankingMethod.PAIRWISE:
            shares = await self._by_pairs(question, listener)
        else:
            shares = await self._by_orderings(question, listener)
        return ranking_of(question, shares, self._polls)

    @property
    def mended(self) -> bool:
        """Whether an answer had to be mended before it could be read."""
        return any(ballot.mended for poll in self._polls for ballot in poll.ballots)

    def note(self, what: str) -> str:
        """Say what is missing; empty when nothing is.

        Args:
            what: Was asked, in the plural.
        """
        asked = sum(poll.asked for poll in self._polls)
        lost = asked - sum(poll.answered for poll in self._polls)
        unread = asked - lost - sum(len(poll.ballots) for poll in self._polls)
        said = {
            f"{asked} of {self._planned} {what}: no time for more": asked < self._planned,
            f"{lost} of {asked} {what} were not answered": lost,
            f"{unread} of {asked} {what} could not be read": unread,
        }
        return "; ".join([text for text, holds in said.items() if holds] + self._notes)

    async def _by_orderings(self, question: Question, listener: Listener | None) -> dict[str, float]:
        """Ask about all actions, or about groups of them side by side and about the best of each in a final."""
        heats = [Poll(group) for group in groups(question)]
        final = int(len(heats) > 1)
        await self._open([(heat, heat.question) for heat in heats], listener, after=final + (self._orderings > 1))
        self._signs.has_answered = True
        left = self._left
        seconds = left if left is None or not final else left * len(heats) / (len(heats) + 1)
        count = min(self._orderings, 1 + self._room(seconds) // len(heats))
        plans = [[(heat, each) for each in rotations(heat.question, count)[1:]] for heat in heats]
        await self._collect([each for row in zip_longest(*plans) for each in row if each], seconds, after=final)
        self._planned += sum(len(rotations(heat.question, self._orderings)) for heat in heats)
        return await self._final(question, heats) if final else heats[0].shares

    async def _final(self, question: Question, heats: Sequence[Poll]) -> dict[str, float]:
        final = Poll(final_of(question, heats))
        self._planned += len(rotations(final.question, self._orderings))
        count = min(self._orderings, max(self._concurrency, self._room(self._left)))
        await self._collect([(final, each) for each in rotations(final.question, count)], self._left)
        if not final.ballots:
            self._notes.append(f"no final was answered: the {len(heats)} groups of actions have the same weight")
        return on_one_scale([heat.shares for heat in heats], final.shares if final.ballots else {})

    async def _by_pairs(self, question: Question, listener: Listener | None) -> dict[str, float]:
        """Ask about pairs; those that connect all actions first, and of the others as many as there is time for."""
        polls: dict[frozenset[str], Poll] = {}
        plan = [(polls.setdefault(_ids(pair), Poll(pair)), pair) for pair in comparisons(question)]
        ring, rest = plan[: len(question.actions)], plan[len(question.actions) :]
        self._planned = len(plan)
        await self._open(ring[:1], listener, after=1 + self._rounds(len(ring) - 1))
        await self._collect(ring[1:], self._left, after=1)
        self._signs.has_answered = sum(bool(poll.ballots) for poll in polls.values()) >= len(question.actions) - 1
        await self._collect(rest[: self._room(self._left)], self._left)
        return strengths(question, self._polls)

    async def _open(self, requests: Sequence[_Request], listener: Listener | None, after: int) -> None:
        """Ask what cannot be done without, and learn how long a request takes."""
        began = self._budget.spent
        listeners = [listener] + [None] * len(requests)
        exchanges = await all_of(
            self._ask(question, heard, rounds)
            for (_, question), heard, rounds in zip(requests, listeners, self._turns(len(requests), after))
        )
        self._pace = max(_SHORTEST, (self._budget.spent - began) / self._rounds(len(requests)))
        self._count(requests, exchanges)

    async def _collect(self, requests: Sequence[_Request], seconds: float | None, after: int = 0) -> None:
        """Ask more, and do without those that fail or take longer."""
        turns = self._turns(len(requests), after)
        asking = (self._ask(question, None, rounds) for (_, question), rounds in zip(requests, turns))
        self._count(requests, await whatever_comes(asking, seconds))

    def _count(self, requests: Sequence[_Request], exchanges: Sequence[Exchange | None]) -> None:
        for (poll, question), exchange in zip(requests, exchanges):
            poll.count(question, exchange)
            if poll not in self._polls:
                self._polls.append(poll)
        self.exchanges += [exchange for exchange in exchanges if exchange]

    @property
    def _left(self) -> float | None:
        """s for more requests; None for no limit."""
        left = self._budget.left
        return None if left is None else max(0.0, left - GATHERING_SECONDS)

    def _room(self, seconds: float | None) -> int:
        """How many more requests there is time for."""
        return sys.maxsize if seconds is None else int(seconds / self._pace) * self._concurrency

    def _rounds(self, requests: int) -> int:
        """How many follow each other when so many are asked."""
        return -(-requests // self._concurrency)

    def _turns(self, requests: int, after: int) -> list[int]:
        """How many follow each other from each request on, itself and those `after` all of these included."""
        return [after + self._rounds(requests) - index // self._concurrency for index in range(requests)]


def _ids(question: Question) -> frozenset[str]:
    return frozenset(action.id for action in question.actions)
