"""Results as a bag: the messages that a reasoner node would have published, at their true times."""

import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path
from typing import Any, Literal

from ament_index_python.packages import get_package_share_directory
from rclpy.serialization import serialize_message
from rosbags.interfaces import Connection
from rosbags.rosbag2 import StoragePlugin, Writer
from rosbags.typesys import Stores, get_types_from_msg, get_typestore
from rosbags.typesys.store import Typestore

from cosmos_reasoner.nodes.conversions import action_ranking, outcome_prediction, outcome_verdict, reasoning
from cosmos_reasoner.nodes.images import compressed_from_jpeg
from cosmos_reasoner.nodes.marks import edges
from cosmos_reasoner.reasoning.result import Prediction, Ranking, Result, VerdictAnswer

__all__ = ["NODE", "Published", "write_predictions_bag"]

NODE = "/reasoner"
"""Whose topics the bag has, each as the node names it; of several recordings, in the namespace of each."""

_PACKAGE = "cosmos_reasoner_msgs"
_LASTING = 2.0
"""s that a mark in a picture is shown."""

_VERSION: Literal[9] = 9
"""Of rosbag2's metadata, as in Jazzy."""


@dataclass(frozen=True, slots=True)
class Published:
    """A result as it would have been published.

    Attributes:
        when: ns, by the clock of its recording.
        result: The result.
        prediction_id: Which prediction a verdict is about; empty for none.
        recording: Path of its recording.
        strip: JPEG file that shows its clip; there may be none.
    """

    when: int
    result: Result
    prediction_id: str = ""
    recording: str = ""
    strip: Path | None = None


def write_predictions_bag(file: Path, published: Iterable[Published]) -> int:
    """Write an mcap file that holds the definitions of its messages, so that any tool can show them.

    Args:
        file: Where to; it is replaced.
        published: In any order.

    Returns:
        How many messages it has.

    Raises:
        OSError: It cannot be written.
    """
    everything = sorted(published, key=lambda one: one.when)
    nodes = _nodes({one.recording for one in everything})
    written = 0
    with tempfile.TemporaryDirectory(dir=file.parent) as folder:
        bag = Path(folder) / file.stem
        with Writer(bag, version=_VERSION, storage_plugin=StoragePlugin.MCAP) as writer:
            types, topics = _types(), dict[str, Connection]()
            for when, topic, message in _all_messages(everything, nodes):
                if topic not in topics:
                    topics[topic] = writer.add_connection(topic, _type_name(message), typestore=types)
                writer.write(topics[topic], when, serialize_message(message))
                written += 1
        (bag / f"{file.stem}.mcap").replace(file)
    return written


def _types() -> Typestore:
    types = get_typestore(Stores.ROS2_JAZZY)  # the messages of others that ours hold are the same in every ROS 2
    for definition in sorted((Path(get_package_share_directory(_PACKAGE)) / "msg").glob("*.msg")):
        name = f"{_PACKAGE}/msg/{definition.stem}"
        types.register(get_types_from_msg(definition.read_text(encoding="utf-8"), name))
    return types


def _type_name(message: Any) -> str:
    package, kind, _ = type(message).__module__.split(".")
    return f"{package}/{kind}/{type(message).__name__}"


def _nodes(recordings: set[str]) -> dict[str, str]:
    """The node of each recording; of several, each in a namespace: their clocks have nothing in common."""
    if len(recordings) < 2:
        return dict.fromkeys(recordings, NODE)
    found: dict[str, str] = {}
    for recording in sorted(recordings):
        name = re.sub("[^A-Za-z0-9_]+", "_", f"r_{Path(recording).name}").strip("_")
        free = chain([name], (f"{name}_{number}" for number in count(2)))
        found[next(each for each in free if each not in found)] = recording
    return {recording: f"/{name}{NODE}" for name, recording in found.items()}


def _all_messages(published: Iterable[Published], nodes: Mapping[str, str]) -> Iterator[tuple[int, str, Any]]:
    for one in published:
        for name, message in _messages(one):
            yield one.when, f"{nodes[one.recording]}/{name}", message


def _messages(one: Published) -> Iterator[tuple[str, Any]]:
    """What the node publishes of a result, each with the name of its topic below the node."""
    if one.strip and one.strip.exists():
        stamp, frame_id = one.result.provenance.clip_end, one.result.provenance.frame_id
        yield "clip/compressed", compressed_from_jpeg(one.strip.read_bytes(), stamp, frame_id)
    yield "reasoning", reasoning(one.result)
    if isinstance(one.result.answer, Prediction):
        yield "outcome", outcome_prediction(one.result)
    if isinstance(one.result.answer, Ranking):
        yield "action_ranking", action_ranking(one.result)
    if isinstance(one.result.answer, VerdictAnswer):
        yield "verdict", outcome_verdict(one.result, one.prediction_id)
    if mark := edges(one.result, _LASTING):
        yield "annotations", mark
