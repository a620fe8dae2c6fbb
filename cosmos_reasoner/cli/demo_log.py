"""`cosmos-reasoner demo --rerun FILE`: what the demo's reasoner sees and publishes, into a file of rerun."""

from collections.abc import Callable
from functools import partial
from typing import Any

from sensor_msgs.msg import CompressedImage, Image

from cosmos_reasoner.cli.demo_results import result_of
from cosmos_reasoner.clips.buffer import ClipBuffer
from cosmos_reasoner.clips.frame import Frame
from cosmos_reasoner.errors import FrameError
from cosmos_reasoner.nodes.camera_topics import CameraTopics
from cosmos_reasoner.nodes.conversions import nanoseconds
from cosmos_reasoner.nodes.images import frame_from_compressed, frame_from_image
from cosmos_reasoner.nodes.outlets import reliable_qos
from cosmos_reasoner.nodes.watcher import Watcher
from cosmos_reasoner.view.rrd.log import RerunLog

__all__ = ["DemoLog"]

_FASTEST = 60.0
"""Hz up to which every frame of a camera is kept for a while: any of them may be a clip's last."""

_SECONDS = 5.0
_BYTES = 512_000_000

_NEAR = 1_000_000_000
"""ns before a clip's end in which the last frame of each camera lies."""


class DemoLog:
    """Hears cameras and a reasoner, and logs the clips' last frames and the results.

    The frame at which a clip ends is the one that the reasoner saw. Of the clip's other cameras it is the last one
    before, which can be up to a sampling period younger than the one that the reasoner saw.

    Args:
        log: Where to.
        name: What the recording is called there.
        cameras: The reasoner's.

    Attributes:
        unseen: How many clips have no picture in the log.
    """

    def __init__(self, log: RerunLog, name: str, cameras: CameraTopics) -> None:
        self._log = log
        self._name = name
        self._topics = cameras
        self._shown: set[int] = set()
        self.unseen = 0
        self._frames = {camera: ClipBuffer(_FASTEST, _SECONDS, _BYTES) for camera in cameras.names}

    def listen(self, watcher: Watcher) -> None:
        """Begin to hear, when the reasoner does: whoever hears the cameras before lets the player begin without it."""
        for name, transport, (_, topic) in zip(self._topics.names, self._topics.transports, self._topics.remappings):
            kind, take = (Image, frame_from_image) if transport == "raw" else (CompressedImage, frame_from_compressed)
            watcher.create_subscription(kind, topic, partial(self._see, name, take), reliable_qos())
        watcher.hear("clip/compressed", self._show)
        watcher.hear("reasoning", self._told)
        for topic in ("outcome", "action_ranking", "verdict"):
            watcher.hear(topic, self._answered)

    def _see(self, camera: str, take: Callable[[Any, str], Frame], message: Any) -> None:
        try:
            self._frames[camera].offer(take(message, camera))
        except FrameError:
            return  # the reasoner does not see it either, and says so

    def _show(self, message: CompressedImage) -> None:
        self._show_clip(nanoseconds(message.header.stamp), bytes(message.data))

    def _told(self, message: Any) -> None:
        result = result_of(message)
        if result.provenance.clip_end:  # nothing was seen where no endpoint answered
            self._log.tell(self._name, result)

    def _answered(self, message: Any) -> None:
        result = result_of(message)
        if result.provenance.clip_end not in self._shown:  # the node draws no clip while it draws another
            self._show_clip(result.provenance.clip_end)
        self._log.answer(self._name, result)

    def _show_clip(self, end: int, strip: bytes = b"") -> None:
        frames = self._last_frames(end)
        self.unseen += not frames
        self._shown.add(end)
        self._log.show(self._name, end, frames, strip)

    def _last_frames(self, end: int) -> list[Frame]:
        """The last frame of each camera up to a clip's end; none where the frame of its end was not heard."""
        found = [frames[-1] for buffer in self._frames.values() if (frames := buffer.frames(end - _NEAR, end))]
        return found if any(frame.stamp == end for frame in found) else []
