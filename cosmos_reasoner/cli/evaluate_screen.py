"""What `cosmos-reasoner evaluate` shows: how far it is, and what came of it."""

import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from rich.progress import BarColumn, TextColumn
from rich.table import Table
from rich.text import Text

from cosmos_reasoner.cli.console import Console
from cosmos_reasoner.evaluation.run.progress import Progress
from cosmos_reasoner.evaluation.run.record import Record
from cosmos_reasoner.evaluation.scoring.figure import Figure
from cosmos_reasoner.evaluation.scoring.summary import Summary
from cosmos_reasoner.evaluation.scoring.tables import ALL, MACRO, UNREADABLE

__all__ = ["EvaluateScreen", "show_summary"]

_PERIOD = 10.0
"""s between two lines of progress where nobody looks at a bar."""

_MOST_FAULTS = 20


class EvaluateScreen:
    """An observer of a session: a bar on a terminal, a line every ten seconds elsewhere. A context manager.

    Args:
        console: Where it writes.
        clock: Monotonic, s.
    """

    def __init__(self, console: Console, clock: Callable[[], float] = time.monotonic) -> None:
        self._console = console
        self._clock = clock
        self._progress = Progress(clock)
        self._bar = console.progress(TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[state]}"))
        self._task = self._bar.add_task("", state="")
        self._part = ""
        self._said = 0.0
        self._faults = 0

    def begin(self, what: str, total: int, known: int) -> None:
        """A part of the run begins."""
        self._part, self._said = what, self._clock()
        self._progress.begin(total, known)
        if known:
            self._console.line(f"{what}: {known} of {total} are known from before")
        self._bar.reset(self._task, description=what, total=total, completed=known, state="")

    def take(self, record: Record) -> None:
        """A record has come."""
        self._progress.take(record)
        if record.error:
            self.fault(f"{record.id}: {record.error}")
        self._bar.update(self._task, completed=self._progress.done, state=_state(self._progress))
        is_last = self._progress.done == self._progress.total
        if not self._console.is_terminal and (is_last or self._clock() - self._said >= _PERIOD):
            self._said = self._clock()
            self._console.line(f"{self._part}: {_state(self._progress)}")

    def fault(self, line: str) -> None:
        """Something cannot be used, or not wholly."""
        self._faults += 1
        if self._faults <= _MOST_FAULTS:
            self._console.line(line, style="red")
        elif self._faults == _MOST_FAULTS + 1:
            self._console.line("more of this kind is in the report", style="red")

    def __enter__(self) -> "EvaluateScreen":
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._bar.stop()


def show_summary(summary: Summary, folder: Path, console: Console) -> None:
    """Write the scores, what there was none of, and where the rest is."""
    for kind, rows in summary.tables.items():
        console.table(_table(kind, rows))
    for kind, found in summary.calibration.items():
        if found.count:
            scores = f"Brier score {_number(found.brier_score)}, log loss {_number(found.log_loss)}"
            error = f"calibration error {_number(found.calibration_error)}"
            console.line(f"{kind}: {scores}, {error} of {found.count} probabilities, {found.unclear} unclear")
    if live := summary.live:
        console.line(
            f"as live: {live.answered} of {live.due} answered, {live.dropped} dropped, {live.stale} stale; "
            f"age of an answer {_number(live.age.p50)} s (90%: {_number(live.age.p90)} s)"
        )
    counts = summary.counts
    console.line(
        f"{counts['answered']} of {counts['items']} items answered, {counts.get('defective', 0)} unreadable, "
        f"{summary.tokens['prompt']} + {summary.tokens['completion']} tokens in {summary.tokens['requests']} requests"
    )
    console.line(f"report: {folder / 'report.html'}", style="bold")


def _state(progress: Progress) -> str:
    left = progress.seconds_left
    parts = [
        f"{progress.done}/{progress.total}",
        f"{progress.rate:.1f}/s",
        "" if left is None else f"{_clock_time(left)} left",
        f"{progress.failed} failed" if progress.failed else "",
        f"{progress.dropped} dropped" if progress.dropped else "",
        f"{progress.prompt_tokens} + {progress.completion_tokens} tokens",
    ]
    return ", ".join(part for part in parts if part)


def _clock_time(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def _table(kind: str, rows: dict[str, dict[str, Figure]]) -> Table:
    names = list(dict.fromkeys(name for row in rows.values() for name in row if not name.startswith(MACRO)))
    table = Table(title=Text(kind, style="bold"), title_justify="left", box=None, pad_edge=False)
    table.add_column("", overflow="fold")
    for name in ("items", *names):
        table.add_column(Text(name), justify="right", overflow="fold")
    for name, row in rows.items():
        table.add_row(Text(name), str(row[UNREADABLE].count), *(Text(_shown(row.get(column))) for column in names))
    if len(rows) > 2:
        macros = [rows[ALL].get(f"{MACRO}{column}") for column in names]
        table.add_row(Text("mean of the sets"), "", *(Text(_shown(macro)) for macro in macros))
    return table


def _shown(figure: Figure | None) -> str:
    if figure is None or figure.value is None:
        return ""
    spread = "" if figure.deviation is None else f" ±{figure.deviation:.2f}"
    interval = "" if figure.low is None or figure.high is None else f" ({figure.low:.2f}-{figure.high:.2f})"
    return f"{figure.value:.2f}{spread}{interval}"


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"
