"""Behaviours for trees of py_trees, which is needed for this file only: `pip install ".[py_trees]"` in the checkout.

None of them blocks a tick. Give the tree a node that somebody spins: `tree.setup(node=node)`.
"""

from abc import abstractmethod
from collections.abc import Mapping
from time import monotonic
from typing import Any

from py_trees.behaviour import Behaviour
from py_trees.common import Access, Status
from rclpy.callback_groups import MutuallyExclusiveCallbackGroup
from rclpy.node import Node
from rclpy.subscription import Subscription
from rclpy.task import Future
from rclpy.time import Time

from cosmos_reasoner.errors import CosmosReasonerError, InvalidRequest
from cosmos_reasoner.nodes.planner_client import PlannerClient
from cosmos_reasoner_msgs.msg import Outcome, OutcomePrediction, Provenance
from cosmos_reasoner_msgs.srv import Verify as VerifyService

__all__ = ["GuardHazard", "PredictOutcome", "RankActions", "Verify"]

_HARMLESS = (Outcome.HAZARD_NONE, Outcome.HAZARD_LOW)
_DANGEROUS = (Outcome.HAZARD_HIGH, Outcome.HAZARD_IMMINENT)


class _Asking(Behaviour):
    """Asks once when it is entered, runs until the answer is there, and fails when there is none.

    Interrupted, it keeps its call, on which the reasoner works in any case, and takes up no more of the queue than
    that: entered again, it waits for the call while it is on its way, and else asks anew.

    Args:
        name: Of the behaviour.
        reasoner: Full name of the reasoner node.
        keys: Where on the blackboard the answer goes; nothing is there while there is no answer.
    """

    def __init__(self, name: str, reasoner: str, *keys: str) -> None:
        super().__init__(name)
        self._reasoner = reasoner
        self._client: PlannerClient | None = None
        self._call: Future | None = None
        self._keys = keys
        self._blackboard = self.attach_blackboard_client()
        for key in keys:
            self._blackboard.register_key(key, Access.WRITE)

    def setup(self, **kwargs: Any) -> None:
        node = _node_of(self, kwargs)
        self.shutdown()
        self._client = PlannerClient(node, self._reasoner)

    def initialise(self) -> None:
        for key in self._keys:
            self._blackboard.unset(key)
        if self._call is None or self._call.done():
            self._start()
        self.feedback_message = "waits for the answer"

    def update(self) -> Status:
        if not self._call.done():
            return Status.RUNNING
        if error := self._call.exception():
            self.feedback_message = str(error)
            return self._without(error)
        return self._with(self._call.result())

    def shutdown(self) -> None:
        if self._client:
            self._client.close()

    def _start(self) -> None:
        """Ask; what is refused at once ends like what the reasoner refuses."""
        try:
            self._call = self._ask(self._client)
        except CosmosReasonerError as error:
            self._call = Future()
            self._call.set_exception(error)
        self._call.add_done_callback(Future.exception)  # rclpy would complain of an error that nobody comes back for

    def _fail(self, why: str) -> Status:
        self.feedback_message = why
        return Status.FAILURE

    @abstractmethod
    def _ask(self, client: PlannerClient) -> Future:
        """Start the call."""

    @abstractmethod
    def _with(self, answer: Any) -> Status:
        """Take the answer."""

    def _without(self, _: CosmosReasonerError) -> Status:
        """Go on without an answer."""
        return Status.FAILURE


