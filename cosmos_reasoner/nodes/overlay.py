"""The newest frame with what was predicted, on ~/overlay; drawn only while somebody looks."""

from rclpy.lifecycle import LifecycleNode
from sensor_msgs.msg import Image

from cosmos_reasoner.clips.frame import Frame
from cosmos_reasoner.clips.pixels import decode
from cosmos_reasoner.errors import FrameError
from cosmos_reasoner.nodes.desk import Desk
from cosmos_reasoner.nodes.drawing import draw
from cosmos_reasoner.nodes.images import image_from_frame

__all__ = ["Overlay"]


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
        self._publisher = node.create_publisher(Image, "~/overlay", 1)
        self._timer = node.create_timer(period, self.publish)
        self._drawn = 0

    def publish(self) -> None:
        """Publish, if somebody looks and there is a new frame."""
        rig = self._desk.engine.rig
        frame = rig.newest(rig.cameras[0])
        if frame is None or frame.stamp == self._drawn or not self._publisher.get_subscription_count():
            return
        self._drawn = frame.stamp
        try:
            self._publisher.publish(image_from_frame(self._drawn_over(frame)))
        except FrameError as error:
            self._node.get_logger().warning(str(error), throttle_duration_sec=10.0)

    def close(self) -> None:
        """Publish no more."""
        self._node.destroy_timer(self._timer)
        self._node.destroy_publisher(self._publisher)

    def _drawn_over(self, frame: Frame) -> Frame:
        now = self._node.get_clock().now().nanoseconds
        pixels = draw(decode(frame), frame.camera, self._desk.sheet(now))
        height, width = pixels.shape[:2]
        data = memoryview(pixels.reshape(-1))
        return Frame(frame.camera, frame.stamp, width, height, "bgr8", data, 3 * width, frame_id=frame.frame_id)
