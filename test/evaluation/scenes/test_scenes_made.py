"""The scenes as they are made: the whole set for scores, as videos and questions."""

import os
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from watching import coloured, gap, middle, number_at, pictures, vivid

from cosmos_reasoner.clips.clip import Clip
from cosmos_reasoner.evaluation.labels.item import Item
from cosmos_reasoner.evaluation.labels.truth import EventsTruth, OptionTruth, RankingTruth
from cosmos_reasoner.evaluation.scenes import builtin
from cosmos_reasoner.evaluation.scenes.builtin import KINDS, Split, make_scenes
from cosmos_reasoner.evaluation.scenes.looks import COLOURS
from cosmos_reasoner.evaluation.scenes.scene import SIZE
from cosmos_reasoner.recordings.open import open_recording
from cosmos_reasoner.tasks.library import TaskLibrary
from cosmos_reasoner.tasks.prompt import PromptStyle, render

pytest.importorskip("pymunk", reason="needs the extra [scenes]")

pytestmark = pytest.mark.timeout(300)

GONE, KEPT = "test_edge_03.mp4", "test_tower_01.mp4"
"""A video that is taken away, and one that is not."""


class Mended(NamedTuple):
    """A folder that was made, damaged and made again."""

    items: tuple[Item, ...]
    again: tuple[Item, ...]
    folder: Path
    lost: bytes
    written: int


@pytest.fixture(scope="module")
def mended(tmp_path_factory: pytest.TempPathFactory) -> Mended:
    """All scenes that score; of two kinds again, after a run that was killed while it wrote one of them."""
    folder = tmp_path_factory.mktemp("scenes") / "test"
    items = make_scenes(folder).items
    lost, written = (folder / GONE).read_bytes(), (folder / KEPT).stat().st_mtime_ns
    (folder / GONE).unlink()
    (folder / f"{GONE}.part").write_bytes(lost[:1000])
    two = {kind: KINDS[kind] for kind in ("edge", "tower")}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(builtin, "KINDS", two)
        return Mended(items, make_scenes(folder).items, folder, lost, written)


@pytest.fixture
def items(mended: Mended) -> tuple[Item, ...]:
    return mended.items


def of(items: tuple[Item, ...], kind: str, name: str) -> Iterator[tuple[Item, list[np.ndarray]]]:
    """The items of one name and kind with their pictures."""
    for item in items:
        if item.set == f"scenes/{kind}/{name}":
            yield item, pictures(item.recording)


def right(item: Item) -> str:
    """Text of the right option."""
    assert isinstance(item.truth, OptionTruth)
    return item.question.options[item.truth.index]


def _second(after: float) -> str:
    return ("within 1 s", "after 1 to 2 s", "after 2 to 3 s")[int(after)]


def kind_of(item: Item) -> str:
    return item.set.split("/")[1]


def said_name(item: Item) -> str:
    return item.set.split("/")[2]


def test_each_kind_has_twelve_scenes(items: tuple[Item, ...]) -> None:
    scenes = {(kind_of(item), item.recording) for item in items}
    assert Counter(kind for kind, _ in scenes) == dict.fromkeys(KINDS, 12)


def test_no_two_items_share_an_id(items: tuple[Item, ...]) -> None:
    assert len({item.id for item in items}) == len(items)


def test_every_video_opens_as_a_recording(items: tuple[Item, ...]) -> None:
    for path in {item.recording for item in items}:
        with open_recording(path) as recording:
            first = next(iter(recording.frames()))
            assert (first.width, first.height) == SIZE
            assert 7.0 < (recording.end - recording.start) / 1e9 < 10.0


def test_every_question_can_be_asked(items: tuple[Item, ...]) -> None:
    tasks = TaskLibrary.load()
    with open_recording(items[0].recording) as recording:
        clip = Clip.of(list(recording.frames())[:24])
    for item in items:
        assert render(tasks.named(item.question.task), item.question, clip, PromptStyle()).user


def test_what_is_foretold_is_not_shown(items: tuple[Item, ...]) -> None:
    for item in items:
        if not isinstance(item.truth, EventsTruth):
            assert item.start == 0.0 and item.end is not None and 4.0 <= item.end <= 6.0
            with open_recording(item.recording) as recording:
                assert (recording.end - recording.start) / 1e9 > item.end + 3.2