class RankActions(_Asking):
    """Writes the ranking and the id of the best action to the blackboard; fails when there is none, or an old one.

    Args:
        name: Of the behaviour.
        actions: 2 to 64, descriptions by id.
        goal: What they shall serve.
        budget: How long it may take, s.
        ranking_key: Where on the blackboard the `ActionRanking` goes.
        best_key: Where on the blackboard the id of the best action goes.
        reasoner: Full name of the reasoner node.
    """

    def __init__(
        self,
        name: str,
        actions: Mapping[str, str],
        goal: str,
        budget: float,
        ranking_key: str = "ranking",
        best_key: str = "best_action",
        reasoner: str = "/reasoner",
    ) -> None:
        super().__init__(name, reasoner, ranking_key, best_key)
        self._actions, self._goal, self._budget = actions, goal, budget
        self._ranking_key, self._best_key = ranking_key, best_key

    def _ask(self, client: PlannerClient) -> Future:
        return client.rank(self._actions, self._goal, budget=self._budget)

    def _with(self, answer: Any) -> Status:
        if answer.provenance.status == Provenance.STATUS_STALE:
            return self._fail(answer.provenance.status_text)
        best = answer.actions[0]
        self._blackboard.set(self._ranking_key, answer)
        self._blackboard.set(self._best_key, best.id)
        self.feedback_message = f"{best.id} is best, {best.score:.2f}"
        return Status.SUCCESS


class PredictOutcome(_Asking):
    """Writes what is likely to happen to the blackboard; fails when there is no prediction, or an old one.

    Args:
        name: Of the behaviour.
        budget: How long it may take, s.
        horizon: How far to look ahead, s; 0 for the reasoner's own.
        key: Where on the blackboard the `OutcomePrediction` goes.
        reasoner: Full name of the reasoner node.
    """

    def __init__(
        self, name: str, budget: float, horizon: float = 0.0, key: str = "prediction", reasoner: str = "/reasoner"
    ) -> None:
        super().__init__(name, reasoner, key)
        self._budget, self._horizon, self._key = budget, horizon, key

    def _ask(self, client: PlannerClient) -> Future:
        return client.predict(budget=self._budget, horizon=self._horizon)

    def _with(self, answer: Any) -> Status:
        if answer.provenance.status == Provenance.STATUS_STALE:
            return self._fail(answer.provenance.status_text)
        self._blackboard.set(self._key, answer)
        self.feedback_message = answer.outcomes[0].text
        return Status.SUCCESS


class Verify(_Asking):
    """A gate: succeeds on PROCEED, fails on ABORT; on HOLD it runs and asks again.

    No answer is a HOLD too. How long it may hold is for a `py_trees.decorators.Timeout` around it to say.

    Args:
        name: Of the behaviour.
        statement: What must hold to go on.
        budget: How long one answer may take, s.
        period: From one question to the next while it holds, s.
        reasoner: Full name of the reasoner node.
    """

    def __init__(
        self, name: str, statement: str, budget: float, period: float = 1.0, reasoner: str = "/reasoner"
    ) -> None:
        super().__init__(name, reasoner)
        self._statement, self._budget, self._period = statement, budget, period
        self._asked = 0.0

    def _ask(self, client: PlannerClient) -> Future:
        self._asked = monotonic()
        return client.verify(self._statement, budget=self._budget)

    def _with(self, answer: Any) -> Status:
        self.feedback_message = f"{answer.verdict.probability:.2f} that {self._statement}: {answer.reason}"
        if answer.decision == VerifyService.Response.PROCEED:
            return Status.SUCCESS
        return Status.FAILURE if answer.decision == VerifyService.Response.ABORT else self._hold()

    def _without(self, error: CosmosReasonerError) -> Status:
        return Status.FAILURE if isinstance(error, InvalidRequest) else self._hold()

    def _hold(self) -> Status:
        """Ask again when the period is over."""
        if monotonic() - self._asked >= self._period:
            self._start()
        return Status.RUNNING


