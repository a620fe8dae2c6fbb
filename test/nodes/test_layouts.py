"""The layouts for RViz and Foxglove name what the node hears and publishes."""

import importlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from robot import active_reasoner

ROOT = Path(__file__).parents[2]
CAMERA = "/camera/image_raw"
RVIZ_SHOWS = {
    "rviz_default_plugins/Image": {"sensor_msgs/msg/Image", "sensor_msgs/msg/CompressedImage"},
    "rviz_default_plugins/MarkerArray": {"visualization_msgs/msg/MarkerArray"},
}


@pytest.fixture
def topics(ros: Any) -> dict[str, str]:
    """Name and type of all topics of a node with one camera, as it is launched."""
    node = active_reasoner(ros, "http://127.0.0.1:9/v1")
    published = {each.topic_name: kind_of(each.msg_type) for each in node.publishers}
    cameras = {CAMERA: "sensor_msgs/msg/Image", f"{CAMERA}/compressed": "sensor_msgs/msg/CompressedImage"}
    return published | cameras


def kind_of(message: Any) -> str:
    """Name of a message's type, such as std_msgs/msg/Header."""
    package, kind, _ = message.__module__.split(".")
    return f"{package}/{kind}/{message.__name__}"


def rviz() -> list[dict[str, Any]]:
    """The displays of RViz that have a topic."""
    data = yaml.safe_load((ROOT / "rviz" / "reasoner.rviz").read_text(encoding="utf-8"))
    return [display for display in data["Visualization Manager"]["Displays"] if "Topic" in display]


def foxglove() -> dict[str, Any]:
    """Foxglove's layout."""
    layout: dict[str, Any] = json.loads((ROOT / "config" / "foxglove" / "reasoner.json").read_text(encoding="utf-8"))
    return layout


def texts(data: Any) -> Iterator[str]:
    """All texts in data."""
    if isinstance(data, dict):
        yield from (text for pair in data.items() for text in texts(list(pair)))
    elif isinstance(data, list):
        yield from (text for each in data for text in texts(each))
    elif isinstance(data, str):
        yield data


def leaves(layout: Any) -> list[str]:
    """Names of the panels in a layout."""
    return [layout] if isinstance(layout, str) else leaves(layout["first"]) + leaves(layout["second"])


def follow(kind: str, steps: list[str]) -> str:
    """The type at the end of a path through a message's fields."""
    for step in steps:
        package, folder, name = kind.split("/")
        message = getattr(importlib.import_module(f"{package}.{folder}"), name)
        field, indexed = re.fullmatch(r"(\w+)(\[\d+\])?", step).groups()  # type: ignore[union-attr]
        kind = message.get_fields_and_field_types()[field]
        if match := re.fullmatch(r"(?:sequence<([\w/]+)(?:, \d+)?>|([\w/]+)\[\d+\])", kind):
            kind = (match[1] or match[2]) if indexed else kind
        if kind.count("/") == 1:
            kind = kind.replace("/", "/msg/")
    return kind


def test_rviz_shows_topics_that_exist_with_displays_of_their_type(topics: dict[str, str]) -> None:
    shown = {display["Topic"]["Value"]: display["Class"] for display in rviz()}
    assert {"/reasoner/overlay/compressed", "/reasoner/markers", CAMERA} <= set(shown)
    for topic, display in shown.items():
        assert topics[topic] in RVIZ_SHOWS[display], topic


def test_foxglove_names_topics_and_fields_that_exist(topics: dict[str, str]) -> None:
    paths = [text for text in texts(foxglove()["configById"]) if text.startswith("/")]
    assert len(paths) > 10
    for path in paths:
        topic, *steps = path.split(".")
        assert follow(topics[topic], steps), path


def test_foxglove_shows_each_of_its_panels_once() -> None:
    layout = foxglove()
    assert sorted(leaves(layout["layout"])) == sorted(layout["configById"])


def test_foxglove_draws_the_boxes_over_the_camera(topics: dict[str, str]) -> None:
    pictures = [panel["imageMode"] for name, panel in foxglove()["configById"].items() if name.startswith("Image!")]
    (annotated,) = (picture for picture in pictures if picture["annotations"])
    assert annotated["imageTopic"] == f"{CAMERA}/compressed"
    assert {topics[topic] for topic in annotated["annotations"]} == {"visualization_msgs/msg/ImageMarker"}
