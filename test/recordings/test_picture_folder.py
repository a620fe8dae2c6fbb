"""Folders of pictures as recordings."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from recorded import BagBuilder, picture

from cosmos_reasoner.clips.pixels import decode
from cosmos_reasoner.errors import RecordingError
from cosmos_reasoner.recordings.open import open_recording
from cosmos_reasoner.recordings.picture_folder import _natural
from cosmos_reasoner.recordings.recording import VIDEO, VIDEO_START

SECOND = 1_000_000_000


def write(folder: Path, *names: str) -> Path:
    """Write one picture of 8x6 px for each name; picture i has brightness 10 * i."""
    for i, name in enumerate(names):
        assert cv2.imwrite(str(folder / name), picture(10 * i))
    return folder


def read(folder: Path) -> tuple[list[int], list[int]]:
    """Brightness and stamps of the frames."""
    with open_recording(folder) as recording:
        frames = list(recording.frames())
    return [round(float(decode(frame).mean())) for frame in frames], [frame.stamp for frame in frames]


def test_pictures_come_in_natural_order_ten_a_second(tmp_path: Path) -> None:
    values, stamps = read(write(tmp_path, "10.png", "2.png", "1.png", "003.png"))
    assert values == [20, 10, 30, 0]
    assert stamps == [VIDEO_START + i * SECOND // 10 for i in range(4)]


@given(st.lists(st.integers(0, 10_000), unique=True))
def test_numbers_within_names_sort_by_their_value(numbers: list[int]) -> None:
    names = sorted((f"frame{number}_left.jpg" for number in numbers), key=_natural)
    assert names == [f"frame{number}_left.jpg" for number in sorted(numbers)]


@pytest.mark.parametrize(
    ("names", "stamps"),
    [
        (("1403636579763555584.png", "1403636579813555456.png"), [1403636579763555584, 1403636579813555456]),
        (("1305031102.175304.png", "1305031102.211214.png"), [1305031102_175304000, 1305031102_211214000]),
        (("1305031102.png", "1305031103.5.png"), [1305031102_000000000, 1305031103_500000000]),
    ],
    ids=["euroc", "tum", "seconds"],
)
def test_names_that_are_times_are_the_stamps(tmp_path: Path, names: tuple[str, ...], stamps: list[int]) -> None:
    assert read(write(tmp_path, *names)) == ([0, 10], stamps)


@pytest.mark.parametrize(
    "names",
    [
        ("1403636579763555584.png", "cover.png"),
        ("1305031102.175304.png", "1403636579763555584.png"),
        ("1305031102.png", "1305031102.0.png"),
        ("20240131.png", "20240201.png"),
        ("0000000000.png", "0000000001.png"),
        ("2147483647.png", "2147483648.png"),
        ("2147483647000000000.png", "2147483648000000000.png"),
        ("9999999999999999998.png", "9999999999999999999.png"),
    ],
)
def test_names_that_are_not_all_times_are_only_an_order(tmp_path: Path, names: tuple[str, ...]) -> None:
    assert read(write(tmp_path, *names))[1] == [VIDEO_START, VIDEO_START + SECOND // 10]


def test_the_stamp_of_the_first_may_be_chosen(tmp_path: Path) -> None:
    with open_recording(write(tmp_path, "1.png", "2.png"), video_start=7) as recording:
        assert (recording.start, recording.end) == (7, 7 + SECOND // 10)


def test_jpeg_and_png_stay_as_they_are_and_others_are_decoded(tmp_path: Path) -> None:
    folder = write(tmp_path, "1.jpg", "2.PNG", "3.webp", "4.bmp", "5.jpeg")
    with open_recording(folder) as recording:
        frames = list(recording.frames())
        (track,) = recording.cameras
    assert [frame.encoding for frame in frames] == ["jpeg", "png", "bgr8", "bgr8", "jpeg"]
    assert bytes(frames[0].data) == (folder / "1.jpg").read_bytes()
    assert {(frame.camera, frame.width, frame.height) for frame in frames} == {(tmp_path.name, 8, 6)}
    assert (track.name, track.type, track.count, track.rate) == (tmp_path.name, VIDEO, 5, 10.0)
    assert recording.format == "folder of pictures" and recording.faults == ()


def test_broken_pictures_and_those_of_another_size_are_skipped_and_counted(tmp_path: Path) -> None:
    write(tmp_path, *(f"{i}.png" for i in range(5)))
    (tmp_path / "0.png").write_bytes(b"")
    (tmp_path / "1.png").write_bytes(b"no picture")
    (tmp_path / "5.bmp").write_bytes(b"BMno picture")
    (tmp_path / "6.jpg").write_bytes(b"\xff\xd8\xff")
    (tmp_path / "7.png").mkdir()
    cv2.imwrite(str(tmp_path / "8.png"), np.zeros((9, 9, 3), np.uint8))
    with open_recording(tmp_path) as recording:
        assert recording.skipped == 0
        assert recording.start == VIDEO_START + 2 * SECOND // 10
        assert len(list(recording.frames())) == 3
        assert recording.skipped == 5
        assert recording.cameras[0].count == 3
        assert recording.end == VIDEO_START + 4 * SECOND // 10


@pytest.mark.parametrize("ending", [".jpg", ".png", ".webp", ".bmp"])
def test_the_size_of_most_pictures_counts_whatever_the_first_one_has(tmp_path: Path, ending: str) -> None:
    write(tmp_path, *(f"{i}{ending}" for i in range(1, 4)))
    cv2.imwrite(str(tmp_path / f"0{ending}"), picture(0, 17, 9))
    with open_recording(tmp_path) as recording:
        assert recording.start == VIDEO_START + SECOND // 10
        assert [(frame.width, frame.height) for frame in recording.frames()] == [(8, 6)] * 3
        assert recording.skipped == 1


def test_pictures_that_cannot_be_frames_are_counted_and_not_asked_about(tmp_path: Path) -> None:
    write(tmp_path, *(f"{i}.png" for i in range(6)))
    (tmp_path / "0.png").write_bytes(b"no picture")
    (tmp_path / "3.png").write_bytes(b"")
    cv2.imwrite(str(tmp_path / "4.png"), picture(0, 17, 9))
    asked: list[int] = []
    with open_recording(tmp_path) as recording:
        frames = list(recording.frames(wanted=lambda _, stamp: not asked.append(stamp)))
        assert [frame.stamp for frame in frames] == asked
        assert (len(asked), recording.skipped) == (3, 3)


def test_pictures_outside_of_the_chosen_time_are_not_counted_as_skipped(tmp_path: Path) -> None:
    write(tmp_path, *(f"{i}.png" for i in range(4)))
    (tmp_path / "3.png").write_bytes(b"no picture")
    with open_recording(tmp_path) as recording:
        assert len(list(recording.frames(stop=VIDEO_START + 3 * SECOND // 10))) == 3
        assert recording.skipped == 0


def test_a_picture_that_ends_after_its_header_is_skipped_when_it_is_decoded(tmp_path: Path) -> None:
    path = write(tmp_path, "0.bmp", "1.bmp") / "1.bmp"
    path.write_bytes(path.read_bytes()[:30])
    with open_recording(tmp_path) as recording:
        assert len(list(recording.frames())) == 1
        assert recording.skipped == 1


def test_what_systems_leave_in_folders_is_no_picture(tmp_path: Path) -> None:
    write(tmp_path, "1.png")
    (tmp_path / "._1.png").write_bytes(b"left by a file manager")
    (tmp_path / "notes.txt").write_text("hello")
    with open_recording(tmp_path) as recording:
        assert recording.cameras[0].count == 1 and recording.cameras[0].rate is None
        assert recording.start == recording.end


def test_a_part_is_chosen_by_time(tmp_path: Path) -> None:
    with open_recording(write(tmp_path, *(f"{i}.png" for i in range(10)))) as recording:
        start = VIDEO_START + 2 * SECOND // 10
        part = [frame.stamp for frame in recording.frames(start=start, stop=start + SECOND // 5)]
        assert part == [start, start + SECOND // 10]
        assert list(recording.frames([])) == []
        with pytest.raises(RecordingError, match=f"no camera hall; there is {tmp_path.name}"):
            recording.frames(["hall"])


def test_a_folder_of_broken_pictures_is_refused_with_the_first_reason(tmp_path: Path) -> None:
    (tmp_path / "1.jpg").write_bytes(b"no picture")
    with pytest.raises(RecordingError, match="no picture in this folder can be read: neither a JPEG nor a PNG"):
        open_recording(tmp_path)


def test_a_folder_with_bag_files_is_a_bag_though_it_has_pictures(bag: BagBuilder) -> None:
    bag.image("/camera", 1_700_000_000 * SECOND)
    folder = write(bag.ros2(), "preview.png")
    with open_recording(folder) as recording:
        assert recording.format == "rosbag2 mcap"


def test_a_folder_of_pictures_may_have_a_metadata_file_of_its_own(tmp_path: Path) -> None:
    (write(tmp_path, "1.png") / "metadata.yaml").write_text("author: somebody\n")
    assert read(tmp_path)[0] == [0]
