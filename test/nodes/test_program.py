"""The reasoner as a program of its own: how it starts, and how it ends."""

import os
import signal
import subprocess
import sys

import pytest
from ros_graph import claim_domain, domain_of


@pytest.fixture
def start():
    """A function that starts the program with ROS arguments, alone in its ROS domain."""
    started: list[subprocess.Popen[str]] = []
    with claim_domain() as lock:
        environment = {**os.environ, "ROS_DOMAIN_ID": str(domain_of(lock))}

        def run(*parameters: str) -> "subprocess.Popen[str]":
            words = [word for parameter in parameters for word in ("-p", parameter)]
            command = [sys.executable, "-m", "cosmos_reasoner.cli.reasoner", "--ros-args", *words]
            pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
            started.append(subprocess.Popen(command, env=environment, text=True, **pipes))
            return started[-1]

        yield run
        for process in started:
            process.kill()
            process.communicate()


def is_up(process: "subprocess.Popen[str]") -> bool:
    """Wait for the line that says which endpoint is asked."""
    assert process.stdout is not None
    return any("asks embedded at" in line for line in process.stdout)


@pytest.mark.parametrize("signals", [[signal.SIGINT], [signal.SIGTERM], [signal.SIGINT, signal.SIGINT]])
def test_it_ends_well_when_it_is_told_to(start, signals: list[int]) -> None:
    process = start("autostart:=true", "profile:=embedded")
    assert is_up(process)
    for number in signals:
        process.send_signal(number)
    rest, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    assert "Traceback" not in rest


@pytest.mark.parametrize(
    ("parameter", "words"),
    [
        ("sample_rate:=0.0", "sample_rate"),
        ("sample_rate:=fast", "sample_rate"),
    ],
)
def test_wrong_parameters_end_it_with_the_reason(start, parameter: str, words: str) -> None:
    process = start(parameter)
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert words in said
    assert "Traceback" not in said
