"""The action: any task, its reasoning shown while it is written, and a cancel that stops the generation."""

from collections.abc import Callable
from time import monotonic

from rclpy.action import ActionServer, CancelResponse
from rclpy.action.server import ServerGoalHandle
from rclpy.callback_groups import ReentrantCallbackGroup
from rclpy.lifecycle import LifecycleNode

from cosmos_reasoner.nodes.conversions import (
    action_ranking,
    fill_answer,
    outcome_prediction,
    outcome_verdict,
    reasoning,
)
from cosmos_reasoner.nodes.desk import Asked, Desk
from cosmos_reasoner.nodes.error_codes import note_defective, note_error
from cosmos_reasoner.nodes.requests import of_goal, time_budget, window
from cosmos_reasoner.nodes.services import CALLS
from cosmos_reasoner.nodes.writing import Writing
from cosmos_reasoner.reasoning.result import Prediction, Ranking, Result, VerdictAnswer
from cosmos_reasoner.replies.live import Part
from cosmos_reasoner_msgs.action import Reason

__all__ = ["ReasonAction"]


class ReasonAction:
    """Offers the action `~/reason`.

    Args:
        node: Who offers it.
        desk: Gives the desk, or raises NotActive.
    """

    def __init__(self, node: LifecycleNode, desk: Callable[[], Desk]) -> None:
        self._node = node
        self._desk = desk
        self._running: dict[bytes, Asked] = {}
        self._server = ActionServer(
            node,
            Reason,
            "~/reason",
            execute_callback=self._execute,
            cancel_callback=self._cancel,
            callback_group=ReentrantCallbackGroup(),
            goal_service_qos_profile=CALLS,
            result_service_qos_profile=CALLS,
            cancel_service_qos_profile=CALLS,
        )

    def close(self) -> None:
        """Withdraw the action."""
        self._server.destroy()

    async def _execute(self, goal: ServerGoalHandle) -> Reason.Result:
        answer = Reason.Result(option=-1, score=-1)
        try:
            await self._reason(goal, answer)
        except Exception as error:  # noqa: BLE001  a defect of ours must not take the node down with it
            note_error(answer, error, self._node.get_logger(), "reason")
        _close(goal, answer)
        return answer

    async def _reason(self, goal: ServerGoalHandle, answer: Reason.Result) -> None:
        desk, request = self._desk(), goal.request
        writing = Writing(_feedback(goal), monotonic)
        stretch = window(request.window, desk.settings)
        asked = desk.start(
            of_goal(request, desk.settings),
            stretch,
            time_budget(request, desk.settings),
            writing=writing,
        )
        name = bytes(goal.goal_id.uuid)
        self._running[name] = asked
        if goal.is_cancel_requested:
            asked.cancel()
        try:
            result = await desk.finish(asked, request.prediction_id, stretch.end)
        finally:
            del self._running[name]
            writing.flush()
        _fill(answer, result, request.prediction_id)

    def _cancel(self, goal: ServerGoalHandle) -> CancelResponse:
        if asked := self._running.get(bytes(goal.goal_id.uuid)):
            asked.cancel()
        return CancelResponse.ACCEPT


def _feedback(goal: ServerGoalHandle) -> Callable[[Part, str], None]:
    return lambda part, text: goal.publish_feedback(Reason.Feedback(part=part.value, text=text))


def _fill(answer: Reason.Result, result: Result, prediction_id: str) -> None:
    answer.reasoning = reasoning(result)
    if isinstance(result.answer, Prediction):
        answer.prediction = outcome_prediction(result)
    elif isinstance(result.answer, Ranking):
        answer.ranking = action_ranking(result)
    elif isinstance(result.answer, VerdictAnswer):
        answer.verdict = outcome_verdict(result, prediction_id)
    fill_answer(answer, result)
    note_defective(answer, result)


def _close(goal: ServerGoalHandle, answer: Reason.Result) -> None:
    if answer.error_code == Reason.Result.NONE:
        goal.succeed()
    elif goal.is_cancel_requested:
        goal.canceled()
    else:
        goal.abort()
