"""Questions with the places of their right answers, each place as often as every other."""

from random import Random
from typing import TypeVar

from cosmos_reasoner.evaluation.labels.truth import (
    EventsTruth,
    LabelledEvent,
    OptionTruth,
    RankingTruth,
    Truth,
)
from cosmos_reasoner.evaluation.scenes.asked import Asked, Choice, Order
from cosmos_reasoner.evaluation.scenes.scene import HORIZON
from cosmos_reasoner.tasks.task import Question

__all__ = ["lettered", "place_count", "places"]

_T = TypeVar("_T")

_AHEAD = "This is about what follows the clip: judge by how things move in it."


def place_count(asked: Asked) -> int:
    """In how many places the right answer can stand."""
    if isinstance(asked, Choice):
        return len(asked.options)
    if isinstance(asked, Order):
        return len(asked.actions)
    return 1


def places(random: Random, count: int, questions: int) -> list[int]:
    """A place from 0 to `count` - 1 for each of so many questions, all equally often, in an order of chance."""
    listed = [number % count for number in range(questions)]
    random.shuffle(listed)
    return listed


def lettered(asked: Asked, place: int, random: Random) -> tuple[Question, Truth]:
    """Put the right answer into its place, and the others in an order of chance."""
    if isinstance(asked, Choice):
        options = _placed(asked.options, place, random)
        return Question("ask", asked.text, options, context=_AHEAD if asked.ahead else ""), OptionTruth(place)
    if isinstance(asked, Order):
        actions = _placed(asked.actions, place, random)
        ranking = RankingTruth(tuple(action.id for action in asked.actions))
        return Question("rank_actions", actions=actions, goal=asked.goal, horizon=HORIZON), ranking
    event = LabelledEvent(round(asked.start, 3), round(asked.end, 3), asked.text)
    return Question("events", asked.text), EventsTruth((event,))


def _placed(first_is_right: tuple[_T, ...], place: int, random: Random) -> tuple[_T, ...]:
    right, *others = first_is_right
    random.shuffle(others)
    return (*others[:place], right, *others[place:])
