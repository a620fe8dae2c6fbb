"""One request to the endpoint and what came back."""

import asyncio
import math
import time
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Any

from cosmos_reasoner.endpoints.client import ChatEndpoint
from cosmos_reasoner.endpoints.events import Delta, Finish, Token
from cosmos_reasoner.errors import ProtocolError
from cosmos_reasoner.reasoning.signs import Signs
from cosmos_reasoner.replies.parser import Part, Piece, Reply, ReplyParser
from cosmos_reasoner.tasks.prompt import Prompt

__all__ = ["Exchange", "Listener", "converse"]

Listener = Callable[[Piece], None]
"""Is told what the model writes while it writes it."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and what came back.

    Attributes:
        prompt: What was asked.
        reply: The parsed reply.
        content: The reply's content as it came.
        tokens: The content's tokens with their log-probabilities; empty when the endpoint gave none.
        finish: The end of the reply.
        first_token: From sending the request to its first token, s.
        thinking: From there to the first token of the answer, s.
        answering: From there to the end, s.
        waited: Before it was sent, for a free place at the endpoint, s.
        is_open: The reply ended while the model still reasoned: its time was up, or the token limit cut it.
        closed: Why the answer was asked for with a second request; empty when it was not.
    """

    prompt: Prompt
    reply: Reply
    content: str
    tokens: tuple[Token, ...]
    finish: Finish
    first_token: float
    thinking: float = 0.0
    answering: float = 0.0
    waited: float = 0.0
    is_open: bool = False
    closed: str = ""


async def converse(
    endpoint: ChatEndpoint,
    prompt: Prompt,
    body: dict[str, Any],
    signs: Signs,
    listener: Listener | None = None,
    *,
    think_until: float = math.inf,
    written: str = "",
) -> Exchange:
    """Send one request and read its reply to the end.

    Args:
        endpoint: Who answers.
        prompt: What is asked.
        body: The same as a request, see `endpoints.request.build`.
        signs: Shows those who wait that the endpoint is at work.
        listener: Is told what the model writes while it writes it.
        think_until: Time of the running loop from which a reply is left that still reasons, s. Of a reply that comes
            as a whole nobody knows whether it still does, so that it is left.
        written: Beginning of the reply, which the request has already told the model.

    Raises:
        EndpointError: Anything that goes wrong on the way.
    """
    reading = _Reading(endpoint, prompt, written, listener, signs)
    whole = asyncio.ensure_future(_read(endpoint, body, reading, think_until))
    try:
        if think_until < math.inf:
            await asyncio.wait({whole}, timeout=think_until - asyncio.get_running_loop().time())
            if not whole.done() and (reading.is_thinking or (prompt.reasons and not body["stream"])):
                return reading.leave(await endpoint.model())
        return await whole
    finally:
        whole.cancel()
        await asyncio.wait({whole})


async def _read(endpoint: ChatEndpoint, body: dict[str, Any], reading: "_Reading", think_until: float) -> Exchange:
    loop = asyncio.get_running_loop()
    async with aclosing(endpoint.stream(body)) as events:  # closed at once, the generation ends at once
        async for event in events:
            if isinstance(event, Finish):
                return reading.finish(event, stopped_at=body.get("stop", ("",))[0])
            reading.take(event)
            if reading.is_thinking and loop.time() >= think_until:
                return reading.leave(await endpoint.model())
    raise ProtocolError("the endpoint's answer ended without its last event")


class _Reading:
    """Gathers a reply while it comes."""

    def __init__(
        self,
        endpoint: ChatEndpoint,
        prompt: Prompt,
        written: str,
        listener: Listener | None,
        signs: Signs,
    ) -> None:
        answer_tag = prompt.reasons and endpoint.profile.prompting.answer_tag
        self._parser = ReplyParser(expects_reasoning=prompt.reasons, answer_tag=answer_tag)
        self._parser.feed(written)
        self._prompt = prompt
        self._written = len(written)
        self._listener = listener
        self._signs = signs
        self._content: list[str] = []
        self._tokens: list[Token] = []
        self._sent, self._first_token, self._answered = time.monotonic(), 0.0, 0.0
        self.is_thinking = False

    def take(self, event: Delta) -> None:
        self._signs.beat()
        self._first_token = self._first_token or self._spent()
        if self._written:  # behind a closed think part a server-side parser still takes the answer for reasoning
            event = replace(event, content=event.reasoning + event.content, reasoning="")
        self._content.append(event.content)
        self._tokens.extend(event.tokens)
        for piece in (*self._parser.feed_reasoning(event.reasoning), *self._parser.feed(event.content)):
            self.is_thinking = piece.part is Part.THINK
            if not self.is_thinking:
                self._answered = self._answered or self._spent()
            if self._listener:
                self._listener(piece)

    def finish(self, event: Finish, stopped_at: str = "") -> Exchange:
        if event.reason in (None, "stop"):
            self._parser.feed(stopped_at)  # the server leaves out what a reply stopped at
        reply = self._parser.finish(event.reason)
        if reply.answer_start >= 0:
            reply = replace(reply, answer_start=reply.answer_start - self._written)
        content, tokens = "".join(self._content), tuple(self._tokens)
        is_open = self.is_thinking and event.reason == "length"
        end = self._spent()
        first, answered = self._first_token or end, self._answered or end
        times = (first, answered - first, end - answered)
        return Exchange(self._prompt, reply, content, tokens, event, *times, is_open=is_open)

    def leave(self, model: str) -> Exchange:
        """Take what came so far for all that comes."""
        return replace(self.finish(Finish(None, model)), is_open=True)

    def _spent(self) -> float:
        return time.monotonic() - self._sent
