"""A reply as server-sent events."""

import asyncio
from collections.abc import AsyncIterator, Callable

from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from cosmos_reasoner.embedded.respond import Reply
from cosmos_reasoner.embedded.wire import DONE, Wire, event

__all__ = ["TokenStream"]


class TokenStream(StreamingResponse):
    """Sends a reply token by token, those of several choices in turn. It ends at once when the caller hangs up.

    Args:
        reply: What is sent.
        pause: Seconds before each token.
        ended: Is told whether all was sent.
    """

    def __init__(self, reply: Reply, pause: float, ended: Callable[[bool], None]) -> None:
        self._reply = reply
        self._pause = pause
        self._ended = ended
        self._complete = False
        super().__init__(self._events(), media_type="text/event-stream")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it; Starlette stops when the caller hangs up."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._ended(self._complete)

    async def _events(self) -> AsyncIterator[bytes]:
        wire, choices = Wire(self._reply), self._reply.choices
        for index in range(len(choices)):
            yield event(wire.opening(index))
        for place in range(max(len(choice.tokens) for choice in choices)):
            await asyncio.sleep(self._pause)
            for index, choice in enumerate(choices):
                if place < len(choice.tokens):
                    yield event(wire.token(index, choice.tokens[place]))
        for index in range(len(choices)):
            yield event(wire.closing(index))
        if self._reply.request.stream_options.include_usage:
            yield event(wire.usage())
        self._complete = True
        yield DONE
