"""Results as lines, for where no screen can be drawn."""

from collections.abc import Mapping
from typing import Any

from cosmos_reasoner.cli.cells import HAZARD_STYLES, one_line, share_bar
from cosmos_reasoner.cli.console import Console

__all__ = ["ResultLines", "outcome_line", "ranking_facts", "share_line"]

Plain = Mapping[str, Any]

_FAILURES = ("defective", "failed")


class ResultLines:
    """Writes what a reasoner publishes, as plain data: what it is about, and a line for each outcome or action.

    Args:
        console: Where it writes.
    """

    def __init__(self, console: Console) -> None:
        self._console = console

    def predicted(self, message: Plain, age: float | None) -> None:
        """Write a prediction that has outcomes; `age` is that of the clip's end, s."""
        self._heading(message["provenance"], f"within {message['outcomes'][0]['horizon']:g} s after the clip", age)
        for outcome in message["outcomes"]:
            hazard = str(outcome["hazard"])
            line = outcome_line(outcome["text"], outcome["probability"], hazard)
            self._console.line(f"  {line}", style=HAZARD_STYLES.get(hazard, ""), whole=False)

    def ranked(self, message: Plain, age: float | None) -> None:
        """Write a ranking that has actions."""
        self._heading(message["provenance"], one_line(message["goal"]), age)
        for entry in message["actions"]:
            line = share_line(entry["id"], entry["score"], entry["expected_outcome"], entry["rationale"])
            self._console.line(f"  {line}", whole=False)

    def judged(self, message: Plain, predicted: float | None) -> None:
        """Write a verdict; `predicted` is the probability that the statement had."""
        said = "" if predicted is None else f" (predicted with {predicted:.0%})"
        verdict = str(message["verdict"]).replace("_", " ")
        self._console.line(f"verdict: {verdict}{said}: {one_line(message['statement'])}", style="cyan")

    def failed(self, message: Plain) -> bool:
        """Write why a result has no answer; gives whether that is so."""
        source = message["provenance"]
        if source["status"] in _FAILURES:
            self._console.line(f"{source['task']}: {one_line(source['status_text'])}", style="red")
            return True
        return False

    def _heading(self, source: Plain, text: str, age: float | None) -> None:
        clip = float(source["clip_end"]) - float(source["clip_start"])
        facts = [f"{source['frame_count']} frames of {clip:.2f} s"]
        facts += [] if age is None else [f"seen {age:.2f} s ago"]
        facts += ["STALE"] if source["status"] == "stale" else []
        self._console.line(f"{source['task']}: {text} ({', '.join(facts)})", style="cyan")


def outcome_line(text: str, probability: float | None, hazard: str) -> str:
    """An outcome in one line; a probability of None is unknown."""
    return f"{share_bar(probability)}  {hazard.upper():8}  {one_line(text)}"


def share_line(name: str, share: float | None, *reasons: str) -> str:
    """An action or option and its share, 0..1, in one line; None is unknown, and empty reasons are left out."""
    why = " -- ".join(one_line(reason) for reason in reasons if reason)
    return f"{share_bar(share)}  {one_line(name)}" + (f": {why}" if why else "")


def ranking_facts(ranking: Plain) -> str:
    """How a ranking came to be, and how much to make of it."""
    told = [
        ("entropy {:.2f}", ranking["entropy"]),
        ("order sensitivity {:.2f}", ranking["order_sensitivity"]),
        (f"{{}} of {ranking['orderings_asked']} orderings", ranking["orderings"]),
        ("by {}", ranking["method"] or None),
    ]
    return " · ".join(words.format(value) for words, value in told if value is not None)
