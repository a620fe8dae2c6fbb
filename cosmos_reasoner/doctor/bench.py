"""Tiny questions to an endpoint, a few at the same time, each with its own patience."""

import asyncio
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from cosmos_reasoner.endpoints.client import EndpointClient
from cosmos_reasoner.endpoints.events import Finish, Token
from cosmos_reasoner.errors import (
    AuthenticationFailed,
    EndpointError,
    EndpointOverloaded,
    EndpointUnreachable,
    ProtocolError,
    RateLimited,
)

__all__ = ["PATIENCE", "Bench", "Message", "Said", "Trial", "question"]

Message = dict[str, Any]
"""One message of a chat completion."""

PATIENCE = 20.0
"""s; longest wait for the whole reply to a tiny question."""

_TEXT = "Say yes."
_LONGEST = 120
"""Characters of an endpoint's own message that are shown."""


def question(*parts: Message) -> list[Message]:
    """The messages of a tiny question, behind these media parts."""
    return [{"role": "user", "content": [*parts, {"type": "text", "text": _TEXT}]}]


@dataclass(frozen=True, slots=True)
class Said:
    """A reply.

    Attributes:
        content: Its text.
        reasoning: Text of the separate field.
        tokens: Log-probabilities, when they were asked for and came.
        finish: Its end.
        first: From sending the request to the first piece of text, s.
    """

    content: str
    reasoning: str
    tokens: tuple[Token, ...]
    finish: Finish
    first: float


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of a request: a reply, an error, or neither of them in time."""

    said: Said | None = None
    error: EndpointError | None = None

    @property
    def accepted(self) -> bool | None:
        """Whether the endpoint takes such a request; None when that was not found out."""
        return True if self.said else False if self.refused else None

    @property
    def refused(self) -> bool:
        """Whether the endpoint will not take such a request. Vain tries for other reasons say nothing about that."""
        passing = (EndpointUnreachable, RateLimited, EndpointOverloaded, AuthenticationFailed)
        return self.error is not None and not isinstance(self.error, passing)

    @property
    def prompt_tokens(self) -> int:
        """As the endpoint counted; 0 when it did not say or did not reply."""
        return self.said.finish.prompt_tokens if self.said else 0

    @property
    def why(self) -> str:
        """What happened, in a few words."""
        if self.error is None:
            return "accepted" if self.said else "not found out in time"
        text = str(self.error)
        _, answered, said = text.partition(" answered ")
        text = said if answered else text
        text = text if len(text) <= _LONGEST else text[:_LONGEST] + "..."
        return f"refused: {text}" if self.refused else f"not found out: {text}"


@dataclass(slots=True)
class _Heard:
    """Gathers a reply."""

    sent: float = field(default_factory=time.monotonic)
    content: str = ""
    reasoning: str = ""
    tokens: list[Token] = field(default_factory=list)
    first: float = 0.0


class Bench:
    """Asks one endpoint tiny questions.

    Args:
        client: Of the endpoint; its profile says whether replies are streamed.
        parallel: Questions at the same time.
        deadline: When the last answer must be there, s of `time.monotonic`.

    Attributes:
        requests: Sent so far.
    """

    def __init__(self, client: EndpointClient, parallel: int = 1, deadline: float = math.inf) -> None:
        self.client = client
        self.deadline = deadline
        self.requests = 0
        self._slots = asyncio.Semaphore(parallel)

    def within(self, seconds: float) -> float:
        """So many seconds, or those that are left until the deadline where they are fewer."""
        return max(0.0, min(seconds, self.deadline - time.monotonic()))

    def body(self, messages: Sequence[Message], max_tokens: int = 1, **more: Any) -> dict[str, Any]:
        """The body of a request; `extra_body` holds what the OpenAI API does not know."""
        body = {"messages": list(messages), "max_tokens": max_tokens, "temperature": 0.0, **more}
        if not self.client.profile.streaming:
            return {**body, "stream": False}
        return {**body, "stream": True, "stream_options": {"include_usage": True}}

    async def ask(self, messages: Sequence[Message], max_tokens: int = 1, **more: Any) -> Said:
        """Ask, and wait for the whole reply.

        Args:
            messages: What is asked.
            max_tokens: Of the reply at most.
            more: What else the request says.

        Raises:
            EndpointError: It was not answered.
        """
        try:
            return await self._answer(self.body(messages, max_tokens, **more))
        except asyncio.TimeoutError:
            raise EndpointUnreachable(f"{self.client.base_url} gave no reply in time") from None

    async def trial(self, messages: Sequence[Message], max_tokens: int = 1, **more: Any) -> Trial:
        """Ask, and take a refusal or failure as a result too; the arguments are those of `ask`."""
        try:
            return Trial(await self._answer(self.body(messages, max_tokens, **more)))
        except asyncio.TimeoutError:
            return Trial()
        except EndpointError as error:
            return Trial(error=error)

    async def _answer(self, body: dict[str, Any]) -> Said:
        """Ask when it is this question's turn; a question whose turn comes too late is not sent."""
        async with self._slots:
            seconds = self.within(PATIENCE)
            if not seconds:
                raise asyncio.TimeoutError
            self.requests += 1
            return await asyncio.wait_for(self._hear(body), seconds)

    async def _hear(self, body: dict[str, Any]) -> Said:
        heard = _Heard()
        async for event in self.client.stream(body):
            if isinstance(event, Finish):
                return Said(heard.content, heard.reasoning, tuple(heard.tokens), event, heard.first)
            heard.first = heard.first or time.monotonic() - heard.sent
            heard.content += event.content
            heard.reasoning += event.reasoning
            heard.tokens.extend(event.tokens)
        raise ProtocolError(f"{self.client.base_url} ended its answer without an end")
