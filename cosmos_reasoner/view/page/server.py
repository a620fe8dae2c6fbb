"""The page over HTTP: its files, what is kept, what is new, and questions."""

import asyncio
import ipaddress
import json
import socket
from collections.abc import AsyncIterator, Callable
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

from pydantic import ValidationError
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cosmos_reasoner.view.page.hub import OVERLAY, Hub
from cosmos_reasoner.view.page.wish import Wish

__all__ = ["Ask", "create_app"]

Ask = Callable[[Wish], AsyncIterator[dict[str, Any]]]
"""Asks the reasoner: gives what the model writes, and at last the result or the error, each as plain data."""

_LOOPBACK = ("127.0.0.1", "localhost", "::1")

_LONGEST = 1_000_000
"""bytes of a question."""

_PULSE = 15.0
"""s after which a listener who heard nothing is sent an empty line, so that one who is gone is noticed."""

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
}


def create_app(hub: Hub, ask: Ask, *, loopback: bool = True) -> Starlette:
    """Make the ASGI application.

    Args:
        hub: What is shown.
        ask: Asks the reasoner.
        loopback: Answer to names of this machine's loopback only; else to its host name and to addresses, too.
    """
    page = _Page(hub, ask)
    routes = [
        Route("/events", page.events),
        Route("/moments/{name}", page.moment),
        Route("/pictures/{name}", page.picture),
        Route("/ask", page.ask, methods=["POST"]),
        Mount("/", StaticFiles(directory=str(files(__package__) / "static"), html=True)),
    ]
    return Starlette(routes=routes, middleware=[Middleware(_Guard, loopback=loopback)])


class _Guard:
    """Answers to names of this machine only, with headers that keep a browser to the page's own files.

    So no page of a stranger can reach it by a name of its own (DNS rebinding).
    """

    def __init__(self, app: ASGIApp, *, loopback: bool) -> None:
        self._app = app
        self._loopback = loopback

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] += [(name.encode(), value.encode()) for name, value in _HEADERS.items()]
            await send(message)

        is_known = self._knows(Headers(scope=scope).get("host", ""))
        app = self._app if is_known else PlainTextResponse("this is not the name of a host here", 400)
        await app(scope, receive, with_headers)

    def _knows(self, host: str) -> bool:
        try:
            name = urlsplit(f"//{host}").hostname or ""
        except ValueError:
            return False
        if name in _LOOPBACK:
            return True
        return not self._loopback and (name == socket.gethostname().lower() or _is_address(name))


class _Page:
    def __init__(self, hub: Hub, ask: Ask) -> None:
        self._hub = hub
        self._ask = ask

    async def events(self, _: Request) -> Response:
        return StreamingResponse(_with_pulse(self._hub.listen()), media_type="text/event-stream")

    async def moment(self, request: Request) -> Response:
        moment = self._hub.moments.get(request.path_params["name"])
        return Response(moment.json(), media_type="application/json") if moment else _nothing()

    async def picture(self, request: Request) -> Response:
        name = request.path_params["name"]
        jpeg = self._hub.overlay if name == OVERLAY else self._hub.clips.get(name)
        return Response(jpeg, media_type="image/jpeg") if jpeg else _nothing()

    async def ask(self, request: Request) -> Response:
        """Ask, and answer with a line of JSON for each thing that comes.

        Only JSON is taken: a page of a stranger cannot send it without asking first, and would be refused.
        """
        if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
            return JSONResponse({"error": "send application/json"}, 415)
        try:
            wish = Wish.model_validate_json(await _body(request))
        except ClientDisconnect:
            return Response(status_code=400)
        except ValidationError as error:
            return JSONResponse({"error": error.errors()[0]["msg"]}, 400)
        return StreamingResponse(_lines(self._ask(wish)), media_type="application/x-ndjson")


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _nothing() -> Response:
    """What is not kept any more is no error, which a browser would note as one."""
    return Response(status_code=204)


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _LONGEST:
            return b""  # which is no question
    return bytes(body)


async def _lines(pieces: AsyncIterator[dict[str, Any]]) -> AsyncIterator[str]:
    async for piece in pieces:
        yield json.dumps(piece) + "\n"


async def _with_pulse(events: AsyncIterator[str]) -> AsyncIterator[str]:
    """The events, and an empty comment at the beginning and where none comes for a while."""
    coming = _next(events)  # from here on nothing is missed
    try:
        yield ":\n\n"
        while True:
            if not (await asyncio.wait({coming}, timeout=_PULSE))[0]:
                yield ":\n\n"
            elif event := coming.result():
                coming = _next(events)
                yield event
            else:
                return
    finally:
        coming.cancel()
        await asyncio.wait({coming})


def _next(events: AsyncIterator[str]) -> "asyncio.Future[str]":
    return asyncio.ensure_future(anext(events, ""))