class GuardHazard(Behaviour):
    """Fails while a HIGH or IMMINENT hazard is predicted, succeeds while none is, and runs while nothing is known.

    It listens to all predictions that the reasoner publishes, whoever asked, and asks nothing itself: have the
    reasoner predict periodically. A prediction counts until it is too old, or a later one saw at least the same
    cameras; of the same frames, the danger counts. Nothing is known without a prediction that counts, and while the
    hazard of an outcome is unknown.

    Args:
        name: Of the behaviour.
        max_age: Age from which a prediction counts no more, from the last frame that it saw, s by the node's clock.
        probability: Below which an outcome does not count; one of unknown probability always does.
        reasoner: Full name of the reasoner node.
    """

    def __init__(self, name: str, max_age: float = 5.0, probability: float = 0.0, reasoner: str = "/reasoner") -> None:
        super().__init__(name)
        self._max_age = max_age
        self._probability = probability
        self._topic = f"{reasoner}/outcome"
        self._node: Node | None = None
        self._heard: Subscription | None = None
        self._last: OutcomePrediction | None = None
        self._standing: tuple[OutcomePrediction, ...] = ()

    def setup(self, **kwargs: Any) -> None:
        """See `Behaviour`."""
        node = _node_of(self, kwargs)
        self.shutdown()
        self._node = node
        group = MutuallyExclusiveCallbackGroup()
        self._heard = self._node.create_subscription(
            OutcomePrediction, self._topic, self._hear, 10, callback_group=group
        )

    def update(self) -> Status:
        """See `Behaviour`."""
        standing = [prediction for prediction in self._standing if self._is_young(prediction)]
        if not standing:
            self.feedback_message = self._why_unknown()
            return Status.RUNNING
        likely = [outcome for prediction in standing for outcome in self._likely(prediction)]
        for outcome in likely:
            if outcome.hazard in _DANGEROUS:
                self.feedback_message = outcome.text
                return Status.FAILURE
        if any(outcome.hazard not in _HARMLESS for outcome in likely):
            self.feedback_message = "the hazard of an outcome is unknown"
            return Status.RUNNING
        self.feedback_message = "no hazard is predicted"
        return Status.SUCCESS

    def shutdown(self) -> None:
        """See `Behaviour`."""
        if self._heard:
            self._node.destroy_subscription(self._heard)

    def _hear(self, prediction: OutcomePrediction) -> None:
        """Keep what counts, in whatever order it comes. Failures say nothing."""
        if not prediction.outcomes:
            return
        self._last = prediction
        if self._is_young(prediction):
            others = [each for each in self._standing if self._is_young(each) and not self._replaces(prediction, each)]
            if not any(self._replaces(each, prediction) for each in others):
                others.append(prediction)
            self._standing = tuple(others)

    def _replaces(self, new: OutcomePrediction, old: OutcomePrediction) -> bool:
        """Whether one saw what the other saw, and later; of the same frames a danger replaces what is harmless."""
        saw_as_much = set(new.provenance.cameras) >= set(old.provenance.cameras)
        return saw_as_much and (_stamp(new), self._is_dangerous(new)) >= (_stamp(old), self._is_dangerous(old))

    def _is_dangerous(self, prediction: OutcomePrediction) -> bool:
        return any(outcome.hazard in _DANGEROUS for outcome in self._likely(prediction))

    def _likely(self, prediction: OutcomePrediction) -> list[Outcome]:
        return [outcome for outcome in prediction.outcomes if not outcome.probability < self._probability]

    def _is_young(self, prediction: OutcomePrediction) -> bool:
        """Whether it counts; a stamp in the future does as long as two clocks may differ, not after a jump back."""
        return abs(self._age(prediction)) <= self._max_age

    def _age(self, prediction: OutcomePrediction) -> float:
        """Since the last frame that it saw, s."""
        return (self._node.get_clock().now().nanoseconds - _stamp(prediction)) / 1e9

    def _why_unknown(self) -> str:
        if self._last is None:
            return f"no prediction on {self._topic} yet"
        return f"the last prediction is {self._age(self._last):.1f} s old by this node's clock"


def _node_of(behaviour: Behaviour, given: dict[str, Any]) -> Node:
    if "node" not in given:
        raise KeyError(f"{behaviour.qualified_name} needs a node: call tree.setup(node=node)")
    return given["node"]


def _stamp(prediction: OutcomePrediction) -> int:
    return Time.from_msg(prediction.header.stamp).nanoseconds
