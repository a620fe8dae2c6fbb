"""Hours of four cameras and four tasks, before a page that somebody looks at: what is kept does not grow."""

import asyncio
import math
import socket
import threading
import tracemalloc
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import uvicorn
from browser import Open, needs_chromium
from view.page.kept import prediction, ranking, reasoning, verdict

from cosmos_reasoner.view.page.hub import OVERLAY, Hub
from cosmos_reasoner.view.page.server import create_app

HOUR = 3600
ROOM, PICTURES = 64_000_000, 128_000_000
"""bytes for moments and for pictures."""

LATER = 100_000
"""bytes by which the messages that follow a Reasoning may exceed it until the next one comes."""

STRIP, OVERLAY_SIZE = 80_000, 100_000
"""bytes of a picture of a clip, one every 2 s, and of an overlay."""

WORDS = 80
"""s between two answers of a task of which the page is told each word; all would take too long here."""

THINK = "The ball rolls to the right, and the cup stands in its way. " * 5 * 136
"""Five times 8 kB: with that, an answer in 8 s takes what five would take that come in this time."""

TASKS = ("predict_outcome", "rank_actions", "describe", "verify")
PARTS = ("camera front", "camera rear", "endpoint 1", "queue", "answers", "hindsight")


class Robot:
    """Publishes what a busy reasoner does, by a clock that nobody waits for.

    Args:
        period: Between two questions of a task, s.
        again: After so many s its own clock begins anew, as that of a bag that is played again and again.

    Attributes:
        now: s.
        most: bytes kept at most, of moments and of pictures.
    """

    def __init__(self, period: int = 8, again: float = math.inf) -> None:
        self.now = 0.0
        self._period = period
        self._again = again
        self.hub = Hub(lambda: self.now)
        self.most = [0, 0]

    async def work(self, seconds: int) -> None:
        """Work for some time; listeners get a chance to hear of each round of questions."""
        for _ in range(seconds // self._period):
            self.now += self._period
            self.hub.tick(self.now % self._again, 0.1)
            self.hub.diagnose(PARTS[int(self.now) % len(PARTS)], {"level": "ok", "text": "fine", "values": {}})
            self.hub.show(OVERLAY, bytes(OVERLAY_SIZE))
            for before in range(0, self._period, 2):
                self.hub.show(f"{self.now - before:.9f}", bytes(STRIP))
            for task in TASKS:
                if self.now % WORDS == 0:
                    self._write(task)
                self._answer(task)
            self.most = [max(self.most[0], self.hub.moments.nbytes), max(self.most[1], self.hub.clips.nbytes)]
            for _ in range(2):
                await asyncio.sleep(0)

    async def names(self) -> list[str]:
        """Ids of the moments that are kept."""
        return [moment.id for moment in self.hub.moments]

    def _write(self, task: str) -> None:
        """Write a reply, word by word."""
        for part, text in (*[("think", "The ball ")] * 20, ("answer", "It rolls."), ("end", "")):
            self.hub.publish("progress", {"request_id": self._name(task), "task": task, "part": part, "text": text})

    def _answer(self, task: str) -> None:
        """Publish an answer, and with some a verdict on an older prediction."""
        name = self._name(task)
        self.hub.publish("reasoning", reasoning(name, f"{name}: {THINK}", end=f"{self.now:.9f}", task=task))
        if task == "predict_outcome":
            self.hub.publish("outcome", prediction(name, "It falls.", "It rolls on."))
        elif task == "rank_actions":
            self.hub.publish("action_ranking", ranking(name))
        elif task == "verify":
            self.hub.publish("verdict", verdict(f"predict_outcome {self.now - 2 * self._period:.0f}", name=name))

    def _name(self, task: str) -> str:
        return f"{task} {self.now:.0f}"


class Listener:
    """Hears the events of a hub.

    Attributes:
        heard: How many of each kind.
    """

    def __init__(self, hub: Hub) -> None:
        self.heard: Counter[str] = Counter()
        self._hearing = asyncio.ensure_future(self._hear(hub))

    async def _hear(self, hub: Hub) -> None:
        async for event in hub.listen():
            self.heard[event[len("event: ") : event.index("\n")]] += 1

    async def leave(self) -> None:
        """Hear no more."""
        self._hearing.cancel()
        await asyncio.wait({self._hearing})


def traced() -> int:
    """bytes that Python holds, of those that it took since it is traced."""
    return tracemalloc.get_traced_memory()[0]


@contextmanager
def tracing() -> Iterator[None]:
    """Have allocations traced."""
    tracemalloc.start(1)
    try:
        yield
    finally:
        tracemalloc.stop()


async def three_hours(robot: Robot) -> tuple[Listener, list[int]]:
    """What one heard who listened for three hours beside one who never reads, and bytes held after the last two."""
    listener, deaf = Listener(robot.hub), robot.hub.listen()
    await anext(deaf)
    await robot.work(HOUR)
    held = []
    with tracing():
        for _ in range(2):
            await robot.work(HOUR)
            held.append(traced())
    await listener.leave()
    await deaf.aclose()
    return listener, held


def test_three_hours_take_no_more_memory_than_two_and_never_more_than_was_granted() -> None:
    robot = Robot()
    listener, (second, third) = asyncio.run(three_hours(robot))
    assert 0.9 * ROOM < robot.most[0] <= ROOM + LATER and 0.9 * PICTURES < robot.most[1] <= PICTURES
    assert third - second < 1_000_000
    assert third < ROOM + PICTURES + 10_000_000
    assert listener.heard["all"] == 1
    assert listener.heard["moment"] > 3 * HOUR / 8 * len(TASKS)
    oldest = next(iter(robot.hub.moments))
    assert 0 < robot.now - oldest.arrived <= HOUR


class Served:
    """A page that is served.

    Attributes:
        robot: What it shows; only to be used on the loop.
        address: Where it is.
    """

    def __init__(self) -> None:
        self.robot = Robot(period=40, again=600.0)
        self._opened = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._opened.getsockname()[1]}/"
        config = uvicorn.Config(create_app(self.robot.hub, lambda _: None), log_level="error", lifespan="off")
        self._server = uvicorn.Server(config)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def do(self, work: Callable[[], Any]) -> Any:
        """Have something awaited on the loop; gives what comes of it."""
        return asyncio.run_coroutine_threadsafe(work(), self._loop).result(60)

    def close(self) -> None:
        """Serve no more."""
        self._loop.call_soon_threadsafe(self.robot.hub.close)
        self._server.should_exit = True
        self._thread.join()
        self._opened.close()

    def _serve(self) -> None:
        self._loop.run_until_complete(self._server.serve(sockets=[self._opened]))
        self._loop.close()


