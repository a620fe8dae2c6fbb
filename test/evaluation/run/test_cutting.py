"""Cutting: each item gets the frames of its own window, whatever else is asked."""

from pathlib import Path

import pytest
from evaluated import item
from recorded import BagBuilder, picture, write_video

from cosmos_reasoner.errors import ClipUnavailable, InvalidRequest, RecordingError
from cosmos_reasoner.evaluation.labels.item import Item
from cosmos_reasoner.evaluation.run.cutting import Cut, cut

SECOND = 1_000_000_000
EPOCH = 1_700_000_000 * SECOND


def cuts(*items: Item, rate: float = 4.0) -> dict[str, Cut]:
    faults: list[str] = []
    found = {one.item.id: one for one in cut(items, rate, faults.append)}
    assert not faults
    return found


def times(one: Cut, camera: int = 0) -> list[float]:
    """Of the frames of a clip, s from the recording's start."""
    assert one.clip
    return [(frame.stamp - one.origin) / 1e9 for frame in one.clip.views[camera].frames]


@pytest.fixture
def video(tmp_path: Path) -> Path:
    return write_video(tmp_path / "ball.mp4", [i * 100 for i in range(60)], pixels=lambda i: picture(i, 64, 48))


@pytest.fixture
def bag(tmp_path: Path) -> Path:
    bag = BagBuilder(tmp_path)
    for number in range(300):
        received = EPOCH + number * SECOND // 10
        bag.image("/left", received, value=number % 200)
        if number % 2 == 0:
            bag.image("/right", received + 30_000_000, stamp=received, value=number % 200)
    return bag.ros2()


def test_a_clip_has_the_sampled_frames_of_its_window(video: Path) -> None:
    found = cuts(item("one", recording=video, window=(1.0, 3.0)), rate=2.0)
    assert times(found["one"]) == pytest.approx([1.0, 1.5, 2.0, 2.5, 3.0])


def test_without_a_window_it_is_the_whole_recording(video: Path) -> None:
    found = cuts(item("one", recording=video, window=(None, None)), rate=1.0)
    assert times(found["one"]) == pytest.approx([0, 1, 2, 3, 4, 5])


@pytest.mark.parametrize("name", ["video", "bag"])
def test_a_clip_does_not_depend_on_what_else_is_asked(name: str, request: pytest.FixtureRequest) -> None:
    path = request.getfixturevalue(name)
    windows = {"a": (0.0, 2.0), "b": (0.7, 2.7), "c": (1.3, 1.9), "d": (3.1, 5.0)}
    items = [item(key, recording=path, window=window) for key, window in windows.items()]
    together = cuts(*items)
    assert all(times(together[one.id]) == times(cuts(one)[one.id]) for one in items)


def test_windows_far_apart_are_all_filled(bag: Path) -> None:
    found = cuts(item("early", recording=bag, window=(0.0, 1.0)), item("late", recording=bag, window=(28.0, 29.0)))
    assert (times(found["early"])[0], times(found["late"])[0]) == pytest.approx((0.0, 28.0))


def test_all_cameras_are_shown_unless_one_is_named(bag: Path) -> None:
    found = cuts(item("all", recording=bag), item("one", recording=bag, cameras=("/right",)))
    assert found["all"].clip and found["all"].clip.cameras == ("/left", "/right")
    assert found["one"].clip and found["one"].clip.cameras == ("/right",)


def test_a_window_longer_than_a_clip_can_be_is_sampled_more_slowly(bag: Path) -> None:
    found = cuts(item("one", recording=bag, window=(None, None), cameras=("/left",)), rate=10.0)
    assert 100 < len(times(found["one"])) <= 128
    assert times(found["one"])[-1] > 29.0


def test_a_window_that_ends_behind_the_recording_is_sampled_as_what_there_is_of_it(video: Path) -> None:
    faults: list[str] = []
    (one,) = cut([item("one", recording=video, window=(3.0, 1000.0))], 4.0, faults.append)
    assert times(one) == times(cuts(item("one", recording=video, window=(3.0, 6.0)))["one"])
    assert faults == ["one: its window ends 994.1 s behind the recording: the rest was used"]


def test_broken_pictures_are_told_with_their_number(tmp_path: Path) -> None:
    bag = BagBuilder(tmp_path)
    for number in range(10):
        data = b"no picture" if number % 2 else bag.picture_file(".jpg")
        bag.compressed("/left", EPOCH + number * SECOND // 10, data)
    path = bag.ros2()
    faults: list[str] = []
    (one,) = cut([item("one", recording=path, window=(None, None))], 10.0, faults.append)
    assert one.clip and len(one.clip.views[0].frames) == 5
    assert faults == [f"{path}: 5 pictures cannot be read: the others were used"]


def test_a_window_without_frames_is_said(video: Path) -> None:
    found = cuts(item("one", recording=video, window=(10.0, 12.0)))
    assert isinstance(found["one"].problem, ClipUnavailable)
    assert "from 10.00 s to 12.00 s: there is no frame in it" in str(found["one"].problem)


def test_an_unknown_camera_is_said(bag: Path) -> None:
    found = cuts(item("one", recording=bag, cameras=("/up",)))
    assert isinstance(found["one"].problem, InvalidRequest)
    assert "no camera /up; there are /left, /right" in str(found["one"].problem)


def test_a_recording_that_cannot_be_read_is_said_of_each_of_its_items_and_the_rest_is_cut(
    video: Path, tmp_path: Path
) -> None:
    (tmp_path / "broken.mp4").write_bytes(b"no video")
    broken = [item(name, recording=tmp_path / "broken.mp4") for name in ("one", "two")]
    found = cuts(*broken, item("good", recording=video))
    assert isinstance(found["one"].problem, RecordingError) and isinstance(found["two"].problem, RecordingError)
    assert found["good"].clip


def test_the_origin_is_the_stamp_of_the_recordings_first_frame(bag: Path) -> None:
    assert cuts(item("one", recording=bag, window=(5.0, 6.0)))["one"].origin == EPOCH
