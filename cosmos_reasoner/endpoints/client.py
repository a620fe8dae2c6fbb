"""One endpoint, asked over the OpenAI chat API."""

from collections.abc import AsyncIterator
from typing import Any, Protocol
from urllib.parse import urlsplit

import openai
from openai.types.chat import ChatCompletionChunk
from openai.types.chat.chat_completion_chunk import Choice

from cosmos_reasoner.endpoints.events import Delta, Finish, Token
from cosmos_reasoner.endpoints.failures import translated
from cosmos_reasoner.endpoints.profile import AuthScheme, Profile
from cosmos_reasoner.errors import ConfigurationError, ModelNotFound, ProtocolError

__all__ = ["ChatEndpoint", "EndpointClient"]

_CONNECT_SECONDS = 5.0
_SILENCE_SECONDS = 120.0
"""Longest wait between two chunks: the first one comes only after the server has seen the whole clip."""


class ChatEndpoint(Protocol):
    """What can be asked; `EndpointClient` is the one that this package has."""

    @property
    def profile(self) -> Profile:
        """How it wants to be asked."""

    async def model(self) -> str:
        """Name of the model that answers."""

    def stream(self, body: dict[str, Any]) -> AsyncIterator[Delta | Finish]:
        """Ask, and yield what is written, the end last."""

    async def close(self) -> None:
        """Close every connection."""


class EndpointClient:
    """One endpoint, asked over the OpenAI chat API.

    It belongs to one asyncio loop. It never retries: who asks knows how much time is left.

    Args:
        profile: How the endpoint wants to be asked.
        base_url: Its address, ending in /v1; empty for the profile's.
        model: The model's name; empty to take the first that the endpoint lists.
        key: The key; empty for none.

    Raises:
        ConfigurationError: The address is none of http or https.
    """

    def __init__(self, profile: Profile, base_url: str = "", model: str = "", key: str = "") -> None:
        self.profile = profile
        self.base_url = _checked(base_url or profile.base_url)
        self._model = model
        self._key = key
        self._headers = _headers(profile.auth, key)
        self._openai = openai.AsyncOpenAI(
            base_url=self.base_url,
            api_key=key or "none",
            max_retries=0,
            timeout=openai.Timeout(_SILENCE_SECONDS, connect=_CONNECT_SECONDS),
        )

    async def model(self) -> str:
        """Name of the model: as given, or the first that the endpoint lists.

        Raises:
            EndpointError: The endpoint cannot say.
        """
        if not self._model:
            with translated(self.base_url, self._key):
                listed = (await self._openai.models.list(extra_headers=self._headers)).data or ()
                self._model = next((entry.id for entry in listed if entry.id), "")
            if not self._model:
                raise ModelNotFound(f"{self.base_url} lists no model: name one")
        return self._model

    async def stream(self, body: dict[str, Any]) -> AsyncIterator[Delta | Finish]:
        """Ask, and yield what is written as it comes, with a `Finish` last.

        Leaving the iteration early closes the connection, which ends the generation.

        Args:
            body: Arguments of `chat.completions.create`, see `request.build`.

        Raises:
            EndpointError: Anything that goes wrong.
        """
        ending = _Ending(await self.model())
        with translated(self.base_url, self._key):
            chunks = await self._openai.chat.completions.create(model=ending.model, extra_headers=self._headers, **body)
            try:
                async for chunk in chunks:
                    ending.note(chunk)
                    for choice in chunk.choices or ():
                        if delta := _delta(choice):
                            yield delta
            finally:
                await chunks.close()
        if not ending.answered:
            raise ProtocolError(f"{self.base_url} sent no chunk of a chat completion: is it the OpenAI chat API?")
        yield ending.finish()

    async def close(self) -> None:
        """Close every connection."""
        await self._openai.close()


def _checked(url: str) -> str:
    try:
        parts = urlsplit(url)
        valid = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        valid = False
    if not valid:
        raise ConfigurationError(f"endpoint address {url!r}: give one like http://127.0.0.1:8000/v1")
    return url


def _headers(scheme: AuthScheme, key: str) -> dict[str, str | openai.Omit]:
    """Say who asks, and leave nothing open: the OpenAI client would fill it in from the environment's OPENAI_*."""
    authorization = key if scheme is AuthScheme.PLAIN else f"Bearer {key}"
    nothing = openai.Omit()
    return {
        "Authorization": authorization if key else nothing,
        "OpenAI-Organization": nothing,
        "OpenAI-Project": nothing,
    }


class _Ending:
    """Gathers from the chunks what the last event tells."""

    def __init__(self, model: str) -> None:
        self.model = model
        self._reason: str | None = None
        self._tokens = (0, 0)
        self.answered = False

    def note(self, chunk: ChatCompletionChunk) -> None:
        self.model = chunk.model or self.model
        for choice in chunk.choices or ():
            self.answered = True
            self._reason = choice.finish_reason or self._reason
        if chunk.usage:
            self._tokens = (chunk.usage.prompt_tokens or 0, chunk.usage.completion_tokens or 0)

    def finish(self) -> Finish:
        return Finish(self._reason, self.model, *self._tokens)


def _delta(choice: Choice) -> Delta | None:
    """Read a chunk; newer servers call the separate field `reasoning`, older ones `reasoning_content`."""
    if not choice.delta:
        return None
    extra = choice.delta.model_extra or {}
    reasoning = extra.get("reasoning") or extra.get("reasoning_content") or ""
    content = choice.delta.content or ""
    if not (isinstance(content, str) and isinstance(reasoning, str)):
        raise TypeError(f"a piece of text is a {type(content or reasoning).__name__}")
    tokens = _tokens(choice)
    return Delta(content, reasoning, tokens) if content or reasoning or tokens else None


def _tokens(choice: Choice) -> tuple[Token, ...]:
    if choice.logprobs is None or not choice.logprobs.content:
        return ()
    return tuple(
        Token(entry.token, float(entry.logprob), tuple((top.token, top.logprob) for top in entry.top_logprobs or ()))
        for entry in choice.logprobs.content
    )
