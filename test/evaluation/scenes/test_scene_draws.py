"""Seeds, splits and the places of right answers."""

from collections import Counter
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from watching import coloured, middle

from cosmos_reasoner.evaluation.labels.truth import OptionTruth, RankingTruth
from cosmos_reasoner.evaluation.scenes.asked import Choice, Order, is_in, when
from cosmos_reasoner.evaluation.scenes.builtin import KINDS, draw_scenes, items_of
from cosmos_reasoner.evaluation.scenes.lettering import lettered, places
from cosmos_reasoner.evaluation.scenes.looks import COLOURS, Noise, Shake
from cosmos_reasoner.evaluation.scenes.motion import Pose
from cosmos_reasoner.evaluation.scenes.pinhole import Pillar, PinholeView
from cosmos_reasoner.evaluation.scenes.scene import SIZE
from cosmos_reasoner.evaluation.scenes.split import Split, seeds
from cosmos_reasoner.tasks.task import Action

PLACES = st.tuples(st.sampled_from(Split), st.integers(0, 999), st.integers(0, 999))


@pytest.fixture
def engine() -> None:
    pytest.importorskip("pymunk", reason="needs the extra [scenes]")


@given(PLACES, PLACES)
def test_no_two_scenes_of_either_split_share_a_seed(one: tuple[Split, int, int], other: tuple[Split, int, int]) -> None:
    first, second = seeds(*one), seeds(*other)
    shared = range(max(first.start, second.start), min(first.stop, second.stop))
    assert bool(shared) == (one == other)


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("kind", KINDS)
def test_scenes_for_tuning_are_drawn_from_their_own_seeds(kind: str) -> None:
    scenes = draw_scenes(Split.TUNING, kind)
    assert len(scenes) == 12
    for number, scene in enumerate(scenes):
        assert scene.seed in seeds(Split.TUNING, list(KINDS).index(kind), number)


@pytest.mark.usefixtures("engine")
def test_the_same_pictures_are_drawn_each_time() -> None:
    one, other = (draw_scenes(Split.TUNING, "edge")[0] for _ in range(2))
    assert all(np.array_equal(one.paint(number), other.paint(number)) for number in range(0, one.frames, 7))


@pytest.mark.usefixtures("engine")
def test_items_name_their_split_and_kind() -> None:
    items = items_of(draw_scenes(Split.TUNING, "edge"), Path("scenes"), Split.TUNING, "edge")
    names = ("direction", "outcome", "time", "interval")
    assert {item.set for item in items} == {f"scenes/edge/{name}" for name in names}
    assert all(item.id.startswith("tuning_edge_") for item in items)


@given(st.integers(2, 6), st.integers(0, 30), st.integers())
def test_places_differ_in_number_by_one_at_most(count: int, questions: int, seed: int) -> None:
    counted = Counter(places(Random(seed), count, questions))
    assert sum(counted.values()) == questions
    assert max(counted.values(), default=0) - min((counted[place] for place in range(count)), default=0) <= 1


@given(st.integers(0, 3), st.integers())
def test_the_right_option_stands_in_its_place(place: int, seed: int) -> None:
    question, truth = lettered(Choice("q", "Which?", ("right", "b", "c", "d")), place, Random(seed))
    assert truth == OptionTruth(place)
    assert question.options[place] == "right" and sorted(question.options) == ["b", "c", "d", "right"]


@given(st.integers(0, 2), st.integers())
def test_the_best_action_stands_in_its_place_and_the_ranking_stays(place: int, seed: int) -> None:
    actions = tuple(Action(name, f"do {name}") for name in ("best", "second", "last"))
    question, truth = lettered(Order("r", "goal", actions), place, Random(seed))
    assert truth == RankingTruth(("best", "second", "last"))
    assert question.actions[place].id == "best"


@pytest.mark.parametrize(("second", "right"), [(0, "within 1 s"), (1, "after 1 to 2 s"), (2, "after 2 to 3 s")])
def test_the_right_second_is_the_first_of_the_options_of_a_time(second: int, right: str) -> None:
    options = when("When?", second).options
    assert options[0] == right and len(set(options)) == 3


def test_a_time_is_asked_with_the_seconds_that_can_be_right_alone() -> None:
    assert when("When?", 2, (1, 2)).options == ("after 2 to 3 s", "after 1 to 2 s")


@pytest.mark.parametrize(("after", "plain"), [(1.2, True), (1.1, False), (1.9, False), (0.5, False), (2.5, False)])
def test_something_comes_plainly_in_a_second_when_it_is_not_near_its_borders(after: float, plain: bool) -> None:
    assert is_in(1, after) is plain


@pytest.mark.parametrize(("y", "left"), [(1.0, True), (-1.0, False)])
def test_a_pillar_on_the_left_of_the_way_is_seen_on_the_left(y: float, left: bool) -> None:
    red = Pillar(0.2, 0.8, COLOURS["red"])
    picture = PinholeView(Random(1), [Pose(0, 0, 0)], red, [Pose(3, y, 0)]).paint(0)
    place = middle(coloured(picture, "red"))
    assert place is not None and (place[0] < SIZE[0] / 2) is left


def test_a_pillar_is_seen_twice_as_wide_from_half_as_far() -> None:
    red, here = Pillar(0.2, 0.8, COLOURS["red"]), [Pose(0, 0, 0)]
    widths = [
        coloured(PinholeView(Random(1), here, red, [Pose(x, 0, 0)]).paint(0), "red").any(axis=0).sum() for x in (2, 4)
    ]
    assert widths[0] == pytest.approx(2 * widths[1], abs=3)


def test_noise_changes_a_picture_by_a_little() -> None:
    grey = np.full((SIZE[1], SIZE[0], 3), 128, np.uint8)
    change = Noise(3, SIZE).on(grey).astype(int) - grey
    assert 1 < change.std() < 4 and abs(change).max() <= 5


@given(st.integers(), st.floats(0, 10))
def test_a_camera_moves_by_a_few_pixels_at_most(seed: int, time: float) -> None:
    corners = np.array([(0, 0), (SIZE[0], 0), (0, SIZE[1]), SIZE])
    matrix = Shake.draw(Random(seed)).matrix(time, SIZE)
    assert np.abs(corners @ matrix[:, :2].T + matrix[:, 2] - corners).max() < 6
