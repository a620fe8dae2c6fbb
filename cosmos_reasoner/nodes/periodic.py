"""Questions that are asked again and again; only the newest of a kind ever waits."""

from collections import Counter
from time import monotonic

from rclpy.callback_groups import ReentrantCallbackGroup
from rclpy.lifecycle import LifecycleNode

from cosmos_reasoner.errors import Cancelled, CosmosReasonerError
from cosmos_reasoner.nodes.desk import Desk
from cosmos_reasoner.nodes.requests import of_periodic
from cosmos_reasoner.reasoning.engine import Window
from cosmos_reasoner.reasoning.scheduler import Priority

__all__ = ["Periodic"]


class Periodic:
    """Asks the periodic tasks at their periods, by the node's clock.

    A tick at which no camera has a new frame asks nothing.

    Args:
        node: Whose timers are used.
        desk: Where the questions go.
    """

    def __init__(self, node: LifecycleNode, desk: Desk) -> None:
        self.counts: Counter[str] = Counter()
        """asked, unchanged (no new frame), superseded."""
        self._node = node
        self._desk = desk
        self._asked_at: dict[str, int] = {}
        group = ReentrantCallbackGroup()
        self._timers = [
            node.create_timer(period, self._tick_of(task), callback_group=group)
            for task, period in desk.settings.periods.items()
        ]

    def close(self) -> None:
        """Ask no more."""
        for timer in self._timers:
            self._node.destroy_timer(timer)

    def _tick_of(self, task: str):  # type: ignore[no-untyped-def]
        async def tick() -> None:
            if self._is_new(task):
                await self._ask(task)

        return tick

    def _is_new(self, task: str) -> bool:
        newest = self._desk.engine.rig.newest_stamp()
        if self._asked_at.get(task, 0) == newest:
            self.counts["unchanged"] += 1
            return False
        self._asked_at[task] = newest
        return True

    async def _ask(self, task: str) -> None:
        settings, started = self._desk.settings, monotonic()
        question = of_periodic(task, settings)
        self.counts["asked"] += 1
        try:
            window = Window(settings.clip_duration)
            await self._desk.finish(
                self._desk.start(question, window, settings.time_budget, Priority.PERIODIC, latest_of=task)
            )
        except Cancelled:
            self.counts["superseded"] += 1
        except CosmosReasonerError as error:
            self._node.get_logger().warning(f"{task}: {error}", throttle_duration_sec=10.0)
            self._desk.publish_failure(question, error, monotonic() - started)
