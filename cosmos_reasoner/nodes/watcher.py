"""A node that listens to what the reasoner publishes, for those who only want to look."""

import os
from collections.abc import Callable, Mapping
from typing import Any

from builtin_interfaces.msg import Time
from diagnostic_msgs.msg import DiagnosticArray
from rclpy.node import Node
from rclpy.qos import QoSDurabilityPolicy, QoSProfile
from rclpy.subscription import Subscription
from sensor_msgs.msg import CompressedImage

from cosmos_reasoner.nodes.plain import plain_status
from cosmos_reasoner_msgs.msg import (
    ActionRanking,
    HindsightSummary,
    OutcomePrediction,
    OutcomeVerdict,
    Progress,
    Reasoning,
)

__all__ = ["TOPICS", "Watcher"]

TOPICS: Mapping[str, type] = {
    "reasoning": Reasoning,
    "outcome": OutcomePrediction,
    "action_ranking": ActionRanking,
    "verdict": OutcomeVerdict,
    "hindsight": HindsightSummary,
    "progress": Progress,
    "clip/compressed": CompressedImage,
    "overlay/compressed": CompressedImage,
}
"""What can be heard, each below the name of the reasoner node."""

_BURST = QoSProfile(depth=50)
_LATCHED = QoSProfile(depth=1, durability=QoSDurabilityPolicy.TRANSIENT_LOCAL)


class Watcher(Node):
    """Hears a reasoner node's results.

    Args:
        reasoner: Full name of the node, such as "/reasoner".
        heard: What to do with the messages of each topic of TOPICS that is to be heard.
        diagnosed: Is called with each part of the reasoner of which it says how it is: the part's name, see
            `plain_status`, and the time by the reasoner's clock.
        options: As of `Node`.
    """

    def __init__(
        self,
        reasoner: str,
        heard: Mapping[str, Callable[[Any], None]],
        diagnosed: Callable[[str, dict[str, Any], Time], None] = lambda _part, _status, _now: None,
        **options: Any,
    ) -> None:
        super().__init__(f"watcher_{os.getpid()}", **options)
        self._reasoner = reasoner.rstrip("/")
        self._diagnosed = diagnosed
        for topic, callback in heard.items():
            self.hear(topic, callback)
        self.create_subscription(DiagnosticArray, "/diagnostics", self._pick, 10)

    def hear(self, topic: str, callback: Callable[[Any], None]) -> Subscription:
        """Hear one topic of TOPICS more."""
        qos = _LATCHED if topic == "hindsight" else _BURST
        return self.create_subscription(TOPICS[topic], f"{self._reasoner}/{topic}", callback, qos)

    def _pick(self, message: DiagnosticArray) -> None:
        prefix = f"{self._reasoner.lstrip('/')}: "
        for status in message.status:
            if status.name.startswith(prefix):
                self._diagnosed(status.name[len(prefix) :], plain_status(status), message.header.stamp)
