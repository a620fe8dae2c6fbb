"""Questions that are asked again and again: one at a time of a kind, and never more than one behind."""

from collections import Counter
from collections.abc import Awaitable, Callable
from time import monotonic

from rclpy.callback_groups import ReentrantCallbackGroup
from rclpy.lifecycle import LifecycleNode
from rclpy.timer import Timer

from cosmos_reasoner.errors import Cancelled, CosmosReasonerError
from cosmos_reasoner.nodes.desk import Desk
from cosmos_reasoner.nodes.requests import of_periodic
from cosmos_reasoner.reasoning.engine import Window
from cosmos_reasoner.reasoning.result import Prediction, Result
from cosmos_reasoner.reasoning.scheduler import Priority
from cosmos_reasoner.replies.levels import Hazard

__all__ = ["Periodic"]


class Periodic:
    """Asks the periodic tasks at their periods, by the node's clock.

    While a task is being answered, one tick waits; those after it are superseded. The clip is taken when the turn
    comes, so that the tick that waited sees what is newest then. Nothing is asked twice about the same frames, nor
    before half a clip was seen. While the last answer to a task named an imminent hazard, the task goes before callers:
    it is then what protects somebody.

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
        self._busy: set[str] = set()
        self._again: set[str] = set()
        self._priorities: dict[str, Priority] = {}
        self._group = ReentrantCallbackGroup()
        self._timers: list[Timer] = []
        self.schedule()

    def schedule(self) -> None:
        """Take the tasks and periods of the moment; questions on their way stay so."""
        self.close()
        self._timers = [
            self._node.create_timer(period, self._tick_of(task), callback_group=self._group)
            for task, period in self._desk.settings.periods.items()
        ]

    def close(self) -> None:
        """Ask no more."""
        for timer in self._timers:
            self._node.destroy_timer(timer)

    def _tick_of(self, task: str) -> Callable[[], Awaitable[None]]:
        async def tick() -> None:
            if task in self._busy:
                self.counts["superseded"] += task in self._again
                self._again.add(task)
                return
            self._busy.add(task)
            try:
                await self._ask_while_due(task)
            finally:
                self._busy.remove(task)

        return tick

    async def _ask_while_due(self, task: str) -> None:
        self._again.add(task)
        while task in self._again and self._desk.is_open:
            self._again.remove(task)
            if self._is_new(task):
                await self._ask(task)

    def _is_new(self, task: str) -> bool:
        rig = self._desk.engine.rig
        newest = rig.newest_stamp()
        if self._asked_at.get(task, 0) == newest or rig.seconds < self._desk.settings.clip_duration / 2:
            self.counts["unchanged"] += 1
            return False
        self._asked_at[task] = newest
        return True

    async def _ask(self, task: str) -> None:
        settings, started = self._desk.settings, monotonic()
        self.counts["asked"] += 1
        window, priority = Window(settings.clip_duration), self._priorities.get(task, Priority.PERIODIC)
        asked = self._desk.start(of_periodic(task, settings), window, settings.time_budget, priority)
        try:
            result = await self._desk.finish(asked)
            # The clip was taken after the tick: it may show frames that came in between.
            self._asked_at[task] = max(self._asked_at[task], result.provenance.clip_end)
            self._priorities[task] = _priority_after(result)
        except Cancelled:
            pass  # the node rests
        except CosmosReasonerError as error:
            self._node.get_logger().warning(f"{task}: {error}", throttle_duration_sec=10.0)
            self._desk.publish_failure(asked, error, monotonic() - started)
        except Exception as error:  # noqa: BLE001  a defect of ours must not take the node down with it
            self._node.get_logger().error(f"{task}: {type(error).__name__}: {error}", throttle_duration_sec=10.0)


def _priority_after(result: Result) -> Priority:
    outcomes = result.answer.outcomes if isinstance(result.answer, Prediction) else ()
    return Priority.IMMINENT if any(entry.hazard is Hazard.IMMINENT for entry in outcomes) else Priority.PERIODIC