def test_events_lie_inside_their_window(items: tuple[Item, ...]) -> None:
    for item in items:
        if isinstance(item.truth, EventsTruth):
            (event,) = item.truth.events
            assert item.start is not None and item.end is not None
            assert item.start <= event.start < event.end <= item.end


def test_each_letter_is_right_equally_often(items: tuple[Item, ...]) -> None:
    letters: defaultdict[tuple[str, str, int], Counter[int]] = defaultdict(Counter)
    for item in items:
        if isinstance(item.truth, OptionTruth):
            letters[item.set, said_name(item), len(item.question.options)][item.truth.index] += 1
    assert len(letters) == 12
    for (_, _, options), counted in letters.items():
        assert len(counted) == options and len(set(counted.values())) == 1


def test_the_best_action_stands_in_each_place_equally_often(items: tuple[Item, ...]) -> None:
    counted: Counter[int] = Counter()
    for item in items:
        if isinstance(item.truth, RankingTruth):
            ids = [action.id for action in item.question.actions]
            assert sorted(ids) == sorted(item.truth.ids)
            counted[ids.index(item.truth.ids[0])] += 1
    assert counted == {0: 3, 1: 3, 2: 3, 3: 3}


def test_each_answer_to_a_question_of_side_or_time_is_right_equally_often(items: tuple[Item, ...]) -> None:
    answers: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for item in items:
        if said_name(item) in ("direction", "time"):
            answers[item.set, said_name(item)][right(item)] += 1
    assert len(answers) == 6
    for counted in answers.values():
        assert len(counted) in (2, 3) and len(set(counted.values())) == 1


def test_a_folder_that_was_left_half_made_is_mended(mended: Mended) -> None:
    assert (mended.folder / GONE).read_bytes() == mended.lost


def test_nothing_unfinished_is_left(mended: Mended) -> None:
    assert {path.suffix for path in mended.folder.iterdir()} == {".mp4"}


def test_whole_videos_are_left_alone(mended: Mended) -> None:
    assert (mended.folder / KEPT).stat().st_mtime_ns == mended.written


def test_the_same_questions_are_asked_each_time(mended: Mended) -> None:
    assert mended.again == tuple(item for item in mended.items if kind_of(item) in ("edge", "tower"))


def test_another_process_asks_the_same(items: tuple[Item, ...], mended: Mended) -> None:
    program = (
        "from pathlib import Path\n"
        "from cosmos_reasoner.evaluation.scenes.builtin import Split, draw_scenes, items_of\n"
        f"items = items_of(draw_scenes(Split.TEST, 'tower'), Path({str(mended.folder)!r}), Split.TEST, 'tower')\n"
        "print(*map(repr, items), sep='\\n')\n"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "77"}
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=Path(__file__).parents[3],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines() == [repr(item) for item in items if kind_of(item) == "tower"]


def test_the_ball_is_seen_to_fall_where_it_is_said_to(items: tuple[Item, ...]) -> None:
    for item, film in of(items, "edge", "outcome"):
        before = middle(vivid(film[number_at(item.end or 0)]))
        after = middle(vivid(film[-1]))
        assert before is not None, item.id
        falls = after is None or after[1] > before[1] + 40
        assert falls == right(item).startswith("It falls"), item.id


def test_the_ball_is_seen_to_fall_or_lie_when_it_is_said_to(items: tuple[Item, ...]) -> None:
    for item, film in of(items, "edge", "interval"):
        assert isinstance(item.truth, EventsTruth)
        (event,) = item.truth.events
        if "falls" in event.text:
            start, end = (middle(vivid(film[number_at(time)])) for time in (event.start - 0.1, event.end + 0.1))
            assert start is not None
            assert end is None or end[1] > start[1] + 60, item.id
            assert (middle(vivid(film[number_at((event.start + event.end) / 2)])) or start)[1] > start[1] + 5, item.id


@pytest.mark.parametrize("kind", ["edge", "occlusion"])
def test_balls_are_seen_to_roll_to_the_side_that_is_said(items: tuple[Item, ...], kind: str) -> None:
    for item, film in of(items, kind, "direction"):
        for name in COLOURS:
            places = [middle(coloured(picture, name)) for picture in film[: number_at(item.end or 0) : 12]]
            seen = [place[0] for place in places if place is not None]
            if len(seen) > 2:
                assert (seen[-1] > seen[0] + 3) == (right(item) == "to the right"), (item.id, name)


