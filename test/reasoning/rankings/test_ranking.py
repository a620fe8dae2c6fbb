import pytest
from ballot_boxes import about, ballot, box
from hypothesis import given, settings
from hypothesis import strategies as st

from cosmos_reasoner.reasoning.rankings.ranking import ranking_of
from cosmos_reasoner.replies.levels import Origin
from cosmos_reasoner.tasks.task import RankingMethod

QUESTION = about("a", "b", "c")


def test_a_ranking_has_the_best_first_and_says_how_it_was_made() -> None:
    drawn = box(QUESTION, ballot(QUESTION, 0.2, 0.5, 0.3))
    ranking = ranking_of(QUESTION, drawn.shares, [drawn])
    assert [(entry.action.id, entry.score) for entry in ranking.actions] == [("b", 0.5), ("c", 0.3), ("a", 0.2)]
    assert (ranking.goal, ranking.method, ranking.origin) == ("arrive", RankingMethod.LOGPROB, Origin.LOGPROB)
    assert (ranking.asked, ranking.orderings, ranking.order_sensitivity) == (1, 1, None)


def test_one_vote_among_probabilities_makes_votes_of_all() -> None:
    drawn = box(QUESTION, ballot(QUESTION, 0.2, 0.5, 0.3), ballot(QUESTION, 0, 1, 0, origin=Origin.VOTE))
    assert ranking_of(QUESTION, drawn.shares, [drawn]).origin is Origin.VOTE


@settings(deadline=None)
@given(st.lists(st.floats(0, 1), min_size=3, max_size=3).filter(any))
def test_entropy_is_between_one_for_all_alike_and_zero_for_all_in_one(weights: list[float]) -> None:
    drawn = box(QUESTION, ballot(QUESTION, *(weight / sum(weights) for weight in weights)))
    assert 0 <= ranking_of(QUESTION, drawn.shares, [drawn]).entropy <= 1


@pytest.mark.parametrize(("shares", "entropy"), [((1 / 3, 1 / 3, 1 / 3), 1.0), ((0.0, 1.0, 0.0), 0.0)])
def test_entropy_at_its_ends(shares: tuple[float, ...], entropy: float) -> None:
    drawn = box(QUESTION, ballot(QUESTION, *shares))
    assert ranking_of(QUESTION, drawn.shares, [drawn]).entropy == pytest.approx(entropy)


def test_the_order_s_weight_is_the_mean_over_all_that_was_asked_in_several_orderings() -> None:
    forth, back, other = about("a", "b"), about("b", "a"), about("a", "c")
    polls = [box(forth, ballot(forth, 1, 0), ballot(back, 1, 0)), box(other, ballot(other, 1, 0))]
    shares = {"a": 0.5, "b": 0.3, "c": 0.2}
    assert ranking_of(QUESTION, shares, polls).order_sensitivity == pytest.approx(0.5)


def test_lines_come_from_the_first_reply_that_says_something() -> None:
    first = ballot(QUESTION, 1, 0, 0, lines=[("stays", "blocked"), ("", ""), ("", "")])
    then = ballot(QUESTION, 1, 0, 0, lines=[("goes", "free"), ("turns", "wide"), ("", "")])
    drawn = box(QUESTION, first, then)
    told = {e.action.id: (e.expected_outcome, e.rationale) for e in ranking_of(QUESTION, drawn.shares, [drawn]).actions}
    assert told == {"a": ("stays", "blocked"), "b": ("turns", "wide"), "c": ("", "")}
