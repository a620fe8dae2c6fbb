"""The numbers that people look for first."""

from dataclasses import dataclass

from cosmos_reasoner.evaluation.metrics.proportions import Proportion
from cosmos_reasoner.evaluation.report.text import cut, seconds, share_or_number
from cosmos_reasoner.evaluation.scoring.figure import Figure
from cosmos_reasoner.evaluation.scoring.summary import Summary
from cosmos_reasoner.evaluation.scoring.tables import ALL

__all__ = ["Highlight", "highlights"]


@dataclass(frozen=True, slots=True)
class Highlight:
    """A number with its name, its unit, and what it rests on."""

    name: str
    value: str
    unit: str
    basis: str


def highlights(summary: Summary) -> tuple[Highlight, ...]:
    """The main figure of each kind, then what became of the items, time and tokens."""
    mains = [(kind, *next(iter(table[ALL].items()))) for kind, table in summary.tables.items()]
    items, answered = summary.counts.get("items", 0), summary.counts.get("answered", 0)
    scores = tuple(_of_figure(f"{name}, {kind}", figure) for kind, name, figure in mains)
    states = (
        _of_figure("answered", Figure.of_share(Proportion(answered, items))),
        _of_figure("well-formed replies", Figure.of_share(Proportion(summary.counts.get("well_formed", 0), answered))),
    )
    return (*scores, *states, *_costs(summary))


def _of_figure(name: str, figure: Figure) -> Highlight:
    basis = f"of {figure.count:,}"
    if figure.low is not None and figure.high is not None:
        low, high = share_or_number(figure.low, name), share_or_number(figure.high, name)
        basis = f"{low} to {high}, {basis}"
    return Highlight(cut(name, 60), share_or_number(figure.value, name), "%" if figure.value is not None else "", basis)


def _costs(summary: Summary) -> tuple[Highlight, ...]:
    total = summary.latencies.get("total")
    tokens = summary.tokens.get("prompt", 0) + summary.tokens.get("completion", 0)
    found = []
    if total is not None and total.p50 is not None:
        value, _, unit = seconds(total.p50).partition(" ")
        found.append(Highlight("latency, median", value, unit, f"99 % within {seconds(total.p99)}"))
    requests = summary.tokens.get("requests", 0)
    found.append(Highlight("tokens", f"{tokens:,}", "", f"in {requests:,} requests"))
    return tuple(found)
