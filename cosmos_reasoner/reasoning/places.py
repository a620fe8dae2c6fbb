"""Boxes and points of a model, in the pixels of the pictures as they were taken."""

from cosmos_reasoner.clips.encode import EncodedClip, EncodedView
from cosmos_reasoner.reasoning.result import Region
from cosmos_reasoner.replies.detections import Point
from cosmos_reasoner.replies.outcomes import Box

__all__ = ["pixel_of", "region_of", "view_of"]


def view_of(camera: str | None, clip: EncodedClip) -> EncodedView | None:
    """The view that a model means; with one camera that one, whatever name it wrote."""
    if len(clip.views) == 1:
        return clip.views[0]
    return next((view for view in clip.views if view.camera == camera), None)


def region_of(box: Box, view: EncodedView, coordinates: str) -> Region | None:
    """Map a box and cut it at the picture's edges; None when it is outside.

    Args:
        box: As the model stated it.
        view: In whose picture.
        coordinates: "pixels" of the picture as sent, or "thousandths" of its width and height.
    """
    width, height = view.taken
    x, y = _scale(view, coordinates)
    left, right = (min(max(round(value * x), 0), width) for value in box[::2])
    top, bottom = (min(max(round(value * y), 0), height) for value in box[1::2])
    if left >= right or top >= bottom:
        return None
    return Region(view.camera, left, top, right - left, bottom - top)


def pixel_of(point: Point, view: EncodedView, coordinates: str) -> tuple[int, int] | None:
    """Map a point; None when it is outside. One on the right or lower edge is in the last pixel.

    Args:
        point: As the model stated it.
        view: In whose picture.
        coordinates: "pixels" of the picture as sent, or "thousandths" of its width and height.
    """
    width, height = view.taken
    x, y = (round(value * factor) for value, factor in zip(point, _scale(view, coordinates)))
    if not (0 <= x <= width and 0 <= y <= height):
        return None
    return min(x, width - 1), min(y, height - 1)


def _scale(view: EncodedView, coordinates: str) -> tuple[float, float]:
    return view.scale if coordinates == "pixels" else (view.taken[0] / 1000, view.taken[1] / 1000)
