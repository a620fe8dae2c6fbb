"""Predictions, verified on the node's topics when it can be seen what became of them."""

from collections.abc import Callable
from concurrent.futures import Future

from rclpy.callback_groups import ReentrantCallbackGroup
from rclpy.lifecycle import LifecycleNode
from rclpy.timer import Timer
from std_msgs.msg import Header

from cosmos_reasoner.errors import Cancelled, CosmosReasonerError
from cosmos_reasoner.nodes.bridge import LoopThread, awaitable
from cosmos_reasoner.nodes.conversions import header, hindsight_summary
from cosmos_reasoner.nodes.publishers import Publishers
from cosmos_reasoner.nodes.settings import Settings
from cosmos_reasoner.reasoning.calibration import Calibration
from cosmos_reasoner.reasoning.engine import Engine
from cosmos_reasoner.reasoning.hindsight import Check, Hindsight
from cosmos_reasoner.reasoning.hindsight_question import HINDSIGHT_TASK, hindsight_question
from cosmos_reasoner.reasoning.result import Result, VerdictAnswer
from cosmos_reasoner.reasoning.scheduler import Preempted

__all__ = ["Verifier"]

_PERIOD = 0.25
"""s between two looks at whether a horizon has passed: little against what the buffers hold."""


class Verifier:
    """Has what was predicted verified, one outcome after the other, while nobody else asks anything.

    Args:
        node: Whose clock, timer and executor are used.
        engine: Who answers.
        loop: Where the engine runs.
        publishers: Where verdicts and summaries go.
        settings: The settings of the moment.
    """

    def __init__(
        self,
        node: LifecycleNode,
        engine: Engine,
        loop: LoopThread,
        publishers: Publishers,
        settings: Callable[[], Settings],
    ) -> None:
        self.calibration = Calibration()
        self.trouble = ""
        """Why the last outcome could not be verified; empty when it could."""
        self._node = node
        self._engine = engine
        self._loop = loop
        self._publishers = publishers
        self._settings = settings
        self._hindsight = Hindsight(engine.rig, self.calibration, settings().buffer_megabytes * 1_000_000)
        self._timer: Timer | None = None
        self._running: Future[Result] | None = None
        self._busy = False
        self._newest = Header()

    @property
    def waiting(self) -> int:
        """Predictions that wait for their horizon or for a verdict."""
        return self._hindsight.waiting

    @property
    def why_off(self) -> str:
        """Why nothing more is verified; empty when it is. Callers need a daily quota, unless a parameter says so."""
        settings, quota = self._settings(), self._engine.reasoner.failover.answering.endpoint.quota
        if not settings.hindsight:
            return "switched off"
        if quota and quota.daily and not settings.hindsight_endpoint:
            return "off: it would spend a daily quota; hindsight_endpoint can name an endpoint for it"
        return ""

    def open(self) -> None:
        """Begin to look whether horizons have passed."""
        self._timer = self._node.create_timer(_PERIOD, self._look, callback_group=ReentrantCallbackGroup())

    def close(self) -> None:
        """Look no more; see `forget`."""
        if self._timer:
            self._node.destroy_timer(self._timer)
            self._timer = None
        self.forget()

    def forget(self) -> None:
        """Let go of what waits, and cancel what is on its way."""
        self._hindsight.forget()
        if self._running:
            self._running.cancel()

    def expect(self, result: Result) -> None:
        """Take a result that was published; if it is a prediction, it will be verified."""
        if self._timer and not self.why_off:
            self._hindsight.expect(result)

    async def _look(self) -> None:
        self._hindsight.look()
        if self._busy:
            return
        self._busy = True
        try:
            while check := self._hindsight.next():
                await self._verify(check)
        finally:
            self._busy = False

    async def _verify(self, check: Check) -> None:
        try:
            result = await self._ask(check)
        except (Cancelled, Preempted):
            return  # it was forgotten, or is asked again as long as it waits
        except CosmosReasonerError as error:
            self._fail(check, str(error))
        except Exception as error:  # noqa: BLE001  a defect of ours must not take the node down with it
            self._fail(check, f"{type(error).__name__}: {error}")
        else:
            self._finish(check, result)

    async def _ask(self, check: Check) -> Result:
        settings = self._settings()
        question = hindsight_question(check.statement, check.horizon, settings.context, settings.answer_language)
        running = self._loop.submit(self._engine.look_back(question, check.clip, settings.time_budget))
        self._running = running
        result: Result = await awaitable(running, self._node.executor)
        return result

    def _finish(self, check: Check, result: Result) -> None:
        verdict = result.answer.verdict if isinstance(result.answer, VerdictAnswer) else None
        if not self._hindsight.settle(check, verdict):
            return
        self.trouble = "" if verdict is not None else result.provenance.status_text
        self._newest = header(result)
        self._publishers.publish(result, self._engine.reasoner.tasks[HINDSIGHT_TASK], check.prediction_id)
        self._summarise()

    def _fail(self, check: Check, why: str) -> None:
        self._node.get_logger().warning(f"hindsight: {why}", throttle_duration_sec=10.0)
        if self._hindsight.settle(check, None):
            self.trouble = why
            self._summarise()

    def _summarise(self) -> None:
        self._publishers.publish_summary(hindsight_summary(self.calibration, self.waiting, self._newest))
