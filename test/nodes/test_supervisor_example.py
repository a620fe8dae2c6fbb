"""The supervisor of docs/examples: against the real node, it proceeds, waits and aborts."""

import json
import runpy
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from py_trees.blackboard import Blackboard
from robot import Camera, active_reasoner
from scripted_server import Ending, Reply, ScriptedServer, chunk, spoken, stream

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "supervisor.py"
HELD = stream(chunk(content="<think>"), ending=Ending.HELD)


@pytest.fixture
def example():
    yield runpy.run_path(str(EXAMPLE))
    Blackboard.clear()


class Oracle:
    """Answers each task in its own way, as often as it is asked."""

    def __init__(self, hazard: str, gate: str | Reply) -> None:
        self.hazard = hazard
        self.gate = gate
        self.gates = 0

    def __call__(self, body) -> Reply:
        question = body["messages"][-1]["content"][-1]["text"]
        if "What is likely to happen" in question:
            outcome = {"text": "It rolls.", "probability": 0.9, "hazard": self.hazard, "subject": None, "camera": None}
            return spoken(f"<think>x</think><answer>{json.dumps({'outcomes': [outcome]})}</answer>")
        if "Statement:" in question:
            self.gates += 1
            return spoken(f"<think>I look.</think><answer>{self.gate}</answer>")
        letter = next(line[1] for line in question.splitlines() if "go straight on" in line)
        return spoken(f"<think>x</think><answer>{letter}</answer>")


def supervise(ros, example, oracle, until):
    """Run the tree until it ended or `until` holds; give what it said at last."""
    with ScriptedServer([oracle] * 500) as server:
        node = active_reasoner(ros, server.url, periodic=["predict_outcome 0.1"], clip_duration=1.0)
        Camera(ros, node).film(8)
        root = example["supervisor"]("nothing stands in the way", period=0.0)
        ended = example["watch"](ros.node("supervisor"), root)
        ros.wait_for(lambda: until() or ended.done(), timeout=60.0, what="the advice")
        ros.result(ros.executor.create_task(root.tip))
        return ended.result() if ended.done() else example["advice"](root)


def test_it_proceeds_with_the_best_action_when_nothing_speaks_against_it(ros, example) -> None:
    said = supervise(ros, example, Oracle("LOW", "A"), lambda: False)
    assert said.startswith("PROCEED go_on ")


def test_it_waits_as_long_as_the_clip_does_not_tell(ros, example) -> None:
    oracle = Oracle("LOW", "C")
    said = supervise(ros, example, oracle, lambda: oracle.gates >= 3)
    assert said.startswith("WAIT (gate: ")


def test_it_aborts_when_the_statement_is_not_true(ros, example) -> None:
    said = supervise(ros, example, Oracle("LOW", "B"), lambda: False)
    assert said.startswith("ABORT (gate: ") and "I look." in said


def test_it_aborts_when_a_hazard_is_predicted(ros, example) -> None:
    said = supervise(ros, example, Oracle("IMMINENT", "C"), lambda: False)
    assert said == "ABORT (guard: It rolls.)"


def run(ros, *words: str) -> subprocess.Popen:
    """The example as a program, under a reasoner's name that nobody has."""
    command = [sys.executable, str(EXAMPLE), "--reasoner", "/nobody", *words]
    return subprocess.Popen(
        command,
        env=ros.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        text=True,
    )


@pytest.mark.parametrize("words", [(), ("--ros-args", "-r", "__ns:=/robot")], ids=["alone", "with arguments for ROS"])
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM], ids=lambda how: how.name)
def test_a_signal_ends_it_without_a_traceback(ros, words, how) -> None:
    with run(ros, *words) as process:
        assert process.stdout.readline().startswith("WAIT (guard: ")
        process.send_signal(how)
        _, complaints = process.communicate(timeout=30.0)
    assert (process.returncode, complaints) == (0, "")


def test_what_it_does_not_know_is_refused(ros) -> None:
    with run(ros, "--statment", "x") as process:
        _, complaints = process.communicate(timeout=30.0)
    assert process.returncode == 2 and "--statment x" in complaints
