"""What models write, while they write it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["Writing", "Writings"]

_MOST_TEXT = 8000
"""Characters that are kept; half of them go at once, so that the lines of the others seldom move."""

_MOST = 16
"""Questions on their way; a node has fewer."""


@dataclass(slots=True)
class Writing:
    """The reply to one question, as far as it is written.

    Attributes:
        task: What was asked.
        part: "think" or "answer": what was written last.
        is_done: Whether nothing more comes.
        why: Why there is no answer; empty when there is one.
    """

    task: str
    part: str = "think"
    think: str = ""
    answer: str = ""
    is_done: bool = False
    why: str = ""

    def add(self, part: str, text: str) -> None:
        """Take what was written."""
        if part == "restart":
            self.part, self.think, self.answer = "think", "", ""
        elif part in ("think", "answer"):
            whole = getattr(self, part) + text
            setattr(self, part, whole if len(whole) <= _MOST_TEXT else whole[-_MOST_TEXT // 2 :])
            self.part = part


class Writings:
    """The replies on their way, and the last that were finished."""

    def __init__(self) -> None:
        self._running: dict[str, Writing] = {}
        self._ended: dict[str, Writing] = {}

    @property
    def shown(self) -> Writing | None:
        """The one that began first, and stays until it is done; else the last that was finished."""
        return next(iter(self._running.values()), next(reversed(self._ended.values()), None))

    @property
    def others(self) -> int:
        """How many more are being written."""
        return max(len(self._running) - 1, 0)

    def take(self, progress: Mapping[str, Any]) -> None:
        """Take a Progress message, as plain data."""
        name, part = progress["request_id"], progress["part"]
        if part == "end":
            self.end(name, progress["text"])
        else:
            # The result, on a topic of its own, may have been faster than the last words.
            writing = self._ended.get(name) or self._running.setdefault(name, Writing(progress["task"]))
            writing.add(part, progress["text"])
            _forget(self._running)  # one whose end was not heard

    def end(self, name: str, why: str = "") -> None:
        """Nothing more comes of a question; `why` there is no answer."""
        if writing := self._running.pop(name, None):
            writing.is_done, writing.why = True, why
            self._ended[name] = writing
            _forget(self._ended)

    def end_all(self, why: str) -> None:
        """Nothing more comes at all."""
        for name in tuple(self._running):
            self.end(name, why)


def _forget(kept: dict[str, Writing]) -> None:
    if len(kept) > _MOST:
        del kept[next(iter(kept))]
