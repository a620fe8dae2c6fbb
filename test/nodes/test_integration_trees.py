"""The trees of docs/integrations.md, ticked by BehaviorTree.CPP itself, with leaves that ask the real node.

The leaves are Python here, under the names and with the ports of the classes in C++ and of Nav2.
"""

import time
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from robot import Camera, active_reasoner, reasoner
from scripted_server import ScriptedServer, spoken

from cosmos_reasoner.errors import CosmosReasonerError
from cosmos_reasoner.nodes.planner_client import PlannerClient
from cosmos_reasoner_msgs.action import Reason
from cosmos_reasoner_msgs.srv import Verify

bt = pytest.importorskip("behaviortreepy", reason="needs behaviortreepy, BehaviorTree.CPP for Python")

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
DECISIONS = {Verify.Response.PROCEED: "PROCEED", Verify.Response.HOLD: "HOLD", Verify.Response.ABORT: "ABORT"}


class Ticked:
    """A tree of the examples.

    Leaves of behaviortreepy cannot have ports, so each stands in a subtree that has them.

    Args:
        tree: Path below docs/examples.
        does: What the robot's own leaves are called; they succeed.
        asks: Starts what the asking leaf waits for, and reads its result: gives what goes into its ports, and whether
            it succeeds.
    """

    def __init__(self, tree: str, does: set[str], **asks) -> None:
        self.did: list[str] = []
        self._factory = bt.BehaviorTreeFactory()
        self._calls = {}
        for name in does:
            self._factory.register_simple_action(f"{name}Leaf", self._do)
        for name, (start, read) in asks.items():
            self._ask(name, start, read)
        root = ET.parse(EXAMPLES / tree).getroot()
        for name in does | set(asks):
            _put_into_subtrees(root, name)
        self._tree = self._factory.create_tree_from_text(ET.tostring(root, encoding="unicode"))

    def end(self) -> str:
        """Tick it until it ends."""
        deadline = time.monotonic() + 60.0
        while (status := self._tree.tick_once()) == bt.NodeStatus.RUNNING:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        return status.name

    def _do(self, leaf) -> bool:
        ports = leaf.config().blackboard
        door = [ports.get_string("door")] if "door" in ports.get_keys() else []
        self.did.append(" ".join([leaf.name().removesuffix("Leaf"), *door]))
        return True

    def _ask(self, name, start, read) -> None:
        def begin(leaf):
            self._calls[name] = start(leaf.config().blackboard)
            return bt.NodeStatus.RUNNING

        def go_on(leaf):
            if not self._calls[name].done():
                return bt.NodeStatus.RUNNING
            ports, succeeds = read(self._calls[name])
            for port, value in ports.items():
                leaf.config().blackboard.set_string(port, value)
            return bt.NodeStatus.SUCCESS if succeeds else bt.NodeStatus.FAILURE

        self._factory.register_simple_stateful_action(f"{name}Leaf", begin, go_on)


def _put_into_subtrees(root: ET.Element, name: str) -> None:
    for node in root.iter(name):
        node.tag = "SubTree"
        node.set("ID", name)
    ET.SubElement(ET.SubElement(root, "BehaviorTree", ID=name), f"{name}Leaf")


def drive(ros) -> Ticked:
    """The tree that asks before the robot sets off."""
    client = PlannerClient(ros.node("navigator"))

    def start(ports):
        return client.verify(ports.get_string("statement"), budget=float(ports.get_string("time_budget")))

    def read(call):
        if isinstance(call.exception(), CosmosReasonerError):
            return {"decision": "HOLD", "reason": str(call.exception())}, False
        decision = DECISIONS[call.result().decision]
        return {"decision": decision, "reason": call.result().reason}, decision == "PROCEED"

    nav2 = {"ComputePathToPose", "FollowPath", "BackUp", "Wait"}
    return Ticked("nav2_gate/behavior_trees/gate_before.xml", nav2, VerifyGate=(start, read))


@pytest.mark.parametrize(
    ("letter", "end", "did"),
    [
        ("A", "SUCCESS", ["ComputePathToPose", "FollowPath"]),
        ("B", "FAILURE", ["ComputePathToPose", "BackUp", "Wait"] * 3),
        ("C", "FAILURE", ["ComputePathToPose", "Wait"] * 3),
    ],
    ids=["PROCEED", "ABORT", "HOLD"],
)
def test_the_tree_for_nav2_follows_its_path_only_on_proceed(ros, letter, end, did) -> None:
    with ScriptedServer([spoken(f"<think>x</think><answer>{letter}</answer>")] * 3) as server:
        Camera(ros, active_reasoner(ros, server.url)).film(4)
        tree = drive(ros)
        assert (tree.end(), tree.did) == (end, did)


def test_the_tree_for_nav2_waits_when_the_reasoner_is_not_active(ros) -> None:
    reasoner(ros, "http://127.0.0.1:9/v1")
    tree = drive(ros)
    assert (tree.end(), tree.did) == ("FAILURE", ["ComputePathToPose", "Wait"] * 3)


def choose(ros) -> Ticked:
    """The tree that asks by the action."""
    client = ros.action_client(Reason, "/reasoner/reason")
    assert client.wait_for_server(10.0)

    def start(ports):
        goal = Reason.Goal(task=ports.get_string("task"), question=ports.get_string("question"))
        goal.options = ports.get_string("options").split(";")
        return ros.result(client.send_goal_async(goal)).get_result_async()

    def read(call):
        result = call.result().result
        return {"answer": result.reasoning.answer}, result.error_code == Reason.Result.NONE

    return Ticked("reason_action/choose_door.xml", {"GoThrough", "WaitHere"}, Reason=(start, read))


def named(option: str):
    """Answer with the letter of an option."""

    def reply(body):
        question = body["messages"][-1]["content"][-1]["text"]
        letter = next(line[1] for line in question.splitlines() if line.endswith(option))
        return spoken(f"<think>x</think><answer>{letter}</answer>")

    return reply


@pytest.mark.parametrize(
    ("option", "did"), [("left", "GoThrough left"), ("right", "GoThrough right"), ("neither", "WaitHere")]
)
def test_the_tree_with_the_action_does_what_was_answered(ros, option, did) -> None:
    with ScriptedServer([named(option)]) as server:
        Camera(ros, active_reasoner(ros, server.url)).film(4)
        tree = choose(ros)
        assert (tree.end(), tree.did) == ("SUCCESS", [did])


def test_the_tree_with_the_action_waits_when_there_is_no_answer(ros) -> None:
    with ScriptedServer() as server:
        active_reasoner(ros, server.url)
        tree = choose(ros)
        assert (tree.end(), tree.did) == ("SUCCESS", ["WaitHere"])
