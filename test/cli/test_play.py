"""`cosmos-reasoner play` as people run it."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from recorded import BagBuilder, write_video

pytest.importorskip("rclpy", reason="needs ROS 2")

Command = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def command() -> Iterator[Command]:
    """Give a function that starts the command with arguments, alone in its ROS domain."""
    from ros_graph import claim_domain, domain_of

    started: list[subprocess.Popen[str]] = []
    with claim_domain() as lock:
        environment = {**os.environ, "ROS_DOMAIN_ID": str(domain_of(lock))}

        def start(*arguments: object) -> subprocess.Popen[str]:
            words = [sys.executable, "-m", "cosmos_reasoner.cli.play", *map(str, arguments)]
            pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
            started.append(subprocess.Popen(words, env=environment, text=True, **pipes))
            return started[-1]

        yield start
        for process in started:
            process.kill()
            process.communicate()


def test_it_says_what_it_plays_and_what_it_played(command: Command, tmp_path: Path) -> None:
    path = write_video(tmp_path / "ball.mp4", [0, 100, 200])
    out, err = command(path, "--transport", "both", "--rate", "5").communicate(timeout=60)
    assert out.splitlines()[0] == "playing ball.mp4, 0.2 s: /camera/image_raw/compressed, /camera/image_raw"
    assert out.splitlines()[1].startswith("played 3 frames, ")
    assert err == ""


@pytest.mark.parametrize("kind", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_cleanly_when_it_is_told_to(command: Command, tmp_path: Path, kind: signal.Signals) -> None:
    process = command(write_video(tmp_path / "ball.mp4", [0, 100, 200]), "--loop")
    assert process.stdout is not None
    assert process.stdout.readline().startswith("playing ball.mp4")
    process.send_signal(kind)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, "")
    assert out.startswith("played ")


def test_ros_arguments_are_for_ros(command: Command, tmp_path: Path) -> None:
    path = write_video(tmp_path / "ball.mp4", [0, 100])
    out, _ = command(path, "--ros-args", "-r", "__ns:=/robot", "-r", "camera/image_raw/compressed:=eye").communicate()
    assert out.splitlines()[0] == "playing ball.mp4, 0.1 s: /robot/eye"


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["--rate", "0"], "rate is 0.0, but must be above 0"),
        (["--start", "100"], "no frame from 100 s on; the recording lasts 0.1 s"),
        (["--camera", "hall"], "no camera hall; there are ball"),
    ],
)
def test_what_cannot_be_played_is_said_in_one_line(
    command: Command, tmp_path: Path, arguments: list[str], problem: str
) -> None:
    process = command(write_video(tmp_path / "ball.mp4", [0, 100]), *arguments)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert err.startswith("cosmos-reasoner: ")
    assert err.count("\n") == 1
    assert problem in err


def test_a_bag_without_cameras_is_said_in_one_line(command: Command, tmp_path: Path) -> None:
    bag = BagBuilder(tmp_path)
    bag.text("/chatter", 1)
    process = command(bag.ros2())
    _, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "no camera topic" in err
    assert err.count("\n") == 1
