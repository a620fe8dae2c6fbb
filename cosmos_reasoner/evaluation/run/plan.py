"""All items of a run with their keys."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from cosmos_reasoner.errors import CosmosReasonerError
from cosmos_reasoner.evaluation.labels.item import Item
from cosmos_reasoner.evaluation.run.keys import Keys
from cosmos_reasoner.evaluation.run.record import Record

__all__ = ["Plan", "unanswered"]

_APART = 1000
"""Between the samples of two runs: an answer may itself be made of several."""


@dataclass(frozen=True, slots=True)
class Plan:
    """All items of a run with their keys. Items that would be asked exactly the same have one key, and are asked once.

    Attributes:
        items: In the order in which they are reported, each with its key; an empty key for one that cannot be asked.
        faults: Why those cannot, a line each.
    """

    items: tuple[tuple[str, Item], ...]
    faults: tuple[str, ...]

    @classmethod
    def of(cls, items: Iterable[Item], keys: Keys, runs: int = 1) -> "Plan":
        """Plan to ask items.

        Args:
            items: What is asked.
            keys: Makes their keys.
            runs: How often each is asked, as different samples.
        """
        planned: list[tuple[str, Item]] = []
        faults: dict[str, None] = {}
        for item in items:
            for run in range(runs):
                question = replace(item.question, sample=item.question.sample + run * _APART)
                one = replace(item, question=question, run=run)
                try:
                    planned.append((keys.of(one), one))
                except (CosmosReasonerError, OSError) as error:
                    planned.append(("", one))
                    faults[f"{one.id}: {error}"] = None
        return cls(tuple(planned), tuple(faults))

    @property
    def by_key(self) -> dict[str, Item]:
        """The items that can be asked, one a key."""
        return {key: item for key, item in self.items if key}


def unanswered(items: Mapping[str, Item], known: Mapping[str, Record]) -> dict[str, Item]:
    """Items that have no final record yet.

    Args:
        items: By key.
        known: Records by key.
    """
    return {key: item for key, item in items.items() if not (key in known and known[key].is_final)}
