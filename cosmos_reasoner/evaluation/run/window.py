"""The stretch of a recording that an item asks about, filled frame by frame."""

from cosmos_reasoner.clips.clip import Clip
from cosmos_reasoner.clips.frame import Frame
from cosmos_reasoner.clips.rig import CameraRig
from cosmos_reasoner.errors import ClipUnavailable, InvalidRequest
from cosmos_reasoner.evaluation.labels.item import Item
from cosmos_reasoner.recordings.recording import Recording

__all__ = ["MAX_CAMERAS", "MAX_FRAMES", "Window"]

MAX_CAMERAS = 8
"""Cameras of an item that names none: the first ones of its recording."""

MAX_FRAMES = 128
"""Frames of a camera in one clip, about; a window that is too long for them is sampled more slowly."""

_BYTES = 2_000_000_000
"""What a clip may hold at most."""

_MARGIN = 1.0
"""s by which a rig reaches farther back than its window."""


class Window:
    """The stretch of a recording that an item asks about, with the frames that the node would have kept of it.

    Args:
        item: Who asks.
        recording: The recording, open.
        rate: Frames a second and camera, Hz.

    Raises:
        InvalidRequest: There is no such camera.
        RecordingError: The end of the recording cannot be read.
    """

    def __init__(self, item: Item, recording: Recording, rate: float) -> None:
        self.item = item
        names = tuple(track.name for track in recording.cameras)
        if unknown := [camera for camera in item.cameras if camera not in names]:
            raise InvalidRequest(f"{recording.path}: no camera {unknown[0]}; there are {', '.join(names)}")
        self.cameras = item.cameras or names[:MAX_CAMERAS]
        first = self.origin = recording.start
        """Stamp of the recording's first frame, ns."""
        self.start = first if item.start is None else first + round(item.start * 1e9)
        """Stamp of the first frame that may be in it, ns."""
        self.end = recording.end if item.end is None else first + round(item.end * 1e9)
        """Stamp of the last one, ns."""
        last = min(self.end, max(recording.end, self.start))
        self.beyond = (self.end - last) / 1e9 if last > self.start else 0.0
        """How much of it lies behind the end of the recording, s; 0 of one that lies there wholly."""
        seconds = (last - self.start) / 1e9 + _MARGIN
        self._rig = CameraRig(self.cameras, min(rate, MAX_FRAMES / seconds), seconds, _BYTES)
        self._what = f"{recording.path} from {(self.start - first) / 1e9:.2f} s to {(self.end - first) / 1e9:.2f} s"

    def wants(self, camera: str, stamp: int) -> bool:
        """Say whether a frame is to be added; ask once a frame.

        Args:
            camera: Whose frame.
            stamp: ns.
        """
        return camera in self.cameras and self.start <= stamp <= self.end and self._rig.judge(camera, stamp)

    def add(self, frame: Frame) -> None:
        """Add a frame that it wants."""
        self._rig.add(frame)

    def take_clip(self) -> Clip:
        """The clip of all that was added; the window holds nothing of it any more.

        Raises:
            ClipUnavailable: Nothing was.
        """
        try:
            return self._rig.clip((self.end - self.start) / 1e9 + _MARGIN, self.end)
        except ClipUnavailable as error:
            raise ClipUnavailable(f"{self._what}: there is no frame in it") from error
        finally:
            self._rig.flush()
