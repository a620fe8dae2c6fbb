"""The topics on which a recording is played."""

from contextlib import suppress
from itertools import chain
from typing import Any

from rclpy.duration import Duration
from rclpy.exceptions import InvalidTopicNameException
from rclpy.node import Node
from rclpy.publisher import Publisher
from rclpy.qos import QoSProfile, ReliabilityPolicy
from rclpy.serialization import deserialize_message
from sensor_msgs.msg import CameraInfo as CameraInfoMessage
from sensor_msgs.msg import CompressedImage, Image

from cosmos_reasoner.clips.frame import Frame
from cosmos_reasoner.errors import ConfigurationError
from cosmos_reasoner.nodes.images import compressed_from_frame, image_from_frame
from cosmos_reasoner.nodes.playback import choose_outputs
from cosmos_reasoner.recordings.recording import IMAGE, CameraInfo, CameraTrack

__all__ = ["Outlets", "reliable_qos"]


def reliable_qos() -> QoSProfile:
    """QoS of everything that is played.

    A reliable publisher matches best-effort subscriptions too, and loses nothing to the reliable ones. The depth
    covers a reader that is briefly busy; more would only keep pictures that are out of date.
    """
    return QoSProfile(depth=5, reliability=ReliabilityPolicy.RELIABLE)


class Outlets:
    """The topics on which a recording is played.

    Args:
        node: Publishes.
        tracks: The cameras that are played.
        transport: See `Playback`.

    Raises:
        ConfigurationError: A recorded topic has a name that ROS 2 does not allow, as ROS 1 names can be.
    """

    def __init__(self, node: Node, tracks: tuple[CameraTrack, ...], transport: str) -> None:
        self._pictures: dict[str, list[Publisher]] = {track.name: [] for track in tracks}
        for output in choose_outputs(tracks, transport):
            kind = Image if output.type == IMAGE else CompressedImage
            self._pictures[output.track].append(_publisher(node, kind, output.topic))
        self._infos = {
            topic: _publisher(node, CameraInfoMessage, topic)
            for topic in {track.info_topic for track in tracks}
            if topic
        }

    @property
    def pictures(self) -> list[Publisher]:
        """Publishers of the picture topics."""
        return list(chain.from_iterable(self._pictures.values()))

    def messages(self, sample: Frame | CameraInfo) -> list[tuple[Publisher, Any]]:
        """Make what a sample is published as, with its recorded stamp.

        Raises:
            FrameError: The frame is broken.
        """
        if isinstance(sample, CameraInfo):
            return [(self._infos[sample.topic], deserialize_message(sample.data, CameraInfoMessage))]
        return [(publisher, _message(publisher, sample)) for publisher in self._pictures[sample.camera]]

    def all_subscribed(self) -> bool:
        """Whether every picture topic has a subscriber."""
        return all(publisher.get_subscription_count() for publisher in self.pictures)

    def flush(self, timeout: Duration) -> None:
        """Wait until reliable subscribers have what was published, for each topic at most `timeout`."""
        for publisher in [*self.pictures, *self._infos.values()]:
            # Not every middleware can tell.
            with suppress(RuntimeError):
                publisher.wait_for_all_acked(timeout)


def _publisher(node: Node, kind: type, topic: str) -> Publisher:
    try:
        return node.create_publisher(kind, topic, reliable_qos())
    except InvalidTopicNameException as error:
        raise ConfigurationError(f"topic {topic} cannot be played, its name is not valid in ROS 2: {error}") from error


def _message(publisher: Publisher, frame: Frame) -> Image | CompressedImage:
    return image_from_frame(frame) if publisher.msg_type is Image else compressed_from_frame(frame)