def test_the_ball_falls_or_halts_in_the_second_that_is_said(items: tuple[Item, ...]) -> None:
    events = {item.recording: item.truth for item in items if item.set == "scenes/edge/interval"}
    for item in (item for item in items if item.set == "scenes/edge/time"):
        truth = events[item.recording]
        assert isinstance(truth, EventsTruth)
        assert _second(truth.events[0].start - (item.end or 0)) == right(item), item.id


def test_a_disc_arrives_in_the_second_that_is_said(items: tuple[Item, ...]) -> None:
    arrivals = {
        item.recording: item.truth.events[0].start
        for item in items
        if kind_of(item) == "crossing" and isinstance(item.truth, EventsTruth)
    }
    times = [item for item in items if item.recording in arrivals and said_name(item) == "time"]
    assert len(times) > 3
    for item in times:
        assert _second(arrivals[item.recording] - (item.end or 0)) == right(item), item.id


def test_as_much_more_lies_on_the_ground_as_is_said_to_fall(items: tuple[Item, ...]) -> None:
    for item, film in of(items, "tower", "outcome"):
        ground = slice(176, 182)
        before = vivid(film[number_at(item.end or 0) - 3])[ground].sum(axis=1).max()
        after = vivid(film[-1])[ground].sum(axis=1).max()
        assert (after > before + 7) == right(item).startswith("At least"), item.id


def test_discs_are_seen_and_seen_to_touch_when_they_are_said_to(items: tuple[Item, ...]) -> None:
    for item, film in of(items, "crossing", "outcome"):
        colours = [name for name in COLOURS if any(f" {name} disc" in option for option in item.question.options)]
        ahead = film[number_at(item.end or 0) : number_at((item.end or 0) + 3.0)]
        assert all(coloured(ahead[0], name).sum() > 200 for name in colours), item.id  # noise and motion hide none
        nearest = min(gap(*(coloured(picture, name) for name in colours)) for picture in ahead)
        assert (nearest < 5) == ("touch each other" in right(item)), (item.id, nearest)


def test_as_many_balls_are_seen_to_go_behind_the_screen_as_are_said_to_be_there(items: tuple[Item, ...]) -> None:
    for item, film in of(items, "occlusion", "count"):
        shown = film[number_at(item.end or 0) :: -6][::-1]
        behind = 0
        for name in COLOURS:
            places = [middle(coloured(picture, name)) for picture in shown]
            seen = [place for place in places if place is not None]
            behind += bool(seen) and places[-1] is None and abs(seen[-1][0] - SIZE[0] / 2) < 100
        assert ("none", "one", "two", "three")[behind] == right(item), item.id


def test_the_ball_that_is_said_to_come_next_is_seen_first(items: tuple[Item, ...]) -> None:
    for item, film in of(items, "occlusion", "next"):
        number = number_at(item.end or 0)
        hidden = [name for name in item.question.options if middle(coloured(film[number], name)) is None]
        first = next(
            name
            for picture in film[number:]
            for name in hidden
            if (place := middle(coloured(picture, name))) and abs(place[0] - SIZE[0] / 2) < 100
        )
        assert first == right(item), item.id


def test_the_world_is_seen_to_stand_still_after_a_touch_with_the_pillar(items: tuple[Item, ...]) -> None:
    for item, film in of(items, "approach", "outcome"):
        later = film[number_at((item.end or 0) + 3.0) :]
        change = np.mean([np.abs(one.astype(int) - other)[150:].mean() for one, other in zip(later, later[2:])])
        assert (change < 2.7) == right(item).startswith("It touches"), (item.id, change)


def test_the_pictures_show_no_scene_twice(items: tuple[Item, ...]) -> None:
    firsts = [pictures(path, 1)[0].tobytes() for path in sorted({item.recording for item in items})]
    assert len(set(firsts)) == len(firsts)


def test_scenes_for_scores_are_made_unless_others_are_asked_for(items: tuple[Item, ...]) -> None:
    assert {item.recording.name.split("_")[0] for item in items} == {Split.TEST.value}
