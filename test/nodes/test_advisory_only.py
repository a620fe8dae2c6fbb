"""Nothing in the package publishes velocities, goals or trajectories, or asks others to move: by its types."""

import ast
import importlib
import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from py_trees.composites import Sequence
from recorded import write_video
from robot import active_reasoner

from cosmos_reasoner.nodes.behaviours import GuardHazard, PredictOutcome, RankActions, Verify
from cosmos_reasoner.nodes.planner_client import PlannerClient
from cosmos_reasoner.nodes.playback import Playback
from cosmos_reasoner.nodes.player import CameraPlayer
from cosmos_reasoner.recordings.open import open_recording
from cosmos_reasoner_msgs import action, msg, srv

PACKAGE = Path(__file__).parents[2] / "cosmos_reasoner"

SPOKEN = {
    "diagnostic_msgs/msg/DiagnosticArray",
    "rosgraph_msgs/msg/Clock",
    "sensor_msgs/msg/CameraInfo",
    "sensor_msgs/msg/CompressedImage",
    "sensor_msgs/msg/Image",
    "visualization_msgs/msg/ImageMarker",
    "visualization_msgs/msg/MarkerArray",
}
"""What our nodes publish besides messages of our own."""

KNOWN = {
    "diagnostic_msgs.msg.DiagnosticArray",
    "diagnostic_msgs.msg.DiagnosticStatus",
    "diagnostic_msgs.msg.KeyValue",
    "geometry_msgs.msg.Point",
    "rosgraph_msgs.msg.Clock",
    "sensor_msgs.msg.CameraInfo",
    "sensor_msgs.msg.CompressedImage",
    "sensor_msgs.msg.Image",
    "sensor_msgs.msg.RegionOfInterest",
    "std_msgs.msg.ColorRGBA",
    "std_msgs.msg.Header",
    "visualization_msgs.msg.ImageMarker",
    "visualization_msgs.msg.Marker",
    "visualization_msgs.msg.MarkerArray",
}
"""What our code imports of the messages of others."""

OF_EVERY_NODE = {
    "action_msgs/msg/GoalStatusArray",
    "lifecycle_msgs/msg/TransitionEvent",
    "rcl_interfaces/msg/Log",
    "rcl_interfaces/msg/ParameterEvent",
}

PARTS = {"builtin_interfaces", "cosmos_reasoner_msgs", "std_msgs/Header", "sensor_msgs/RegionOfInterest"}
"""What our messages may be made of, besides numbers and strings."""


def parts(kind: Any) -> Iterator[str]:
    """The types of a message's fields, and of theirs."""
    for described in kind.get_fields_and_field_types().values():
        if found := re.search(r"(\w+)/(\w+)", described):
            yield found[0]
            yield from parts(getattr(importlib.import_module(f"{found[1]}.msg"), found[2]))


def sides(kind: Any) -> list[Any]:
    """The messages of an interface: itself, or what a service or an action says and hears."""
    names = ("Request", "Response", "Goal", "Result", "Feedback")
    return [getattr(kind, name) for name in names if hasattr(kind, name)] or [kind]


INTERFACES = [
    kind
    for module in (msg, srv, action)
    for name, kind in inspect.getmembers(module, inspect.isclass)
    if "_" not in name  # what the generator makes of them
]


@pytest.mark.parametrize("kind", INTERFACES, ids=lambda kind: kind.__name__)
def test_our_interfaces_have_no_velocities_poses_or_paths_in_them(kind) -> None:
    found = {name for side in sides(kind) for name in parts(side)}
    assert [name for name in found if name not in PARTS and name.split("/")[0] not in PARTS] == []


def imported(code: str) -> set[str]:
    """All that code imports, by full names."""
    nodes = list(ast.walk(ast.parse(code)))
    names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    from_modules = [node for node in nodes if isinstance(node, ast.ImportFrom)]
    return names | {f"{node.module}.{alias.name}" for node in from_modules for alias in node.names}


def foreign_messages(code: str) -> set[str]:
    """The messages, or packages of messages, of others that code imports."""
    packages = {name: name.split(".")[0] for name in imported(code)}
    return {name for name, package in packages.items() if package.endswith("_msgs") and package not in PARTS}


def test_the_code_knows_no_messages_that_could_move_something() -> None:
    found = {name for file in PACKAGE.rglob("*.py") for name in foreign_messages(file.read_text(encoding="utf-8"))}
    assert found == KNOWN


@pytest.mark.parametrize("code", ["from std_msgs.msg import Float64MultiArray", "import std_msgs.msg as m"])
def test_a_message_that_could_move_something_would_be_found(code) -> None:
    assert not foreign_messages(code) <= KNOWN


@pytest.fixture
def graph(ros, tmp_path):
    """All that the package can be in a graph; and a node that looks at it."""
    active_reasoner(ros, "http://127.0.0.1:9/v1")
    video = tmp_path / "film.mp4"
    write_video(video, [0, 250])
    with open_recording(video) as recording:
        ros.spin(CameraPlayer(recording, Playback(clock=True), context=ros.context))
        planner = ros.node("planner")
        PlannerClient(planner)
        tree = Sequence("tree", memory=False)
        tree.add_children(
            [
                GuardHazard("guard"),
                Verify("gate", "it falls", 1.0),
                RankActions("rank", {"a": "A", "b": "B"}, "g", 1.0),
                PredictOutcome("predict", 1.0),
            ]
        )
        for child in tree.children:
            child.setup(node=planner)
        yield ros.node("looker")
        tree.shutdown()


def test_all_publishers_speak_of_what_is_seen_and_thought(graph) -> None:
    said = set()
    for name in ("reasoner", "camera_player", "planner"):
        topics = graph.get_publisher_names_and_types_by_node(name, "/")
        said |= {kind for _, kinds in topics for kind in kinds if not kind.startswith("cosmos_reasoner_msgs/")}
    assert {"sensor_msgs/msg/Image", "rosgraph_msgs/msg/Clock"} <= said <= SPOKEN | OF_EVERY_NODE


def test_nobody_calls_a_service_or_an_action_that_is_not_ours(graph) -> None:
    called = {
        kind
        for name in ("reasoner", "camera_player", "planner")
        for _, kinds in graph.get_client_names_and_types_by_node(name, "/")
        for kind in kinds
    }
    assert called and {kind.split("/")[0] for kind in called} == {"cosmos_reasoner_msgs"}
