"""The examples of docs/integrations.md in Python: with the real node, each goes on only when the gate says PROCEED."""

import importlib
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from py_trees.behaviours import Success
from robot import Camera, active_reasoner, reasoner
from scripted_server import ScriptedServer, spoken

from cosmos_reasoner.nodes.planner_client import PlannerClient

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
PROCEED, ABORT, HOLD = "A", "B", "C"


@pytest.fixture(autouse=True)
def examples(monkeypatch):
    """The examples import each other by name."""
    monkeypatch.syspath_prepend(EXAMPLES)


@pytest.fixture
def judge(ros):
    """Start a reasoner whose model answers with these letters, the last of them again and again."""
    servers = []

    def start(*letters: str) -> None:
        replies = [spoken(f"<think>x</think><answer>{letter}</answer>") for letter in letters]
        server = ScriptedServer(replies + replies[-1:] * 50)
        servers.append(server)
        server.__enter__()
        Camera(ros, active_reasoner(ros, server.url)).film(4)

    yield start
    for server in servers:
        server.__exit__(None, None, None)


@pytest.fixture
def client(ros):
    return PlannerClient(ros.node("planner"))


@pytest.mark.parametrize(("letter", "word"), [(PROCEED, "proceed"), (ABORT, "abort"), (HOLD, "hold")])
def test_the_gate_is_asked_in_one_call(judge, client, letter, word) -> None:
    judge(letter)
    assert importlib.import_module("gate").decide(client, "the way is free") == word


def test_an_error_is_a_hold(ros, client) -> None:
    reasoner(ros, "http://127.0.0.1:9/v1")
    assert importlib.import_module("gate").decide(client, "the way is free") == "hold"


def test_a_script_may_block_while_its_node_spins_in_a_thread(ros, judge, monkeypatch) -> None:
    judge(PROCEED)
    monkeypatch.setenv("ROS_DOMAIN_ID", str(ros.domain_id))
    gate = importlib.import_module("gate")
    with gate.planner("script") as asking:
        assert gate.decide(asking, "the way is free", budget=10.0) == "proceed"


@pytest.mark.parametrize(("letter", "end"), [(PROCEED, "go"), (ABORT, "step back"), (HOLD, "step back")])
def test_the_tree_of_py_trees_goes_only_on_proceed(ros, judge, letter, end) -> None:
    judge(letter)
    example = importlib.import_module("gate_py_trees")
    root = example.gated("the way is free", Success("go"), Success("step back"), patience=1.0)
    assert ros.result(example.run(ros.node("tree"), root)) == end


def test_the_tree_of_py_trees_is_a_program(ros, judge) -> None:
    judge(PROCEED)
    command = [sys.executable, str(EXAMPLES / "gate_py_trees.py")]
    done = subprocess.run(command, env=ros.environment, capture_output=True, text=True, timeout=60.0, check=False)
    assert (done.stdout, done.stderr) == ("go\n", "")


@pytest.mark.parametrize(
    ("letters", "end", "went"), [([PROCEED], "done", 1), ([HOLD, PROCEED], "done", 1), ([ABORT], "gave_up", 0)]
)
@pytest.mark.parametrize("library", ["smach", "yasmin"])
def test_a_state_machine_goes_on_only_on_proceed(judge, client, library, letters, end, went) -> None:
    pytest.importorskip(library, reason=f"needs {library}, which comes with ROS 2 and not by pip")
    judge(*letters)
    example = importlib.import_module(f"gate_{library}")
    gone = []
    machine = example.gated(client, "the way is free", lambda _: gone.append(1) or "done", pause=0.0)
    ended = machine.execute() if library == "smach" else machine(example.Blackboard())
    assert (ended, len(gone)) == (end, went)


class Arm:
    """What the example uses of MoveIt's MoveItPy and PlanningComponent."""

    def __init__(self, plan: object) -> None:
        self._plan = plan
        self.executed: list[tuple[object, list[str]]] = []

    def plan(self) -> object:
        return self._plan

    def execute(self, trajectory: object, controllers: list[str]) -> None:
        self.executed.append((trajectory, controllers))


@pytest.mark.parametrize(
    ("letter", "end", "executed"), [(PROCEED, "moved", [("path", [])]), (ABORT, "abort", []), (HOLD, "hold", [])]
)
def test_an_arm_executes_its_plan_only_on_proceed(judge, client, letter, end, executed) -> None:
    judge(letter)
    arm = Arm(SimpleNamespace(trajectory="path"))
    assert importlib.import_module("gate_moveit").move(arm, arm, client, "the table is free") == end
    assert arm.executed == executed


def test_an_arm_without_a_plan_asks_nothing(client) -> None:
    arm = Arm(None)
    assert importlib.import_module("gate_moveit").move(arm, arm, client, "the table is free") == "no plan"
