"""Two runs over the same items."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from cosmos_reasoner.errors import ConfigurationError
from cosmos_reasoner.evaluation.metrics.paired import Difference, bootstrap_difference, flips, mcnemar
from cosmos_reasoner.evaluation.scoring.judged import Judged, Kind
from cosmos_reasoner.evaluation.scoring.pairing import Pair, pair_items
from cosmos_reasoner.evaluation.scoring.summary import Summary
from cosmos_reasoner.evaluation.scoring.tables import ALL

__all__ = ["Change", "Comparison", "Contrast", "compare"]


@dataclass(frozen=True, slots=True)
class Change:
    """A number in two runs.

    Attributes:
        first: Mean over the paired items in the first run.
        second: In the second run.
        difference: Second - first, with its interval; None with a single item.
    """

    first: float
    second: float
    difference: Difference | None


@dataclass(frozen=True, slots=True)
class Contrast:
    """Paired items of one kind, in one set or in all.

    Attributes:
        kind: How they are scored.
        set: Which; "all" for all.
        count: Pairs.
        changes: Numbers by name, the main one first.
        gained: Pairs wrong in the first run and right in the second.
        lost: The other way round.
        p: Of McNemar's test, 0..1.
    """

    kind: Kind
    set: str
    count: int
    changes: dict[str, Change]
    gained: int
    lost: int
    p: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs over the same items.

    Attributes:
        first: The one run.
        second: The other one.
        pairs: How many items both have.
        left_out: How many of either run could not be paired, by the reason.
        contrasts: By kind and set; "all" is the last one of a kind with several sets.
        gained: Pairs wrong in the first run and right in the second.
        lost: The other way round.
    """

    first: Summary
    second: Summary
    pairs: int
    left_out: dict[str, int]
    contrasts: tuple[Contrast, ...]
    gained: tuple[Pair, ...]
    lost: tuple[Pair, ...]


def compare(first: Summary, second: Summary) -> Comparison:
    """Compare two runs on the items that both answered.

    Raises:
        ConfigurationError: They have none in common.
    """
    pairing = pair_items(first.items, second.items)
    if not pairing.pairs:
        reasons = ", ".join(f"{count} {reason}" for reason, count in pairing.left_out.items()) or "there are none"
        raise ConfigurationError(
            f"{first.run.name} and {second.run.name} have no answered item in common ({reasons}): compare runs over "
            "the same labels or recordings"
        )
    scored = [pair for pair in pairing.pairs if pair.first.right is not None and pair.second.right is not None]
    gained, lost = _flipped(scored)
    return Comparison(
        first, second, len(pairing.pairs), pairing.left_out, tuple(_contrasts(scored)), tuple(gained), tuple(lost)
    )


def _flipped(pairs: Sequence[Pair]) -> tuple[list[Pair], list[Pair]]:
    """Gained and lost pairs."""
    places = {str(place): pair for place, pair in enumerate(pairs)}
    found = flips(
        {place: bool(pair.first.right) for place, pair in places.items()},
        {place: bool(pair.second.right) for place, pair in places.items()},
    )
    return [places[place] for place in found.gained], [places[place] for place in found.lost]


def _contrasts(pairs: Sequence[Pair]) -> Iterator[Contrast]:
    for kind, numbers in _NUMBERS.items():
        mine = [pair for pair in pairs if pair.first.kind is kind]
        sets = sorted({pair.first.set for pair in mine})
        for name in sets:
            yield _contrast(kind, name, [pair for pair in mine if pair.first.set == name], numbers)
        if len(sets) > 1:
            yield _contrast(kind, ALL, mine, numbers)


def _contrast(kind: Kind, name: str, pairs: Sequence[Pair], numbers: "dict[str, _Number]") -> Contrast:
    gained, lost = (len(side) for side in _flipped(pairs))
    changes = {label: _change(pairs, number) for label, number in numbers.items()}
    return Contrast(kind, name, len(pairs), changes, gained, lost, mcnemar(gained, lost))


def _change(pairs: Sequence[Pair], number: "_Number") -> Change:
    first, second = [number(pair.first) for pair in pairs], [number(pair.second) for pair in pairs]
    return Change(sum(first) / len(first), sum(second) / len(second), bootstrap_difference(first, second))


_Number = Callable[[Judged], float]
"""Of one item; what cannot be read counts as 0, as in the tables of a run."""


def _right(item: Judged) -> float:
    return float(bool(item.right))


def _overlap(item: Judged) -> float:
    """Mean over the item's events; of an item without events, whether none was named."""
    return sum(item.ious) / len(item.ious) if item.ious else _right(item)


def _within_1(item: Judged) -> float:
    return float("score" in item.values and abs(item.values["score"] - item.values["true_score"]) <= 1)


def _value(name: str) -> _Number:
    return lambda item: item.values.get(name, 0.0)


_NUMBERS: dict[Kind, dict[str, _Number]] = {
    Kind.CHOICE: {"accuracy": _right},
    Kind.OUTCOME: {"accuracy": _right},
    Kind.TEXT: {"same words": _right},
    Kind.RANKING: {"top-1": _value("top_1"), "NDCG": _value("ndcg"), "Kendall tau": _value("kendall_tau")},
    Kind.EVENTS: {"all events found": _right, "mean IoU": _overlap},
    Kind.SCORE: {"exact": _right, "within 1": _within_1},
}
