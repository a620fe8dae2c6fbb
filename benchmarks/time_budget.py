"""How late an answer, or the error, comes after the time budget, in each state of a connection, over real sockets.

Run it as `scripts/in_env python benchmarks/time_budget.py`; it takes seven minutes. The aim is 50 ms. A negative number
is an answer, or an error that no time could mend, that came before the budget's end. The machine must be idle: where
others want its cores too, the loop itself runs late, by tenths of a second at worst.
"""

import asyncio
import socket
import statistics
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from unittest.mock import patch

sys.path[:0] = [str(Path(__file__).parents[1] / "test")]

from pictures import SECOND, raw_frame, square
from scripted_server import Ending, Reply, ScriptedServer, chunk, event, spoken, stream

from cosmos_reasoner.clips.clip import Clip
from cosmos_reasoner.endpoints.client import EndpointClient
from cosmos_reasoner.endpoints.profile_files import load_profile
from cosmos_reasoner.errors import CosmosReasonerError
from cosmos_reasoner.reasoning.reasoner import Reasoner
from cosmos_reasoner.reasoning.time_budget import TimeBudget
from cosmos_reasoner.tasks.library import TaskLibrary
from cosmos_reasoner.tasks.task import Question

BUDGETS = (0.3, 1.0, 2.0)
RUNS = 10
PROFILE = load_profile("cosmos_reason1")
CLIP = Clip.of([raw_frame(square(index), SECOND + index * SECOND // 4) for index in range(8)])
QUESTION = Question(text="What falls?", options=("the cup", "the plate"))

Opened = AbstractContextManager[list[str]]
"""The addresses of the endpoints that are asked, in their order."""


class Pause(threading.Event):
    """What a reply waits for before it goes on; it comes by itself after 20 ms."""

    def wait(self, timeout: float | None = None) -> bool:  # noqa: ARG002  # the pause is shorter
        """Wait."""
        super().wait(0.02)
        return True


def slowly(*beginning: bytes) -> Reply:
    """A reply that begins so and then goes on for ever, word by word."""
    words = [Pause(), event(chunk(content=" so"))] * 1000
    return Reply(200, {"Content-Type": "text/event-stream"}, (*beginning, *words))


def event_of(text: str) -> bytes:
    """A piece of a reply."""
    return event(chunk(content=text))


THINK, ANSWER = "<think>\nThe cup", "<think>\nThe cup\n</think>\n<answer>\nB"
THINKING = stream(event_of(THINK), ending=Ending.HELD)
ANSWERING = stream(event_of(ANSWER), ending=Ending.HELD)
SILENT = stream(ending=Ending.HELD)


@contextmanager
def lookup_hangs() -> Iterator[list[str]]:
    """A name that is looked up for ever."""
    release = threading.Event()
    with patch("socket.getaddrinfo", lambda *_, **__: release.wait(20.0) and []):
        yield ["http://robot.example/v1"]
        release.set()


@contextmanager
def connection_hangs() -> Iterator[list[str]]:
    """A port whose queue of connections is full, so that nothing answers to one more."""
    with ExitStack() as opened:
        listening = opened.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        for _ in range(4):
            waiting = opened.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(listening.getsockname())
        yield [_url(listening)]


@contextmanager
def nothing_comes(scheme: str = "http") -> Iterator[list[str]]:
    """A port that takes connections and never reads from them."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield [_url(listening, scheme)]


@contextmanager
def replies(*scripted: Reply) -> Iterator[list[str]]:
    """An endpoint that gives these replies."""
    with ScriptedServer(scripted) as server:
        yield [server.url]


@contextmanager
def refused_then(reply: Reply) -> Iterator[list[str]]:
    """A port where nobody listens, and behind it an endpoint that gives a reply."""
    with socket.socket() as nobody, ScriptedServer([reply]) as server:
        nobody.bind(("127.0.0.1", 0))
        yield [_url(nobody), server.url]


STATES: dict[str, Callable[[], Opened]] = {
    "name lookup hangs": lookup_hangs,
    "connection is not answered": connection_hangs,
    "accepted, then silence": nothing_comes,
    "TLS handshake is not answered": lambda: nothing_comes("https"),
    "headers, then silence": lambda: replies(SILENT),
    "stalled in the reasoning, closed": lambda: replies(THINKING, spoken("B")),
    "stalled in the reasoning and when closed": lambda: replies(THINKING, SILENT),
    "stalled in the answer": lambda: replies(ANSWERING),
    "endless in the reasoning, closed": lambda: replies(slowly(event_of(THINK)), spoken("B")),
    "endless in the answer": lambda: replies(slowly(event_of(ANSWER))),
    "refused, then answered by the next": lambda: refused_then(spoken("<think>x</think><answer>B</answer>")),
    "refused, then silence from the next": lambda: refused_then(SILENT),
}


async def late(state: Callable[[], Opened], seconds: float) -> tuple[float, str]:
    """Ask endpoints in this state once; give the ms after the budget's end, and what came."""
    with state() as urls:
        clients = [EndpointClient(PROFILE, url, "scripted") for url in urls]
        reasoner = Reasoner(clients, TaskLibrary.load())
        began = time.monotonic()
        try:
            result = await reasoner.reason(QUESTION, CLIP, TimeBudget(seconds))
            came = result.provenance.status.name
        except CosmosReasonerError as error:
            came = type(error).__name__
        spent = time.monotonic() - began
    for client in clients:
        await client.close()
    return 1000 * (spent - seconds), came


def main() -> None:
    """Measure, and print a table."""
    print(f"{RUNS} runs each; ms after the budget's end, median / worst")
    print(f"{'':42}" + "".join(f"{f'{seconds:g} s':>20}" for seconds in BUDGETS) + "   what came")
    for name, state in STATES.items():
        columns, came = "", set[str]()
        for seconds in BUDGETS:
            ms, kinds = zip(*(asyncio.run(late(state, seconds)) for _ in range(RUNS)))
            columns += f"{f'{statistics.median(ms):.1f} / {max(ms):.1f}':>20}"
            came |= {*kinds}
        print(f"{name:42}{columns}   {', '.join(sorted(came))}", flush=True)


def _url(bound: socket.socket, scheme: str = "http") -> str:
    return f"{scheme}://127.0.0.1:{bound.getsockname()[1]}/v1"


if __name__ == "__main__":
    main()
