"""Results as a bag: the messages that a reasoner node would have published, at their true times."""

import re
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path
from typing import Any, Literal

from ament_index_python.packages import get_package_share_directory
from rclpy.serialization import serialize_message
from rosbags.rosbag2 import StoragePlugin, Writer
from rosbags.typesys import Stores, get_types_from_msg, get_typestore
from rosbags.typesys.store import Typestore

from cosmos_reasoner.nodes.conversions import action_ranking, outcome_prediction, outcome_verdict, reasoning
from cosmos_reasoner.reasoning.result import Prediction, Ranking, Result, VerdictAnswer

__all__ = ["NODE", "Published", "write_predictions_bag"]

NODE = "/reasoner"
"""Whose topics the bag has, each as the node names it; of several recordings, in the namespace of each."""

_PACKAGE = "cosmos_reasoner_msgs"
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
    """

    when: int
    result: Result
    prediction_id: str = ""
    recording: str = ""


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
    everything = list(published)
    nodes = _nodes({one.recording for one in everything})
    messages = [(one.when, *each) for one in everything for each in _messages(one, nodes[one.recording])]
    messages.sort(key=lambda message: message[0])
    types = _types()
    with tempfile.TemporaryDirectory(dir=file.parent) as folder:
        bag = Path(folder) / file.stem
        with Writer(bag, version=_VERSION, storage_plugin=StoragePlugin.MCAP) as writer:
            kinds = {topic: _type_name(message) for _, topic, message in messages}
            topics = {topic: writer.add_connection(topic, kind, typestore=types) for topic, kind in kinds.items()}
            for when, topic, message in messages:
                writer.write(topics[topic], when, serialize_message(message))
        (bag / f"{file.stem}.mcap").replace(file)
    return len(messages)


def _types() -> Typestore:
    types = get_typestore(Stores.ROS2_JAZZY)  # the messages of others that ours hold are the same in every ROS 2
    for definition in sorted((Path(get_package_share_directory(_PACKAGE)) / "msg").glob("*.msg")):
        name = f"{_PACKAGE}/msg/{definition.stem}"
        types.register(get_types_from_msg(definition.read_text(encoding="utf-8"), name))
    return types


def _type_name(message: Any) -> str:
    return f"{_PACKAGE}/msg/{type(message).__name__}"


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


def _messages(one: Published, node: str) -> Iterator[tuple[str, Any]]:
    """Topic and message of all that the node publishes of a result."""
    yield f"{node}/reasoning", reasoning(one.result)
    if isinstance(one.result.answer, Prediction):
        yield f"{node}/outcome", outcome_prediction(one.result)
    if isinstance(one.result.answer, Ranking):
        yield f"{node}/action_ranking", action_ranking(one.result)
    if isinstance(one.result.answer, VerdictAnswer):
        yield f"{node}/verdict", outcome_verdict(one.result, one.prediction_id)
