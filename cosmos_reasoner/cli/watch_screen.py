"""What `cosmos-reasoner watch` shows in a terminal, the most important on top."""

from rich.console import Console
from rich.text import Text

from cosmos_reasoner.cli.cells import cell, one_line
from cosmos_reasoner.cli.reasoners import where
from cosmos_reasoner.cli.result_lines import ranking_facts
from cosmos_reasoner.cli.watch_layout import Section, arrange
from cosmos_reasoner.cli.watch_rows import (
    LEVEL_STYLES,
    action_rows,
    outcome_rows,
    part_rows,
    row,
    verdict_rows,
)
from cosmos_reasoner.cli.watch_state import Phase, Plain, WatchState

__all__ = ["draw"]

_PHASE_STYLES = {
    Phase.SOUGHT: "dim",
    Phase.MISSING: "yellow",
    Phase.GONE: "bold red",
    Phase.SILENT: "yellow",
    Phase.LIVE: "green",
}

_HEAD = 2
"""Rows above the sections."""

_WRITING = 10
"""Rows of what is being written that are more important than older verdicts."""


def draw(state: WatchState, now: float, console: Console, width: int, height: int) -> list[Text]:
    """Draw what is known.

    Args:
        state: What is known.
        now: As for the state's clock, s.
        console: For which it is drawn.
        width: Columns of the window.
        height: Rows of it.

    Returns:
        As many rows as the window has, each as wide as it.
    """
    sections = [
        _prediction(state, now, width),
        _ranking(state, now, width),
        _writing(state, width, console),
        _verdicts(state, width),
        _health(state, width),
    ]
    drawn = _head(state, now, width) + arrange(sections, width, height - _HEAD)
    return [*drawn, *[cell("", width)] * height][:height]


def _head(state: WatchState, now: float, width: int) -> list[Text]:
    phase = state.phase(now)
    newest = state.prediction or state.ranking
    model = newest["provenance"]["model"] if newest else ""
    left = Text.assemble((state.node, "bold"), "  ", (phase.value, _PHASE_STYLES[phase]))
    right = cell(model, width - left.cell_len - 2, "dim", right=True)
    return [row(width, left, right), _hint(state, phase, now, width)]


def _hint(state: WatchState, phase: Phase, now: float, width: int) -> Text:
    """What is wrong; empty when nothing is."""
    if phase is Phase.MISSING:
        return cell(f"{where(state.node, state.others)}; waiting for it", width, "yellow")
    if phase is Phase.GONE:
        return cell(f"last heard of {_ago(now - (state.clock.heard or now))}; waiting for it", width, "red")
    if phase is Phase.SILENT:
        return cell(_silence(state.clock.heard, now), width, "yellow")
    troubles = list(state.troubles())
    if not troubles:
        return cell("", width)
    part, status = troubles[0]
    more = f" (+{len(troubles) - 1} more)" if troubles[1:] else ""
    return cell(f"{status['level'].upper()} {part}{more}: {status['text']}", width, LEVEL_STYLES[status["level"]])


def _silence(heard: float | None, now: float) -> str:
    if heard is None:
        return "it is there, but does nothing: configure and activate it"
    return f"last heard of {_ago(now - heard)}: deactivated, stuck or dead"


def _prediction(state: WatchState, now: float, width: int) -> Section:
    if state.prediction is None:
        return Section("Prediction", rows=[cell("no prediction yet", width, "dim")])
    rows = outcome_rows(width, state)
    horizon = f"within {state.prediction['outcomes'][0]['horizon']:g} s"
    return Section("Prediction", horizon, _freshness(state, state.prediction, now), rows, most=max(3, len(rows)))


def _ranking(state: WatchState, now: float, width: int) -> Section:
    if state.ranking is None:
        return Section("Ranking", rows=[cell("no ranking yet", width, "dim")], usual=1, most=1)
    rows = [*action_rows(width, state.ranking), cell(ranking_facts(state.ranking), width, "dim")]
    note = _freshness(state, state.ranking, now)
    return Section("Ranking", state.ranking["goal"], note, rows, usual=min(len(rows), 4), most=len(rows))


def _writing(state: WatchState, width: int, console: Console) -> Section:
    section = Section("Writing", usual=2, most=_WRITING, grows=True)
    writing = state.writings.shown
    if writing is None:
        section.rows = [cell("nothing is being written", width, "dim")]
        return section
    doing = "is thinking" if writing.part == "think" else "is answering"
    ended = f"no answer: {writing.why}" if writing.why else "done"
    section.aside = f"{writing.task} {ended if writing.is_done else doing}"
    section.note = Text(f"{state.writings.others} more on their way", "dim") if state.writings.others else Text()
    section.rows = [*_wrapped(writing.think, "dim", width, console), *_wrapped(writing.answer, "", width, console)]
    return section


def _verdicts(state: WatchState, width: int) -> Section:
    known = state.hindsight
    aside, note = "", Text()
    if known:
        count = known["happened"] + known["did_not"]
        score = known["brier_score"]
        aside = f"Brier score {score:.3f}, {count} verified" if score is not None else ""
        note = Text(f"{known['waiting']} waiting, {known['missed']} missed", "dim")
    told = state.parts.get("hindsight", {}).get("text", "no verdict yet")
    rows = verdict_rows(width, state) or [cell(told, width, "dim")]
    return Section("Verdicts", aside, note, rows, usual=min(len(rows), 2), most=6)


def _health(state: WatchState, width: int) -> Section:
    """The parts; of hindsight its verdicts tell, unless there is something wrong."""
    parts = [(part, each) for part, each in state.parts.items() if part != "hindsight" or each["level"] != "ok"]
    rows = part_rows(width, parts)
    return Section("Health", rows=rows, usual=max(4, len(rows)), most=max(4, len(rows)))


def _wrapped(text: str, style: str, width: int, console: Console) -> list[Text]:
    paragraphs = [Text(line, style) for line in map(one_line, text.split("\n")) if line]
    return [row(width, line) for each in paragraphs for line in each.wrap(console, width)]


def _freshness(state: WatchState, message: Plain, now: float) -> Text:
    age = state.age(message, now)
    seen = Text("" if age is None else f"seen {_ago(age)}")
    return Text.assemble((" STALE ", "black on yellow"), " ", seen) if state.is_stale(message, now) else seen


def _ago(age: float) -> str:
    if age < 100:
        return f"{max(age, 0.0):.{1 if age < 10 else 0}f} s ago"
    return f"{age / 60:.0f} min ago" if age < 6000 else f"{age / 3600:.0f} h ago"
