"""Public benchmarks whose media are on this machine, as JSON lists or one record a line."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cosmos_reasoner.errors import ConfigurationError
from cosmos_reasoner.evaluation.labels.faults import gather
from cosmos_reasoner.evaluation.labels.files import numbered, read_json
from cosmos_reasoner.evaluation.labels.item import Item, Labels
from cosmos_reasoner.evaluation.labels.public_choices import Erqa, IntPhys, MinimalPairs, PhysicalAiBench
from cosmos_reasoner.evaluation.labels.public_open import OpenEqa, VideoPhy
from cosmos_reasoner.evaluation.labels.public_record import PublicRecord
from cosmos_reasoner.evaluation.labels.validated import validated

__all__ = ["FORMATS", "format_of", "read_public"]

FORMATS: dict[str, tuple[type[PublicRecord], frozenset[str]]] = {
    "physical-ai-bench": (PhysicalAiBench, frozenset({"question", "index2ans", "video_path"})),
    "erqa": (Erqa, frozenset({"question", "question_type", "images"})),
    "mvp": (MinimalPairs, frozenset({"question", "candidates", "video_path"})),
    "intphys2": (IntPhys, frozenset({"file_name", "type", "condition"})),
    "openeqa": (OpenEqa, frozenset({"question", "category", "episode_history"})),
    "videophy2": (VideoPhy, frozenset({"pc"})),
}
"""The benchmarks, and the fields by which a record of each is known."""


def format_of(records: Sequence[Any]) -> str | None:
    """Which of FORMATS most records are of; None where no record is of any."""
    counts = {name: sum(_is_of(name, record) for record in records) for name in FORMATS}
    best = max(counts, key=lambda name: counts[name])
    return best if counts[best] else None


def read_public(file: Path) -> Labels:
    """Read the records of a public benchmark; which one is told by their fields.

    Args:
        file: A .json with a list, or a .jsonl. Media are looked for from its folder.

    Raises:
        ConfigurationError: The file cannot be read, or its records are of no known form.
    """
    records = read_json(file)
    name = format_of(records)
    if name is None:
        raise ConfigurationError(f"labels {file}: its records are those of none of {', '.join(FORMATS)}")
    return gather(file, numbered(records), lambda place, data: _item(name, file, place, data))


def _is_of(name: str, record: Any) -> bool:
    return isinstance(record, dict) and FORMATS[name][1] <= record.keys()


def _item(name: str, file: Path, place: str, data: Any) -> Item:
    record = validated(FORMATS[name][0], data)
    return record.item(name, place.removeprefix("entry "), file.parent)
