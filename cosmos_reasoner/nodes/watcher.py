"""A node that listens to what the reasoner publishes, for those who only want to look."""

from collections.abc import Callable

from diagnostic_msgs.msg import DiagnosticArray
from rclpy.node import Node

from cosmos_reasoner_msgs.msg import ActionRanking, OutcomePrediction, Reasoning

__all__ = ["Watcher"]


class Watcher(Node):
    """Hears a reasoner node's results.

    Args:
        reasoner: Full name of the node, such as "/reasoner".
        reasoned: Is called with each Reasoning.
        predicted: Is called with each OutcomePrediction.
        ranked: Is called with each ActionRanking.
    """

    def __init__(
        self,
        reasoner: str,
        reasoned: Callable[[Reasoning], None],
        predicted: Callable[[OutcomePrediction], None],
        ranked: Callable[[ActionRanking], None],
    ) -> None:
        super().__init__("watcher")
        self.diagnostics: dict[str, dict[str, str]] = {}
        """The newest values of each part of the reasoner's diagnostics."""
        self._prefix = f"{reasoner.lstrip('/')}: "
        self.create_subscription(Reasoning, f"{reasoner}/reasoning", reasoned, 10)
        self.create_subscription(OutcomePrediction, f"{reasoner}/outcome", predicted, 10)
        self.create_subscription(ActionRanking, f"{reasoner}/action_ranking", ranked, 10)
        self.create_subscription(DiagnosticArray, "/diagnostics", self._diagnosed, 10)

    def _diagnosed(self, message: DiagnosticArray) -> None:
        for status in message.status:
            if status.name.startswith(self._prefix):
                part = status.name[len(self._prefix) :]
                self.diagnostics[part] = {pair.key: pair.value for pair in status.values}
