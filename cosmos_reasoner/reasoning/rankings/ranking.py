"""One ranking out of all ballots."""

import math
from collections.abc import Mapping, Sequence
from statistics import fmean

from cosmos_reasoner.reasoning.rankings.ballots import Poll
from cosmos_reasoner.reasoning.result import RankedAction, Ranking
from cosmos_reasoner.replies.levels import Origin
from cosmos_reasoner.tasks.task import Question

__all__ = ["ranking_of"]


def ranking_of(question: Question, shares: Mapping[str, float], polls: Sequence[Poll]) -> Ranking:
    """Put a ranking together.

    Actions of the same score stand in the order of their ids, so that the caller's order decides nothing. What an
    action leads to, and why, comes from the first reply that says it.

    Args:
        question: With all actions, and the method.
        shares: Of each action by its id; together 1.
        polls: All ballots, of which there is at least one; those about the same actions together.
    """
    ballots = [ballot for poll in polls for ballot in poll.ballots]
    lines: dict[str, tuple[str, str]] = {}
    for ballot in ballots:
        lines = {name: line for name, line in ballot.lines.items() if any(line)} | lines
    ranked = [RankedAction(action, shares[action.id], *lines.get(action.id, ("", ""))) for action in question.actions]
    swings = [swing for poll in polls for swing in poll.swings]
    return Ranking(
        goal=question.goal,
        actions=tuple(sorted(ranked, key=lambda entry: (-entry.score, entry.action.id))),
        method=question.method,
        origin=Origin(min(ballot.origin for ballot in ballots)),
        entropy=_entropy([*shares.values()]),
        order_sensitivity=fmean(swings) if swings else None,
        asked=sum(poll.asked for poll in polls),
        orderings=len(ballots),
    )


def _entropy(shares: Sequence[float]) -> float:
    nats = abs(sum(share * math.log(share) for share in shares if share > 0))
    return min(1.0, nats / math.log(len(shares)))
