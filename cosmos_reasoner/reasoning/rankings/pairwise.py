"""Actions compared two by two, and their strengths from all comparisons."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from cosmos_reasoner.errors import UnreadableAnswer
from cosmos_reasoner.reasoning.rankings.ballots import Poll
from cosmos_reasoner.replies.levels import Origin
from cosmos_reasoner.tasks.task import Question

__all__ = ["bradley_terry", "comparisons", "strengths"]

_ALL_PAIRS = 8
"""Actions up to which each is compared with each."""

_DRAWS = {Origin.VOTE: 0.3, Origin.LOGPROB: 0.01}
"""Virtual draws for each pair that was compared, so that who won always is not infinitely stronger. A vote is one throw
of the dice, a probability is not. These left scores least off in simulations of 5 to 64 actions of known strengths."""

_PRECISE = 1e-9
_DECIMALS = 8
"""Of the log-strengths, so that actions which are equally strong are so exactly and not by their order."""
_STEPS = 500
"""More than are taken: 64 actions of which each is sure to win against all that follow it take 160."""


def comparisons(question: Question) -> list[Question]:
    """The pairs that are asked about, by their distance on the ring of the actions, each pair in both orders.

    Up to eight actions, all distances: each action meets each other. Beyond, distances 1, m and m * m with the largest
    m whose cube is no more than the number of actions: each action meets six others, and any two are few comparisons
    apart, which they would not be if only neighbours met. The first n connect all actions; in them, as in all, each
    stands first as often as second.

    Args:
        question: With n actions.
    """
    n = len(question.actions)
    if n <= _ALL_PAIRS:
        distances: Sequence[int] = range(1, n // 2 + 1)
    else:
        m = max(m for m in (2, 3, 4) if m**3 <= n)
        distances = (1, m, m * m)
    return [pair for distance in distances for pair in _at_distance(question, distance)]


def _at_distance(question: Question, distance: int) -> list[Question]:
    actions = question.actions
    n = len(actions)
    count = distance if 2 * distance == n else n  # opposite ones would meet twice
    pairs = [(actions[k], actions[(k + distance) % n]) for k in range(count)]
    return [replace(question, actions=pair) for pair in (*pairs, *((other, one) for one, other in pairs))]


def strengths(question: Question, polls: Sequence[Poll]) -> dict[str, float]:
    """Shares of all actions from the ballots about pairs of them.

    Args:
        question: All actions.
        polls: One a pair.

    Raises:
        UnreadableAnswer: The ballots leave some actions without any chain of comparisons to the others.
    """
    place = {action.id: index for index, action in enumerate(question.actions)}
    wins = np.zeros((len(place), len(place)))
    for poll in polls:
        one, other = (place[action.id] for action in poll.question.actions)
        for ballot in poll.ballots:
            draw = _DRAWS[ballot.origin] / len(poll.ballots)
            wins[one, other] += ballot.shares[question.actions[one].id] + draw / 2
            wins[other, one] += ballot.shares[question.actions[other].id] + draw / 2
    if lost := len(place) - _reached(wins > 0):
        raise UnreadableAnswer(f"{lost} of {len(place)} actions were not compared with the others")
    return dict(zip(place, bradley_terry(wins).tolist()))


def bradley_terry(wins: NDArray[np.float64]) -> NDArray[np.float64]:
    """Strengths under which the wins are likeliest, where i beats j with probability s[i] / (s[i] + s[j]).

    Logistic regression on the logarithms of the strengths, in which the likelihood is concave (D. R. Hunter, "MM
    algorithms for generalized Bradley-Terry models", Annals of Statistics 32(1), 2004), by Newton's method. No step
    changes the log-odds of a comparison by more than 1, so that each gains likelihood (F. Bach, "Self-concordant
    analysis for logistic regression", Electronic Journal of Statistics 4, 2010). It takes fractions of wins too.

    Args:
        wins: NxN; how often i beat j. Everybody must have won against somebody, and all be connected by comparisons.

    Returns:
        N strengths, together 1.
    """
    games, won = wins + wins.T, wins.sum(axis=1)
    logs: NDArray[np.float64] = np.zeros(len(wins))
    for _ in range(_STEPS):
        chances = 1 / (1 + np.exp(-np.subtract.outer(logs, logs)))
        curvature = games * chances * chances.T
        hessian = np.diag(curvature.sum(axis=1)) - curvature + 1 / len(wins)  # singular without: all may grow alike
        step = np.linalg.solve(hessian, won - (games * chances).sum(axis=1))
        change = np.abs(np.subtract.outer(step, step))[games > 0].max()
        logs += step / max(1.0, change)
        if change <= _PRECISE:
            break
    shares: NDArray[np.float64] = np.exp(np.round(logs - logs.max(), _DECIMALS))
    shares /= shares.sum()
    return shares


def _reached(met: NDArray[np.bool_]) -> int:
    """How many can be reached from the first."""
    reached = np.arange(len(met)) == 0
    for _ in range(len(met)):
        reached = reached | met[reached].any(axis=0)
    return int(reached.sum())
