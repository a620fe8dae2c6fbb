"""How far a run is."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from cosmos_reasoner.evaluation.run.record import Record

__all__ = ["Progress"]


@dataclass
class Progress:
    """Counts what comes.

    Attributes:
        clock: Monotonic, s.
        total: Items of the present part of the run.
        known: Of these, answered by an earlier run.
        answered: By this one.
        failed: Without an answer.
        dropped: By a simulated robot.
        prompt_tokens: Of this run's answers.
        completion_tokens: The same.
    """

    clock: Callable[[], float] = time.monotonic
    total: int = 0
    known: int = 0
    answered: int = 0
    failed: int = 0
    dropped: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    _started: float = 0.0

    def begin(self, total: int, known: int) -> None:
        """Begin a part of the run."""
        self.total, self.known = total, known
        self.answered = self.failed = self.dropped = 0
        self._started = self.clock()

    def take(self, record: Record) -> None:
        """Count a record."""
        if record.result:
            self.answered += 1
            self.prompt_tokens += record.result.provenance.prompt_tokens
            self.completion_tokens += record.result.provenance.completion_tokens
        elif record.is_final:
            self.dropped += 1
        else:
            self.failed += 1

    @property
    def done(self) -> int:
        """Items that need no more work in this run."""
        return min(self.known + self.answered + self.failed + self.dropped, self.total)

    @property
    def rate(self) -> float:
        """Items a second since the part began."""
        spent = self.clock() - self._started
        return (self.answered + self.failed + self.dropped) / spent if spent > 0 else 0.0

    @property
    def seconds_left(self) -> float | None:
        """Until the part is done at this rate, s; None when nothing has come yet."""
        return (self.total - self.done) / self.rate if self.rate else None
