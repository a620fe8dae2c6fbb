"""What is kept of the last hour: each result, and what became of it."""

import json
from collections.abc import Iterator
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
    """

    def __init__(self, reasoning: dict[str, Any]) -> None:
        self.id = str(reasoning["provenance"]["request_id"])
        self.arrived = 0.0
        self._parts: dict[str, str] = {}
        self._verdicts: list[str] = []
        self._brief: dict[str, Any] = _brief(reasoning)
        self.add("reasoning", reasoning)

    @property
    def nbytes(self) -> int:
        """What it takes, about."""
        return _EACH + sum(map(len, self._parts.values())) + sum(map(len, self._verdicts))

    @property
    def brief(self) -> dict[str, Any]:
        """What the list tells of it."""
        return self._brief

    def add(self, topic: str, message: dict[str, Any]) -> None:
        """Take another message of the same result."""
        self._parts[topic] = json.dumps(message)
        if topic == "outcome" and message["outcomes"]:
            self._brief |= _of_prediction(message["outcomes"])
        elif topic == "action_ranking" and message["actions"]:
            best = message["actions"][0]
            self._brief |= {"text": best["id"][:_TEXT], "probability": best["score"]}
        elif topic == "verdict":
            self._brief |= {"text": message["verdict"], "probability": message["probability"]}

    def judge(self, verdict: dict[str, Any]) -> None:
        """Take a verdict on what it predicts."""
        self._verdicts.append(json.dumps(verdict))
        if not self._brief["verdict"] or verdict["statement"].startswith(self._brief["text"]):
            self._brief["verdict"] = verdict["verdict"]

    def json(self) -> str:
        """All messages by their topics, and the verdicts on what it predicts."""
        parts = [f'"{topic}":{text}' for topic, text in self._parts.items()]
        return f'{{{",".join(parts)},"verdicts":[{",".join(self._verdicts)}]}}'


class Moments:
    """The moments of the last hour, as many of the newest as there is room for.

    Args:
        seconds: How long one is kept, s.
        nbytes: What all take together.
    """

    def __init__(self, seconds: float = 3600.0, nbytes: int = 64_000_000) -> None:
        self._seconds = seconds
        self._room = nbytes
        self._kept: dict[str, Moment] = {}
        self._used = 0

    def take(self, topic: str, message: dict[str, Any], now: float) -> Moment | None:
        """Take a message of one of the results' topics.

        Args:
            topic: Name below the node, such as "outcome".
            message: As plain data.
            now: s, of a clock that never jumps back.

        Returns:
            The moment that it belongs to, as it is now; None if that one is not kept.
        """
        if topic == "reasoning":
            moment = self._kept.setdefault(message["provenance"]["request_id"], Moment(message))
            moment.arrived = now
            self._used += moment.nbytes
            self._forget(now)
            return moment
        predicted = message.get("prediction_id") or ""
        found = self._kept.get(predicted or message["provenance"]["request_id"])
        if found:
            self._used -= found.nbytes
            if predicted:
                found.judge(message)
            else:
                found.add(topic, message)
            self._used += found.nbytes
        return found

    def drop(self, name: str) -> bool:
        """Forget one, if it is kept."""
        moment = self._kept.pop(name, None)
        self._used -= moment.nbytes if moment else 0
        return moment is not None

    def __iter__(self) -> Iterator[Moment]:
        return iter(self._kept.values())

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, name: str) -> Moment | None:
        """One by its request id."""
        return self._kept.get(name)

    @property
    def nbytes(self) -> int:
        """What all take together, about."""
        return self._used

    def _forget(self, now: float) -> None:
        while len(self._kept) > 1:
            oldest = next(iter(self._kept.values()))
            if self._used <= self._room and now - oldest.arrived <= self._seconds:
                return
            self.drop(oldest.id)


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
    worst = max((outcome["hazard"] for outcome in outcomes), key=lambda word: order.index(word))
    return {"text": first["text"][:_TEXT], "probability": first["probability"], "hazard": worst}
