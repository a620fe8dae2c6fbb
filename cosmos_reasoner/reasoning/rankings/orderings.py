"""The orderings in which actions are asked about.

Models favour places in a list (position bias). Each ordering is the list rotated; over as many orderings as actions,
each action stands once in each place, and no place favours one more than another.
"""

from collections.abc import Sequence
from dataclasses import replace

from cosmos_reasoner.errors import InvalidRequest
from cosmos_reasoner.tasks.prompt import MAX_OPTIONS
from cosmos_reasoner.tasks.task import Action, Question, RankingMethod

__all__ = ["MAX_ACTIONS", "check_actions", "groups", "rotations"]

MAX_ACTIONS = 64
"""Of a ranking."""


def check_actions(actions: Sequence[Action]) -> None:
    """Check what the caller gave.

    Raises:
        InvalidRequest: There are too few or too many, an id stands twice, or an id or a description has no visible
            character.
    """
    if not 2 <= len(actions) <= MAX_ACTIONS:
        raise InvalidRequest(f"{len(actions)} actions: give 2 to {MAX_ACTIONS}")
    ids = [action.id for action in actions]
    if not all(map(_is_visible, ids)):
        raise InvalidRequest("an action has no id")
    if twice := sorted({name for name in ids if ids.count(name) > 1}):
        raise InvalidRequest(f"the action id {twice[0]!r} stands more than once")
    if mute := [action.id for action in actions if not _is_visible(action.description)]:
        raise InvalidRequest(f"the action {mute[0]!r} has no text")


def _is_visible(text: str) -> bool:
    return any(character.isprintable() and character != " " for character in text)


def rotations(question: Question, count: int) -> list[Question]:
    """The question with its actions in different orderings, the caller's own first.

    Fewer orderings than actions are spread evenly over the list. As many as actions put each action once in each place.
    More are made for votes only, and then a multiple of the number of actions, so that each action stands in each place
    equally often: the same orderings are drawn again as other samples.

    Args:
        question: With n actions.
        count: How many orderings at most; one is always made.
    """
    n = len(question.actions)
    if count > n:
        count = count - count % n if question.method is RankingMethod.VOTE else n
    count = max(1, count)
    return [_rotated(question, k * n // min(count, n) % n, k // n) for k in range(count)]


def _rotated(question: Question, shift: int, sample: int) -> Question:
    actions = question.actions[shift:] + question.actions[:shift]
    return replace(question, actions=actions, sample=question.sample + sample)


def groups(question: Question) -> list[Question]:
    """The question about as few groups of actions as there are letters for; sizes differ by one at most."""
    count = -(-len(question.actions) // MAX_OPTIONS)
    return [replace(question, actions=question.actions[start::count]) for start in range(count)]
