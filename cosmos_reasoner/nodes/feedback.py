"""What a model writes, as feedback of an action: a few times a second, whatever the speed of the model."""

from collections.abc import Callable

from rclpy.action.server import ServerGoalHandle

from cosmos_reasoner.replies.parser import Part, Piece
from cosmos_reasoner_msgs.action import Reason

__all__ = ["FEEDBACK_PERIOD", "Feedback"]

FEEDBACK_PERIOD = 0.05
"""s between two messages at least. Clients keep ten; more at once than they take would be lost."""

_PARTS = {Part.THINK: Reason.Feedback.THINK, Part.ANSWER: Reason.Feedback.ANSWER, Part.RESTART: Reason.Feedback.RESTART}


class Feedback:
    """Gathers pieces and publishes them; nothing is lost when `flush` is called at the end.

    Args:
        goal: Whose feedback it is.
        clock: Monotonic, s.
    """

    def __init__(self, goal: ServerGoalHandle, clock: Callable[[], float]) -> None:
        self._goal = goal
        self._clock = clock
        self._part = Part.THINK
        self._text: list[str] = []
        self._sent = 0.0

    def __call__(self, piece: Piece) -> None:
        """Take a piece; one that says to forget those before has no text."""
        if piece.part is not self._part:
            self.flush()
            self._part = piece.part
        if piece.part is Part.RESTART:
            self._goal.publish_feedback(Reason.Feedback(part=_PARTS[piece.part]))
            return
        self._text.append(piece.text)
        if self._clock() - self._sent >= FEEDBACK_PERIOD:
            self.flush()

    def flush(self) -> None:
        """Publish what was gathered."""
        if self._text:
            self._goal.publish_feedback(Reason.Feedback(part=_PARTS[self._part], text="".join(self._text)))
            self._text.clear()
            self._sent = self._clock()
