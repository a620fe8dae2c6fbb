"""Actions ranked by simulation, against the same motion integrated by hand."""

import math
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cosmos_reasoner.evaluation.scenes.approach import _encounter
from cosmos_reasoner.evaluation.scenes.asked import Order
from cosmos_reasoner.evaluation.scenes.builtin import Split, draw_scenes
from cosmos_reasoner.evaluation.scenes.driving import Drive, Encounter, try_out

pytest.importorskip("pymunk", reason="needs the extra [scenes]")

FINE = 0.001
ENCOUNTERS = st.integers(0, 2**32).map(lambda seed: _encounter(Random(seed)))


def by_hand(encounter: Encounter, action: Drive) -> tuple[float, float]:
    """When robot and pillar first touch, s (infinite if never), and how near their rims come, m, in 3 s."""
    x = y = 0.0
    contact, nearest = math.inf, math.inf
    for step in range(3000):
        time = step * FINE
        between = math.hypot(encounter.x + encounter.right * time - x, encounter.y + encounter.up * time - y)
        nearest = min(nearest, between - 0.2 - encounter.radius)
        if between < 0.2 + encounter.radius:
            contact = min(contact, time)
        speed = max(encounter.speed - time, 0.0) if action is Drive.STOP else encounter.speed
        turn = min(0.8 * time, 1.2) * {Drive.LEFT: 1, Drive.RIGHT: -1}.get(action, 0)
        x, y = x + speed * math.cos(turn) * FINE, y + speed * math.sin(turn) * FINE
    return contact, nearest


@settings(max_examples=15, deadline=None)
@given(ENCOUNTERS, st.sampled_from(Drive))
def test_each_action_comes_as_near_as_the_same_motion_by_hand(encounter: Encounter, action: Drive) -> None:
    assert try_out(encounter, action).clearance == pytest.approx(by_hand(encounter, action)[1], abs=0.01)


@settings(max_examples=15, deadline=None)
@given(ENCOUNTERS, st.sampled_from(Drive))
def test_each_action_touches_when_the_same_motion_by_hand_does(encounter: Encounter, action: Drive) -> None:
    contact, nearest = by_hand(encounter, action)
    if contact < math.inf and nearest < -0.02:
        assert try_out(encounter, action).contact == pytest.approx(contact, abs=0.05)


def test_left_is_to_the_left_of_the_way() -> None:
    on_the_left = Encounter(speed=0.5, x=1.2, y=0.6, right=0.0, up=0.0, radius=0.2)
    assert try_out(on_the_left, Drive.LEFT).clearance < try_out(on_the_left, Drive.RIGHT).clearance


def test_every_ranking_is_the_one_by_hand() -> None:
    for scene in draw_scenes(Split.TEST, "approach"):
        random = Random(scene.seed)
        random.uniform(4.0, 6.0)
        encounter = _encounter(random)
        found = {action: by_hand(encounter, action) for action in Drive}
        expected = sorted(Drive, key=lambda action: (-min(found[action][0], 9.0), -found[action][1]))
        (order,) = (asked for asked in scene.asked if isinstance(asked, Order))
        assert [action.id for action in order.actions] == [action.value for action in expected], scene.seed
