"""One request to the endpoint and what came back."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cosmos_reasoner.endpoints.client import ChatEndpoint
from cosmos_reasoner.endpoints.events import Finish, Token
from cosmos_reasoner.errors import ProtocolError
from cosmos_reasoner.replies.parser import Piece, Reply, ReplyParser
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
    """

    prompt: Prompt
    reply: Reply
    content: str
    tokens: tuple[Token, ...]
    finish: Finish
    first_token: float


async def converse(
    endpoint: ChatEndpoint, prompt: Prompt, body: dict[str, Any], listener: Listener | None = None
) -> Exchange:
    """Send one request and read its reply to the end.

    Args:
        endpoint: Who answers.
        prompt: What is asked.
        body: The same as a request, see `endpoints.request.build`.
        listener: Is told what the model writes while it writes it.

    Raises:
        EndpointError: Anything that goes wrong on the way.
    """
    style = endpoint.profile.prompting
    asks = style.reasoning != "none"
    parser = ReplyParser(expects_reasoning=asks, answer_tag=asks and style.answer_tag)
    content: list[str] = []
    tokens: list[Token] = []
    sent, first_token, finish = time.monotonic(), 0.0, None
    async for event in endpoint.stream(body):
        if isinstance(event, Finish):
            finish = event
            break
        first_token = first_token or time.monotonic() - sent
        content.append(event.content)
        tokens.extend(event.tokens)
        for piece in (*parser.feed_reasoning(event.reasoning), *parser.feed(event.content)):
            if listener:
                listener(piece)
    if finish is None:
        raise ProtocolError("the endpoint's answer ended without its last event")
    return Exchange(prompt, parser.finish(finish.reason), "".join(content), tuple(tokens), finish, first_token)
