"""What is known of a reasoner, told to everyone who looks."""

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator, Callable
from typing import Any

from cosmos_reasoner.view.page.moments import Moment, Moments
from cosmos_reasoner.view.page.pictures import Pictures

__all__ = ["OVERLAY", "Hub"]

OVERLAY = "overlay"
"""Name of the newest picture with what was predicted drawn over it."""

_BEHIND = 500
"""Events that a listener may be behind."""

_ALL = "all"
"""Stands in the queue of a listener for all that is known when it gets there."""

_JUDGED = 100
"""Verdicts whose own Reasoning may still come."""


class Hub:
    """Keeps what a reasoner published, and tells it to listeners. Lives on one asyncio loop.

    Args:
        clock: s; never jumps back.
        watched: Is called when the first listener comes (True), and when the last one is gone (False).
    """

    def __init__(self, clock: Callable[[], float], watched: Callable[[bool], None] = lambda _: None) -> None:
        self.moments = Moments()
        self.clips = Pictures()
        self.overlay = b""
        self._clock = clock
        self._watched = watched
        self._time = {"now": 0.0, "silent": 0.0}
        self._diagnostics: dict[str, Any] = {}
        self._hindsight: dict[str, Any] | None = None
        self._judged: deque[str] = deque(maxlen=_JUDGED)
        self._listeners: set[asyncio.Queue[str | None]] = set()

    def publish(self, topic: str, message: dict[str, Any]) -> None:
        """Take a message of the reasoner's, as plain data; `topic` is its name below the node."""
        if topic == "reasoning":
            self._start(message)
        elif topic == "verdict" and self.moments.get(message["prediction_id"]):
            self._judge(message)
        elif topic in ("outcome", "action_ranking", "verdict"):
            self._changed(self.moments.add(topic, message))
        else:
            self._tell(topic, message)
        if topic == "hindsight":
            self._hindsight = message

    def diagnose(self, part: str, status: dict[str, Any]) -> None:
        """Take how a part of the reasoner is."""
        self._diagnostics[part] = status
        self._tell("diagnostics", {part: status})

    def show(self, name: str, jpeg: bytes) -> None:
        """Take a picture: of a clip by the stamp of its end, or the OVERLAY."""
        if name == OVERLAY:
            self.overlay = jpeg
        else:
            self.clips.add(name, jpeg)
        self._tell("picture", name)

    def tick(self, now: float, silent: float) -> None:
        """Tell the time of the reasoner's clock, by which answers grow old, and for how long it said nothing, s."""
        self._time = {"now": now, "silent": silent}
        self._tell("time", self._time)

    def snapshot(self) -> dict[str, Any]:
        """All that somebody needs who has just come."""
        briefs = [moment.brief for moment in self.moments]
        return {"moments": briefs, "diagnostics": self._diagnostics, "hindsight": self._hindsight, **self._time}

    async def listen(self) -> AsyncIterator[str]:
        """Hear all that is known, and then what comes, each event as a text of the event stream format.

        A listener that falls far behind hears all that is known again, and goes on from there.
        """
        queue: asyncio.Queue[str | None] = asyncio.Queue(_BEHIND)
        queue.put_nowait(_ALL)
        self._listeners.add(queue)
        if len(self._listeners) == 1:
            self._watched(True)
        try:
            while event := await queue.get():
                yield _event(_ALL, self.snapshot()) if event == _ALL else event
        finally:
            self._listeners.remove(queue)
            if not self._listeners:
                self._watched(False)

    def close(self) -> None:
        """Send all listeners away."""
        for queue in self._listeners:
            _put(queue, None)

    def _start(self, message: dict[str, Any]) -> None:
        if message["provenance"]["request_id"] in self._judged:  # topics come in no order between each other
            return
        moment = Moment(message, self._clock(), self._time["now"] or float(message["provenance"]["clip_end"]))
        for name in self.moments.start(moment):
            self._tell("gone", name)
        self._changed(moment)

    def _judge(self, verdict: dict[str, Any]) -> None:
        """Tell a verdict of hindsight with its prediction; it is no moment of its own."""
        own = verdict["provenance"]["request_id"]
        self._judged.append(own)
        self.moments.drop(own)
        self._tell("gone", own)
        self._changed(self.moments.judge(verdict))

    def _changed(self, moment: Moment | None) -> None:
        if moment:
            self._tell("moment", moment.brief)

    def _tell(self, name: str, data: Any) -> None:
        event = _event(name, data)
        for queue in self._listeners:
            _put(queue, event)


def _put(queue: "asyncio.Queue[str | None]", event: str | None) -> None:
    """Put an event into a queue; one that is full begins anew."""
    if queue.full():
        while not queue.empty():
            queue.get_nowait()
        queue.put_nowait(_ALL)
    queue.put_nowait(event)


def _event(name: str, data: Any) -> str:
    """One event of https://html.spec.whatwg.org/multipage/server-sent-events.html."""
    return f"event: {name}\ndata: {json.dumps(data)}\n\n"
