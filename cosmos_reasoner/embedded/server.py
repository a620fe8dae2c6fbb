"""The HTTP side: an OpenAI chat API over the responder.

The event loop only moves bytes. Reading a request, decoding its pictures and measuring them happen in one worker
thread, one request after the other.
"""

import asyncio
import hmac
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from importlib.metadata import PackageNotFoundError, version
from typing import Any, TypeVar

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from cosmos_reasoner.embedded.activity import Activity
from cosmos_reasoner.embedded.respond import Reply, Responder
from cosmos_reasoner.embedded.settings import Settings
from cosmos_reasoner.embedded.streaming import TokenStream
from cosmos_reasoner.embedded.wire import Wire, error_body, models
from cosmos_reasoner.errors import Busy, CosmosReasonerError, FrameError, InvalidRequest, ModelNotFound

__all__ = ["create_app"]

T = TypeVar("T")

_GONE = 499
"""Status for a caller that has hung up; nobody reads it."""

_STATUS: tuple[tuple[type[CosmosReasonerError], int, str], ...] = (
    (ModelNotFound, 404, "NotFoundError"),
    (InvalidRequest, 400, "BadRequestError"),
    (FrameError, 400, "BadRequestError"),
    (Busy, 503, "ServiceUnavailableError"),
)


def create_app(settings: Settings, activity: Activity | None = None) -> Starlette:
    """Make the ASGI application.

    Args:
        settings: Key, limits, rates.
        activity: Where requests are counted; None for nowhere.
    """
    return _Server(settings, activity or Activity()).app()


class _TooLarge(CosmosReasonerError):
    """The body passes the limit."""


class _Server:
    def __init__(self, settings: Settings, activity: Activity) -> None:
        self._settings = settings
        self._activity = activity
        self._responder = Responder(settings)
        self._pool = ThreadPoolExecutor(1, "embedded")

    def app(self) -> Starlette:
        routes = [
            Route("/health", self._health),
            Route("/version", self._version),
            Route("/v1/models", self._guarded(self._models)),
            Route("/v1/chat/completions", self._guarded(self._chat), methods=["POST"]),
        ]
        return Starlette(routes=routes, lifespan=self._lifespan)

    @asynccontextmanager
    async def _lifespan(self, _: Starlette) -> AsyncIterator[None]:
        yield
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _guarded(self, handler: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
        """Ask for the key first."""

        async def guarded(request: Request) -> Response:
            sent = request.headers.get("authorization", "").encode()
            if self._settings.key and not hmac.compare_digest(sent, f"Bearer {self._settings.key}".encode()):
                return JSONResponse({"error": "Unauthorized"}, 401)
            return await handler(request)

        return guarded

    async def _health(self, _: Request) -> Response:
        return Response()

    async def _version(self, _: Request) -> Response:
        try:
            return JSONResponse({"version": version("cosmos_reasoner")})
        except PackageNotFoundError:
            return JSONResponse({"version": "unknown"})

    async def _models(self, _: Request) -> Response:
        return JSONResponse(models())

    async def _chat(self, request: Request) -> Response:
        self._activity.note("received")
        try:
            reply = await self._reply(request)
        except _TooLarge as error:
            self._activity.note("refused")
            return JSONResponse(error_body(413, "RequestEntityTooLargeError", str(error)), 413)
        except CosmosReasonerError as error:
            self._activity.note("refused")
            status, kind = next((status, kind) for cls, status, kind in _STATUS if isinstance(error, cls))
            return JSONResponse(error_body(status, kind, str(error)), status)
        except ClientDisconnect:
            self._activity.note("cancelled")
            return Response(status_code=_GONE)
        if reply.request.stream:
            return TokenStream(reply, self._pause(), self._ended)
        return await self._whole(request, reply)

    async def _reply(self, request: Request) -> Reply:
        """Read the body and let the worker answer it, unless the caller hangs up before."""
        body = await self._body(request)
        if self._activity.counts.running > self._settings.max_waiting:
            raise Busy(f"{self._settings.max_waiting} requests are waiting already; ask again later")
        loop = asyncio.get_running_loop()
        return await _unless_gone(request, loop.run_in_executor(self._pool, self._responder.respond, body))

    async def _body(self, request: Request) -> bytes:
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
            if len(body) > self._settings.max_body:
                raise _TooLarge(f"more than {self._settings.max_body} bytes; send fewer or smaller frames")
        return bytes(body)

    async def _whole(self, request: Request, reply: Reply) -> Response:
        longest = max(len(choice.tokens) for choice in reply.choices)
        try:
            await _unless_gone(request, asyncio.ensure_future(asyncio.sleep(longest * self._pause())))
        except ClientDisconnect:
            self._activity.note("cancelled")
            return Response(status_code=_GONE)
        self._activity.note("finished")
        return JSONResponse(Wire(reply).completion())

    def _ended(self, complete: bool) -> None:
        self._activity.note("finished" if complete else "cancelled")

    def _pause(self) -> float:
        return 1 / self._settings.tokens_per_second if self._settings.tokens_per_second > 0 else 0.0


async def _unless_gone(request: Request, work: "asyncio.Future[T]") -> T:
    """Wait for work, but drop it when the caller hangs up.

    Raises:
        ClientDisconnect: The caller hung up first.
    """
    gone = asyncio.ensure_future(_hung_up(request))
    both: set[asyncio.Future[Any]] = {work, gone}
    try:
        await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        if not work.done():
            raise ClientDisconnect
        return work.result()
    finally:
        work.cancel()
        gone.cancel()


async def _hung_up(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
