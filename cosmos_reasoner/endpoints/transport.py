"""The HTTP client below the OpenAI client: it hears every response's headers, and ends what has no end."""

from collections.abc import AsyncIterator, Callable, Mapping
from functools import cache
from importlib import import_module
from typing import Any

import openai

from cosmos_reasoner.errors import ProtocolError

__all__ = ["HTTP", "LARGEST", "http_client"]

HTTP = import_module(openai.Timeout.__init__.__module__.partition(".")[0])
"""The library under the installed openai: httpx, or httpx2 under newer ones. Both may be installed."""

LARGEST = 64_000_000
"""Bytes of a response at most: the longest reply with twenty log-probabilities for each token has half as many."""


def http_client(heard: Callable[[Mapping[str, str]], None]) -> Any:
    """Make an HTTP client for `openai.AsyncOpenAI`.

    Args:
        heard: Is told the headers of every response, errors too, as soon as they come.
    """

    async def begin(response: Any) -> None:
        heard(response.headers)
        response.stream = _Bounded(response.stream, str(response.request.url))

    # Compressed, words would wait for others, and a small response could become a huge one.
    headers, hooks = {"Accept-Encoding": "identity"}, {"response": [begin]}
    return openai.DefaultAsyncHttpxClient(verify=_authorities(), headers=headers, event_hooks=hooks)


@cache
def _authorities() -> Any:
    """Whose certificates are trusted. Reading them takes longer than a request: once is enough for all clients."""
    return HTTP.create_ssl_context()


_ByteStream: Any = HTTP.AsyncByteStream


class _Bounded(_ByteStream):  # type: ignore[misc]  # which library it is shows only when it runs
    """The bytes of a response, up to the largest size."""

    def __init__(self, stream: Any, url: str) -> None:
        self._stream = stream
        self._url = url
        self._size = 0

    def __aiter__(self) -> AsyncIterator[bytes]:
        self._pieces = aiter(self._stream)
        return self

    async def __anext__(self) -> bytes:
        piece: bytes = await anext(self._pieces)
        self._size += len(piece)
        if self._size > LARGEST:
            raise ProtocolError(f"{self._url} sent more than {LARGEST // 1_000_000} MB: is it the OpenAI chat API?")
        return piece

    async def aclose(self) -> None:
        await self._stream.aclose()
