"""Recordings in folders."""

from pathlib import Path

import pytest
from recorded import BagBuilder, write_video

from cosmos_reasoner.recordings.find import recordings_in


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
