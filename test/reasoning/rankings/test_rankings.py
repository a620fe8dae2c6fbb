"""Actions ranked by every method, of any number, within any time: over real HTTP."""

import time
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from judging import PLAIN, SURE, best_of, biased, options, order, question, rank, ranking, said, slowly, sure_of
from scripted_server import Reply, json_reply

from cosmos_reasoner.endpoints.profile import ConstraintMode, Draw, Profile, Sampling
from cosmos_reasoner.errors import EndpointFailed, TimeBudgetExceeded
from cosmos_reasoner.reasoning.result import Status
from cosmos_reasoner.replies.defects import DefectKind
from cosmos_reasoner.replies.levels import Origin
from cosmos_reasoner.tasks.task import RankingMethod

FAILING = json_reply({"error": {"message": "broken"}}, 500)
METHODS = [method for method in RankingMethod if method is not RankingMethod.AUTO]


def any_answer(body: Any, chance: Random) -> Reply:
    """Something that a judge could say, however foolish."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[: len(options(body))]
    numbers = {letter: round(chance.random(), 2) for letter in letters if chance.random() < 0.8}
    return chance.choice([said(chance.choice(letters)), said(str(numbers).replace("'", '"')), sure_of(body), FAILING])


@settings(max_examples=20, deadline=None)
@given(st.data(), st.sampled_from(RankingMethod), st.integers(0, 1000), st.sampled_from([SURE, PLAIN]))
def test_each_id_is_returned_once_whatever_is_answered(
    data: st.DataObject, method: RankingMethod, seed: int, profile: Profile
) -> None:
    count = data.draw(st.integers(2, 12 if method is RankingMethod.PAIRWISE else 64))
    asked, chance = question(count, method), Random(seed)
    scripts = [sure_of] * 3 + [lambda body: any_answer(body, chance)] * 80
    result, _ = rank(scripts, asked, profile=profile, seconds=60.0)
    if result.answer is None:
        assert result.provenance.status is Status.DEFECTIVE and result.provenance.status_text
        return
    assert sorted(order(result)) == sorted(action.id for action in asked.actions)
    scores = [entry.score for entry in ranking(result).actions]
    assert scores == sorted(scores, reverse=True) and sum(scores) == pytest.approx(1)
    assert 0 <= ranking(result).entropy <= 1


@pytest.mark.parametrize("count", [2, 3, 8])
@pytest.mark.parametrize("method", [RankingMethod.LOGPROB, RankingMethod.PAIRWISE])
def test_the_order_is_the_judge_s_in_whatever_order_the_caller_gives_the_actions(
    count: int, method: RankingMethod
) -> None:
    asked = question(count, method)
    best_first = [f"id {index}" for index in reversed(range(count))]
    for seed in range(3):
        shuffled = tuple(Random(seed).sample(asked.actions, count))
        assert order(rank([biased] * 60, replace(asked, actions=shuffled))[0]) == best_first


def test_actions_of_the_same_score_stand_in_the_order_of_their_ids() -> None:
    asked = question(3)
    shuffled = replace(asked, actions=asked.actions[::-1])
    assert order(rank([said("A")] * 3, shuffled)[0]) == ["id 0", "id 1", "id 2"]


@pytest.mark.parametrize(
    ("profile", "own", "of_question", "method", "origin"),
    [
        (SURE, "auto", "auto", "logprob", Origin.LOGPROB),
        (PLAIN, "auto", "auto", "vote", Origin.VOTE),
        (SURE, "vote", "auto", "vote", Origin.VOTE),
        (SURE, "vote", "pairwise", "pairwise", Origin.LOGPROB),
        (PLAIN, "auto", "pairwise", "pairwise", Origin.VOTE),
        (PLAIN, "auto", "logprob", "logprob", Origin.VOTE),
    ],
)
def test_the_question_s_method_goes_before_the_reasoner_s_and_that_before_the_profile_s(
    profile: Profile, own: str, of_question: str, method: str, origin: Origin
) -> None:
    script = sure_of if profile is SURE else best_of
    asked = question(3, RankingMethod(of_question))
    result, _ = rank([script] * 20, asked, profile=profile, method=RankingMethod(own))
    assert (ranking(result).method, ranking(result).origin) == (RankingMethod(method), origin)


def test_votes_go_through_the_orderings_again_with_another_seed() -> None:
    result, bodies = rank([best_of] * 8, question(3, RankingMethod.VOTE))
    drawn = sorted((options(body)[0], body["seed"]) for body in bodies)
    assert drawn == [(f"drive to {index}", seed) for index in range(3) for seed in (0, 1)]
    assert (ranking(result).asked, ranking(result).orderings) == (6, 6)
    assert [entry.score for entry in ranking(result).actions] == [1.0, 0.0, 0.0]


def test_votes_that_would_be_the_same_again_are_not_asked_for() -> None:
    certain = PLAIN.model_copy(update={"sampling": Sampling(reasoning=Draw(temperature=0.0))})
    result, bodies = rank([best_of] * 2, question(2), profile=certain)
    assert (len(bodies), ranking(result).asked, result.provenance.status_text) == (2, 2, "")


def test_the_model_s_own_numbers_are_averaged() -> None:
    stated = [said('{"A": 0.6, "B": 0.4}'), said('{"A": 0.2, "B": 0.8}')]
    result, bodies = rank(stated, question(2, RankingMethod.SELF_REPORTED))
    assert {entry.action.id: entry.score for entry in ranking(result).actions} == pytest.approx(
        {"id 0": 0.7, "id 1": 0.3}
    )
    assert ranking(result).origin is Origin.SELF_REPORTED
    assert "logprobs" not in bodies[0]


def test_the_model_s_own_numbers_are_held_to_their_schema_where_the_endpoint_can() -> None:
    profile = SURE.model_copy(update={"constraint": ConstraintMode.SCHEMA})
    _, bodies = rank([said('{"A": 0.6, "B": 0.4}')] * 2, question(2, RankingMethod.SELF_REPORTED), profile=profile)
    assert bodies[0]["response_format"]["json_schema"]["schema"]["required"] == ["A", "B"]


def test_numbers_that_were_mended_say_so() -> None:
    result, _ = rank([said('{"A": 1}')] * 2, question(2, RankingMethod.SELF_REPORTED))
    assert [defect.kind for defect in result.defects] == [DefectKind.REPAIRED]


def test_pairs_are_asked_two_by_two_in_both_orders() -> None:
    result, bodies = rank([best_of] * 12, question(4, RankingMethod.PAIRWISE), profile=PLAIN)
    asked = {tuple(options(body)) for body in bodies}
    assert len(bodies) == len(asked) == 12 and {(b, a) for a, b in asked} == asked
    assert (ranking(result).asked, ranking(result).orderings, ranking(result).order_sensitivity) == (12, 12, 0.0)
    assert order(result) == ["id 3", "id 2", "id 1", "id 0"]


def test_pairs_that_fail_are_left_out_and_told() -> None:
    result, _ = rank([best_of] * 3 + [FAILING] * 9, question(4, RankingMethod.PAIRWISE), profile=PLAIN)
    assert sorted(order(result)) == ["id 0", "id 1", "id 2", "id 3"]
    assert result.provenance.status_text == "9 of 12 comparisons were not answered"


def test_pairs_that_leave_an_action_uncompared_are_no_ranking() -> None:
    result, _ = rank([best_of] * 2 + [FAILING] * 10, question(4, RankingMethod.PAIRWISE), profile=PLAIN)
    assert result.answer is None and "were not compared with the others" in result.provenance.status_text


@pytest.mark.parametrize(("count", "heats", "finalists"), [(27, 2, 8), (52, 2, 8), (53, 3, 12), (64, 3, 12)])
def test_more_actions_than_letters_are_ranked_in_groups_and_a_final(count: int, heats: int, finalists: int) -> None:
    result, bodies = rank([sure_of] * 40, question(count))
    sizes = [len(options(body)) for body in bodies]
    assert len(sizes) == 8 * (heats + 1) and sizes[-8:] == [finalists] * 8 and sum(sizes[:heats]) == count
    assert ranking(result).actions[0].action.id == f"id {count - 1}"
    assert (ranking(result).asked, result.provenance.status_text) == (8 * (heats + 1), "")


def test_without_a_final_the_groups_have_the_same_weight_which_is_told() -> None:
    result, _ = rank([best_of] * 16 + [FAILING] * 8, question(40))
    assert [(entry.action.id, entry.score) for entry in ranking(result).actions[:2]] == [("id 38", 0.5), ("id 39", 0.5)]
    told = "8 of 24 orderings were not answered; no final was answered: the 2 groups of actions have the same weight"
    assert result.provenance.status_text == told


def test_each_group_s_lines_come_from_its_own_reasoning() -> None:
    def telling(body: Any) -> Reply:
        lines = [f"({letter}) {text} ends -- seen" for letter, text in zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", options(body))]
        return said("A", "\n".join(lines))

    result, _ = rank([telling] * 24, question(40))
    assert all(
        (entry.expected_outcome, entry.rationale) == (f"{entry.action.description} ends", "seen")
        for entry in ranking(result).actions
    )


def test_an_action_of_which_the_first_reply_says_nothing_is_told_of_by_the_next() -> None:
    thinks = ["(A) it waits -- blocked", "(A) it goes -- free\n(B) it stays -- no reason"]
    result, _ = rank([said("A", think) for think in thinks], question(2))
    told = {entry.action.id: entry.rationale for entry in ranking(result).actions}
    assert told == {"id 0": "blocked", "id 1": "free"}


def test_a_first_reply_that_fails_fails_the_ranking() -> None:
    with pytest.raises(EndpointFailed):
        rank([FAILING] * 50, question(40), seconds=2.0)


ONE_AT_A_TIME = SURE.model_copy(update={"concurrency": 1})


@pytest.mark.parametrize("method", METHODS)
def test_a_ranking_takes_no_longer_than_its_budget(method: RankingMethod) -> None:
    def answer(body: Any) -> Reply:
        return said('{"A": 1, "B": 0}', think="") if method is RankingMethod.SELF_REPORTED else best_of(body)

    began = time.monotonic()
    result, bodies = rank([slowly(0.3, answer)] * 60, question(3, method), profile=ONE_AT_A_TIME, seconds=2.0)
    assert time.monotonic() - began < 4.0
    assert sorted(order(result)) == ["id 0", "id 1", "id 2"] and len(bodies) <= 6


def test_no_more_orderings_are_asked_than_there_is_time_for_which_is_told() -> None:
    result, bodies = rank([slowly(0.5, best_of)] * 8, question(8), profile=ONE_AT_A_TIME, seconds=1.8)
    asked = ranking(result).asked
    assert len(bodies) == asked < 8
    assert f"{asked} of 8 orderings: no time for more" in result.provenance.status_text


def test_fewer_orderings_are_spread_evenly_over_the_list() -> None:
    result, bodies = rank([slowly(0.6, best_of)] * 8, question(8), profile=ONE_AT_A_TIME, seconds=2.0)
    firsts = [int(options(body)[0].split()[-1]) for body in bodies]
    assert firsts == [k * 8 // len(firsts) for k in range(len(firsts))] and 1 < ranking(result).asked < 8


def test_what_comes_too_late_is_told() -> None:
    scripts = [best_of, best_of, slowly(8.0, best_of)]
    result, _ = rank(scripts, question(3), seconds=3.0)
    assert result.provenance.status_text == "1 of 3 orderings were not answered"
    assert (ranking(result).asked, ranking(result).orderings) == (3, 2)


def test_what_cannot_be_read_is_told() -> None:
    result, _ = rank([best_of, said("none of them"), best_of], question(3))
    assert result.provenance.status_text == "1 of 3 orderings could not be read"
    assert (ranking(result).asked, ranking(result).orderings) == (3, 2)


def test_where_the_time_is_short_the_final_still_has_its_part() -> None:
    two = SURE.model_copy(update={"concurrency": 2})
    result, bodies = rank([slowly(0.4, best_of)] * 24, question(40), profile=two, seconds=3.2)
    assert len(options(bodies[-1])) == 8 and len(bodies) < 24
    assert "orderings: no time for more" in result.provenance.status_text
    assert ranking(result).actions[0].action.id == "id 39"


def test_without_any_answer_in_time_the_budget_s_end_is_the_answer() -> None:
    with pytest.raises(TimeBudgetExceeded):
        rank([slowly(3.0, best_of)] * 30, question(40), seconds=0.5)
