import math
from dataclasses import replace

import pytest
from ballot_boxes import about, ballot, box, reply
from hypothesis import given, settings
from hypothesis import strategies as st

from cosmos_reasoner.endpoints.events import Token
from cosmos_reasoner.errors import UnreadableAnswer
from cosmos_reasoner.reasoning.rankings.ballots import Poll, read_ballot
from cosmos_reasoner.reasoning.rankings.orderings import rotations
from cosmos_reasoner.replies.levels import Origin
from cosmos_reasoner.tasks.task import RankingMethod

QUESTION = about("stop", "go", "turn")
TOKENS = (
    Token("<think>x</think>", 0.0),
    Token("B", math.log(0.6), (("A", math.log(0.3)), ("B", math.log(0.6)), ("C", math.log(0.1)))),
)


def test_the_letter_s_probabilities_are_shares_of_the_actions_that_stand_there() -> None:
    found = read_ballot(QUESTION, reply(QUESTION, "B", TOKENS))
    assert found.shares == pytest.approx({"stop": 0.3, "go": 0.6, "turn": 0.1})
    assert found.origin is Origin.LOGPROB


@pytest.mark.parametrize(
    ("method", "tokens"),
    [(RankingMethod.VOTE, TOKENS), (RankingMethod.LOGPROB, ()), (RankingMethod.PAIRWISE, ())],
    ids=["votes were asked for", "no probabilities came", "nor for a pair"],
)
def test_a_letter_alone_is_a_vote(method: RankingMethod, tokens: tuple[Token, ...]) -> None:
    question = about("stop", "go", "turn", method=method)
    found = read_ballot(question, reply(question, "B", tokens))
    assert (found.shares, found.origin) == ({"stop": 0.0, "go": 1.0, "turn": 0.0}, Origin.VOTE)


@pytest.mark.parametrize("answer", ["A: unsafe. The answer is B.", "A/B", "A,B,C", "A, but no: B"])
@pytest.mark.parametrize("method", [RankingMethod.LOGPROB, RankingMethod.PAIRWISE])
def test_an_answer_of_several_letters_is_unreadable_though_its_first_has_probabilities(
    answer: str, method: RankingMethod
) -> None:
    question = about("stop", "go", "turn", method=method)
    first, *rest = answer
    tokens = (TOKENS[0], replace(TOKENS[1], text=first), *(Token(each, 0.0) for each in rest))
    with pytest.raises(UnreadableAnswer, match="one letter was asked for"):
        read_ballot(question, reply(question, answer, tokens))


def test_the_model_s_own_numbers_are_shares() -> None:
    question = about("stop", "go", method=RankingMethod.SELF_REPORTED)
    found = read_ballot(question, reply(question, '{"A": 0.25, "B": 0.75}'))
    assert (found.shares, found.origin, found.mended) == ({"stop": 0.25, "go": 0.75}, Origin.SELF_REPORTED, False)
    assert read_ballot(question, reply(question, '{"B": 1}')).mended


def test_lines_of_the_reasoning_belong_to_the_actions_that_stand_there() -> None:
    think = "(A) we stand -- nothing moves\n(C) we turn -- the way is long"
    found = read_ballot(QUESTION, reply(QUESTION, "B", think=think))
    assert found.lines == {
        "stop": ("we stand", "nothing moves"),
        "go": ("", ""),
        "turn": ("we turn", "the way is long"),
    }


def test_a_poll_counts_what_was_asked_what_came_and_what_could_be_read() -> None:
    poll = Poll(QUESTION)
    for exchange in (reply(QUESTION, "A"), reply(QUESTION, "none"), None):
        poll.count(QUESTION, exchange)
    assert (poll.asked, poll.answered, len(poll.ballots)) == (3, 2, 1)


def test_a_poll_that_nothing_could_be_read_of_says_why() -> None:
    poll = Poll(QUESTION)
    with pytest.raises(UnreadableAnswer, match="no ordering was answered"):
        _ = poll.shares
    poll.count(QUESTION, reply(QUESTION, "none of them"))
    with pytest.raises(UnreadableAnswer, match="none of them"):
        _ = poll.shares


@settings(deadline=None)
@given(
    st.lists(st.integers(1, 50), min_size=2, max_size=8, unique=True),
    st.lists(st.floats(0, 1), min_size=8, max_size=8),
    st.floats(0, 0.9),
)
def test_a_judge_that_at_times_goes_by_the_place_alone_leaves_the_order_as_it_would_be_without(
    weights: list[int], liking: list[float], times: float
) -> None:
    honest = {str(index): weight / sum(weights) for index, weight in enumerate(weights)}
    poll = Poll(about(*honest))
    for ordering in rotations(poll.question, len(honest)):
        places = zip(ordering.actions, liking)
        poll.ballots.append(ballot(ordering, *((1 - times) * honest[a.id] + times * like for a, like in places)))
    assert sorted(poll.shares, key=poll.shares.__getitem__) == sorted(honest, key=honest.__getitem__)


@settings(deadline=None)
@given(st.lists(st.floats(-5, 5), min_size=2, max_size=8))
def test_a_judge_that_always_goes_by_the_place_alone_prefers_nothing(liking: list[float]) -> None:
    weights = [math.exp(like) for like in liking]
    poll = Poll(about(*(str(index) for index in range(len(liking)))))
    for ordering in rotations(poll.question, len(liking)):
        poll.ballots.append(ballot(ordering, *(weight / sum(weights) for weight in weights)))
    assert [*poll.shares.values()] == pytest.approx([1 / len(liking)] * len(liking))


def test_one_ordering_swings_nowhere_however_often_it_is_drawn() -> None:
    assert box(QUESTION, ballot(QUESTION, 1, 0, 0), ballot(QUESTION, 0, 1, 0)).swings == []


def test_samples_of_one_ordering_are_averaged_before_orderings_are_compared() -> None:
    same, other = about("a", "b"), about("b", "a")
    drawn = [ballot(same, 1, 0), ballot(same, 0, 1), ballot(other, 1, 0), ballot(other, 0, 1)]
    assert box(same, *drawn).swings == [0.0, 0.0]


def test_a_judge_that_always_takes_the_first_swings_as_far_as_can_be() -> None:
    orderings = rotations(QUESTION, 3)
    swings = box(QUESTION, *(ballot(each, 1, 0, 0) for each in orderings)).swings
    assert swings == pytest.approx([2 / 3] * 3)
