"""What `cosmos-reasoner watch` knows of a reasoner: the newest of everything, as plain data."""

import math
from collections import deque
from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Any, TypeAlias

from cosmos_reasoner.cli.watch_writing import Writings

__all__ = ["NodeClock", "Phase", "Plain", "WatchState"]

Plain: TypeAlias = Mapping[str, Any]
"""A message, as `nodes.plain` takes it apart."""

_PREDICTIONS = 100
"""Predictions whose verdicts may still come."""

_VERDICTS = 50
_PARTS = 64

_JUMP = 1.0
"""s by which a clock may go back without that it begins anew."""

_LIMIT = "max_result_age [s]"
"""As diagnostics tell it."""

_PATIENCE = 3.0
"""s; an active reasoner tells how it is once a second."""


class Phase(Enum):
    """How a reasoner is, as seen from outside."""

    SOUGHT = "LOOKING FOR IT"
    MISSING = "NOT THERE"
    GONE = "GONE"
    SILENT = "NOT ACTIVE"
    LIVE = "LIVE"


class NodeClock:
    """A reasoner's clock, as the reasoner tells it once a second; in between, its seconds count as ours."""

    def __init__(self) -> None:
        self.heard: float | None = None
        """When it was told last, in s of our own clock; None: never."""
        self._stamp = -math.inf

    def set(self, stamp: float, now: float) -> bool:
        """Take what the reasoner's clock says, s; `now` is our own, s, and never jumps.

        Returns:
            Whether it has jumped back, as that of a bag does which is played again.
        """
        has_jumped = stamp < self._stamp - _JUMP
        self._stamp, self.heard = stamp, now
        return has_jumped

    def age(self, stamp: float, now: float) -> float | None:
        """How long ago that was by the reasoner's clock, s; None when it was never told."""
        return None if self.heard is None else self._stamp + now - self.heard - stamp


class WatchState:
    """The newest of everything. It never grows beyond some hundred results.

    Args:
        node: Full name of the reasoner.

    Attributes:
        prediction: The newest with outcomes.
        ranking: The newest with actions.
        verdicts: The newest first.
        hindsight: How well predictions were borne out.
        parts: How each part of the reasoner is: "level", "text", "values".
        max_result_age: From which age a result is stale, s; None: unknown.
        others: Full names of other reasoners.
    """

    def __init__(self, node: str) -> None:
        self.node = node
        self.clock = NodeClock()
        self.writings = Writings()
        self.prediction: Plain | None = None
        self.ranking: Plain | None = None
        self.hindsight: Plain | None = None
        self.verdicts: deque[Plain] = deque(maxlen=_VERDICTS)
        self.parts: dict[str, Plain] = {}
        self.max_result_age: float | None = None
        self.others: list[str] = []
        self._is_there: bool | None = None
        self._since: float | None = None
        self._predicted: dict[str, dict[str, float | None]] = {}

    def take(self, topic: str, message: Plain) -> None:
        """Take a message of the reasoner's; `topic` is its name below the node."""
        if topic == "progress":
            self.writings.take(message)
        elif topic == "reasoning":
            self.writings.end(message["provenance"]["request_id"])
        elif topic == "outcome" and message["outcomes"]:
            self.prediction = message
            self._remember(message)
        elif topic == "action_ranking" and message["actions"]:
            self.ranking = message
        elif topic == "verdict":
            self.verdicts.appendleft(message)
        elif topic == "hindsight":
            self.hindsight = message

    def tick(self, stamp: float, now: float) -> None:
        """Take what the reasoner's clock says; what was seen in a time that is gone has no age any more."""
        if self.clock.set(stamp, now):
            self.prediction = self.ranking = None
            self.verdicts.clear()

    def diagnose(self, part: str, status: Plain) -> None:
        """Take how a part of the reasoner is."""
        self.parts[part] = status
        if _LIMIT in status["values"]:
            self.max_result_age = _number(status["values"][_LIMIT])
        if len(self.parts) > _PARTS:
            del self.parts[next(iter(self.parts))]

    def see(self, there: list[str], now: float) -> None:
        """Take the names of all reasoners that can be seen; `now` as for the clock."""
        is_there = self.node in there
        if self._since is None or (is_there and not self._is_there):
            self._since = now
        self._is_there = is_there
        self.others = [name for name in there if name != self.node]
        if self.phase(now) not in (Phase.SOUGHT, Phase.LIVE):
            self.parts.clear()
            self.writings.end_all("it broke off")

    def phase(self, now: float) -> Phase:
        """How the reasoner is; `now` as for the clock."""
        heard = self.clock.heard
        if self._is_there is False and heard is not None:
            return Phase.GONE
        if heard is not None and now - heard <= _PATIENCE:
            return Phase.LIVE
        if self._since is None or now - self._since <= _PATIENCE:
            return Phase.SOUGHT
        return Phase.SILENT if self._is_there else Phase.MISSING

    def age(self, message: Plain, now: float) -> float | None:
        """How long ago the end of a result's clip was, s, by the reasoner's clock."""
        return self.clock.age(float(message["provenance"]["clip_end"]), now)

    def is_stale(self, message: Plain, now: float) -> bool:
        """Whether a result was stale when it came, or has become so."""
        age, limit = self.age(message, now), self.max_result_age
        has_aged = age is not None and limit is not None and age > limit
        return has_aged or message["provenance"]["status"] == "stale"

    def fate(self, outcome: Plain) -> str:
        """The verdict on an outcome of the newest prediction; empty while there is none."""
        name = self.prediction["provenance"]["request_id"] if self.prediction else ""
        statement = _statement(outcome)
        of_it = (each for each in self.verdicts if each["prediction_id"] == name and each["statement"] == statement)
        return next((str(each["verdict"]) for each in of_it), "")

    def predicted(self, verdict: Plain) -> float | None:
        """With what probability something was predicted that now has a verdict; None: unknown."""
        return self._predicted.get(verdict["prediction_id"], {}).get(verdict["statement"])

    def troubles(self) -> Iterator[tuple[str, Plain]]:
        """The parts that are not well, the worst first."""
        for level in ("error", "stale", "warn"):
            yield from ((part, status) for part, status in self.parts.items() if status["level"] == level)

    def _remember(self, message: Plain) -> None:
        shares = {_statement(outcome): outcome["probability"] for outcome in message["outcomes"]}
        self._predicted[message["provenance"]["request_id"]] = shares
        if len(self._predicted) > _PREDICTIONS:
            del self._predicted[next(iter(self._predicted))]


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _statement(outcome: Plain) -> str:
    """An outcome as hindsight writes it."""
    return " ".join(str(outcome["text"]).split())
