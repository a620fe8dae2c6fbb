"""Entries that cannot be used: each gives one clear line, and the rest is used."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from cosmos_reasoner.errors import ConfigurationError, InvalidRequest
from cosmos_reasoner.evaluation.labels.item import Item, Labels
from cosmos_reasoner.recordings.names import readable
from cosmos_reasoner.replies.wording import shortened

__all__ = ["fault_line", "gather"]


def gather(file: Path, entries: Iterable[tuple[str, Any]], read: Callable[[str, Any], Item]) -> Labels:
    """Read entries one by one; one that cannot be used becomes a fault, and so does one whose id is taken.

    Args:
        file: Where they stand.
        entries: Each with its place in the file, such as "entry 3".
        read: Makes an item of a place and an entry; it raises ConfigurationError or InvalidRequest.
    """
    items: dict[str, Item] = {}
    faults = []
    for place, entry in entries:
        try:
            item = read(place, entry)
        except (ConfigurationError, InvalidRequest) as error:
            faults.append(_line(file, place, str(error)))
            continue
        if item.id in items:
            faults.append(_line(file, place, f"id: {shortened(item.id)} is the id of an earlier entry"))
        items.setdefault(item.id, item)
    return Labels(tuple(items.values()), tuple(faults))


def fault_line(text: str) -> str:
    """One line that can be printed and written, whatever the names of files are."""
    return " ".join(readable(text).split())


def _line(file: Path, place: str, fault: str) -> str:
    return fault_line(f"{file}: {place}: {fault}")
