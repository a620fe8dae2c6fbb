"""Camera topics into the rig. A camera is received only when its next sample is near."""

from collections import Counter
from collections.abc import Callable
from typing import Any

from rclpy.callback_groups import CallbackGroup
from rclpy.clock import Clock as RosClock
from rclpy.clock import ClockType
from rclpy.node import Node
from rclpy.qos import QoSHistoryPolicy, QoSProfile, QoSReliabilityPolicy
from rclpy.qos_overriding_options import QoSOverridingOptions
from sensor_msgs.msg import CompressedImage, Image

from cosmos_reasoner.clips.frame import Frame
from cosmos_reasoner.clips.rig import CameraRig
from cosmos_reasoner.errors import FrameError
from cosmos_reasoner.nodes.conversions import nanoseconds
from cosmos_reasoner.nodes.images import frame_from_compressed, frame_from_image

__all__ = ["Cameras"]

_NEWEST = QoSProfile(depth=1, history=QoSHistoryPolicy.KEEP_LAST, reliability=QoSReliabilityPolicy.BEST_EFFORT)
"""As qos_profile_sensor_data, but only the newest frame: older ones would be received to be thrown away."""

_REST = 0.7
"""Share of the sampling period for which a camera is not received after a frame was kept."""

Clock = Callable[[], float]


class _Gate(CallbackGroup):
    """Lets the executor take a camera's messages only when its next sample is near.

    Taking a large image costs far more than anything else here (deserialisation), and most of a camera's frames are not
    due. While the gate is shut, the middleware overwrites the one it holds with a newer one.

    Args:
        clock: Monotonic, s.
    """

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self._clock = clock
        self._opens = 0.0

    def shut(self, seconds: float) -> None:
        """Take nothing for so long, s."""
        self._opens = self._clock() + seconds

    def can_execute(self, entity: Any) -> bool:  # noqa: ARG002  as rclpy calls it
        """Whether the executor may take a message now."""
        return self._clock() >= self._opens

    def beginning_execution(self, entity: Any) -> bool:
        """Whether the executor may run the callback now."""
        return self.can_execute(entity)

    def ending_execution(self, entity: Any) -> None:
        """Nothing is held while a callback runs."""


class _Camera:
    """One camera: its subscription, its gate, and what was wrong with its messages."""

    def __init__(self, node: Node, name: str, transport: str, rig: CameraRig, period: float, clock: Clock) -> None:
        self.name = name
        self.broken = ""
        self.counts: Counter[str] = Counter()
        self.heard = clock()
        self._rig = rig
        self._period = period
        self._clock = clock
        self._gate = _Gate(clock)
        self._kept = (0, 0.0)
        kind, suffix, self._convert = (
            (Image, "", frame_from_image)
            if transport == "raw"
            else (CompressedImage, "/compressed", frame_from_compressed)
        )
        self.subscription = node.create_subscription(
            kind,
            f"{name}/image_raw{suffix}",
            self._receive,
            _NEWEST,
            callback_group=self._gate,
            qos_overriding_options=QoSOverridingOptions.with_default_policies(),
        )

    def _receive(self, message: Any) -> None:
        self.heard = self._clock()
        self.counts["received"] += 1
        stamp = nanoseconds(message.header.stamp)
        if not self._rig.judge(self.name, stamp):
            return
        try:
            frame: Frame = self._convert(message, self.name)
        except FrameError as error:
            self.counts["broken"] += 1
            self.broken = str(error)
            return
        self._rig.add(frame)
        self._rest(stamp)

    def _rest(self, stamp: int) -> None:
        """Shut the gate until the next sample is near, at the pace at which stamps pass: a bag may be played fast."""
        last_stamp, last_heard = self._kept
        self._kept = (stamp, self.heard)
        passed = (stamp - last_stamp) / 1e9
        if 0 < passed < 10 * self._period:
            pace = min((self.heard - last_heard) / passed, 1.0)
            self._gate.shut(_REST * self._period * pace)


class Cameras:
    """Subscribes to the cameras and fills the rig.

    Args:
        node: Who subscribes.
        transports: "raw" or "compressed", by camera.
        rig: Where frames go.
        sample_rate: Frames kept a second and camera, Hz.
        clock: Monotonic, s.
    """

    def __init__(
        self, node: Node, transports: dict[str, str], rig: CameraRig, sample_rate: float, clock: Clock
    ) -> None:
        self._node = node
        self._rig = rig
        self._clock = clock
        self._cameras = {
            name: _Camera(node, name, transport, rig, 1 / sample_rate, clock) for name, transport in transports.items()
        }
        # Nothing else may happen while every gate is shut: this makes the executor look again.
        self._wake = node.create_timer(
            0.25 / sample_rate, lambda: None, clock=RosClock(clock_type=ClockType.STEADY_TIME)
        )

    def counts(self, name: str) -> Counter[str]:
        """What became of a camera's messages: received, broken, and the counters of its buffer."""
        return self._cameras[name].counts + self._rig.counts(name)

    def silence(self, name: str) -> float:
        """s since a camera's last message, or since it was subscribed to."""
        return self._clock() - self._cameras[name].heard

    def broken(self, name: str) -> str:
        """What was wrong with a camera's last broken picture; empty when none was."""
        return self._cameras[name].broken

    def topic(self, name: str) -> str:
        """The topic of a camera, remapped."""
        return str(self._cameras[name].subscription.topic_name)

    def publishers(self, name: str) -> int:
        """How many publishers a camera's topic has."""
        return int(self._node.count_publishers(self.topic(name)))

    def close(self) -> None:
        """Unsubscribe."""
        self._node.destroy_timer(self._wake)
        for camera in self._cameras.values():
            self._node.destroy_subscription(camera.subscription)
