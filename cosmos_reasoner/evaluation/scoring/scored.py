"""An item, what came of it, and what that is worth."""

from typing import NamedTuple

from cosmos_reasoner.evaluation.labels.item import Item
from cosmos_reasoner.evaluation.run.record import Record
from cosmos_reasoner.evaluation.scoring.judged import Judged

__all__ = ["Scored"]


class Scored(NamedTuple):
    """An item, its record (None when it was not asked), and what that is worth."""

    item: Item
    record: Record | None
    judged: Judged
