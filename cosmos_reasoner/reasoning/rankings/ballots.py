"""What each reply says of the actions that it was asked about."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from statistics import fmean

from cosmos_reasoner.errors import UnreadableAnswer
from cosmos_reasoner.reasoning.exchange import Exchange
from cosmos_reasoner.reasoning.reading import option_probabilities
from cosmos_reasoner.replies.choice import read_choice
from cosmos_reasoner.replies.levels import Origin
from cosmos_reasoner.replies.option_lines import read_option_lines
from cosmos_reasoner.replies.scores import read_scores
from cosmos_reasoner.tasks.task import Question, RankingMethod

__all__ = ["Ballot", "Poll", "read_ballot"]

Shares = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Ballot:
    """What one reply to one ordering says.

    Attributes:
        shares: Of each action by its id, in the order in which they were asked; together 1.
        origin: Where they come from.
        lines: Expected outcome and rationale of each action by its id; empty texts where there is none.
        mended: Whether the answer had to be mended before it could be read.
    """

    shares: Shares
    origin: Origin
    lines: Mapping[str, tuple[str, str]]
    mended: bool = False


def read_ballot(question: Question, exchange: Exchange) -> Ballot:
    """Read one reply.

    Args:
        question: The ordering that was asked, with its method.
        exchange: The reply.

    Raises:
        UnreadableAnswer: It says nothing of which action is best.
    """
    ids = [action.id for action in question.actions]
    lines = dict(zip(ids, read_option_lines(exchange.reply.think, exchange.prompt.options)))
    if question.method is RankingMethod.SELF_REPORTED:
        shares, mended = read_scores(exchange.reply.answer, len(ids))
        return Ballot(dict(zip(ids, shares)), Origin.SELF_REPORTED, lines, mended)
    best = read_choice(exchange.reply.answer, exchange.prompt.options)
    known = () if question.method is RankingMethod.VOTE else option_probabilities(exchange)
    if known:
        return Ballot(dict(zip(ids, known)), Origin.LOGPROB, lines)
    return Ballot({name: float(index == best) for index, name in enumerate(ids)}, Origin.VOTE, lines)


class Poll:
    """The ballots about the same actions, in whatever orderings they were asked.

    Args:
        question: About these actions.

    Attributes:
        question: The same.
        ballots: What could be read, in the order of asking.
        asked: How many replies were asked for.
        answered: How many came.
    """

    def __init__(self, question: Question) -> None:
        self.question = question
        self.ballots: list[Ballot] = []
        self.asked = 0
        self.answered = 0
        self._failure = UnreadableAnswer("no ordering was answered")

    def count(self, question: Question, exchange: Exchange | None) -> None:
        """Count one ordering that was asked.

        Args:
            question: The ordering.
            exchange: Its reply; None when none came.
        """
        self.asked += 1
        if exchange is None:
            return
        self.answered += 1
        try:
            self.ballots.append(read_ballot(question, exchange))
        except UnreadableAnswer as error:
            self._failure = error

    @property
    def shares(self) -> dict[str, float]:
        """Mean of the ballots by action id.

        Raises:
            UnreadableAnswer: There are none; the message is that of the last reply.
        """
        if not self.ballots:
            raise self._failure
        return _mean(self.ballots)

    @property
    def swings(self) -> list[float]:
        """How far each distinct ordering's mean is from the mean of all, as total variation; empty for one ordering."""
        by_order: dict[tuple[str, ...], list[Ballot]] = {}
        for ballot in self.ballots:
            by_order.setdefault(tuple(ballot.shares), []).append(ballot)
        if len(by_order) < 2:
            return []
        mean = _mean(self.ballots)
        return [_distance(_mean(ballots), mean) for ballots in by_order.values()]


def _mean(ballots: Collection[Ballot]) -> dict[str, float]:
    names = [action for ballot in ballots for action in ballot.shares]
    return {name: fmean(ballot.shares[name] for ballot in ballots) for name in dict.fromkeys(names)}


def _distance(one: Shares, other: Shares) -> float:
    return sum(abs(one[name] - other[name]) for name in other) / 2
