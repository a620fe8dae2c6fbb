"""The same question again and again."""

import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from recorded import shared, write_video

from cosmos_reasoner.errors import ConfigurationError
from cosmos_reasoner.evaluation.labels.item import Item
from cosmos_reasoner.evaluation.labels.sweep import SHORTEST, _windows, sweep
from cosmos_reasoner.tasks.task import Question

QUESTION = Question("predict_outcome", horizon=1.0)


@pytest.fixture
def video(tmp_path: Path) -> Path:
    """A video whose last frame is shown at 2.0 s."""
    return write_video(tmp_path / "walk.mp4", [i * 100 for i in range(21)])


def windows(items: tuple[Item, ...]) -> list[tuple[float | None, float | None]]:
    return [(item.start, item.end) for item in items]


def test_each_item_is_about_the_time_just_before_its_moment(video: Path) -> None:
    items, faults = sweep([video], QUESTION, 0.5, 0.8, ("walk",))
    assert faults == ()
    assert windows(items) == [(0.0, 0.5), (pytest.approx(0.2), 1.0), (pytest.approx(0.7), 1.5), (1.2, 2.0)]


def test_each_item_asks_the_same_of_the_same_cameras(video: Path) -> None:
    for item in sweep([video], QUESTION, 0.5, cameras=("walk",)).items:
        assert (item.recording, item.question, item.cameras, item.truth) == (video, QUESTION, ("walk",), None)


def test_without_a_span_all_is_seen_once(video: Path) -> None:
    assert windows(sweep([video], QUESTION, 1.0).items) == [(0.0, 1.0), (1.0, 2.0)]


def test_a_recording_shorter_than_a_step_is_asked_about_as_a_whole(video: Path) -> None:
    assert windows(sweep([video], QUESTION, 5.0).items) == [(None, None)]


def test_no_two_items_have_one_id(video: Path, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    namesake = write_video(tmp_path / "other" / "walk.mp4", [i * 100 for i in range(21)])
    items = sweep([video, namesake, video], QUESTION, 0.5).items
    assert len({item.id for item in items}) == len(items) == 8


def test_recordings_of_one_name_go_by_their_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("A", "B"):
        (tmp_path / name).mkdir()
        write_video(tmp_path / name / "s.mp4", [i * 100 for i in range(21)])
    expected = ["A/s.mp4 2 s", "B/s.mp4 2 s"]
    assert [item.id for item in sweep([tmp_path / "A", tmp_path / "B"], QUESTION, 2.0).items] == expected
    monkeypatch.chdir(tmp_path / "A")
    assert [item.id for item in sweep([Path("s.mp4"), tmp_path / "B"], QUESTION, 2.0).items] == expected


def test_a_file_whose_name_is_no_utf_8_has_names_that_can_be_written(video: Path) -> None:
    (item,), _ = sweep([video.rename(video.with_name("bad\udcff.mp4"))], QUESTION, 2.0)
    assert (item.id.encode(), item.set.encode()) == (rb"bad\udcff.mp4 2 s", rb"bad\udcff.mp4")


def test_a_fault_of_a_file_whose_name_is_no_utf_8_can_be_written(tmp_path: Path) -> None:
    _, (fault,) = sweep([tmp_path / "bad\udcff.mp4"], QUESTION, 1.0)
    assert fault.encode().endswith(rb"bad\udcff.mp4: no such file or folder")


def test_a_recording_called_all_is_not_taken_for_the_total(video: Path) -> None:
    (item,), _ = sweep([video.rename(video.with_name("all"))], QUESTION, 2.0)
    assert item.set == "./all"


def test_a_recording_that_cannot_be_read_gives_one_line_and_the_others_are_used(video: Path, tmp_path: Path) -> None:
    items, (fault,) = sweep([tmp_path / "gone.mp4", video], QUESTION, 1.0)
    assert len(items) == 2
    assert fault == f"{tmp_path / 'gone.mp4'}: no such file or folder"


@pytest.mark.parametrize(("every", "span"), [(0, 1), (-1, 1), (SHORTEST / 2, 1), (math.nan, 1), (1, 0), (1, math.inf)])
def test_a_step_or_span_that_is_none_is_refused(video: Path, every: float, span: float) -> None:
    with pytest.raises(ConfigurationError, match="ask every"):
        sweep([video], QUESTION, every, span)


@given(st.floats(0, 100), st.floats(SHORTEST, 10), st.floats(0.01, 10))
def test_moments_come_in_equal_steps_inside_the_recording(length: float, every: float, span: float) -> None:
    found = _windows(length, every, span)
    if found == [(None, None)]:
        assert length < every
        return
    for number, (start, end) in enumerate(found, 1):
        assert start is not None and end is not None
        assert end == number * every
        assert 0 <= start < end <= length + every * 1e-5
        assert end - start <= span + 1e-9
    assert length - found[-1][1] < every


def test_a_real_bag_is_swept() -> None:
    items, faults = sweep([shared("bags/office_doorway_db3")], QUESTION, 2.0)
    assert faults == ()
    assert windows(items) == [(0.0, 2.0), (2.0, 4.0)]
