"""Asking a reasoner through its action: its words are heard as they are written, and a question can be taken back."""

from collections.abc import Callable

from rclpy.action import ActionClient
from rclpy.action.client import ClientGoalHandle
from rclpy.callback_groups import ReentrantCallbackGroup
from rclpy.node import Node

from cosmos_reasoner.errors import NotActive
from cosmos_reasoner_msgs.action import Reason

__all__ = ["ReasonCall", "ReasonClient"]


class ReasonCall:
    """One question on its way. Everything happens in the executor of the node.

    Args:
        client: Of the action.
        reasoner: Full name of the reasoner node.
        goal: What is asked.
        wrote: Is told what the model writes.
    """

    def __init__(
        self, client: ActionClient, reasoner: str, goal: Reason.Goal, wrote: Callable[[Reason.Feedback], None]
    ) -> None:
        self._client = client
        self._reasoner = reasoner
        self._goal = goal
        self._wrote = wrote
        self._handle: ClientGoalHandle | None = None
        self._cancelled = False

    async def result(self) -> Reason.Result:
        """Ask, and wait for what comes of it.

        Raises:
            NotActive: There is no reasoner of that name, or it takes no question.
        """
        if not self._client.server_is_ready():
            raise NotActive(f"{self._reasoner} is not there: start the reasoner, or correct its name")
        wrote = self._wrote
        self._handle = await self._client.send_goal_async(self._goal, lambda message: wrote(message.feedback))
        if not self._handle.accepted:
            raise NotActive(f"{self._reasoner} took no question")
        if self._cancelled:
            self._handle.cancel_goal_async()
        response = await self._handle.get_result_async()
        return response.result

    def cancel(self) -> None:
        """Take it back: the generation ends, and the result says CANCELLED."""
        self._cancelled = True
        if self._handle and self._handle.accepted:
            self._handle.cancel_goal_async()


class ReasonClient:
    """Asks a reasoner.

    Args:
        node: Whose executor brings the answers. It must not spin yet: rclpy's client can be found before it is whole.
        reasoner: Full name of the reasoner node.
    """

    def __init__(self, node: Node, reasoner: str) -> None:
        self._reasoner = reasoner
        self._client = ActionClient(node, Reason, f"{reasoner}/reason", callback_group=ReentrantCallbackGroup())

    @property
    def is_there(self) -> bool:
        """Whether a reasoner of that name can be asked."""
        return bool(self._client.server_is_ready())

    def call(self, goal: Reason.Goal, wrote: Callable[[Reason.Feedback], None]) -> ReasonCall:
        """Prepare a question; `wrote` is told what the model writes."""
        return ReasonCall(self._client, self._reasoner, goal, wrote)
