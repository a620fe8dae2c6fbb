"""What a model writes, a few times a second, whatever the speed of the model."""

from collections.abc import Callable

from cosmos_reasoner.replies.live import Part, Piece

__all__ = ["PERIOD", "Writing"]

PERIOD = 0.05
"""s between two messages at least. Who listens keeps ten; more at once than they take would be lost."""


class Writing:
    """Gathers pieces and gives them on; nothing is lost when `flush` is called at the end.

    Args:
        publish: Is given a part of the reply and what was written of it.
        clock: Monotonic, s.
    """

    def __init__(self, publish: Callable[[Part, str], None], clock: Callable[[], float]) -> None:
        self._publish = publish
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
            self._publish(piece.part, "")
            return
        self._text.append(piece.text)
        if self._clock() - self._sent >= PERIOD:
            self.flush()

    def flush(self) -> None:
        """Give on what was gathered."""
        if self._text:
            self._publish(self._part, "".join(self._text))
            self._text.clear()
            self._sent = self._clock()
