"""The node behind the live page: what the reasoner publishes goes to the page, and the page's questions to it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from functools import partial
from time import monotonic
from typing import Any

from builtin_interfaces.msg import Time
from rclpy.clock import Clock, ClockType
from rclpy.subscription import Subscription
from sensor_msgs.msg import CompressedImage

from cosmos_reasoner.errors import CosmosReasonerError
from cosmos_reasoner.nodes.bridge import LoopThread
from cosmos_reasoner.nodes.conversions import duration, nanoseconds
from cosmos_reasoner.nodes.plain import plain
from cosmos_reasoner.nodes.reason_client import ReasonCall, ReasonClient
from cosmos_reasoner.nodes.watcher import Watcher
from cosmos_reasoner.view.page.hub import OVERLAY, Hub
from cosmos_reasoner.view.page.wish import Wish
from cosmos_reasoner_msgs.action import Reason
from cosmos_reasoner_msgs.msg import ActionCandidate

__all__ = ["Viewer"]

_ALWAYS = ("reasoning", "outcome", "action_ranking", "verdict", "hindsight")
"""Topics that are heard whether or not somebody looks, so that the last hour can be looked at later."""

_BUDGET = 30.0
"""s that a question from the page may take."""

_GRACE = 2.0
"""s after which a reasoner that says nothing counts as gone."""

_SILENT = "the reasoner said nothing in time, not even an error: is it alive?"

_TICK = 0.5


class Viewer(Watcher):
    """Brings a reasoner and a page together.

    Args:
        reasoner: Full name of the reasoner node.
        loop: Where the page is served.
        options: As of `Node`.

    Attributes:
        hub: What the page shows; only to be used on the loop.
    """

    def __init__(self, reasoner: str, loop: LoopThread, **options: Any) -> None:
        self.hub = Hub(monotonic, self._watched)
        self._loop = loop
        self._while_watched: list[Subscription] = []
        self._told_time: tuple[float, float] | None = None
        super().__init__(reasoner, {topic: partial(self._message, topic) for topic in _ALWAYS}, self._part, **options)
        self.hear("clip/compressed", self._clip)
        self._client = ReasonClient(self, reasoner)
        self.create_timer(_TICK, self._tick, clock=Clock(clock_type=ClockType.STEADY_TIME))

    async def ask(self, wish: Wish) -> AsyncIterator[dict[str, Any]]:
        """Ask the reasoner; to be used on the loop. Whoever stops listening takes the question back.

        Yields:
            What the model writes ("part", "text"), and at last the "result", or the "error".
        """
        come: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        loop = asyncio.get_running_loop()
        post = partial(loop.call_soon_threadsafe, come.put_nowait)
        call = self._client.call(_goal(wish), lambda feedback: post(plain(feedback)))
        self.executor.create_task(_finish(call, post))
        late = loop.call_later(_BUDGET + _GRACE, come.put_nowait, {"error": _SILENT})
        try:
            while True:
                piece = await come.get()
                yield piece
                if "part" not in piece:
                    return
        finally:
            late.cancel()
            self.executor.create_task(call.cancel)

    def _message(self, topic: str, message: Any) -> None:
        self._loop.post(self.hub.publish, topic, plain(message))

    def _part(self, part: str, status: dict[str, Any], now: Time) -> None:
        self._told_time = (nanoseconds(now) / 1e9, monotonic())
        self._loop.post(self.hub.diagnose, part, status)

    def _clip(self, message: CompressedImage) -> None:
        stamp = message.header.stamp
        self._loop.post(self.hub.show, f"{stamp.sec}.{stamp.nanosec:09d}", bytes(message.data))

    def _overlay(self, message: CompressedImage) -> None:
        self._loop.post(self.hub.show, OVERLAY, bytes(message.data))

    def _tick(self) -> None:
        """Tell the time of the reasoner's clock, whatever this machine's is."""
        if self._told_time:
            stamp, heard = self._told_time
            silent = monotonic() - heard
            self._loop.post(self.hub.tick, stamp + silent, silent)

    def _watched(self, by_somebody: bool) -> None:
        self.executor.create_task(self._look, by_somebody)

    def _look(self, by_somebody: bool) -> None:
        """Hear what is only worth its costs while somebody looks."""
        for subscription in self._while_watched:
            self.destroy_subscription(subscription)
        self._while_watched = []
        if by_somebody:
            progress = self.hear("progress", partial(self._message, "progress"))
            self._while_watched = [progress, self.hear("overlay/compressed", self._overlay)]


async def _finish(call: ReasonCall, post: Callable[[dict[str, Any]], Any]) -> None:
    try:
        result = await call.result()
    except CosmosReasonerError as error:
        post({"error": str(error)})
    else:
        post({"error": result.error_message} if result.error_code else {"result": plain(result)})


def _goal(wish: Wish) -> Reason.Goal:
    return Reason.Goal(
        task=wish.task,
        question=wish.question,
        options=list(wish.options),
        goal=wish.goal,
        actions=[ActionCandidate(id=action.id, description=action.description) for action in wish.actions],
        time_budget=duration(_BUDGET),
    )
