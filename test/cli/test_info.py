"""`cosmos-reasoner info`: what recordings hold."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from recorded import BagBuilder, shared, write_video

from cosmos_reasoner.cli.main import main
from cosmos_reasoner.recordings.recording import COMPRESSED_IMAGE, IMAGE

SECOND = 1_000_000_000
T0 = 1_700_000_000 * SECOND


@pytest.fixture
def drive(tmp_path: Path) -> Path:
    """A bag of two cameras, three seconds long."""
    bag = BagBuilder(tmp_path)
    for i in range(4):
        bag.image("/left/image_raw", T0 + i * SECOND)
        bag.camera_info("/left/camera_info", T0 + i * SECOND, 500.0)
        bag.compressed("/right/compressed", T0 + i * SECOND + 5, bag.picture_file(".jpg"))
    return bag.ros2("drive")


def listed(capsys: pytest.CaptureFixture[str], *words: Path | str, status: int = 0) -> Any:
    assert main(["info", "--json", *map(str, words)]) == status
    return json.loads(capsys.readouterr().out)


def test_every_camera_of_a_bag_has_its_line(drive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["info", str(drive)]) == 0
    heading, length, columns, left, right = capsys.readouterr().out.splitlines()
    assert heading == f"{drive}: rosbag2 mcap"
    assert length == f"  3.000 s from 2023-11-14T22:13:20.000000000Z ({T0} ns)"
    assert columns.split() == ["camera", "type", "picture", "frames", "Hz", "CameraInfo"]
    assert left.split() == ["/left/image_raw", IMAGE, "rgb8", "8x6", "4", "1", "/left/camera_info"]
    assert right.split() == ["/right/compressed", COMPRESSED_IMAGE, "jpeg", "8x6", "4", "1", "-"]
    assert columns.index("picture") == left.index("rgb8") == right.index("jpeg")


def test_programs_get_the_same_as_json(drive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (about,) = listed(capsys, drive)
    assert about["path"] == str(drive) and about["format"] == "rosbag2 mcap"
    assert (about["seconds"], about["start_ns"], about["faults"]) == (3.000000005, T0, [])
    assert about["start_utc"] == "2023-11-14T22:13:20.000000000Z"
    assert about["cameras"][0] == {
        "name": "/left/image_raw",
        "type": IMAGE,
        "encoding": "rgb8",
        "width": 8,
        "height": 6,
        "frames": 4,
        "rate_hz": pytest.approx(1.0),
        "camera_info": "/left/camera_info",
    }


def test_a_video_has_no_clock(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    video = write_video(tmp_path / "ball.mp4", [0, 100, 200])
    (about,) = listed(capsys, video)
    assert (about["seconds"], about["start_ns"], about["start_utc"]) == (0.2, None, None)
    assert main(["info", str(video)]) == 0
    assert "  0.200 s without a clock\n" in capsys.readouterr().out


def test_a_recording_that_cannot_be_read_is_a_line_and_the_others_are_listed(
    drive: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty.mcap").write_bytes(b"")
    assert main(["info", str(tmp_path / "missing"), str(drive), str(tmp_path / "empty.mcap")]) == 2
    written = capsys.readouterr()
    assert written.out.startswith(f"{drive}: rosbag2 mcap\n")
    first, second = written.err.splitlines()
    assert first == f"cosmos-reasoner: {tmp_path}/missing: no such file or folder"
    assert second.startswith(f"cosmos-reasoner: {tmp_path}/empty.mcap: this bag cannot be read")


def test_the_status_says_when_nothing_could_be_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert listed(capsys, tmp_path / "a", tmp_path / "b", status=1) == []


def test_faults_stand_below_the_table(drive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (drive / "metadata.yaml").unlink()
    (drive / "drive.mcap").rename(drive / "drive_0.mcap")
    (drive / "drive_1.mcap").write_bytes(b"no bag")
    assert main(["info", str(drive)]) == 0
    last = capsys.readouterr().out.splitlines()[-1]
    assert last.startswith(f"  fault: {drive}/drive_1.mcap: cannot be read (") and last.endswith("; drive_0.mcap used")
    assert len(listed(capsys, drive)[0]["faults"]) == 1


def test_a_pipe_is_a_line_and_is_not_waited_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    os.mkfifo(tmp_path / "endless.mp4")
    assert main(["info", str(tmp_path / "endless.mp4")]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"cosmos-reasoner: {tmp_path}/endless.mp4: neither a file nor a folder")


def test_nothing_that_a_file_says_controls_the_terminal(tmp_path: Path) -> None:
    bag = BagBuilder(tmp_path)
    bag.image("/\x1b]0;owned\x07\n/cam\u202e\x9b31m", T0, encoding="\x1b[2Jmono8", step=8)
    path = bag.ros2("\x1b[31mred")
    command = [sys.executable, "-m", "cosmos_reasoner.cli.main", "info"]
    for words in ([str(path)], ["--json", str(path)], [str(tmp_path / "\x1b[31mmissing\n")]):
        done = subprocess.run([*command, *words], capture_output=True, text=True, check=False)
        assert done.stdout + done.stderr
        assert all(character.isprintable() or character == "\n" for character in done.stdout + done.stderr)
        if "--json" not in words:
            assert (done.stdout + done.stderr).count("\n") in (1, 4)


def test_a_very_long_name_does_not_widen_every_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bag = BagBuilder(tmp_path)
    bag.image("/" + "x" * 5_000, T0)
    bag.image("/short", T0)
    assert main(["info", str(bag.ros2())]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert sum(len(line) > 1_000 for line in lines) == 1


def test_counts_that_a_file_makes_up_are_written_and_no_more(drive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = drive / "drive.mcap"
    content = file.read_bytes()
    counts = content.rindex((4).to_bytes(8, "little") + (2).to_bytes(2, "little"))
    file.write_bytes(content[:counts] + b"\xff" * 8 + content[counts + 8 :])
    assert max(camera["frames"] for camera in listed(capsys, drive)[0]["cameras"]) == 2**64 - 1
    assert main(["info", str(drive)]) == 0
    assert str(2**64 - 1) in capsys.readouterr().out


def test_real_bags_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    (about,) = listed(capsys, shared("bags/office_doorway_db3"))
    assert about["format"] == "rosbag2 sqlite3"
    assert [(camera["name"], camera["frames"]) for camera in about["cameras"]] == [("/camera/image_raw", 75)]
