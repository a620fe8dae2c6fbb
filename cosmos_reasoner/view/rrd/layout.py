"""How rerun's viewer arranges a file at first: pictures on the left, texts and plots on the right."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

__all__ = ["CLIP_TIME", "Place", "layout"]

CLIP_TIME = "clip_time"
"""Name of the timeline."""

_TEXTS = ("question", "think", "answer")
_PLOTS = ("scores", "hazard", "latency")


@dataclass(slots=True)
class Place:
    """Where the entities of one recording are.

    Attributes:
        name: Of the recording.
        root: Path above all its entities.
        start: Stamp of the first thing that is known of it, ns.
        cameras: Names of its cameras, by the paths of their pictures.
        clip: Path of the clips' pictures; empty for none.
        tasks: Names of the tasks, by the paths above their texts.
    """

    name: str
    root: str
    start: int
    cameras: dict[str, str] = field(default_factory=dict)
    clip: str = ""
    tasks: dict[str, str] = field(default_factory=dict)


def layout(blueprint: Any, places: Iterable[Place]) -> Any:
    """Arrange recordings, each on a tab of its own; the viewer opens the first in time, and begins there.

    Args:
        blueprint: The module `rerun.blueprint`.
        places: At least one.
    """
    tabs = [_recording(blueprint, place) for place in sorted(places, key=lambda place: place.start)]
    return blueprint.Blueprint(
        blueprint.Tabs(*tabs),
        blueprint.BlueprintPanel(state="collapsed"),
        blueprint.SelectionPanel(state="collapsed"),
        blueprint.TimePanel(timeline=CLIP_TIME),
    )


def _recording(blueprint: Any, place: Place) -> Any:
    texts = [_texts(blueprint, name, path) for path, name in place.tasks.items()]
    plots = [blueprint.TimeSeriesView(origin=f"{place.root}/{name}", name=name) for name in _PLOTS]
    results = blueprint.TextLogView(origin=f"{place.root}/results", name="results")
    right = blueprint.Vertical(blueprint.Tabs(*texts), blueprint.Tabs(*plots), results)
    return blueprint.Horizontal(*_pictures(blueprint, place), right, name=place.name)


def _pictures(blueprint: Any, place: Place) -> list[Any]:
    """The left side; none where there are no pictures."""
    cameras = [blueprint.Spatial2DView(origin=path, name=name) for path, name in place.cameras.items()]
    parts = [blueprint.Grid(*cameras)] if cameras else []
    if place.clip:
        parts.append(blueprint.Spatial2DView(origin=place.clip, name="clip"))
    return [blueprint.Vertical(*parts, row_shares=[3, 1][: len(parts)])] if parts else []


def _texts(blueprint: Any, task: str, path: str) -> Any:
    views = [blueprint.TextDocumentView(origin=f"{path}/{name}", name=name) for name in _TEXTS]
    return blueprint.Horizontal(*views, column_shares=[1, 2, 2], name=task)
