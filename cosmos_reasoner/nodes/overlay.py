"""The newest frame with what was predicted, on ~/overlay and ~/overlay/compressed; drawn only while somebody looks."""

from time import monotonic

from rclpy.lifecycle import LifecycleNode
from sensor_msgs.msg import CompressedImage, Image

from cosmos_reasoner.clips.frame import Frame
from cosmos_reasoner.clips.pixels import decode
from cosmos_reasoner.errors import FrameError
from cosmos_reasoner.nodes.desk import Desk
from cosmos_reasoner.nodes.images import compressed_from_frame, image_from_frame
from cosmos_reasoner.view.drawing.overlay import draw

__all__ = ["Overlay"]

_QUALITY = 80

_AGEING = 1.0
"""s after which the same frame is drawn again, with the age of what was predicted."""


class Overlay:
    """Publishes the newest frame of the first camera, drawn over.

    Args:
        node: Who publishes.
        desk: Who knows the newest results.
        period: Between two pictures, s.
    """

    def __init__(self, node: LifecycleNode, desk: Desk, period: float) -> None:
        self._node = node
        self._desk = desk
        self._raw = node.create_publisher(Image, "~/overlay", 1)
        self._compressed = node.create_publisher(CompressedImage, "~/overlay/compressed", 1)
        self._timer = node.create_timer(period, self.publish)
        self._drawn, self._drawn_at = 0, 0.0

    def publish(self) -> None:
        """Publish, if somebody looks and there is a new frame, or the one that was drawn has grown older."""
        rig = self._desk.engine.rig
        frame = rig.newest(rig.cameras[0])
        raw, compressed = (each.get_subscription_count() for each in (self._raw, self._compressed))
        if frame is None or not (raw or compressed) or not self._is_due(frame):
            return
        self._drawn, self._drawn_at = frame.stamp, monotonic()
        try:
            drawn = self._drawn_over(frame)
        except FrameError as error:
            self._node.get_logger().warning(str(error), throttle_duration_sec=10.0)
            return
        if raw:
            self._raw.publish(image_from_frame(drawn))
        if compressed:
            self._compressed.publish(compressed_from_frame(drawn, _QUALITY))

    def close(self) -> None:
        """Publish no more."""
        self._node.destroy_timer(self._timer)
        self._node.destroy_publisher(self._raw)
        self._node.destroy_publisher(self._compressed)

    def _is_due(self, frame: Frame) -> bool:
        return frame.stamp != self._drawn or monotonic() - self._drawn_at >= _AGEING

    def _drawn_over(self, frame: Frame) -> Frame:
        now = self._node.get_clock().now().nanoseconds
        pixels = draw(decode(frame), frame.camera, self._desk.sheet(now))
        height, width = pixels.shape[:2]
        data = memoryview(pixels.reshape(-1))
        return Frame(frame.camera, frame.stamp, width, height, "bgr8", data, 3 * width, frame_id=frame.frame_id)
