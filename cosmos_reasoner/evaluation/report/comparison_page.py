"""comparison.html: two runs side by side on one page that opens anywhere."""

from pathlib import Path

from cosmos_reasoner.evaluation.report.drawing import Drawing
from cosmos_reasoner.evaluation.report.reliability_plot import reliability_plot
from cosmos_reasoner.evaluation.report.templates import write_page
from cosmos_reasoner.evaluation.scoring.comparison import Comparison

__all__ = ["write_comparison"]


def write_comparison(comparison: Comparison, file: Path) -> None:
    """Write a comparison as a page.

    Args:
        comparison: Of two runs.
        file: Where to; it is replaced.

    Raises:
        OSError: It cannot be written.
    """
    both = (comparison.first, comparison.second)
    write_page(
        file,
        "comparison",
        comparison=comparison,
        runs=(("first run", comparison.first), ("second run", comparison.second)),
        drawings=_drawings(comparison),
        parts=list(dict.fromkeys(part for run in both for part in run.latencies)),
        tokens=list(dict.fromkeys(name for run in both for name in run.tokens)),
        calibrated=list(dict.fromkeys(kind for run in both for kind in run.calibration)),
    )


def _drawings(comparison: Comparison) -> list[Drawing]:
    first, second = comparison.first.calibration, comparison.second.calibration
    return [
        reliability_plot(
            f"{kind}: stated and came true",
            [
                (f"first: {comparison.first.run.name}", first[kind].bins),
                (f"second: {comparison.second.run.name}", second[kind].bins),
            ],
        )
        for kind in first
        if kind in second
    ]
