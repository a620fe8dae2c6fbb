"""Recordings in folders."""

import os
from pathlib import Path

import pytest
from recorded import BagBuilder, write_video

from cosmos_reasoner.recordings.find import files_of, recordings_in


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with videos, a bag, a folder of pictures and what is no recording."""
    root = tmp_path / "all"
    (root / "deep" / "er").mkdir(parents=True)
    write_video(root / "b.MP4", [0, 100])
    write_video(root / "deep" / "er" / "a.avi", [0, 100])
    (root / "notes.txt").write_text("no recording")
    (root / "empty").mkdir()
    bag = BagBuilder(root)
    bag.image("/camera", 1)
    bag.ros2("bag")
    (root / "pictures").mkdir()
    (root / "pictures" / "1.png").write_bytes(BagBuilder.picture_file(".png"))
    return root


def test_a_folder_means_all_recordings_in_it_and_below_it(folder: Path) -> None:
    names = [str(path.relative_to(folder)) for path in recordings_in(folder)]
    assert names == ["b.MP4", "bag", "deep/er/a.avi", "pictures"]


@pytest.mark.parametrize("name", ["b.MP4", "bag", "pictures", "notes.txt"])
def test_what_is_a_recording_or_a_file_means_itself(folder: Path, name: str) -> None:
    assert recordings_in(folder / name) == [folder / name]


@pytest.mark.parametrize("name", ["empty", "nowhere"])
def test_where_there_is_none_the_path_stays_for_the_error_to_name(folder: Path, name: str) -> None:
    assert recordings_in(folder / name) == [folder / name]


def test_separate_bags_in_one_folder_are_separate_recordings(tmp_path: Path) -> None:
    for name in ("monday.mcap", "tuesday.mcap"):
        (tmp_path / name).write_bytes(b"")
    assert recordings_in(tmp_path) == [tmp_path / "monday.mcap", tmp_path / "tuesday.mcap"]


def test_the_parts_of_a_bag_are_one_recording(tmp_path: Path) -> None:
    for name in ("drive_0.mcap", "drive_1.mcap"):
        (tmp_path / name).write_bytes(b"")
    assert recordings_in(tmp_path) == [tmp_path]


def test_a_thumbnail_does_not_hide_the_videos_beside_it(tmp_path: Path) -> None:
    video = write_video(tmp_path / "a.mp4", [0, 100])
    (tmp_path / "thumbnail.png").write_bytes(BagBuilder.picture_file(".png"))
    assert recordings_in(tmp_path) == [video]


def test_a_link_back_up_does_not_lead_round_and_round(folder: Path) -> None:
    (folder / "deep" / "up").symlink_to(folder)
    assert len(recordings_in(folder)) == 4


def test_the_folder_of_a_run_holds_no_recordings(folder: Path) -> None:
    (folder / "pictures" / "results.jsonl").write_text("")
    assert folder / "pictures" not in recordings_in(folder)


def test_what_is_no_plain_file_is_passed_over(folder: Path) -> None:
    os.mkfifo(folder / "endless.mp4")
    assert len(recordings_in(folder)) == 4


def test_the_files_of_a_recording_are_those_that_are_read(folder: Path) -> None:
    (folder / "pictures" / "questions.yaml").write_text("[]")
    assert [path.name for path in files_of(folder / "pictures")] == ["1.png"]
    assert [path.suffix for path in files_of(folder / "bag")] == [".mcap"]
    assert files_of(folder / "b.MP4") == [folder / "b.MP4"]
