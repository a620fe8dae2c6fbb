"""report.html: a run on one page that opens anywhere."""

from collections.abc import Sequence
from pathlib import Path

from cosmos_reasoner.evaluation.report.accuracy_plot import accuracy_plot
from cosmos_reasoner.evaluation.report.drawing import Drawing
from cosmos_reasoner.evaluation.report.entry import Entry
from cosmos_reasoner.evaluation.report.highlights import highlights
from cosmos_reasoner.evaluation.report.outcome import Outcome
from cosmos_reasoner.evaluation.report.pictures import Pictures
from cosmos_reasoner.evaluation.report.reliability_plot import reliability_plot
from cosmos_reasoner.evaluation.report.templates import write_page
from cosmos_reasoner.evaluation.report.time_plots import age_plot, latency_plot
from cosmos_reasoner.evaluation.scoring.scored import Scored
from cosmos_reasoner.evaluation.scoring.summary import Summary

__all__ = ["write_report"]


def write_report(folder: Path, summary: Summary, scored: Sequence[Scored]) -> None:
    """Write report.html.

    Args:
        folder: Of the run; the strips lie in its folder strips/.
        summary: The run in numbers.
        scored: All its items.

    Raises:
        OSError: It cannot be written, or a strip cannot be read.
    """
    entries = [Entry.of(place, one) for place, one in enumerate(scored)]
    outcomes = {entry.outcome for entry in entries}
    write_page(
        folder / "report.html",
        "report",
        "report",
        summary=summary,
        highlights=highlights(summary),
        drawings=_drawings(summary, entries),
        entries=entries,
        pictures=Pictures.of(folder, entries),
        sets=sorted({entry.judged.set for entry in entries}),
        kinds=sorted({entry.judged.kind.value for entry in entries}),
        outcomes=[outcome for outcome in Outcome if outcome in outcomes],
        samples=len({entry.judged.run for entry in entries}),
    )


def _drawings(summary: Summary, entries: Sequence[Entry]) -> list[Drawing]:
    accuracies = [accuracy_plot(kind, table) for kind, table in summary.tables.items()]
    reliabilities = [
        reliability_plot(f"{kind}: stated and came true", [(summary.run.name, one.bins)])
        for kind, one in summary.calibration.items()
        if one.count
    ]
    times = [latency_plot(summary.latencies)]
    if summary.live:
        ages = [entry.age for entry in entries if entry.age is not None]
        times.append(age_plot(ages, summary.live.max_age))
    return [*accuracies, *reliabilities, *(drawing for drawing in times if drawing)]
