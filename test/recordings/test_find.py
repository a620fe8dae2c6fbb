"""Recordings in folders."""

import os
from pathlib import Path

import pytest
from recorded import BagBuilder, write_video

from cosmos_reasoner.errors import RecordingError
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


def named(folder: Path, *names: str) -> list[str]:
    """Make empty files of these names; give the recordings found, by their names below the folder."""
    for name in names:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(b"")
    return [str(path.relative_to(folder)) for path in recordings_in(folder)]


def test_a_bag_beside_a_video_hides_nothing(tmp_path: Path) -> None:
    assert named(tmp_path, "a.mcap", "v.mp4", "sub/b.mcap") == ["a.mcap", "v.mp4", "sub/b.mcap"]


def test_the_parts_of_a_bag_hide_nothing_beside_them(tmp_path: Path) -> None:
    assert named(tmp_path, "d_0.mcap", "d_1.mcap", "v.mp4", "sub/b.bag") == [".", "v.mp4", "sub/b.bag"]


@pytest.mark.parametrize("name", ["drive_0.mcap", "2024.01.31_0.db3", "drive_0.mcap.zstd", "drive_0.bag.active"])
def test_a_single_part_is_the_folder_as_long_as_nothing_else_is_there(tmp_path: Path, name: str) -> None:
    assert named(tmp_path, name, "notes.txt") == ["."]
    assert named(tmp_path, "v.mp4") == [name, "v.mp4"]


def test_a_single_part_does_not_hide_the_folders_below_it(tmp_path: Path) -> None:
    assert named(tmp_path, "drive_0.mcap", "sub/v.mp4") == ["drive_0.mcap", "sub/v.mp4"]


@pytest.mark.parametrize("names", [["lone.mcap"], ["a_0.mcap", "b_0.mcap"], ["a.mcap", "a_1.mcap"]])
def test_bags_that_are_no_parts_of_one_are_recordings_of_their_own(tmp_path: Path, names: list[str]) -> None:
    assert named(tmp_path, *names) == names


def test_a_bag_and_its_compressed_copy_are_one_recording(tmp_path: Path) -> None:
    assert named(tmp_path, "lone.mcap", "lone.mcap.zstd") == ["lone.mcap"]


def test_a_thumbnail_does_not_hide_the_videos_beside_it(tmp_path: Path) -> None:
    video = write_video(tmp_path / "a.mp4", [0, 100])
    (tmp_path / "thumbnail.png").write_bytes(BagBuilder.picture_file(".png"))
    assert recordings_in(tmp_path) == [video]


def test_a_link_back_up_does_not_lead_round_and_round(folder: Path) -> None:
    (folder / "deep" / "up").symlink_to(folder)
    assert len(recordings_in(folder)) == 4


RUN = ("results.jsonl", "predictions.mcap", "strips/1.jpg")
"""What a run writes."""


def test_the_folder_of_a_run_holds_no_recordings(tmp_path: Path) -> None:
    assert named(tmp_path, "v.mp4", *(f"run/{name}" for name in RUN[:2]), "run/report.html") == ["v.mp4"]
    assert recordings_in(tmp_path / "run") == [tmp_path / "run"]


@pytest.mark.parametrize("name", ["v.mp4", "lone.mcap", "sub/v.mp4"])
def test_a_run_that_was_written_beside_recordings_does_not_change_what_is_found(tmp_path: Path, name: str) -> None:
    assert named(tmp_path, name) == named(tmp_path, *RUN) == [name]


def test_a_run_that_was_written_beside_recordings_does_not_hide_them_from_the_folder_above(tmp_path: Path) -> None:
    (tmp_path / "all").mkdir()
    for name in ("v.mp4", *RUN):
        named(tmp_path / "all", name)
    assert recordings_in(tmp_path) == [tmp_path / "all" / "v.mp4"]


def test_a_run_that_was_written_among_the_parts_of_a_bag_is_no_part_of_it(tmp_path: Path) -> None:
    assert named(tmp_path, "d_0.mcap", "d_1.mcap", *RUN) == ["."]
    assert [path.name for path in files_of(tmp_path)] == ["d_0.mcap", "d_1.mcap"]


def test_predictions_and_strips_without_a_run_are_like_any_other(tmp_path: Path) -> None:
    assert named(tmp_path, *RUN[1:]) == ["predictions.mcap", "strips"]


def test_what_is_no_plain_file_is_passed_over(folder: Path) -> None:
    os.mkfifo(folder / "endless.mp4")
    assert len(recordings_in(folder)) == 4


def test_the_files_of_a_recording_are_those_that_are_read(folder: Path) -> None:
    (folder / "pictures" / "questions.yaml").write_text("[]")
    assert [path.name for path in files_of(folder / "pictures")] == ["1.png"]
    assert [path.suffix for path in files_of(folder / "bag")] == [".mcap"]
    assert files_of(folder / "b.MP4") == [folder / "b.MP4"]


def test_what_is_neither_a_file_nor_a_folder_has_no_files(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "endless.mp4")
    with pytest.raises(RecordingError, match="neither a file nor a folder"):
        files_of(tmp_path / "endless.mp4")


def test_pipes_in_folders_are_not_waited_for(tmp_path: Path) -> None:
    for name in ("metadata.yaml", "1.png"):
        os.mkfifo(tmp_path / name)
    (tmp_path / "2.png").write_bytes(BagBuilder.picture_file(".png"))
    assert recordings_in(tmp_path) == [tmp_path]
    assert files_of(tmp_path) == [tmp_path / "2.png"]
