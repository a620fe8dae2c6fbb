"""The page's server, over real HTTP."""

import asyncio
import json
import socket
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from typing import Any, NamedTuple

import pytest
import uvicorn
from view.page.kept import reasoning

from cosmos_reasoner.view.page.hub import OVERLAY, Hub
from cosmos_reasoner.view.page.server import create_app
from cosmos_reasoner.view.page.wish import Wish

QUESTION = {"task": "ask", "question": "What moves?"}


class Answer(NamedTuple):
    """A response of the page's server."""

    status: int
    policy: str
    body: bytes


@dataclass
class Served:
    """A page that is served, its hub, and what was asked through it."""

    port: int
    loop: asyncio.AbstractEventLoop
    hub: Hub
    asked: list[Wish]
    taken_back: threading.Event

    def on_loop(self, do: Callable[[], Any]) -> None:
        """Do something where the hub lives."""
        done = threading.Event()
        self.loop.call_soon_threadsafe(lambda: (do(), done.set()))
        assert done.wait(10)

    @contextmanager
    def opened(self, method: str, path: str, body: str | None = None, **headers: str) -> Iterator[HTTPResponse]:
        """Send a request and give the response, to be read; header names are written with underscores."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        with closing(connection), connection.getresponse() as response:
            yield response

    def request(self, method: str, path: str, body: str | None = None, **headers: str) -> Answer:
        """Send a request and read the whole response."""
        with self.opened(method, path, body, **headers) as response:
            return Answer(response.status, response.headers["content-security-policy"], response.read())

    def ask(self, wish: Any, **headers: str) -> Answer:
        """Ask a question."""
        return self.request("POST", "/ask", json.dumps(wish), **{"content_type": "application/json", **headers})


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    """Serve a page on a free port; its reasoner writes a word and then answers, or never does."""
    opened = socket.create_server(("127.0.0.1", 0))
    ready: list[Served] = []
    there = threading.Event()

    async def serve() -> None:
        asked: list[Wish] = []
        taken_back = threading.Event()

        async def answer(wish: Wish) -> AsyncIterator[dict[str, Any]]:
            asked.append(wish)
            yield {"part": "think", "text": "Hm."}
            if wish.question == "never":
                try:
                    await asyncio.Event().wait()
                finally:
                    taken_back.set()
            yield {"result": {"reasoning": {"answer": "a ball"}}}

        hub = Hub(asyncio.get_running_loop().time)
        config = uvicorn.Config(create_app(hub, answer), log_level="error", timeout_graceful_shutdown=1, lifespan="off")
        server = uvicorn.Server(config)
        ready.append(Served(opened.getsockname()[1], asyncio.get_running_loop(), hub, asked, taken_back))
        there.set()
        ended.append(server)
        await server.serve(sockets=[opened])

    ended: list[uvicorn.Server] = []
    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    there.wait(10)
    yield ready[0]
    ended[0].should_exit = True
    thread.join()
    opened.close()


@pytest.mark.parametrize("path", ["/", "/page.css", "/main.js", "/moments/none", "/pictures/none"])
def test_nothing_foreign_may_be_loaded_or_run_by_what_it_sends(served: Served, path: str) -> None:
    policy = served.request("GET", path).policy
    assert "default-src 'none'" in policy and "script-src 'self'" in policy
    assert "unsafe" not in policy and "http" not in policy


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "192.0.2.1", "", "[", "localhost.:1"])
def test_it_answers_to_no_foreign_name(served: Served, host: str) -> None:
    refused = served.request("GET", "/", host=host)
    assert (refused.status, "default-src 'none'" in refused.policy) == (400, True)
    assert served.ask(QUESTION, host=host).status == 400


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost:1", "[::1]:8020", "LOCALHOST"])
def test_it_answers_to_the_names_of_the_loopback(served: Served, host: str) -> None:
    assert served.request("GET", "/", host=host).status == 200


def test_it_tells_what_is_kept(served: Served) -> None:
    served.on_loop(lambda: served.hub.publish("reasoning", reasoning("kept")))
    with served.opened("GET", "/events") as response:
        _, _, kind, data = (response.readline() for _ in range(4))
    assert kind == b"event: all\n"
    assert "kept" in [brief["id"] for brief in json.loads(data.removeprefix(b"data: "))["moments"]]
    assert json.loads(served.request("GET", "/moments/kept").body)["reasoning"]["think"] == "It rolls."


def test_it_sends_pictures(served: Served) -> None:
    served.on_loop(lambda: (served.hub.show("8.0", b"clip"), served.hub.show(OVERLAY, b"overlay")))
    assert served.request("GET", "/pictures/8.0").body == b"clip"
    assert served.request("GET", f"/pictures/{OVERLAY}").body == b"overlay"


@pytest.mark.parametrize("path", ["/none", "/../server.py", "/%2e%2e/server.py", "/..%2fserver.py"])
def test_what_is_not_there_is_404(served: Served, path: str) -> None:
    assert served.request("GET", path).status == 404


@pytest.mark.parametrize("path", ["/moments/none", "/pictures/none"])
def test_what_is_not_kept_any_more_is_no_error(served: Served, path: str) -> None:
    assert (served.request("GET", path).status, served.request("GET", path).body) == (204, b"")


def test_it_tells_what_is_new(served: Served) -> None:
    with served.opened("GET", "/events") as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        assert [response.readline(), response.readline()] == [b":\n", b"\n"]
        kind, _, _ = (response.readline() for _ in range(3))
        assert kind == b"event: all\n"
        served.on_loop(lambda: served.hub.tick(12.5, 0.5))
        assert [response.readline(), response.readline()] == [b"event: time\n", b'data: {"now": 12.5, "silent": 0.5}\n']


def test_a_question_gets_its_answer_line_by_line(served: Served) -> None:
    lines = [json.loads(line) for line in served.ask(QUESTION).body.splitlines()]
    assert lines == [{"part": "think", "text": "Hm."}, {"result": {"reasoning": {"answer": "a ball"}}}]
    assert served.asked[-1].question == "What moves?"


def test_who_leaves_takes_the_question_back(served: Served) -> None:
    never = json.dumps({"task": "ask", "question": "never"})
    with served.opened("POST", "/ask", never, content_type="application/json") as response:
        assert b"Hm." in response.readline()
    assert served.taken_back.wait(10)


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_a_form_of_another_page_can_ask_nothing(served: Served, kind: str) -> None:
    count = len(served.asked)
    assert served.ask(QUESTION, content_type=kind).status == 415
    assert len(served.asked) == count


@pytest.mark.parametrize(
    "wish",
    [
        {"task": "delete_everything"},
        {"task": "ask", "question": "x" * 5000},
        {"task": "ask", "options": ["x"] * 27},
        {"task": "ask", "unknown": 1},
        ["ask"],
        "x" * 1_100_000,
    ],
)
def test_what_is_no_question_is_refused_with_a_reason(served: Served, wish: Any) -> None:
    response = served.ask(wish)
    assert response.status == 400
    assert json.loads(response.body)["error"]