@pytest.fixture
def served() -> Iterator[Served]:
    """Serve a page."""
    served = Served()
    yield served
    served.close()


PUT = """async ({count, seconds, chosen}) => {
    const { moments, put, state } = await import("/store.js");
    state.chosen = chosen;
    const spans = [];
    for (let number = 0; number < count; number += 1) {
        state.now = (number * seconds) / count;
        put({ id: `${number}`, at: state.now, end: `${state.now}`, task: "ask", status: "ok", text: "" });
        if (number % 100 !== 99) continue;
        const at = [...moments.values()].filter((each) => each.id !== chosen).map((each) => each.at);
        spans.push(Math.max(...at) - Math.min(...at));
    }
    state.chosen = null;
    return { longest: Math.max(...spans), count: moments.size, has: moments.has(chosen) };
}"""


@needs_chromium
@pytest.mark.parametrize("chosen", [None, "7"], ids=["live", "while somebody looks at an old one"])
def test_the_page_itself_keeps_moments_for_an_hour(opened: Open, served: Served, chosen: str | None) -> None:
    page = opened(served.address)
    kept = page.evaluate(PUT, {"count": 10_000, "seconds": 3 * HOUR, "chosen": chosen})
    assert HOUR - 10 < kept["longest"] <= HOUR
    assert kept["count"] <= 10_000 / 3 + 2
    assert kept["has"] == (chosen is not None)
    page.close()


@needs_chromium
def test_the_page_lists_what_the_server_keeps_however_much_came_and_went_and_time_jumped_back(
    opened: Open, served: Served
) -> None:
    page = opened(served.address)
    page.evaluate("import('/store.js').then((store) => { window.store = store; })")
    page.wait_for_function("store.state.connected")
    served.do(lambda: served.robot.work(HOUR + HOUR // 4))
    names = served.do(served.robot.names)
    page.wait_for_function("last => store.moments.has(last)", arg=names[-1])
    assert page.evaluate("[...store.moments.keys()]") == names
    page.close()
