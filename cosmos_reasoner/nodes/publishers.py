"""Results on topics."""

from collections.abc import Callable
from dataclasses import replace

from rclpy.lifecycle import LifecycleNode
from rclpy.qos import QoSDurabilityPolicy, QoSProfile

from cosmos_reasoner.nodes.conversions import action_ranking, outcome_prediction, outcome_verdict, reasoning
from cosmos_reasoner.nodes.marks import Marks
from cosmos_reasoner.reasoning.result import Result, Status
from cosmos_reasoner.tasks.task import AnswerType, Task
from cosmos_reasoner_msgs.msg import ActionRanking, HindsightSummary, OutcomePrediction, OutcomeVerdict, Reasoning

__all__ = ["Publishers", "marked_stale"]

_DEPTH = 10

_LATCHED = QoSProfile(depth=1, durability=QoSDurabilityPolicy.TRANSIENT_LOCAL)
"""Whoever comes later hears the last one too."""


class Publishers:
    """Publishes every result as Reasoning, and by its answer type as what it is besides.

    They are managed by the lifecycle: an inactive node publishes nothing.

    Args:
        node: Who publishes.
        lasting: Says how long a mark in RViz or Foxglove is shown, s.
    """

    def __init__(self, node: LifecycleNode, lasting: Callable[[], float]) -> None:
        self._node = node
        self._reasoning = node.create_lifecycle_publisher(Reasoning, "~/reasoning", _DEPTH)
        self._outcome = node.create_lifecycle_publisher(OutcomePrediction, "~/outcome", _DEPTH)
        self._ranking = node.create_lifecycle_publisher(ActionRanking, "~/action_ranking", _DEPTH)
        self._verdict = node.create_lifecycle_publisher(OutcomeVerdict, "~/verdict", _DEPTH)
        self._hindsight = node.create_lifecycle_publisher(HindsightSummary, "~/hindsight", _LATCHED)
        self._marks = Marks(node, lasting)

    def publish(self, result: Result, task: Task, prediction_id: str = "") -> None:
        """Publish a result.

        Args:
            result: What.
            task: Its task.
            prediction_id: For a verdict, the prediction it is about.
        """
        self._reasoning.publish(reasoning(result))
        self._marks.publish(result)
        if task.answer is AnswerType.OUTCOMES:
            self._outcome.publish(outcome_prediction(result))
        elif task.answer is AnswerType.RANKING:
            self._ranking.publish(action_ranking(result))
        elif task.answer is AnswerType.VERDICT:
            self._verdict.publish(outcome_verdict(result, prediction_id))

    def publish_summary(self, summary: HindsightSummary) -> None:
        """Publish how well predictions were borne out so far."""
        self._hindsight.publish(summary)

    def close(self) -> None:
        """Stop publishing."""
        for publisher in (self._reasoning, self._outcome, self._ranking, self._verdict, self._hindsight):
            self._node.destroy_lifecycle_publisher(publisher)
        self._marks.close()


def marked_stale(result: Result, asked: int, max_age: float) -> Result:
    """The result, marked as stale when its clip ended too long before the time that was asked about, or after it.

    Args:
        result: Any result; one without an answer stays as it is.
        asked: The time, ns.
        max_age: s.
    """
    source = result.provenance
    age = (asked - source.clip_end) / 1e9
    if source.status not in (Status.OK, Status.TRUNCATED_THINK) or abs(age) <= max_age:
        return result
    where = f"{age:.1f} s before" if age > 0 else f"{-age:.1f} s after"
    off = f"the clip ended {where} the time asked about, more than max_result_age, {max_age:g} s"
    text = "; ".join(filter(None, [off, source.status_text]))
    return replace(result, provenance=replace(source, status=Status.STALE, status_text=text))
