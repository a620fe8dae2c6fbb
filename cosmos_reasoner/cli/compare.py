"""`cosmos-reasoner compare`: what became better and worse from one run to another."""

import argparse
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from rich.table import Table
from rich.text import Text

from cosmos_reasoner.cli.console import Console
from cosmos_reasoner.errors import ConfigurationError
from cosmos_reasoner.evaluation.metrics.paired import Difference
from cosmos_reasoner.evaluation.metrics.spread import Percentiles
from cosmos_reasoner.evaluation.report.comparison_page import write_comparison
from cosmos_reasoner.evaluation.report.text import (
    chance,
    clean,
    cut,
    number,
    seconds,
    share_or_number,
    signed,
    with_unit,
)
from cosmos_reasoner.evaluation.scoring.comparison import Comparison, Contrast, compare
from cosmos_reasoner.evaluation.scoring.pairing import Pair
from cosmos_reasoner.evaluation.scoring.summary import Calibrated, Summary, read_summary

__all__ = ["add_arguments", "run"]

_SHOWN = 20
"""Flipped items of a kind that are listed here; the page has all."""

Rows = Iterable[Sequence[str]]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this command."""
    parser.epilog = (
        "Items are paired by their ids where both runs answered them and have the same truth for them. "
        "The status is 1 when a folder is no run, or nothing can be paired."
    )
    parser.add_argument("first", type=Path, metavar="RUN1", help="folder of a run of cosmos-reasoner evaluate")
    parser.add_argument("second", type=Path, metavar="RUN2", help="the one to compare it with")
    parser.add_argument("--out", type=Path, metavar="FILE", help="write the comparison as a page, comparison.html")


def run(args: argparse.Namespace) -> int:
    """Compare two runs.

    Returns:
        0.

    Raises:
        ConfigurationError: A folder is no run, or nothing can be paired.
        OSError: The page cannot be written.
    """
    if args.out and (args.out.is_dir() or not args.out.name):
        raise ConfigurationError(f"--out {args.out}: it is a folder; name a file in it")
    comparison = compare(read_summary(args.first), read_summary(args.second))
    if args.out:
        write_comparison(comparison, args.out)
    console = Console()
    _tell_runs(comparison, console)
    _print(_figures(comparison), console)
    _print(_table(("latency", "first p50 / p90 / p99", "second"), _latencies(comparison)), console)
    _print(_table(("tokens", "first", "second"), _tokens(comparison)), console)
    if comparison.first.calibration or comparison.second.calibration:
        _print(_table(("probabilities", "first Brier / log loss / ECE", "second"), _calibrations(comparison)), console)
    _tell_flips("gained", comparison.gained, console)
    _tell_flips("lost", comparison.lost, console)
    if args.out:
        console.line(f"comparison written to {args.out}")
    return 0


def _tell_runs(comparison: Comparison, console: Console) -> None:
    for name, summary in (("first", comparison.first), ("second", comparison.second)):
        info = summary.run
        console.line(f"{name:6}  {_one_line(info.name)}: {_one_line(info.what)}, {_one_line(info.model)}", style="cyan")
    console.line(f"{comparison.pairs} items answered by both")
    for reason, count in comparison.left_out.items():
        console.line(f"left out: {count} {reason}", style="yellow")
    console.line()


def _figures(comparison: Comparison) -> Table:
    headings = ("kind", "set", "items", "figure", "first", "second", "difference", "95% interval", "+", "-", "p")
    return _table(headings, (row for contrast in comparison.contrasts for row in _rows(contrast)))


def _rows(contrast: Contrast) -> Iterator[Sequence[str]]:
    for place, (name, change) in enumerate(contrast.changes.items()):
        start = (contrast.kind.value, contrast.set, str(contrast.count)) if place == 0 else ("", "", "")
        end = (str(contrast.gained), str(contrast.lost), chance(contrast.p)) if place == 0 else ("", "", "")
        both = (share_or_number(change.first, name), share_or_number(change.second, name))
        yield (*start, with_unit(name), *both, *_difference(change.difference, name), *end)


def _difference(difference: Difference | None, name: str) -> tuple[str, str]:
    if difference is None:
        return "", ""
    middle, low, high = (
        signed(share_or_number(value, name)) for value in (difference.estimate, difference.low, difference.high)
    )
    return middle, f"{low} to {high}"


def _latencies(comparison: Comparison) -> Rows:
    parts = dict.fromkeys((*comparison.first.latencies, *comparison.second.latencies))
    for part in parts:
        both = (_percentiles(summary.latencies.get(part)) for summary in _both(comparison))
        yield (part.replace("_", " "), *both)


def _percentiles(found: Percentiles | None) -> str:
    return " / ".join(seconds(value) for value in (found.p50, found.p90, found.p99)) if found else ""


def _tokens(comparison: Comparison) -> Rows:
    for name in dict.fromkeys((*comparison.first.tokens, *comparison.second.tokens)):
        yield (name, *(f"{summary.tokens.get(name, 0):,}" for summary in _both(comparison)))


def _calibrations(comparison: Comparison) -> Rows:
    for kind in dict.fromkeys((*comparison.first.calibration, *comparison.second.calibration)):
        yield (kind, *(_calibration(summary.calibration.get(kind)) for summary in _both(comparison)))


def _calibration(found: Calibrated | None) -> str:
    if found is None:
        return ""
    return " / ".join(number(value) for value in (found.brier_score, found.log_loss, found.calibration_error))


def _both(comparison: Comparison) -> tuple[Summary, Summary]:
    return comparison.first, comparison.second


def _tell_flips(name: str, pairs: Sequence[Pair], console: Console) -> None:
    console.line(f"{name}: {len(pairs)}", style="cyan")
    for pair in pairs[:_SHOWN]:
        first, second = (_one_line(one.answer) or one.status for one in (pair.first, pair.second))
        console.line(f"  {_one_line(pair.first.id)}: {first} -> {second} (truth: {_one_line(pair.first.truth)})")
    if len(pairs) > _SHOWN:
        console.line(f"  and {len(pairs) - _SHOWN} more; --out lists all", style="dim")


def _table(headings: Sequence[str], rows: Rows) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for heading in headings:
        left = heading in ("kind", "set", "figure", headings[0])
        table.add_column(Text(heading), justify="left" if left else "right", header_style="dim")
    for row in rows:
        table.add_row(*(Text(_one_line(cell)) for cell in row))
    return table


def _print(table: Table, console: Console) -> None:
    console.table(table)
    console.line()


def _one_line(text: str) -> str:
    """A text of a run as part of a line: names in a file may hold anything."""
    return cut(" ".join(clean(text).split()), 300)
