"""The command as a whole: help, wrong words, and what needs ROS."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from recorded import write_video

from cosmos_reasoner.cli.main import main

COMMANDS = ["demo", "info", "ask", "evaluate", "compare", "doctor", "view", "watch", "play", "endpoint"]


def refusal(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """What is said to words that cannot be read."""
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2
    return capsys.readouterr().err


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    assert ended.value.code == 0
    assert f"usage: cosmos-reasoner {command}" in capsys.readouterr().out


def test_the_help_names_every_command_and_imports_none() -> None:
    program = "import sys\nfrom cosmos_reasoner.cli.main import main\ntry:\n    main(['--help'])\nfinally:\n"
    program += "    print(*(name for name in sys.modules if name.startswith('cosmos_reasoner.cli')), file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert all(f"\n    {command} " in done.stdout for command in COMMANDS)
    assert sorted(done.stderr.split()) == [
        "cosmos_reasoner.cli",
        "cosmos_reasoner.cli.main",
        "cosmos_reasoner.cli.text",
    ]


def test_an_unknown_command_is_refused_with_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    said = refusal(capsys, "aks")
    assert "'aks'" in said
    assert all(command in said for command in COMMANDS)


def test_a_missing_command_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert "required: COMMAND" in refusal(capsys)


def test_a_missing_argument_is_asked_for_by_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert "cosmos-reasoner demo: error: the following arguments are required: footage" in refusal(capsys, "demo")


@pytest.mark.parametrize("words", [["ask", "--frob"], ["ask", "x", "y", "z"], ["endpoint", "x"], ["play", "x", "y"]])
def test_a_word_too_many_is_refused(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert f"cosmos-reasoner {words[0]}: error: unrecognized arguments: {words[-1]}" in refusal(capsys, *words)


@pytest.mark.parametrize(
    "words",
    ["{video} --task verify {question}", "--task verify {video} {question}", "{video} {question} --task verify"],
)
def test_options_may_stand_before_between_and_after_the_other_words(
    words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    video = write_video(tmp_path / "ball.mp4", [0, 100, 200])
    given = [word.format(video=video, question="It moves.") for word in words.split()]
    assert main(["ask", *given, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["provenance"]["task"] == "verify"


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
