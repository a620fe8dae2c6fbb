"""Those who want to know what becomes of a question while it is on its way."""

from typing import Protocol

from cosmos_reasoner.clips.clip import Clip
from cosmos_reasoner.replies.live import Piece

__all__ = ["Audience"]


class Audience(Protocol):
    """Is told on the loop that answers, and must not block it."""

    def saw(self, clip: Clip) -> None:
        """Hear which clip the question is asked about."""

    def wrote(self, piece: Piece) -> None:
        """Hear what the model wrote since the last piece."""
