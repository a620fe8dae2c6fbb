"""Where services, the action and the periodic tasks bring their questions, and every result is published from."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, replace

from rclpy.lifecycle import LifecycleNode

from cosmos_reasoner.endpoints.profile import Profile
from cosmos_reasoner.errors import Cancelled, CosmosReasonerError, EndpointError, NotActive, TimeBudgetExceeded
from cosmos_reasoner.nodes.bridge import LoopThread, awaitable
from cosmos_reasoner.nodes.live import Live, Onlookers
from cosmos_reasoner.nodes.publishers import Publishers, marked_stale
from cosmos_reasoner.nodes.settings import Settings
from cosmos_reasoner.nodes.writing import Writing
from cosmos_reasoner.reasoning.assembly import failure
from cosmos_reasoner.reasoning.engine import Engine, Window
from cosmos_reasoner.reasoning.result import DetectionsAnswer, Prediction, Ranking, Result
from cosmos_reasoner.reasoning.scheduler import Priority
from cosmos_reasoner.tasks.task import Question
from cosmos_reasoner.view.drawing.overlay import Sheet

__all__ = ["Asked", "Desk"]

_RESTS = "cancelled, because the node was deactivated"


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """A question on its way: its result to come, and those who watch it."""

    question: Question
    running: "Future[Result]"
    onlookers: Onlookers

    def cancel(self) -> None:
        """End the generation."""
        self.running.cancel()


class Desk:
    """Takes questions to the engine, and publishes what comes of them.

    Args:
        node: Whose clock and executor are used.
        engine: Who answers.
        profile: Of the preferred endpoint.
        loop: Where the engine runs.
        live: Where is shown what is on its way.
        publishers: Where results go.
        settings: The settings of the moment.
        published: Hears of every result that was published.
    """

    def __init__(
        self,
        node: LifecycleNode,
        engine: Engine,
        profile: Profile,
        loop: LoopThread,
        live: Live,
        publishers: Publishers,
        settings: Callable[[], Settings],
        published: Callable[[Result], None],
    ) -> None:
        self.engine = engine
        self.profile = profile
        self.is_open = False
        self.counts: Counter[str] = Counter()
        """answered, and errors by the name of their class."""
        self.trouble = ""
        """Why no endpoint answered the last question; empty when one did."""
        self.last_result: Result | None = None
        self._node = node
        self._answering = engine.reasoner.failover.answering
        self._loop = loop
        self._live = live
        self._publishers = publishers
        self._settings = settings
        self._published = published
        self._newest: dict[type, Result] = {}
        self._running: set[Asked] = set()

    @property
    def settings(self) -> Settings:
        """The settings of the moment."""
        return self._settings()

    def start(
        self,
        question: Question,
        window: Window,
        seconds: float,
        priority: Priority = Priority.REQUEST,
        writing: Writing | None = None,
    ) -> Asked:
        """Start to answer a question: see `Engine.answer`. `writing` hears what the model writes, too.

        Raises:
            NotActive: The desk is closed.
        """
        if not self.is_open:
            raise NotActive("the node is not active: activate it first")
        onlookers = self._live.onlookers(question.task, writing)
        running = self._loop.submit(self.engine.answer(question, window, seconds, priority, onlookers))
        asked = Asked(question, running, onlookers)
        self._running.add(asked)
        return asked

    async def finish(self, asked: Asked, prediction_id: str = "", end: int | None = None) -> Result:
        """Wait in a callback of rclpy for an answer, and publish it.

        Args:
            asked: What `start` returned.
            prediction_id: For a verdict, the prediction it is about.
            end: Of the window that was asked about, ns; None for now.

        Raises:
            CosmosReasonerError: Those of `Engine.answer`.
        """
        try:
            result = await self._result(asked)
        except Exception as error:
            self._note(asked, error)
            raise
        finally:
            self._running.discard(asked)
        self.counts["answered"] += 1
        self.trouble = ""
        self._tell_moves()
        asked.onlookers.end("" if result.answer else result.provenance.status_text)
        about = self._now() if end is None else min(end, self._now())
        result = marked_stale(_named(result, asked), about, self.settings.max_result_age)
        self._publish(result, prediction_id)
        return result

    def is_of_the_present(self, result: Result) -> bool:
        """Whether a result tells of now, whatever window was asked for."""
        return not self._is_old(result, self._now())

    def publish_failure(self, asked: Asked, error: CosmosReasonerError, spent: float) -> None:
        """Tell those who listen to the topics that a periodic question got no answer, unless the desk is closed.

        Args:
            asked: What was asked.
            error: Why.
            spent: How long it was tried, s.
        """
        if self.is_open:
            self._publish(_named(failure(asked.question, self.profile, error, spent), asked))

    def sheet(self, now: int) -> Sheet:
        """What was predicted, ranked and found last, to be drawn.

        Args:
            now: By the node's clock, ns.
        """
        predicted, ranked, found = (self._newest.get(kind) for kind in (Prediction, Ranking, DetectionsAnswer))
        return Sheet(
            prediction=predicted.answer if predicted else None,
            age=_age(predicted, now) if predicted else 0.0,
            stale=predicted is not None and self._is_old(predicted, now),
            ranking=ranked.answer if ranked else None,
            ranking_age=_age(ranked, now) if ranked else 0.0,
            ranking_stale=ranked is not None and self._is_old(ranked, now),
            detections=found.answer.detections if found and not self._is_old(found, now) else (),
        )

    def close(self) -> None:
        """Take no more questions, and cancel those on their way."""
        self.is_open = False
        for asked in tuple(self._running):
            asked.cancel()
            asked.onlookers.end(_RESTS)
        self._running.clear()

    def _now(self) -> int:
        return int(self._node.get_clock().now().nanoseconds)

    def _is_old(self, result: Result, now: int) -> bool:
        """Whether a result tells of another time than now; the clock may have jumped back."""
        return abs(_age(result, now)) > self.settings.max_result_age

    async def _result(self, asked: Asked) -> Result:
        """Wait for an answer; one that comes after the desk was closed counts as cancelled."""
        result: Result = await awaitable(asked.running, self._node.executor)
        if asked not in self._running:
            raise Cancelled(_RESTS)
        return result

    def _note(self, asked: Asked, error: Exception) -> None:
        asked.onlookers.end(str(error))
        self.counts[type(error).__name__] += 1
        if isinstance(error, EndpointError | TimeBudgetExceeded):
            self.trouble = str(error)

    def _tell_moves(self) -> None:
        """Log when another endpoint answers than before."""
        failover, before = self.engine.reasoner.failover, self._answering
        self._answering = now = failover.answering
        if failover.routes.index(now) > failover.routes.index(before):
            why = f" ({before.breaker.reason})" if before.breaker.reason else ""
            self._node.get_logger().warning(f"{now.name} answers instead of {before.name}{why}")
        elif now is not before:
            self._node.get_logger().info(f"{now.name} answers again, instead of {before.name}")

    def _publish(self, result: Result, prediction_id: str = "") -> None:
        self.last_result = result
        self._newest[type(result.answer)] = result
        self._publishers.publish(result, self.engine.reasoner.tasks[result.question.task], prediction_id)
        self._published(result)


def _age(result: Result, now: int) -> float:
    """Since the last frame that it saw, s; `now` is in ns."""
    return (now - result.provenance.clip_end) / 1e9


def _named(result: Result, asked: Asked) -> Result:
    """A result by the name under which its words were told."""
    return replace(result, provenance=replace(result.provenance, request_id=asked.onlookers.request_id))
