import pytest
from ballot_boxes import about, ballot, box
from hypothesis import given, settings
from hypothesis import strategies as st

from cosmos_reasoner.errors import UnreadableAnswer
from cosmos_reasoner.reasoning.rankings.finals import final_of, on_one_scale

weights = st.lists(st.floats(0.01, 10), min_size=1, max_size=8)


def normed(shares: dict[str, float]) -> dict[str, float]:
    return {name: share / sum(shares.values()) for name, share in shares.items()}


@settings(deadline=None)
@given(st.lists(weights, min_size=2, max_size=3), st.data())
def test_where_luce_s_axiom_holds_groups_and_final_give_the_shares_of_all(
    groups: list[list[float]], data: st.DataObject
) -> None:
    heats = [{f"{n}.{k}": weight for k, weight in enumerate(group)} for n, group in enumerate(groups)]
    everything = {name: weight for heat in heats for name, weight in heat.items()}
    best = [name for heat in heats for name in data.draw(st.lists(st.sampled_from([*heat]), min_size=1, unique=True))]
    final = normed({name: everything[name] for name in best})
    assert on_one_scale([normed(heat) for heat in heats], final) == pytest.approx(normed(everything))


@settings(deadline=None)
@given(st.lists(st.lists(st.floats(0, 1), min_size=4, max_size=8).filter(any), min_size=2, max_size=3), st.data())
def test_shares_of_all_are_together_one_whatever_the_final_says(groups: list[list[float]], data: st.DataObject) -> None:
    heats = [normed({f"{n}.{k}": weight for k, weight in enumerate(group)}) for n, group in enumerate(groups)]
    best = [max(heat, key=heat.__getitem__) for heat in heats]
    final = normed(dict(zip(best, data.draw(st.lists(st.floats(0.01, 1), min_size=3, max_size=3)))))
    shares = on_one_scale(heats, final)
    assert sum(shares.values()) == pytest.approx(1)
    assert {*shares} == {name for heat in heats for name in heat}


def test_without_a_final_groups_have_the_same_weight() -> None:
    shares = on_one_scale([{"a": 0.75, "b": 0.25}, {"c": 1.0}], {})
    assert shares == {"a": 0.375, "b": 0.125, "c": 0.5}


def test_the_best_four_of_each_group_meet_in_the_caller_s_order() -> None:
    every = about(*"abcdefghijkl")
    first, second = about(*"acegik"), about(*"bdfhjl")
    heats = [
        box(first, ballot(first, 0.0, 0.1, 0.2, 0.3, 0.25, 0.15)),
        box(second, ballot(second, 0.3, 0.25, 0.2, 0.15, 0.1, 0)),
    ]
    assert "".join(action.id for action in final_of(every, heats).actions) == "bdefghik"


@pytest.mark.parametrize("order", ["abcdef", "fedcba", "cafebd"])
def test_of_actions_with_the_same_share_the_first_by_id_are_in_the_final_in_whatever_order_they_came(
    order: str,
) -> None:
    every = about(*order)
    heat = box(every, ballot(every, *(float(name == "f") for name in order)))
    assert {action.id for action in final_of(every, [heat]).actions} == {*"fabc"}


def test_there_is_no_final_where_a_group_has_no_ballot() -> None:
    first, second = about("a", "b"), about("c", "d")
    with pytest.raises(UnreadableAnswer):
        final_of(about(*"abcd"), [box(first, ballot(first, 1, 0)), box(second)])
