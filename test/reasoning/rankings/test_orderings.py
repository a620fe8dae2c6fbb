import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cosmos_reasoner.errors import InvalidRequest
from cosmos_reasoner.reasoning.rankings.orderings import MAX_ACTIONS, check_actions, groups, rotations
from cosmos_reasoner.tasks.prompt import MAX_OPTIONS
from cosmos_reasoner.tasks.task import Action, Question, RankingMethod


def about(count: int, method: RankingMethod = RankingMethod.LOGPROB, sample: int = 0) -> Question:
    actions = tuple(Action(str(index), f"do {index}") for index in range(count))
    return Question("rank_actions", actions=actions, method=method, sample=sample)


def places(questions: list[Question]) -> dict[tuple[str, int], int]:
    """How often each action stands in each place."""
    counts: dict[tuple[str, int], int] = {}
    for question in questions:
        for place, action in enumerate(question.actions):
            counts[action.id, place] = counts.get((action.id, place), 0) + 1
    return counts


@settings(deadline=None)
@given(st.integers(2, 26), st.integers(0, 40))
def test_as_many_orderings_as_actions_put_each_once_in_each_place(count: int, more: int) -> None:
    counts = places(rotations(about(count), count + more))
    assert len(counts) == count**2 and set(counts.values()) == {1}


@settings(deadline=None)
@given(st.integers(2, 26), st.integers(0, 60))
def test_votes_put_each_action_in_each_place_equally_often(count: int, more: int) -> None:
    asked = rotations(about(count, RankingMethod.VOTE), count + more)
    counts = places(asked)
    assert len(counts) == count**2 and set(counts.values()) == {len(asked) // count}
    assert len(asked) > more


@settings(deadline=None)
@given(st.integers(2, 26), st.integers(1, 26))
def test_fewer_orderings_are_spread_evenly_over_the_list(count: int, asked: int) -> None:
    firsts = [int(question.actions[0].id) for question in rotations(about(count), min(count, asked))]
    gaps = {later - earlier for earlier, later in zip(firsts, [*firsts[1:], count])}
    assert max(gaps) - min(gaps) <= 1 and min(gaps) >= 1


@settings(deadline=None)
@given(st.integers(2, 26), st.integers(-1, 60), st.sampled_from(RankingMethod))
def test_the_first_ordering_is_the_caller_s_own(count: int, asked: int, method: RankingMethod) -> None:
    question = about(count, method, sample=3)
    assert rotations(question, asked)[0] == question


@settings(deadline=None)
@given(st.integers(2, 26), st.integers(1, 60))
def test_no_ordering_is_asked_twice_as_the_same_sample(count: int, asked: int) -> None:
    questions = rotations(about(count, RankingMethod.VOTE), asked)
    assert len({(question.actions, question.sample) for question in questions}) == len(questions)


@settings(deadline=None)
@given(st.integers(2, MAX_ACTIONS))
def test_groups_hold_each_action_once_and_are_of_even_size(count: int) -> None:
    found = [group.actions for group in groups(about(count))]
    assert sorted(int(action.id) for group in found for action in group) == list(range(count))
    sizes = {len(group) for group in found}
    assert max(sizes) <= MAX_OPTIONS and max(sizes) - min(sizes) <= 1
    assert len(found) == -(-count // MAX_OPTIONS)


@pytest.mark.parametrize(
    ("actions", "words"),
    [
        ((), "0 actions: give 2 to 64"),
        (about(1).actions, "1 actions: give 2 to 64"),
        (about(65).actions, "65 actions: give 2 to 64"),
        ((Action("", "x"), Action("b", "y")), "no id"),
        ((Action("a", "x"), Action("b", "y"), Action("a", "z")), "the action id 'a' stands more than once"),
        ((Action(" \t", "x"), Action("b", "y")), "no id"),
        ((Action("a", "x"), Action("b", " \n")), "the action 'b' has no text"),
        ((Action("a", "x"), Action("b", "\u200b")), "the action 'b' has no text"),
        ((Action("a", "x"), Action("b", "\x00\u3000")), "the action 'b' has no text"),
    ],
)
def test_actions_that_cannot_be_ranked_are_refused_with_the_reason(actions: tuple[Action, ...], words: str) -> None:
    with pytest.raises(InvalidRequest, match=words):
        check_actions(actions)


@pytest.mark.parametrize("count", [2, 26, 27, 64])
def test_2_to_64_actions_can_be_ranked(count: int) -> None:
    check_actions(about(count).actions)
