"""An endpoint that answers what a test tells it to, over real HTTP on a free port of this machine."""

import json
import socket
import struct
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

PATIENCE = 10.0
"""s; how long the server waits for a test or a client before it gives up."""


class Ending(Enum):
    """How a reply ends."""

    COMPLETE = auto()
    CUT_OFF = auto()
    """The connection is closed in mid-reply."""
    RESET = auto()
    """The connection is reset in mid-reply."""
    HELD = auto()
    """Nothing more is sent until the client leaves; then `ScriptedServer.disconnected` is set."""


@dataclass(frozen=True)
class Reply:
    """One answer.

    Attributes:
        status: HTTP status.
        headers: Besides Transfer-Encoding.
        pieces: What is sent, piece by piece; at an event the server waits until the test sets it.
        ending: How it ends.
    """

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    pieces: tuple[bytes | threading.Event, ...] = ()
    ending: Ending = Ending.COMPLETE


def json_reply(body: Any, status: int = 200, **headers: str) -> Reply:
    """A reply in one piece of JSON; underscores in the names of headers become hyphens."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(status, {"Content-Type": "application/json", **named}, (json.dumps(body).encode(),))


def listing(*models: str, **fields: Any) -> Reply:
    """What `GET /v1/models` answers; with more fields for each model."""
    entries = [{"id": name, "object": "model", "created": 0, "owned_by": "test", **fields} for name in models]
    return json_reply({"object": "list", "data": entries})


def whole(text: str | None, finish_reason: str = "stop", logprobs: Any = None, **message: Any) -> Reply:
    """A reply that was not streamed."""
    choice = {"index": 0, "finish_reason": finish_reason, "logprobs": logprobs}
    choice["message"] = {"role": "assistant", "content": text, **message}
    counts = {"prompt_tokens": 100, "completion_tokens": 3, "total_tokens": 103}
    kind = {"id": "1", "object": "chat.completion", "created": 0, "model": "scripted"}
    return json_reply({**kind, "choices": [choice], "usage": counts})


def stream(*chunks: dict[str, Any] | bytes | threading.Event, ending: Ending = Ending.COMPLETE) -> Reply:
    """A streamed reply: chunks as server-sent events, bytes as they are, [DONE] last if it ends well."""
    pieces = [event(chunk) if isinstance(chunk, dict) else chunk for chunk in chunks]
    done = (b"data: [DONE]\n\n",) if ending is Ending.COMPLETE else ()
    return Reply(200, {"Content-Type": "text/event-stream"}, (*pieces, *done), ending)


def event(data: Any) -> bytes:
    """One server-sent event."""
    return b"data: " + json.dumps(data).encode() + b"\n\n"


def chunk(
    finish_reason: str | None = None, logprobs: Any = None, model: str = "scripted", **delta: Any
) -> dict[str, Any]:
    """A chunk of a chat completion with one choice."""
    choice = {"index": 0, "delta": delta, "finish_reason": finish_reason, "logprobs": logprobs}
    return {"id": "1", "object": "chat.completion.chunk", "created": 0, "model": model, "choices": [choice]}


def usage(prompt_tokens: int, completion_tokens: int) -> dict[str, Any]:
    """The chunk without choices that closes a stream when the usage was asked for."""
    counts = {"prompt_tokens": prompt_tokens, "completion_tokens": completion_tokens}
    return {**chunk(), "choices": [], "usage": {**counts, "total_tokens": prompt_tokens + completion_tokens}}


def spoken(text: str, finish_reason: str = "stop") -> Reply:
    """A streamed reply that says a text word by word."""
    words = [chunk(content=word) for word in text.split(" ")[:1] + [f" {word}" for word in text.split(" ")[1:]]]
    return stream(chunk(role="assistant"), *words, chunk(finish_reason), usage(0, len(words)))


class ScriptedServer:
    """An endpoint that answers what it is told.

        with ScriptedServer([spoken("yes"), json_reply({"error": "no"}, 401)]) as server:
            ... EndpointClient(profile, server.url) ...

    Args:
        replies: To the chat completions, in this order: a reply, or what makes one of the request's body.
        models: What `GET /v1/models` lists; or the reply to it; or what makes one, each time anew.
        others: Replies to other requests, by "METHOD path".

    Attributes:
        bodies: Of the chat completions, decoded.
        headers: Of every request, names in lower case.
        paths: "METHOD path" of every request.
        disconnected: Set when a client left in mid-reply.
    """

    def __init__(
        self,
        replies: Sequence[Reply | Callable[[Any], Reply]] = (),
        models: Sequence[str] | Reply | Callable[[], Reply] = ("scripted",),
        others: Mapping[str, Reply] | None = None,
    ) -> None:
        self.bodies: list[Any] = []
        self.headers: list[dict[str, str]] = []
        self.paths: list[str] = []
        self.disconnected = threading.Event()
        self._replies = iter(replies)
        self._models = models
        self._others = others or {}
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)

    @property
    def url(self) -> str:
        """The address, ending in /v1."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def answer(self, path: str, headers: dict[str, str], body: bytes) -> Reply:
        """Note a request and say what it gets."""
        with self._lock:
            self.paths.append(path)
            self.headers.append(headers)
            if path == "GET /v1/models":
                return _listing(self._models)
            if path in self._others:
                return self._others[path]
            if path != "POST /v1/chat/completions":
                return json_reply({"error": {"message": f"no such path: {path}"}}, 404)
            decoded = json.loads(body)
            self.bodies.append(decoded)
            reply = next(self._replies, json_reply({"error": {"message": "the script has no reply left"}}, 500))
        return reply if isinstance(reply, Reply) else reply(decoded)

    def __enter__(self) -> "ScriptedServer":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        return type("Handler", (_Handler,), {"script": self})


class _Handler(BaseHTTPRequestHandler):
    script: ScriptedServer
    protocol_version = "HTTP/1.1"
    timeout = PATIENCE
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        self._respond()

    def do_POST(self) -> None:
        self._respond()

    def log_message(self, *_: Any) -> None:
        """Stay silent."""

    def _respond(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        reply = self.script.answer(f"{self.command} {self.path}", headers, body)
        try:
            self._send(reply)
        except OSError:  # nobody is there any more
            self.script.disconnected.set()
            self.close_connection = True

    def _send(self, reply: Reply) -> None:
        begin = self.send_response_only if "Date" in reply.headers else self.send_response
        begin(reply.status)
        for name, value in {**reply.headers, "Transfer-Encoding": "chunked"}.items():
            self.send_header(name, value)
        self.end_headers()
        for piece in reply.pieces:
            if isinstance(piece, bytes):
                self.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece))
            elif not piece.wait(PATIENCE):
                return
        self._end(reply.ending)

    def _end(self, ending: Ending) -> None:
        if ending is Ending.COMPLETE:
            self.wfile.write(b"0\r\n\r\n")
            return
        self.close_connection = True
        if ending is Ending.HELD and not self.connection.recv(1):
            self.script.disconnected.set()
        if ending is Ending.RESET:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()


def _listing(models: Sequence[str] | Reply | Callable[[], Reply]) -> Reply:
    return models if isinstance(models, Reply) else models() if callable(models) else listing(*models)
