"""What the demo shows: each prediction and ranking as it comes."""

import time
from types import TracebackType
from typing import Any

import rclpy
from builtin_interfaces.msg import Time
from rclpy.executors import SingleThreadedExecutor

from cosmos_reasoner.cli.console import Console
from cosmos_reasoner.cli.demo_log import DemoLog
from cosmos_reasoner.cli.result_lines import ResultLines
from cosmos_reasoner.nodes.conversions import nanoseconds
from cosmos_reasoner.nodes.plain import plain
from cosmos_reasoner.nodes.watcher import Watcher
from cosmos_reasoner_msgs.msg import ActionRanking, OutcomePrediction, Provenance, Reasoning

__all__ = ["DemoScreen"]


class DemoScreen:
    """Listens to a reasoner node and writes its results.

    Args:
        console: Where they are written.
        node: Full name of the reasoner node.
        log: Hears the same from when the node is active; None for nobody.
    """

    def __init__(self, console: Console, node: str, log: DemoLog | None = None) -> None:
        self.predictions = 0
        self._rankings = 0
        self._errors = 0
        self._lines = ResultLines(console)
        self._name = node
        self._log = log
        self._parts: dict[str, dict[str, str]] = {}

    @property
    def is_live(self) -> bool:
        """Whether the node is active: it reports on itself only then."""
        return bool(self._parts)

    def spin(self, duration: float) -> None:
        """Handle what comes for so long, s."""
        self._executor.spin_once(duration)

    def summary(self) -> str:
        """The demo's closing line."""
        dropped = self._parts.get("queue", {}).get("superseded", "0")
        return (
            f"demo: {self.predictions} predictions, {self._rankings} rankings, {dropped} dropped, {self._errors} errors"
        )

    def __enter__(self) -> "DemoScreen":
        rclpy.init(args=[])
        heard = {"reasoning": self._reasoned, "outcome": self._predicted, "action_ranking": self._ranked}
        self._watcher = Watcher(self._name, heard, self._diagnosed)
        self._executor = SingleThreadedExecutor()
        self._executor.add_node(self._watcher)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._executor.shutdown()
        self._watcher.destroy_node()
        rclpy.try_shutdown()

    def _diagnosed(self, part: str, status: dict[str, Any], _now: Time) -> None:
        if self._log and not self.is_live:
            self._log.listen(self._watcher)
        self._parts[part] = status["values"]

    def _reasoned(self, message: Reasoning) -> None:
        self._errors += self._lines.failed(plain(message))

    def _predicted(self, message: OutcomePrediction) -> None:
        if message.outcomes:
            self.predictions += 1
            self._lines.predicted(plain(message), _age(message.provenance))

    def _ranked(self, message: ActionRanking) -> None:
        if message.actions:
            self._rankings += 1
            self._lines.ranked(plain(message), _age(message.provenance))


def _age(source: Provenance) -> float:
    """How long ago the clip ended, s."""
    return time.time() - nanoseconds(source.clip_end) / 1e9
