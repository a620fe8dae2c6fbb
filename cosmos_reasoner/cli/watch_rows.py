"""The rows of what `cosmos-reasoner watch` shows, each exactly as wide as the window."""

from collections.abc import Sequence

from rich.cells import cell_len
from rich.text import Text

from cosmos_reasoner.cli.cells import HAZARD_STYLES, cell, one_line, share_bar
from cosmos_reasoner.cli.watch_state import Plain, WatchState

__all__ = ["LEVEL_STYLES", "action_rows", "outcome_rows", "part_rows", "row", "verdict_rows"]

LEVEL_STYLES = {"ok": "green", "warn": "yellow", "stale": "yellow", "error": "bold red"}
"""How the levels of diagnostics look; their words stand there, too."""

_VERDICT_STYLES = {"happened": "green", "did_not": "magenta"}

_BAR = 15
"""Columns of a bar with its percentage."""

_WORD = 8
"""Columns of the longest hazard and verdict."""

_LEVEL = 5
"""Columns of the longest level."""

_NAMES = 24
"""Columns of a name at most."""

_MOST = 64
"""Rows of a kind at most."""

_TOLD = {
    "breaker": "breaker {}",
    "next try in [s]": "next try in {} s",
    "quota left": "{} of the quota left",
    "age of newest frame [s]": "newest {} s ago",
    "broken": "{} broken",
    "no_stamp": "{} without a stamp",
    "over_bytes": "{} cut for bytes",
    "superseded": "{} dropped for newer ones",
    "refused": "{} refused",
    "preempted": "{} preempted",
    "answered": "{} answered",
    "total latency [s]": "the last in {} s",
    "first token latency [s]": "first token after {} s",
}
"""What diagnostics count, in words; what is 0 is not worth one."""

_NOTHING = ("", "0", "0.0", "nan")


def row(width: int, *cells: Text) -> Text:
    """Cells side by side with two spaces between, cut to the window."""
    joined = Text("  ", no_wrap=True).join(cells)
    joined.truncate(width, overflow="crop", pad=True)
    return joined


def outcome_rows(width: int, state: WatchState) -> list[Text]:
    """The outcomes of the newest prediction: probability, hazard, text, and the verdict once there is one."""
    outcomes = state.prediction["outcomes"][:_MOST] if state.prediction else []
    return [_outcome(width, outcome, state.fate(outcome)) for outcome in outcomes]


def action_rows(width: int, ranking: Plain) -> list[Text]:
    """Ranked actions: score, id, and what is expected of each."""
    actions = ranking["actions"][:_MOST]
    names = _widest([entry["id"] for entry in actions])
    return [_action(width, names, entry, "" if place else "bold") for place, entry in enumerate(actions)]


def verdict_rows(width: int, state: WatchState) -> list[Text]:
    """The newest verdicts: with what probability it was predicted, what came of it, and the statement."""
    return [_verdict(width, verdict, state.predicted(verdict)) for verdict in state.verdicts]


def part_rows(width: int, parts: Sequence[tuple[str, Plain]]) -> list[Text]:
    """How parts are: a word, the name, and what can be said of it."""
    names = _widest([part for part, _ in parts])
    room = width - _LEVEL - names - 4
    return [row(width, _level(status), cell(part, names), cell(_told(status), room, "dim")) for part, status in parts]


def _action(width: int, names: int, entry: Plain, style: str) -> Text:
    why = " -- ".join(part for part in (entry["expected_outcome"], entry["rationale"]) if part)
    text = cell(why or entry["description"], width - _BAR - names - 4, "dim")
    return row(width, _bar(entry["score"], style), cell(entry["id"], names, style), text)


def _outcome(width: int, outcome: Plain, fate: str) -> Text:
    hazard = str(outcome["hazard"])
    style = HAZARD_STYLES.get(hazard, "")
    cells = [_bar(outcome["probability"], style), cell(hazard.upper(), _WORD, style)]
    last = [_fate(fate)] if fate else []
    room = width - _BAR - _WORD - 4 - (_WORD + 2 if fate else 0)
    return row(width, *cells, cell(outcome["text"], room, style), *last)


def _verdict(width: int, verdict: Plain, predicted: float | None) -> Text:
    text = cell(verdict["statement"], width - _BAR - _WORD - 4, "dim")
    return row(width, _bar(predicted, "dim"), _fate(str(verdict["verdict"])), text)


def _fate(verdict: str) -> Text:
    return cell(verdict.replace("_", " "), _WORD, _VERDICT_STYLES.get(verdict, "dim"))


def _level(status: Plain) -> Text:
    return cell(status["level"].upper(), _LEVEL, LEVEL_STYLES[status["level"]])


def _told(status: Plain) -> str:
    """The figures, and the text; the text first where something is wrong that the figures do not say."""
    values = status["values"]
    known = ((name, _figure(name, values[name])) for name in _TOLD if name in values)
    facts = [_TOLD[name].format(value) for name, value in known if value not in _NOTHING]
    says_it = status["level"] == "ok" or "breaker" in values
    return " · ".join([*facts, status["text"]] if says_it else [status["text"], *facts])


def _figure(name: str, value: str) -> str:
    """A figure as diagnostics have it; of seconds, tenths are enough."""
    try:
        return f"{float(value):.1f}" if name.endswith("[s]") else value
    except ValueError:
        return value


def _bar(share: float | None, style: str = "") -> Text:
    return Text(share_bar(share), style)


def _widest(names: Sequence[str]) -> int:
    """Columns for names, so that what follows them is aligned."""
    return min(max((cell_len(one_line(name)) for name in names), default=0), _NAMES)
