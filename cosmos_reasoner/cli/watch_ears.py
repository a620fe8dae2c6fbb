"""How `cosmos-reasoner watch` hears of a reasoner."""

import time
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from builtin_interfaces.msg import Time
from rclpy.clock import Clock, ClockType
from rclpy.node import Node

from cosmos_reasoner.cli.reasoners import reasoners
from cosmos_reasoner.cli.watch_state import Plain, WatchState
from cosmos_reasoner.nodes.conversions import nanoseconds
from cosmos_reasoner.nodes.plain import plain
from cosmos_reasoner.nodes.watcher import Watcher

__all__ = ["Ears"]

_PERIOD = 1.0
"""s between two looks at who is there."""


class Ears:
    """Keeps what is known of a reasoner up to date.

    Args:
        state: What is known.
        topics: Which topics of the reasoner are heard.
        heard: Is told of each message after the state was, with its topic.
        options: As of `Node`.

    Attributes:
        node: To be spun.
    """

    def __init__(
        self, state: WatchState, topics: Iterable[str], heard: Callable[[str, Plain], None], **options: Any
    ) -> None:
        self._state = state
        self._heard = heard
        self.node: Node = Watcher(
            state.node, {topic: partial(self._take, topic) for topic in topics}, self._diagnosed, **options
        )
        self.node.create_timer(_PERIOD, self._look, clock=Clock(clock_type=ClockType.STEADY_TIME))

    def _take(self, topic: str, message: Any) -> None:
        told = plain(message)
        self._state.take(topic, told)
        self._heard(topic, told)

    def _diagnosed(self, part: str, status: Plain, now: Time) -> None:
        self._state.diagnose(part, status)
        self._state.tick(nanoseconds(now) / 1e9, time.monotonic())

    def _look(self) -> None:
        self._state.see(reasoners(self.node), time.monotonic())
