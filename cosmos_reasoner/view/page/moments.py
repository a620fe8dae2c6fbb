"""What is kept of the last hour: each result, and what became of it."""

import json
from collections.abc import Callable, Iterator
from typing import Any

__all__ = ["Moment", "Moments"]

_TEXT = 200
"""Characters of an answer that are told in the list."""

_EACH = 2000
"""bytes that a moment counts for besides its texts."""


class Moment:
    """One result: the messages that tell of it, as plain data in JSON.

    Args:
        reasoning: The first of them.
        arrived: When it came, s, of a clock that never jumps back.
        at: The same by the reasoner's clock, s.

    Attributes:
        id: Request id.
        brief: What the list tells of it.
    """

    def __init__(self, reasoning: dict[str, Any], arrived: float, at: float) -> None:
        self.id = str(reasoning["provenance"]["request_id"])
        self.arrived = arrived
        self.brief = {"at": at, **_brief(reasoning)}
        self._foremost = ""
        self._parts: dict[str, str] = {}
        self._verdicts: list[str] = []
        self.add("reasoning", reasoning)

    @property
    def nbytes(self) -> int:
        """What it takes, about."""
        return _EACH + sum(map(len, self._parts.values())) + sum(map(len, self._verdicts))

    def add(self, topic: str, message: dict[str, Any]) -> None:
        """Take another message of the same result."""
        self._parts[topic] = json.dumps(message)
        if topic == "outcome" and message["outcomes"]:
            self._foremost = " ".join(message["outcomes"][0]["text"].split())
            self.brief |= _of_prediction(message["outcomes"])
        elif topic == "action_ranking" and message["actions"]:
            best = message["actions"][0]
            self.brief |= {"text": best["id"][:_TEXT], "probability": best["score"]}
        elif topic == "verdict":
            self.brief |= {"text": message["verdict"], "probability": message["probability"]}

    def judge(self, verdict: dict[str, Any]) -> None:
        """Take a verdict on one of the outcomes that it predicts."""
        self._verdicts.append(json.dumps(verdict))
        if verdict["statement"] == self._foremost:
            self.brief["verdict"] = verdict["verdict"]

    def json(self) -> str:
        """All messages by their topics, and the verdicts on what it predicts."""
        parts = [f'"{topic}":{text}' for topic, text in self._parts.items()]
        return f'{{{",".join(parts)},"verdicts":[{",".join(self._verdicts)}]}}'


class Moments:
    """The moments of the last hour, as many of the newest as there is room for.

    Args:
        seconds: How long one is kept, s.
        nbytes: What all take together.

    Attributes:
        nbytes: What all take together now, about.
    """

    def __init__(self, seconds: float = 3600.0, nbytes: int = 64_000_000) -> None:
        self.nbytes = 0
        self._seconds = seconds
        self._room = nbytes
        self._kept: dict[str, Moment] = {}

    def start(self, moment: Moment) -> list[str]:
        """Take the newest moment; gives the ids of those that are forgotten for it."""
        self.drop(moment.id)
        self._kept[moment.id] = moment
        self.nbytes += moment.nbytes
        forgotten = list(self._too_much(moment.arrived))
        for name in forgotten:
            self.drop(name)
        return forgotten

    def add(self, topic: str, message: dict[str, Any]) -> Moment | None:
        """Take another message of a result; gives its moment, unless that is forgotten."""
        return self._change(message["provenance"]["request_id"], lambda moment: moment.add(topic, message))

    def judge(self, verdict: dict[str, Any]) -> Moment | None:
        """Take a verdict on a prediction; gives the moment of the prediction, unless that is forgotten."""
        return self._change(verdict["prediction_id"], lambda moment: moment.judge(verdict))

    def drop(self, name: str) -> None:
        """Forget one."""
        if moment := self._kept.pop(name, None):
            self.nbytes -= moment.nbytes

    def get(self, name: str) -> Moment | None:
        """One by its request id."""
        return self._kept.get(name)

    def __iter__(self) -> Iterator[Moment]:
        return iter(self._kept.values())

    def __len__(self) -> int:
        return len(self._kept)

    def _change(self, name: str, change: Callable[[Moment], None]) -> Moment | None:
        moment = self._kept.get(name)
        if moment:
            self.nbytes -= moment.nbytes
            change(moment)
            self.nbytes += moment.nbytes
        return moment

    def _too_much(self, now: float) -> Iterator[str]:
        """The oldest, as far as they are too old or have no room; never the newest."""
        used, newest = self.nbytes, next(reversed(self._kept.values()), None)
        for moment in self._kept.values():
            if moment is newest or (used <= self._room and now - moment.arrived <= self._seconds):
                return
            used -= moment.nbytes
            yield moment.id


def _brief(reasoning: dict[str, Any]) -> dict[str, Any]:
    source = reasoning["provenance"]
    return {
        "id": source["request_id"],
        "task": source["task"],
        "start": source["clip_start"],
        "end": source["clip_end"],
        "status": source["status"],
        "total": source["total_latency"],
        "text": (reasoning["answer"] or source["status_text"])[:_TEXT],
        "probability": None,
        "hazard": "",
        "verdict": "",
    }


def _of_prediction(outcomes: list[dict[str, Any]]) -> dict[str, Any]:
    first = outcomes[0]
    order = ("unknown", "none", "low", "high", "imminent")
    worst = max((outcome["hazard"] for outcome in outcomes), key=order.index)
    return {"text": first["text"][:_TEXT], "probability": first["probability"], "hazard": worst}
