"""Which numbers each kind of item gets."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from cosmos_reasoner.evaluation.labels.names import TOTAL
from cosmos_reasoner.evaluation.metrics.events import mean_iou, recall_at_1
from cosmos_reasoner.evaluation.metrics.proportions import Proportion
from cosmos_reasoner.evaluation.metrics.scores import exact, pearson, spearman, within_1
from cosmos_reasoner.evaluation.scoring.figure import Figure, Measure, over_runs
from cosmos_reasoner.evaluation.scoring.judged import Judged, Kind

__all__ = ["ALL", "MACRO", "NOT_SCORED", "UNREADABLE", "Table", "tables"]

ALL = TOTAL
"""Row of all sets together."""

MACRO = "macro "
"""Before the name of a figure in that row: the mean over the sets, each of which counts alike."""

UNREADABLE = "unreadable"
"""The figure that every kind has, of all its items."""

NOT_SCORED = frozenset({"FAILED", "MISSING", "DROPPED"})
"""States in which nobody answered: that is not the model's fault, and is told apart from the scores."""

Table = dict[str, dict[str, Figure]]
"""Rows by set, in them figures by name."""


def tables(items: Sequence[Judged]) -> dict[str, Table]:
    """Score items: one table for each kind that there is.

    An answer that cannot be read counts as wrong: 0 of whatever is counted, save for correlations, which leave it out.
    """
    found = {}
    items = _without_broken_groups(items)
    for kind, measures in _MEASURES.items():
        mine = [item for item in items if item.kind is kind and item.status not in NOT_SCORED]
        if mine:
            found[kind.value] = _table(mine, measures)
    return found


def _table(items: Sequence[Judged], measures: dict[str, Measure]) -> Table:
    sets = sorted({item.set for item in items})
    table = {name: _row([item for item in items if item.set == name], measures) for name in sets}
    total = _row(items, measures)
    main = next(iter(measures))
    shares = [value for row in table.values() if (value := row[main].value) is not None]
    total[f"{MACRO}{main}"] = Figure.of_mean(shares)
    return {**table, ALL: total}


def _row(items: Sequence[Judged], measures: dict[str, Measure]) -> dict[str, Figure]:
    row = {name: over_runs(measure, items) for name, measure in measures.items()}
    if any(item.group for item in items):
        row["groups all right"] = over_runs(_groups, items)
    return row


def _without_broken_groups(items: Sequence[Judged]) -> list[Judged]:
    """The same items, save that a group of which one was not scored is no group."""
    broken = {_group(item) for item in items if item.status in NOT_SCORED}
    return [replace(item, group="") if _group(item) in broken else item for item in items]


def _group(item: Judged) -> tuple[str, str, int]:
    return item.set, item.group, item.run


def _right(items: Sequence[Judged]) -> Figure:
    return Figure.of_share(Proportion.of(bool(item.right) for item in items))


def _unreadable(items: Sequence[Judged]) -> Figure:
    return Figure.of_share(Proportion.of(item.status == "DEFECTIVE" for item in items))


def _groups(items: Sequence[Judged]) -> Figure:
    """Share of the groups whose items are all right."""
    groups: dict[tuple[str, str, int], list[bool]] = {}
    for item in items:
        if item.group:
            groups.setdefault(_group(item), []).append(bool(item.right))
    return Figure.of_share(Proportion.of(all(rights) for rights in groups.values() if len(rights) > 1))


def _mean_of(name: str, items: Sequence[Judged]) -> Figure:
    return Figure.of_mean([item.values.get(name, 0.0) for item in items])


def _recall(threshold: float, items: Sequence[Judged]) -> Figure:
    return Figure.of_share(recall_at_1([iou for item in items for iou in item.ious], threshold))


def _mean_iou(items: Sequence[Judged]) -> Figure:
    ious = [iou for item in items for iou in item.ious]
    return Figure(mean_iou(ious), len(ious))


def _scores(items: Sequence[Judged]) -> tuple[list[float | None], list[float]]:
    return [item.values.get("score") for item in items], [item.values["true_score"] for item in items]


def _exact(items: Sequence[Judged]) -> Figure:
    return Figure.of_share(exact(*_scores(items)))


def _within_1(items: Sequence[Judged]) -> Figure:
    return Figure.of_share(within_1(*_scores(items)))


def _mean_error(items: Sequence[Judged]) -> Figure:
    answers, truths = _scores(items)
    return Figure.of_mean([abs(answer - truth) for answer, truth in zip(answers, truths) if answer is not None])


def _pearson(items: Sequence[Judged]) -> Figure:
    return Figure(pearson(*_scores(items)), _readable(items))


def _spearman(items: Sequence[Judged]) -> Figure:
    return Figure(spearman(*_scores(items)), _readable(items))


def _readable(items: Sequence[Judged]) -> int:
    return sum("score" in item.values for item in items)


_MEASURES: dict[Kind, dict[str, Measure]] = {
    Kind.CHOICE: {"accuracy": _right, UNREADABLE: _unreadable},
    Kind.OUTCOME: {"accuracy": _right, UNREADABLE: _unreadable},
    Kind.TEXT: {"same words": _right, UNREADABLE: _unreadable},
    Kind.RANKING: {
        "top-1": partial(_mean_of, "top_1"),
        "NDCG": partial(_mean_of, "ndcg"),
        "Kendall tau": partial(_mean_of, "kendall_tau"),
        UNREADABLE: _unreadable,
    },
    Kind.EVENTS: {
        "R@1 IoU 0.5": partial(_recall, 0.5),
        "R@1 IoU 0.7": partial(_recall, 0.7),
        "mean IoU": _mean_iou,
        "all right": _right,
        UNREADABLE: _unreadable,
    },
    Kind.SCORE: {
        "exact": _exact,
        "within 1": _within_1,
        "mean error": _mean_error,
        "Pearson": _pearson,
        "Spearman": _spearman,
        UNREADABLE: _unreadable,
    },
}
