"""How long after the endpoint's last token a service answer arrives: an endpoint that paces 200 tokens over one second.

Run it as `scripts/in_env python benchmarks/answer_latency.py`. The endpoint notes when it releases its last token; the
caller notes when the response is there. Both are on this machine, by one clock.
"""

import statistics
import sys
import threading
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1] / "test")]

from robot import Camera, active_reasoner
from ros_graph import Ros, claim_domain, domain_of
from scripted_server import Reply, ScriptedServer, chunk, event, usage

from cosmos_reasoner_msgs.srv import Ask

CALLS = 20
TOKENS = 200
SECONDS = 1.0


class PacedReply:
    """Makes replies whose tokens come at a steady pace; remembers when the last one was released."""

    def __init__(self) -> None:
        self.ended = 0.0

    def __call__(self, _: object) -> Reply:
        """Make one reply."""
        gates = [threading.Event() for _ in range(TOKENS)]
        threading.Thread(target=self._release, args=(gates,), daemon=True).start()
        words = [event(chunk(content=text)) for text in ("<think>", *["so "] * (TOKENS - 2), "</think>yes")]
        pieces = [piece for gate, word in zip(gates, words) for piece in (gate, word)]
        ending = (event(chunk("stop")), event(usage(100, TOKENS)), b"data: [DONE]\n\n")
        return Reply(200, {"Content-Type": "text/event-stream"}, (*pieces, *ending))

    def _release(self, gates: list[threading.Event]) -> None:
        start = time.monotonic()
        for index, gate in enumerate(gates):
            time.sleep(max(0.0, start + (index + 1) * SECONDS / TOKENS - time.monotonic()))
            gate.set()
        self.ended = time.monotonic()


def main() -> None:
    """Measure, and print the distribution in ms."""
    reply = PacedReply()
    late = []
    with claim_domain() as lock, ScriptedServer([reply] * CALLS) as server:
        ros = Ros(domain_of(lock))
        node = active_reasoner(ros, server.url)
        Camera(ros, node).film(12)
        client = ros.node("caller").create_client(Ask, "/reasoner/ask")
        client.wait_for_service()
        for _ in range(CALLS):
            future = client.call_async(Ask.Request(question="Is it so?"))
            done: list[float] = []
            future.add_done_callback(lambda _, done=done: done.append(time.monotonic()))
            response = ros.result(future, 30.0)
            assert response.error_code == 0, response.error_message
            late.append(1000 * (done[0] - reply.ended))
        ros.close()
    late.sort()
    print(
        f"{CALLS} calls, ms from the last token to the response: "
        f"median {statistics.median(late):.1f}, 90% {late[int(0.9 * CALLS)]:.1f}, most {late[-1]:.1f}"
    )


if __name__ == "__main__":
    main()
