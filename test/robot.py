"""A robot for tests: a camera that films a square on its way to the right, and a reasoner node beside it."""

import itertools
import time
from typing import Any

from builtin_interfaces.msg import Time
from pictures import square
from rclpy.parameter import Parameter
from rclpy.qos import QoSProfile
from sensor_msgs.msg import CompressedImage, Image

from cosmos_reasoner.clips.frame import Frame
from cosmos_reasoner.nodes.images import compressed_from_frame, image_from_frame
from cosmos_reasoner.nodes.reasoner_node import ReasonerNode

PERIOD = 250_000_000


def frame(index: int, stamp: int, camera: str = "camera") -> Frame:
    """The same as a frame."""
    pixels = square(index)
    height, width = pixels.shape[:2]
    return Frame(camera, stamp, width, height, "bgr8", pixels.tobytes(), 3 * width, frame_id=f"{camera}_optical")


def reasoner(ros: Any, endpoint: str, cli_args: list[str] | None = None, **parameters: Any) -> ReasonerNode:
    """A reasoner node that spins, not yet configured."""
    values = {"endpoint_url": endpoint, "profile": "embedded", "periodic": [""], **parameters}
    overrides = [Parameter(name, value=value) for name, value in values.items()]
    return ros.spin(ReasonerNode(context=ros.context, parameter_overrides=overrides, cli_args=cli_args))


def active_reasoner(ros: Any, endpoint: str, **parameters: Any) -> ReasonerNode:
    """A reasoner node that is active."""
    node = reasoner(ros, endpoint, autostart=True, **parameters)
    node.start()
    return node


class Camera:
    """Publishes frames and waits until the reasoner has taken them."""

    def __init__(self, ros: Any, node: ReasonerNode, name: str = "camera", compressed: bool = False) -> None:
        self._ros, self._node, self._name = ros, node, name
        self._make = compressed_from_frame if compressed else image_from_frame
        kind, suffix = (CompressedImage, "/compressed") if compressed else (Image, "")
        self._driver = ros.node(f"{name}_driver")
        self.publisher = self._driver.create_publisher(kind, f"{name}/image_raw{suffix}", QoSProfile(depth=10))
        ros.wait_for(self.publisher.get_subscription_count, what="a subscription to the camera")

    def film(self, count: int = 12, end: int | None = None) -> int:
        """Publish frames 0.25 s apart that end now, or at `end`, ns. Returns the last stamp."""
        last = time.time_ns() if end is None else end
        rig = self._node.desk().engine.rig
        for index in range(count):
            stamp = last - (count - 1 - index) * PERIOD
            self.publisher.publish(self._make(frame(index, stamp, self._name)))
            self._ros.wait_for(lambda: (newest := rig.newest(self._name)) and newest.stamp == stamp, what="the frame")
        return last

    def keep_filming(self) -> None:
        """Publish a frame each 0.25 s from now on."""
        indices = itertools.count()

        def publish() -> None:
            self.publisher.publish(self._make(frame(next(indices) % 12, time.time_ns(), self._name)))

        self._driver.create_timer(PERIOD / 1e9, publish)


def stamp_of(message: Time) -> int:
    """A Time in ns."""
    return message.sec * 1_000_000_000 + message.nanosec
