"""The services: ask, predict, rank, verify."""

from collections.abc import Callable
from typing import Any

from rclpy.callback_groups import ReentrantCallbackGroup
from rclpy.lifecycle import LifecycleNode
from rclpy.qos import QoSProfile, QoSReliabilityPolicy

from cosmos_reasoner.errors import InvalidRequest
from cosmos_reasoner.nodes.conversions import (
    action_ranking,
    fill_answer,
    outcome_prediction,
    outcome_verdict,
    reasoning,
)
from cosmos_reasoner.nodes.desk import Desk
from cosmos_reasoner.nodes.error_codes import note_defective, note_error
from cosmos_reasoner.nodes.gate import decision, last_sentence
from cosmos_reasoner.nodes.requests import of_ask, of_predict, of_rank, of_verify, time_budget, window
from cosmos_reasoner.nodes.settings import Settings
from cosmos_reasoner.reasoning.result import Result
from cosmos_reasoner.tasks.task import AnswerType, Question
from cosmos_reasoner_msgs.srv import Ask, PredictOutcome, RankActions, Verify

__all__ = ["CALLS", "Services"]

QuestionOf = Callable[[Any, Settings], Question]
Fill = Callable[[Any, Any, Result, Desk], None]

CALLS = QoSProfile(depth=2048, reliability=QoSReliabilityPolicy.RELIABLE)
"""More than can run and wait (queue_size, concurrency), so that each of a burst of calls is answered or refused."""

_ELSEWHERE = {
    AnswerType.OUTCOMES: "predict_outcome",
    AnswerType.RANKING: "rank_actions",
    AnswerType.VERDICT: "verify",
}


class Services:
    """Offers the services. They exist in every state of the node and answer NOT_ACTIVE in all but one.

    Args:
        node: Who offers them.
        desk: Gives the desk, or raises NotActive.
    """

    def __init__(self, node: LifecycleNode, desk: Callable[[], Desk]) -> None:
        self._node = node
        self._desk = desk
        self._group = ReentrantCallbackGroup()
        self._offer(Ask, "~/ask", of_ask, _fill_ask)
        self._offer(PredictOutcome, "~/predict_outcome", of_predict, _fill_prediction)
        self._offer(RankActions, "~/rank_actions", of_rank, _fill_ranking)
        self._offer(Verify, "~/verify", of_verify, _fill_verdict)

    def _offer(self, kind: Any, name: str, question_of: QuestionOf, fill: Fill) -> None:
        async def serve(request: Any, response: Any) -> Any:
            try:
                await self._serve(request, response, question_of, fill)
            except Exception as error:  # noqa: BLE001  a defect of ours must not take the node down with it
                note_error(response, error, self._node.get_logger(), name)
            return response

        self._node.create_service(kind, name, serve, qos_profile=CALLS, callback_group=self._group)

    async def _serve(self, request: Any, response: Any, question_of: QuestionOf, fill: Fill) -> None:
        desk = self._desk()
        question = question_of(request, desk.settings)
        if isinstance(request, Ask.Request):
            _check_ask(desk, question)
        stretch = window(request.window, desk.settings)
        asked = desk.start(question, stretch, time_budget(request, desk.settings))
        result = await desk.finish(asked, getattr(request, "prediction_id", ""), stretch.end)
        response.reasoning = reasoning(result)
        fill(request, response, result, desk)
        note_defective(response, result)


def _check_ask(desk: Desk, question: Question) -> None:
    """Send those away whose answer would not fit into the response."""
    kind = desk.engine.reasoner.tasks.named(question.task).answer
    if kind in _ELSEWHERE:
        raise InvalidRequest(
            f"task {question.task!r} is not for ~/ask: call ~/{_ELSEWHERE[kind]}, or the action ~/reason"
        )


def _fill_ask(_request: Any, response: Any, result: Result, _desk: Desk) -> None:
    fill_answer(response, result)


def _fill_prediction(_request: Any, response: Any, result: Result, _desk: Desk) -> None:
    response.prediction = outcome_prediction(result)


def _fill_ranking(_request: Any, response: Any, result: Result, _desk: Desk) -> None:
    response.ranking = action_ranking(result)


def _fill_verdict(request: Any, response: Any, result: Result, desk: Desk) -> None:
    response.verdict = outcome_verdict(result, request.prediction_id)
    response.decision = decision(result) if desk.is_of_the_present(result) else response.HOLD
    response.reason = last_sentence(result.think)
