"""The command as a whole: help, wrong words, and what needs ROS."""

import subprocess
import sys

import pytest

from cosmos_reasoner.cli.main import main


@pytest.mark.parametrize("command", ["demo", "ask", "play", "endpoint"])
def test_every_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    assert ended.value.code == 0
    assert f"usage: cosmos-reasoner {command}" in capsys.readouterr().out


def test_an_unknown_command_is_refused_with_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["aks"])
    assert ended.value.code == 2
    assert "demo" in capsys.readouterr().err


def test_a_reader_that_leaves_early_is_no_error() -> None:
    command = f"{sys.executable} -m cosmos_reasoner.cli.main ask --help | head -1"
    done = subprocess.run(["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, check=False)
    assert done.stderr == ""


@pytest.mark.parametrize(
    "words",
    [
        ["ask", "x", "--duration", "nan"],
        ["ask", "x", "--rate", "0"],
        ["ask", "x", "--at", "inf"],
        ["demo", "x", "--seconds", "-1"],
        ["endpoint", "--port", "99999"],
    ],
)
def test_a_number_out_of_its_range_is_refused(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2
    assert words[-1] in capsys.readouterr().err


@pytest.mark.parametrize("command", [["demo", "x.mp4"], ["play", __file__]])
def test_what_needs_ros_says_so_where_there_is_none(command: list[str]) -> None:
    hidden = "import sys\nfor name in ('rclpy', 'ament_index_python', 'cosmos_reasoner_msgs', 'sensor_msgs'):\n"
    hidden += "    sys.modules[name] = None\n"
    program = f"{hidden}from cosmos_reasoner.cli.main import main\nsys.exit(main({command!r}))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    assert done.stderr.count("\n") == 1
