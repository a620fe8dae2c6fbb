from collections import Counter

import numpy as np
import pytest
from ballot_boxes import about, ballot, box
from hypothesis import given, settings
from hypothesis import strategies as st

from cosmos_reasoner.errors import UnreadableAnswer
from cosmos_reasoner.reasoning.rankings.ballots import Poll
from cosmos_reasoner.reasoning.rankings.pairwise import bradley_terry, comparisons, strengths
from cosmos_reasoner.replies.levels import Origin
from cosmos_reasoner.tasks.task import Question

counts = st.integers(2, 64)


def actions(count: int) -> Question:
    return about(*(f"{index:02}" for index in range(count)))


def polled(question: Question, utilities: dict[str, float], origin: Origin = Origin.LOGPROB) -> list[Poll]:
    """Every comparison answered by an unbiased judge of these utilities."""
    polls: dict[frozenset[str], Poll] = {}
    for pair in comparisons(question):
        one, other = (action.id for action in pair.actions)
        share = 1 / (1 + np.exp(utilities[other] - utilities[one]))
        share = share if origin is Origin.LOGPROB else float(share > 0.5)
        poll = polls.setdefault(frozenset({one, other}), Poll(pair))
        poll.ballots.append(ballot(pair, share, 1 - share, origin=origin))
    return list(polls.values())


@settings(deadline=None)
@given(counts)
def test_each_pair_is_asked_once_in_each_order(count: int) -> None:
    pairs = Counter(tuple(action.id for action in pair.actions) for pair in comparisons(actions(count)))
    assert set(pairs.values()) == {1}
    assert {(other, one) for one, other in pairs} == set(pairs)
    assert all(one != other for one, other in pairs)


@settings(deadline=None)
@given(counts)
def test_up_to_eight_actions_all_pairs_are_asked_and_beyond_six_a_head(count: int) -> None:
    assert len(comparisons(actions(count))) == (count * (count - 1) if count <= 8 else 6 * count)


@settings(deadline=None)
@given(counts)
def test_the_first_comparisons_connect_all_and_put_each_action_first_once(count: int) -> None:
    ring = comparisons(actions(count))[:count]
    assert Counter(pair.actions[0].id for pair in ring) == Counter(pair.actions[1].id for pair in ring)
    polls = [box(pair, ballot(pair, 0.5, 0.5)) for pair in ring]
    assert sum(strengths(actions(count), polls).values()) == pytest.approx(1)


@settings(deadline=None)
@given(st.lists(st.floats(0.05, 1), min_size=2, max_size=12))
def test_strengths_are_recovered_from_exact_rates_of_winning(weights: list[float]) -> None:
    true = np.array(weights) / sum(weights)
    wins = true[:, None] / np.add.outer(true, true)
    np.fill_diagonal(wins, 0.0)
    assert bradley_terry(wins) == pytest.approx(true, rel=1e-3)


def test_strengths_are_recovered_through_chains_of_comparisons() -> None:
    true = np.array([0.4, 0.3, 0.2, 0.1])
    wins = true[:, None] / np.add.outer(true, true)
    ring = np.roll(np.eye(4), 1, axis=0)
    assert bradley_terry(wins * (ring + ring.T)) == pytest.approx(true, rel=1e-3)


def test_strengths_are_those_that_a_long_run_of_the_mm_algorithm_ends_at_where_the_judge_is_sure() -> None:
    question = actions(26)
    places = np.random.default_rng(0).permutation(26)
    wins = np.zeros((26, 26))
    for pair in comparisons(question):
        one, other = (int(action.id) for action in pair.actions)
        wins[one, other] += 0.999 if places[one] < places[other] else 0.001
    shares = np.full(26, 1 / 26)
    for _ in range(100_000):  # D. R. Hunter 2004
        shares = wins.sum(axis=1) / ((wins + wins.T) / np.add.outer(shares, shares)).sum(axis=1)
        shares /= shares.sum()
    assert bradley_terry(wins) == pytest.approx(shares, rel=1e-3)


@settings(deadline=None)
@given(st.lists(st.integers(-20, 20), min_size=2, max_size=20, unique=True))
def test_probabilities_of_an_unbiased_judge_give_the_order_of_its_utilities(tenths: list[int]) -> None:
    question = actions(len(tenths))
    utilities = {action.id: value / 10 for action, value in zip(question.actions, tenths)}
    shares = strengths(question, polled(question, utilities))
    assert sorted(shares, key=shares.__getitem__) == sorted(utilities, key=utilities.__getitem__)


@settings(deadline=None)
@given(st.permutations(range(8)))
def test_who_wins_every_comparison_is_best_and_not_infinitely_so(order: list[int]) -> None:
    question = actions(8)
    utilities = {action.id: float(place) for action, place in zip(question.actions, order)}
    shares = strengths(question, polled(question, utilities, Origin.VOTE))
    assert sorted(shares, key=shares.__getitem__) == sorted(utilities, key=utilities.__getitem__)
    assert min(shares.values()) > 0


@settings(deadline=None)
@given(st.permutations("abcdef"))
def test_actions_that_won_equally_often_against_all_are_equally_strong_in_whatever_order_they_came(
    order: list[str],
) -> None:
    question = about(*order)
    won = {"ab", "ac", "ad", "be", "bf", "bc", "cd", "ce", "de", "df", "ef", "fa", "fc", "ea", "bd"}
    polls = [
        box(pair, ballot(pair, share, 1 - share, origin=Origin.VOTE))
        for pair in comparisons(question)
        for share in [float("".join(action.id for action in pair.actions) in won)]
    ]
    shares = strengths(question, polls)
    wins = {name: sum(pair[0] == name for pair in won) for name in order}
    assert len({*shares.values()}) == len({*wins.values()})


def test_who_is_preferred_only_for_standing_first_is_no_better() -> None:
    question = about("a", "b", "c")
    polls: dict[frozenset[str], Poll] = {}
    for pair in comparisons(question):
        poll = polls.setdefault(frozenset(action.id for action in pair.actions), Poll(pair))
        poll.ballots.append(ballot(pair, 0.9, 0.1))
    assert [*strengths(question, list(polls.values())).values()] == pytest.approx([1 / 3] * 3)


@settings(deadline=None)
@given(st.integers(3, 64), st.data())
def test_one_lost_comparison_of_the_ring_is_no_harm_and_two_are(count: int, data: st.DataObject) -> None:
    question = actions(count)
    lost = data.draw(st.lists(st.integers(0, count - 1), min_size=2, max_size=2, unique=True))
    polls = [box(pair, ballot(pair, 0.6, 0.4)) for pair in comparisons(question)[:count]]
    polls[lost[0]].ballots.clear()
    assert len(strengths(question, polls)) == count
    polls[lost[1]].ballots.clear()
    with pytest.raises(UnreadableAnswer, match="were not compared with the others"):
        strengths(question, polls)
