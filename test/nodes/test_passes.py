"""A recording unrolled in time."""

from itertools import islice
from pathlib import Path

import pytest
from recorded import BagBuilder, write_video

from cosmos_reasoner.errors import RecordingError
from cosmos_reasoner.nodes.pace import Pace
from cosmos_reasoner.nodes.passes import passes
from cosmos_reasoner.nodes.playback import Playback
from cosmos_reasoner.recordings.open import open_recording

MS = 1_000_000
VARIABLE = [0, 20, 70, 150, 260, 400]


def times(path: Path, playback: Playback, count: int = 100) -> list[float]:
    with open_recording(path, video_start=0) as recording:
        return [time / MS for time, _ in islice(passes(recording, playback), count)]


def test_a_recording_is_played_once(tmp_path: Path) -> None:
    assert times(write_video(tmp_path / "a.mp4", VARIABLE), Playback()) == VARIABLE


def test_a_part_begins_and_ends_where_it_is_told(tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.mp4", VARIABLE)
    assert times(path, Playback(start=0.07, duration=0.19)) == [70, 150]


def test_a_loop_goes_on_one_mean_interval_after_its_last_frame(tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.mp4", VARIABLE)
    assert times(path, Playback(loop=True), 14) == [*VARIABLE, *(480 + t for t in VARIABLE), 960, 980]


def test_the_interval_of_a_loop_is_that_of_one_camera(tmp_path: Path) -> None:
    bag = BagBuilder(tmp_path)
    for i in range(3):
        bag.image("/left", (i + 1) * 100 * MS)
        bag.image("/right", (i + 1) * 100 * MS)
    assert times(bag.ros2(), Playback(loop=True), 8) == [100, 100, 200, 200, 300, 300, 400, 400]


def test_a_still_picture_comes_ten_times_a_second_in_a_loop(tmp_path: Path) -> None:
    path = tmp_path / "still.jpg"
    path.write_bytes(BagBuilder.picture_file(".jpg"))
    assert times(path, Playback(loop=True), 3) == [0, 100, 200]


@pytest.mark.parametrize("loop", [False, True])
def test_a_part_without_frames_is_an_error(tmp_path: Path, loop: bool) -> None:
    path = write_video(tmp_path / "a.mp4", [0, 100, 200])
    with pytest.raises(RecordingError, match=r"no frame from 9 s on; the recording lasts 0\.2 s"):
        times(path, Playback(start=9.0, loop=loop))


def test_the_pace_follows_its_clock_without_adding_up_errors() -> None:
    now = [5_000]
    pace = Pace(begin=100, rate=3.0, monotonic=lambda: now[0])
    assert (pace.position, pace.until(100), pace.until(130)) == (100, 0, 10)
    now[0] += 1_000
    assert (pace.position, pace.until(130)) == (3_100, -990)
