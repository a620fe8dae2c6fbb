"""Label files, and the media that they name."""

import json
import os
from pathlib import Path

import pytest
from labelling import touch

from cosmos_reasoner.errors import ConfigurationError
from cosmos_reasoner.evaluation.labels.files import benchmark_media, media, read_json


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A benchmark's folder with a clip, and a clip beside it."""
    touch(tmp_path, "mine/clips/one.mp4", "other/two.mp4")
    return tmp_path / "mine"


@pytest.mark.parametrize("mark", ["\u2028", "\u2029", "\x85"])
def test_a_record_is_not_cut_inside_a_text(tmp_path: Path, mark: str) -> None:
    record = {"question": f"one{mark}two"}
    file = tmp_path / "labels.jsonl"
    file.write_text(json.dumps(record, ensure_ascii=False) + "\r\n\n{}\n", encoding="utf-8")
    assert read_json(file) == [record, {}]


@pytest.mark.parametrize("find", [media, benchmark_media])
def test_a_pipe_is_no_recording(folder: Path, find) -> None:
    os.mkfifo(folder / "p.mp4")
    with pytest.raises(ConfigurationError, match=r"recording: there is no file or folder .*p\.mp4"):
        find(folder, "p.mp4", "recording")


@pytest.mark.parametrize("find", [media, benchmark_media])
@pytest.mark.parametrize("name", ["clips/one.mp4", "one.mp4", "one", "./clips/../clips/one"])
def test_a_clip_is_found_in_the_folder_of_the_labels(folder: Path, find, name: str) -> None:
    assert find(folder, name, "video").samefile(folder / "clips" / "one.mp4")


@pytest.mark.parametrize("name", ["../other/two.mp4", "clips/../../other/two.mp4", "{root}/other/two.mp4", ".."])
def test_a_benchmark_reaches_no_file_outside_its_folder(folder: Path, name: str) -> None:
    with pytest.raises(ConfigurationError, match=r"video: .* leads out of the folder of the labels"):
        benchmark_media(folder, name.format(root=folder.parent), "video")


def test_a_benchmark_reaches_nothing_in_a_home(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(folder.parent / "other"))
    with pytest.raises(ConfigurationError, match="there is no file or folder"):
        benchmark_media(folder, "~/two.mp4", "video")
    assert media(folder, "~/two.mp4", "recording") == folder.parent / "other" / "two.mp4"


def test_a_user_may_link_media_into_the_folder_of_a_benchmark(folder: Path) -> None:
    (folder / "videos").symlink_to(folder.parent / "other")
    assert benchmark_media(folder, "videos/two.mp4", "video").samefile(folder.parent / "other" / "two.mp4")


def test_the_way_out_over_a_link_is_not_taken(folder: Path) -> None:
    (folder / "link").symlink_to(folder.parent / "other")
    touch(folder, "two.mp4")
    touch(folder.parent, "two.mp4")
    assert benchmark_media(folder, "link/../two.mp4", "video").samefile(folder / "two.mp4")


@pytest.mark.parametrize("name", ["../other/two.mp4", "{root}/other/two.mp4"])
def test_a_users_own_label_may_name_a_recording_anywhere(folder: Path, name: str) -> None:
    found = media(folder, name.format(root=folder.parent), "recording")
    assert found.samefile(folder.parent / "other" / "two.mp4")
