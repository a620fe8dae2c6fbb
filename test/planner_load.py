"""Planners that ask all at once, each call with a time budget of its own, and what became of every call."""

import json
import random
import threading
import time
from collections import Counter
from dataclasses import dataclass
from typing import Any

from rclpy.duration import Duration
from rclpy.node import Node
from rclpy.qos import QoSProfile
from robot import stamp_of
from scripted_server import Reply, chunk, event

from cosmos_reasoner_msgs.msg import ActionCandidate, Provenance
from cosmos_reasoner_msgs.srv import Ask, PredictOutcome, RankActions, Verify

LOST = 10.0
"""s after its budget from which a call counts as never answered."""

_MARGIN = 0.2
"""s that a response may take from the node to the planner: so much older may a clip be here than it was there."""

_ACTIONS = [ActionCandidate(id="wait", description="stand still"), ActionCandidate(id="go", description="drive on")]
_REQUESTS: dict[Any, tuple[str, dict[str, Any]]] = {
    Ask: ("ask", {"question": "What moves?"}),
    PredictOutcome: ("predict_outcome", {}),
    RankActions: ("rank_actions", {"actions": _ACTIONS, "goal": "avoid a collision"}),
    Verify: ("verify", {"statement": "something moves"}),
}


@dataclass(frozen=True)
class Made:
    """A call and what became of it.

    Attributes:
        late: s from the budget's end to the response, negative before it; infinite when none came.
        error_code: Of the response.
        age: Of the clip when the answer came, s; 0 without an answer.
        status: Of the answer, as in Provenance.msg.
    """

    late: float
    error_code: int = 0
    age: float = 0.0
    status: int = Provenance.STATUS_NONE

    @property
    def is_answered(self) -> bool:
        """Whether it got an answer."""
        return self.status != Provenance.STATUS_NONE

    def is_unmarked(self, max_age: float) -> bool:
        """Whether it is an answer about a clip that was too old, and does not say so."""
        return self.age > max_age + _MARGIN and self.status != Provenance.STATUS_STALE


class Planner:
    """Calls the services of a reasoner, one call after the other, from a thread of its own.

    Args:
        node: Spins elsewhere.
        seed: Of what is asked, and with which budgets.

    Attributes:
        made: The calls.
        responses: How many came to each call, by service and sequence number.
    """

    def __init__(self, node: Node, seed: int) -> None:
        self.made: list[Made] = []
        self.responses: Counter[tuple[str, int]] = Counter()
        self._random = random.Random(seed)
        self._clients = [self._client(node, kind) for kind in _REQUESTS]

    def start(self, calls: int, budgets: tuple[float, float]) -> threading.Thread:
        """Begin to make so many calls with random budgets between these, s."""
        thread = threading.Thread(target=self._run, args=(calls, budgets))
        thread.start()
        return thread

    def _client(self, node: Node, kind: Any) -> Any:
        """A client that counts what arrives, even if nobody waits for it any more."""
        name = _REQUESTS[kind][0]
        client = node.create_client(kind, f"/reasoner/{name}", qos_profile=QoSProfile(depth=100))
        find = client.get_pending_request

        def found(sequence: int) -> Any:
            self.responses[name, sequence] += 1
            return find(sequence)

        client.get_pending_request = found
        assert client.wait_for_service(20.0)
        return client

    def _run(self, calls: int, budgets: tuple[float, float]) -> None:
        for _ in range(calls):
            self.made.append(self._call(self._random.choice(self._clients), self._random.uniform(*budgets)))

    def _call(self, client: Any, budget: float) -> Made:
        arrived: list[float] = []
        ended = threading.Event()
        wanted = _REQUESTS[client.srv_type][1]
        request = client.srv_type.Request(**wanted, time_budget=Duration(seconds=budget).to_msg())
        began = time.monotonic()
        future = client.call_async(request)
        future.add_done_callback(lambda _: (arrived.append(time.monotonic()), ended.set()))
        if not ended.wait(budget + LOST):
            return Made(float("inf"))
        late, response = arrived[0] - began - budget, future.result()
        source = response.reasoning.provenance
        if response.error_code:
            return Made(late, response.error_code)
        return Made(late, 0, time.time() - stamp_of(source.clip_end) / 1e9, source.status)


class SlowModel:
    """Answers every task after a random time, word by word; give it to a `ScriptedServer` for each reply.

    Args:
        seconds: The shortest and the longest time of a reply, s.
        seed: Of these times.
    """

    WORDS = 20

    def __init__(self, seconds: tuple[float, float], seed: int) -> None:
        self._seconds = seconds
        self._random = random.Random(seed)

    def __call__(self, body: Any) -> Reply:
        """Make a reply to a request."""
        pause = self._random.uniform(*self._seconds) / self.WORDS
        asked = json.dumps(body["messages"])
        outcome = {"text": "It rolls.", "probability": 0.5, "hazard": "LOW", "subject": None, "camera": None}
        answer = json.dumps({"outcomes": [outcome]}) if "What is likely to happen" in asked else "A"
        words = ["<think>", *["so "] * (self.WORDS - 2), f"</think><answer>{answer}</answer>"]
        pieces = [piece for word in words for piece in (_Pause(pause), event(chunk(content=word)))]
        return Reply(200, {"Content-Type": "text/event-stream"}, (*pieces, event(chunk("stop")), b"data: [DONE]\n\n"))


class _Pause(threading.Event):
    """What a reply waits for, and what comes by itself after so many seconds."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self._seconds = seconds

    def wait(self, timeout: float | None = None) -> bool:  # noqa: ARG002  # the pause is shorter
        """Wait."""
        super().wait(self._seconds)
        return True
