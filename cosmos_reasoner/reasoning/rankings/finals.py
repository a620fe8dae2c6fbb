"""Groups of actions, and a final of the best of each, on one scale."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from cosmos_reasoner.reasoning.rankings.ballots import Poll
from cosmos_reasoner.tasks.task import Question

__all__ = ["final_of", "on_one_scale"]

_FINALISTS = 4
"""Of each group."""


def final_of(question: Question, heats: Sequence[Poll]) -> Question:
    """The question about the best of each group, in the order of the caller.

    Of actions with the same share in a group those with the lowest ids are taken, so that the caller's order decides
    nothing.

    Args:
        question: With all actions.
        heats: The ballots of each group.

    Raises:
        UnreadableAnswer: A group has no ballot.
    """
    best = {name for heat in heats for name in _best_of(heat.shares)}
    return replace(question, actions=tuple(action for action in question.actions if action.id in best))


def on_one_scale(heats: Sequence[Mapping[str, float]], final: Mapping[str, float]) -> dict[str, float]:
    """Shares of all actions, together 1.

    A finalist has its share of the final. Any other keeps its ratio to the finalists of its group, which by Luce's
    choice axiom does not depend on who else there is (R. D. Luce, "Individual Choice Behavior", 1959). Without a final
    each group has the same weight.

    Args:
        heats: Shares in each group.
        final: Shares in the final; empty when there was none.
    """
    scaled: dict[str, float] = {}
    for shares in heats:
        finalists = [name for name in shares if name in final]
        scale = sum(final[name] for name in finalists) / sum(shares[name] for name in finalists) if finalists else 1.0
        scaled |= {name: final.get(name, share * scale) for name, share in shares.items()}
    total = sum(scaled.values())
    return {name: share / total for name, share in scaled.items()}


def _best_of(shares: Mapping[str, float]) -> list[str]:
    return sorted(shares, key=lambda name: (-shares[name], name))[:_FINALISTS]
