"""What is on its way: words on ~/progress, clips on ~/clip/compressed, while somebody listens."""

import asyncio
import threading
import uuid
from dataclasses import dataclass
from time import monotonic

from rclpy.lifecycle import LifecycleNode
from sensor_msgs.msg import CompressedImage

from cosmos_reasoner.clips.clip import Clip
from cosmos_reasoner.nodes.bridge import LoopThread
from cosmos_reasoner.nodes.images import compressed_from_jpeg
from cosmos_reasoner.nodes.writing import Writing
from cosmos_reasoner.replies.live import Part, Piece
from cosmos_reasoner.view.drawing.strip import draw_timed_strip
from cosmos_reasoner_msgs.msg import Progress

__all__ = ["Live", "Onlookers"]

_DEPTH = 50
"""A burst of several models' words."""


class Live:
    """Publishes what is on its way.

    Args:
        node: Who publishes.
        loop: Where questions are answered.
    """

    def __init__(self, node: LifecycleNode, loop: LoopThread) -> None:
        self._node = node
        self._loop = loop
        self._progress = node.create_publisher(Progress, "~/progress", _DEPTH)
        self._clip = node.create_publisher(CompressedImage, "~/clip/compressed", 2)
        self._is_drawing = False
        self._next: Clip | None = None
        self._shown: _Extent | None = None

    def onlookers(self, task: str, writing: Writing | None) -> "Onlookers":
        """Watch a question to a task; `writing` hears what the model writes, too."""
        return Onlookers(self, task, writing)

    def tell(self, message: Progress) -> None:
        """Publish words, if somebody listens."""
        if self._progress.get_subscription_count():
            self._progress.publish(message)

    def show(self, clip: Clip) -> None:
        """Publish a clip as a picture, if somebody looks, and if it shows more than the one before.

        One is drawn at a time; of those that come meanwhile, the newest is next.
        """
        extent = _Extent(clip.start, clip.end, frozenset(clip.cameras))
        if not self._clip.get_subscription_count() or (self._shown and self._shown.holds(extent)):
            return
        self._next, self._shown = clip, extent
        if not self._is_drawing:
            self._is_drawing = True
            self._loop.submit(self._draw())

    def close(self) -> None:
        """Publish no more; the loop has ended."""
        self._node.destroy_publisher(self._progress)
        self._node.destroy_publisher(self._clip)

    async def _draw(self) -> None:
        try:
            while clip := self._next:
                self._next = None
                jpeg = await asyncio.to_thread(draw_timed_strip, clip)
                self._clip.publish(compressed_from_jpeg(jpeg, clip.end, clip.newest.frame_id))
        finally:
            self._is_drawing = False


@dataclass(frozen=True, slots=True)
class _Extent:
    """What a clip shows: from when to when, ns, and of which cameras."""

    start: int
    end: int
    cameras: frozenset[str]

    def holds(self, other: "_Extent") -> bool:
        """Whether a clip that ends at the same time shows no more."""
        return self.end == other.end and self.start <= other.start and self.cameras >= other.cameras


class Onlookers:
    """Those who watch one question on its way: an `Audience`.

    A question that is given up may still be written for a moment, by the thread of the loop: after the end, nothing of
    that is told.

    Attributes:
        request_id: Names the result to come.
    """

    def __init__(self, live: Live, task: str, writing: Writing | None) -> None:
        self.request_id = uuid.uuid4().hex
        self._live = live
        self._task = task
        self._own = Writing(self._publish, monotonic)
        self._writing = writing
        self._lock = threading.Lock()
        self._has_ended = False

    def saw(self, clip: Clip) -> None:
        """Show the clip."""
        self._live.show(clip)

    def wrote(self, piece: Piece) -> None:
        """Tell what was written."""
        with self._lock:
            if self._has_ended:
                return
            self._own(piece)
            if self._writing:
                self._writing(piece)

    def end(self, why: str = "") -> None:
        """Tell once that nothing more comes; `why` there is no answer, if there is none."""
        with self._lock:
            if self._has_ended:
                return
            self._has_ended = True
            self._own.flush()
            self._live.tell(Progress(request_id=self.request_id, task=self._task, part=Progress.END, text=why))

    def _publish(self, part: Part, text: str) -> None:
        self._live.tell(Progress(request_id=self.request_id, task=self._task, part=part.value, text=text))
