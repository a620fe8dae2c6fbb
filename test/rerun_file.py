"""What a file of rerun holds. Its users skip where rerun, or what reads its files, is not installed."""

from pathlib import Path
from typing import Any

import pytest

CLIP_TIME = "clip_time"
_ROW = "rerun.controls.RowId"


def needs_rerun() -> None:
    """Skip where rerun cannot be read back."""
    pytest.importorskip("rerun.chunk", reason="needs the extra [rerun], with rerun-sdk 0.39 or later to read files")


def _chunks(file: Path, kind: str = "recordings") -> list[Any]:
    from rerun.chunk import RrdReader

    reader = RrdReader(file)
    return [chunk for store in getattr(reader, kind)() for chunk in reader.stream(store=store)]


def entities(file: Path) -> set[str]:
    """Paths of all entities that were logged."""
    return {path for chunk in _chunks(file) if not (path := chunk.entity_path).startswith("/__")}


def timelines(file: Path) -> set[str]:
    """Names of all timelines; rerun itself adds log_time and log_tick."""
    return {name for chunk in _chunks(file) for name in chunk.timeline_names}


def rows(file: Path, path: str) -> list[tuple[int, dict[str, Any]]]:
    """What was logged to an entity, in the order of logging: stamp in ns, and values by the names of components."""
    found = []
    for chunk in _chunks(file):
        if chunk.entity_path == path:
            batch = chunk.to_record_batch()
            names = [name for name in batch.schema.names if ":" in name]
            values = [dict(zip(names, row)) for row in zip(*(batch.column(name).to_pylist() for name in names))]
            stamps = batch.column(CLIP_TIME).cast("int64").to_pylist()
            found += zip(batch.column(_ROW).to_pylist(), stamps, values)
    return [(stamp, value) for _, stamp, value in sorted(found, key=lambda row: row[0])]


def values(file: Path, path: str, component: str) -> list[tuple[int, Any]]:
    """The values of one component of an entity, such as "Scalars:scalars", each with its stamp in ns.

    A value that is a list of one element is given as that element.
    """
    found = [(stamp, row[component]) for stamp, row in rows(file, path) if row.get(component) is not None]
    return [(stamp, value[0] if len(value) == 1 else value) for stamp, value in found]


def origins(file: Path) -> set[str]:
    """Where the views of the blueprint look at."""
    found: set[str] = set()
    for chunk in _chunks(file, "blueprints"):
        batch = chunk.to_record_batch()
        for name in batch.schema.names:
            if name == "ViewBlueprint:space_origin":
                found |= {value for row in batch.column(name).to_pylist() for value in row or ()}
    return found
