"""The embedded endpoint as a running server: in this thread, or in one of its own."""

import asyncio
import socket
import threading
from types import FrameType, TracebackType

import uvicorn

from cosmos_reasoner.embedded.activity import Activity
from cosmos_reasoner.embedded.server import create_app
from cosmos_reasoner.embedded.settings import Settings
from cosmos_reasoner.errors import ConfigurationError

__all__ = ["EmbeddedServer", "base_url", "listen", "make_server"]

_GRACE = 1
"""Seconds that open connections get at the end."""


def listen(host: str, port: int) -> socket.socket:
    """Open the port; 0 for any free one. Connections wait from now on, even before the server runs.

    Raises:
        ConfigurationError: The port is taken, or the address is not this machine's.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    opened = socket.socket(family, socket.SOCK_STREAM)
    try:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.bind((host, port))
        opened.listen(128)
    except OSError as error:
        opened.close()
        raise ConfigurationError(f"cannot listen on {host}:{port}: {error.strerror}; choose another port") from error
    return opened


def base_url(opened: socket.socket) -> str:
    """What a client takes as base URL."""
    host, port = opened.getsockname()[:2]
    return f"http://[{host}]:{port}/v1" if ":" in host else f"http://{host}:{port}/v1"


def make_server(settings: Settings, activity: Activity | None = None) -> uvicorn.Server:
    """Make the server; its `run` takes the sockets."""
    app = create_app(settings, activity)
    return _Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=2 * _GRACE))


class _Server(uvicorn.Server):
    """Ends in order, however often it is told to: a launch file and a terminal do so at the same time."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002  uvicorn's
        self.should_exit = True

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # What is hung up upon ends by itself; uvicorn would tell with a traceback that it was cancelled.
        asyncio.get_running_loop().call_later(_GRACE, self._hang_up)
        await super().shutdown(sockets)

    def _hang_up(self) -> None:
        for connection in tuple(self.server_state.connections):
            if connection.transport:
                connection.transport.abort()


class EmbeddedServer:
    """The endpoint on a free port of this machine, in a thread of its own, for as long as the `with` block lasts.

    Attributes:
        url: Base URL for clients; ends in /v1.
        activity: Counts of requests.
    """

    def __init__(self, settings: Settings | None = None) -> None:
        self.activity = Activity()
        self._socket = listen("127.0.0.1", 0)
        self.url = base_url(self._socket)
        self._server = make_server(settings or Settings(), self.activity)
        self._thread = threading.Thread(target=self._run, name="embedded-endpoint", daemon=True)

    def __enter__(self) -> "EmbeddedServer":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.should_exit = True
        self._thread.join()
        self._socket.close()

    def _run(self) -> None:
        asyncio.run(self._server.serve(sockets=[self._socket]))
