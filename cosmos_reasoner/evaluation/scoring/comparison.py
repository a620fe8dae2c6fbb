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
        count: Items. Of one that was asked several times, each number is the mean, and it is right if mostly so.
        changes: Numbers by name, the main one first.
        gained: Items wrong in the first run and right in the second.
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
    items = _by_item(pairs)
    rights = [(_mean_of(_right, firsts) > _MOST, _mean_of(_right, seconds) > _MOST) for firsts, seconds in items]
    gained, lost = rights.count((False, True)), rights.count((True, False))
    changes = {label: _change(items, number) for label, number in numbers.items()}
    return Contrast(kind, name, len(items), changes, gained, lost, mcnemar(gained, lost))


_MOST = 0.5
"""Share of an item's runs above which it counts as right."""


def _by_item(pairs: Sequence[Pair]) -> list[tuple[list[Judged], list[Judged]]]:
    """What both sides have of each item: several runs over it tell of the item, and are no items of their own."""
    found: dict[tuple[str, str], tuple[list[Judged], list[Judged]]] = {}
    for pair in pairs:
        firsts, seconds = found.setdefault((pair.first.set, pair.first.id), ([], []))
        firsts.append(pair.first)
        seconds.append(pair.second)
    return list(found.values())


def _change(items: Sequence[tuple[Sequence[Judged], Sequence[Judged]]], number: "_Number") -> Change:
    first = [_mean_of(number, firsts) for firsts, _ in items]
    second = [_mean_of(number, seconds) for _, seconds in items]
    return Change(sum(first) / len(first), sum(second) / len(second), bootstrap_difference(first, second))


def _mean_of(number: "_Number", runs: Sequence[Judged]) -> float:
    return sum(map(number, runs)) / len(runs)


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
    Kind.EVENTS: {"all events found": _right, "IoU of an item": _overlap},
    Kind.SCORE: {"exact": _right, "within 1": _within_1},
}
