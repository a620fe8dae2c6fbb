"""Pictures in a file of rerun, with what was found in them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from cosmos_reasoner.clips.frame import Frame
from cosmos_reasoner.errors import FrameError
from cosmos_reasoner.reasoning.result import Answer, DetectionsAnswer, Prediction, Region
from cosmos_reasoner.recordings.names import readable
from cosmos_reasoner.view.drawing.palette import HAZARD_COLORS, WHITE, Color
from cosmos_reasoner.view.rrd.layout import Place
from cosmos_reasoner.view.rrd.readout import percent
from cosmos_reasoner.view.rrd.small_picture import Scale, jpeg_of_size, jpeg_size, small_picture
from cosmos_reasoner.view.rrd.stream import Stream

__all__ = ["Pictures"]

_SUBJECTS, _FOUND, _POINTS = _MARKS = ("subjects", "found", "points")
"""Entities below a camera: boxes of what outcomes are about, boxes of what was found, and points."""

_RADIUS = 4.0

_STRIP_WIDTH = 1920
"""px. The viewer takes the pictures of an entity for a film, whose size may not change; clips differ in length."""

_LONGEST_LABEL = 60


@dataclass(frozen=True, slots=True)
class _Mark:
    """Something in the picture of a camera, px of the picture as it was taken."""

    camera: str
    box: Region | None
    point: tuple[int, int] | None
    label: str
    color: Color


class Pictures:
    """The pictures of one recording.

    A mark stands in the picture that it was found in, and in no other: the camera's next picture takes it away.

    Args:
        stream: Where they are written.
        place: Where the entities of the recording are; those of pictures are noted there.
    """

    def __init__(self, stream: Stream, place: Place) -> None:
        self._stream = stream
        self._place = place
        self._written: set[tuple[str, int]] = set()
        self._scales: dict[tuple[str, int], tuple[int, Scale]] = {}
        self._strips: set[int] = set()
        self._strip_size: tuple[int, int] | None = None

    def show(self, end: int, frames: Iterable[Frame], strip: bytes) -> None:
        """Write the last frame of each camera of the clip that ends at `end`, ns, and the picture of the whole clip.

        Of several clips with the same end, the first one's pictures are written.
        """
        for frame in frames:
            self._show(end, frame)
        if strip and end not in self._strips:
            self._show_strip(end, strip)

    def mark(self, end: int, answer: Answer) -> None:
        """Mark what was found in the clip that ends at `end`, ns, in those of its pictures that were shown."""
        marks = list(_marks(answer))
        name = _SUBJECTS if isinstance(answer, Prediction) else _FOUND
        for camera in dict.fromkeys(mark.camera for mark in marks):
            if (camera, end) in self._scales:
                stamp, scale = self._scales[camera, end]
                self._draw(camera, name, stamp, scale, [mark for mark in marks if mark.camera == camera])

    def _show(self, end: int, frame: Frame) -> None:
        if (frame.camera, end) in self._scales:
            return
        try:
            jpeg, scale = small_picture(frame)
        except FrameError:
            return
        self._scales[frame.camera, end] = frame.stamp, scale
        if (frame.camera, frame.stamp) not in self._written:
            self._written.add((frame.camera, frame.stamp))
            path = self._path(frame.camera)
            self._place.cameras[path] = readable(frame.camera)
            self._jpeg(path, frame.stamp, jpeg)
            for name in _MARKS:
                self._stream.log(f"{path}/{name}", frame.stamp, self._stream.rerun.Clear(recursive=False))

    def _show_strip(self, end: int, strip: bytes) -> None:
        try:
            width, height = self._strip_size = self._strip_size or jpeg_size(strip)
            whole = jpeg_of_size(strip, max(width, _STRIP_WIDTH), height)
        except FrameError:
            return
        self._strips.add(end)
        self._place.clip = self._stream.path(self._place.name, "clip")
        self._jpeg(self._place.clip, end, whole)

    def _draw(self, camera: str, name: str, stamp: int, scale: Scale, marks: Sequence[_Mark]) -> None:
        rerun, path = self._stream.rerun, self._path(camera)
        if boxed := [mark for mark in marks if mark.box]:
            places = [scale.box(mark.box) for mark in boxed if mark.box]
            boxes = rerun.Boxes2D(array=places, array_format=rerun.Box2DFormat.XYWH, **_looks(boxed))
            self._stream.log(f"{path}/{name}", stamp, boxes)
        if pointed := [mark for mark in marks if mark.point]:
            middles = [scale.middle(mark.point) for mark in pointed if mark.point]
            self._stream.log(f"{path}/{_POINTS}", stamp, rerun.Points2D(middles, radii=_RADIUS, **_looks(pointed)))

    def _jpeg(self, path: str, stamp: int, jpeg: bytes) -> None:
        self._stream.log(path, stamp, self._stream.rerun.EncodedImage(contents=jpeg, media_type="image/jpeg"))

    def _path(self, camera: str) -> str:
        return self._stream.path(self._place.name, "cameras", camera)


def _marks(answer: Answer) -> Iterator[_Mark]:
    if isinstance(answer, Prediction):
        for box in dict.fromkeys(outcome.subject for outcome in answer.outcomes if outcome.subject):
            mine = [(number, each) for number, each in enumerate(answer.outcomes, 1) if each.subject == box]
            label = ", ".join(f"{number}: {percent(outcome.probability)}" for number, outcome in mine)
            yield _Mark(box.camera, box, None, label, HAZARD_COLORS[max(outcome.hazard for _, outcome in mine)])
    elif isinstance(answer, DetectionsAnswer):
        for found in answer.detections:
            yield _Mark(found.camera, found.box, found.point, found.label, WHITE)


def _looks(marks: Sequence[_Mark]) -> dict[str, Any]:
    labels = [readable(mark.label)[:_LONGEST_LABEL] for mark in marks]
    return {"labels": labels, "colors": [mark.color[::-1] for mark in marks]}
