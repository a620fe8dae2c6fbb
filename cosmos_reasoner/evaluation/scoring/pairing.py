"""Items that two runs have in common."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from cosmos_reasoner.evaluation.scoring.judged import Judged, Kind
from cosmos_reasoner.evaluation.scoring.tables import NOT_SCORED

__all__ = ["Pair", "Pairing", "pair_items"]

_WITHOUT_TRUTH = frozenset({Kind.PREDICTION, Kind.UNSCORED})

_Key = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Pair:
    """The same item in two runs."""

    first: Judged
    second: Judged


@dataclass(frozen=True, slots=True)
class Pairing:
    """Items that two runs have in common.

    Attributes:
        pairs: In the order of the first run.
        left_out: How many items could not be paired, by the reason.
    """

    pairs: tuple[Pair, ...]
    left_out: dict[str, int]


def pair_items(first: Sequence[Judged], second: Sequence[Judged]) -> Pairing:
    """Pair items by id and sample, where both have an answer, the same kind and the same truth."""
    one, other = _by_key(first), _by_key(second)
    left_out = Counter(
        {
            "only in the first run": len(one.keys() - other.keys()),
            "only in the second run": len(other.keys() - one.keys()),
            "several of one id": len(first) + len(second) - len(one) - len(other),
        }
    )
    pairs = []
    for key in one:
        if key not in other:
            continue
        pair = Pair(one[key], other[key])
        reason = _obstacle(pair)
        left_out[reason] += bool(reason)
        if not reason:
            pairs.append(pair)
    return Pairing(tuple(pairs), {reason: count for reason, count in left_out.items() if count})


def _by_key(items: Sequence[Judged]) -> dict[_Key, Judged]:
    """Items by what pairs them; which of several of one key belongs to which in the other run, nobody can tell."""
    counts = Counter((item.id, item.run) for item in items)
    return {(item.id, item.run): item for item in items if counts[item.id, item.run] == 1}


def _obstacle(pair: Pair) -> str:
    first, second = pair.first, pair.second
    if {first.status, second.status} & NOT_SCORED:
        return "not answered in both runs"
    if first.kind is not second.kind and not {first.kind, second.kind} <= _WITHOUT_TRUTH:
        return "of another kind in the other run"
    return "" if first.truth == second.truth else "with another truth in the other run"
