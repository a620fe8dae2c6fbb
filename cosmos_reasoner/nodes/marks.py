"""What was predicted, ranked and found, in the words of RViz (~/markers) and Foxglove (~/annotations)."""

from collections.abc import Callable, Iterator

from geometry_msgs.msg import Point
from rclpy.lifecycle import LifecycleNode
from std_msgs.msg import ColorRGBA
from visualization_msgs.msg import ImageMarker, Marker, MarkerArray

from cosmos_reasoner.nodes.conversions import duration, header
from cosmos_reasoner.reasoning.result import Detection, DetectionsAnswer, Outcome, Prediction, Ranking, Region, Result
from cosmos_reasoner.view.drawing.palette import HAZARD_COLORS, WHITE, Color

__all__ = ["Marks", "edges", "text"]

_BESIDE = 0.4
"""m to the right of the optical axis (x), and before the camera (z)."""

_LETTER = 0.05
"""m; height of a letter."""

_LINE = 1.6
"""Height of a line, in letters."""

_LONGEST = 80
"""Characters of a line."""

_THICK = 3.0
"""px of a box's edge."""

_CROSS = 8
"""px from a point to the end of its cross."""


class Marks:
    """Publishes them while somebody looks.

    Args:
        node: Who publishes.
        lasting: Says how long a mark is shown, s.
    """

    def __init__(self, node: LifecycleNode, lasting: Callable[[], float]) -> None:
        self._node = node
        self._lasting = lasting
        self._markers = node.create_publisher(MarkerArray, "~/markers", 10)
        self._annotations = node.create_publisher(ImageMarker, "~/annotations", 10)

    def publish(self, result: Result) -> None:
        """Publish what can be shown of a result."""
        if self._markers.get_subscription_count() and (marker := text(result, self._lasting())):
            self._markers.publish(MarkerArray(markers=[marker]))
        if self._annotations.get_subscription_count() and (mark := edges(result, self._lasting())):
            self._annotations.publish(mark)

    def close(self) -> None:
        """Publish no more."""
        self._node.destroy_publisher(self._markers)
        self._node.destroy_publisher(self._annotations)


def text(result: Result, lasting: float) -> Marker | None:
    """A text beside the camera: outcomes above its optical axis, a ranking below; None for any other result.

    Args:
        result: What was predicted or ranked.
        lasting: How long it is shown, s.
    """
    if isinstance(result.answer, Prediction) and result.answer.outcomes:
        side, color = -1, HAZARD_COLORS[max(each.hazard for each in result.answer.outcomes)]
        lines = [_outcome_line(outcome) for outcome in result.answer.outcomes]
    elif isinstance(result.answer, Ranking):
        side, color = 1, WHITE
        lines = [f"{entry.score:4.0%} {_one_line(entry.action.id)}" for entry in result.answer.actions]
    else:
        return None
    words = "\n".join(line[:_LONGEST] for line in lines)
    name = result.provenance.task
    marker = Marker(header=header(result), ns=name, type=Marker.TEXT_VIEW_FACING, text=words, color=_rgba(color))
    # y points down in an optical frame (REP 103).
    marker.pose.position = Point(x=_BESIDE, y=side * _LETTER * _LINE * len(lines) / 2, z=_BESIDE)
    marker.pose.orientation.w = 1.0
    marker.scale.z = _LETTER
    marker.lifetime = duration(lasting)
    return marker


def edges(result: Result, lasting: float) -> ImageMarker | None:
    """Boxes and crosses where the subjects of outcomes are, or what was found; None for any other result.

    They stand in px of the picture of the clip's first camera; what is seen by others is left out. All is one mark,
    because Foxglove shows the newest one of a topic: so one without any edge takes the one before away.

    Args:
        result: What was predicted or found.
        lasting: How long it is shown, s.
    """
    if not isinstance(result.answer, Prediction | DetectionsAnswer):
        return None
    camera = result.provenance.cameras[0]
    mark = ImageMarker(header=header(result), ns=result.provenance.task, type=ImageMarker.LINE_LIST, scale=_THICK)
    mark.lifetime = duration(lasting)
    found = result.answer.outcomes if isinstance(result.answer, Prediction) else result.answer.detections
    for each in found:
        ends = list(_ends(each, camera))
        color = HAZARD_COLORS[each.hazard] if isinstance(each, Outcome) else WHITE
        mark.points += ends
        mark.outline_colors += [_rgba(color)] * len(ends)
    return mark


def _outcome_line(outcome: Outcome) -> str:
    share = "" if outcome.probability is None else f"{outcome.probability:4.0%} "
    return f"{share}[{outcome.hazard.name}] {_one_line(outcome.text)}"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _ends(found: Outcome | Detection, camera: str) -> Iterator[Point]:
    """Beginning and end of each line that shows where something is."""
    box = found.subject if isinstance(found, Outcome) else found.box
    if box and box.camera == camera:
        yield from _box(box)
    elif isinstance(found, Detection) and found.point and found.camera == camera:
        yield from _cross(*found.point)


def _box(box: Region) -> Iterator[Point]:
    left, right, top, bottom = box.left, box.left + box.width, box.top, box.top + box.height
    corners = [(left, top), (right, top), (right, bottom), (left, bottom)]
    for start, end in zip(corners, corners[1:] + corners[:1]):
        yield from (Point(x=float(x), y=float(y)) for x, y in (start, end))


def _cross(x: int, y: int) -> Iterator[Point]:
    for across, down in ((-_CROSS, 0), (_CROSS, 0), (0, -_CROSS), (0, _CROSS)):
        yield Point(x=float(x + across), y=float(y + down))


def _rgba(color: Color) -> ColorRGBA:
    blue, green, red = (channel / 255 for channel in color)
    return ColorRGBA(r=red, g=green, b=blue, a=1.0)
