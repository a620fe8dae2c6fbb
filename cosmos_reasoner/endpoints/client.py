"""One endpoint, asked over the OpenAI chat API."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import urlsplit

import openai

from cosmos_reasoner.endpoints.completions import CompletionReader
from cosmos_reasoner.endpoints.events import Delta, Finish
from cosmos_reasoner.endpoints.failures import said_inside, translated
from cosmos_reasoner.endpoints.profile import AuthScheme, Profile
from cosmos_reasoner.endpoints.quota import Quota, read_quota
from cosmos_reasoner.endpoints.text import whole_characters
from cosmos_reasoner.endpoints.transport import http_client
from cosmos_reasoner.errors import ConfigurationError, EndpointError, ModelNotFound

__all__ = ["ChatEndpoint", "EndpointClient", "ModelCard"]

_CONNECT_SECONDS = 3.0
"""Longest wait for a connection: one over Wi-Fi takes a tenth of it, and another endpoint may be waiting."""

_SILENCE_SECONDS = 120.0
"""Longest wait between two chunks: the first one comes only after the server has seen the whole clip."""

_STRETCH = 0.002
"""s; so long may the chunks of one reply be read at a stretch."""

_LISTING_SECONDS = 10.0
_COUNTING_SECONDS = 2.0

_NOT_FOR_US = (401, 403, 404, 405, 501)
"""Statuses of a page that an endpoint does not have, or not for everybody."""


@dataclass(frozen=True, slots=True)
class ModelCard:
    """A model as an endpoint lists it.

    Attributes:
        id: Its name.
        max_model_len: Tokens of prompt and reply together at most; None when the endpoint does not say.
    """

    id: str
    max_model_len: int | None = None


class ChatEndpoint(Protocol):
    """What can be asked; `EndpointClient` is the one that this package has."""

    @property
    def profile(self) -> Profile:
        """How it wants to be asked."""

    @property
    def base_url(self) -> str:
        """Its address."""

    @property
    def quota(self) -> Quota | None:
        """How many requests it still grants, as it said last; None when it says nothing."""

    async def model(self) -> str:
        """Name of the model that answers."""

    def stream(self, body: dict[str, Any]) -> AsyncGenerator[Delta | Finish, None]:
        """Ask, and yield what is written, the end last."""

    async def count_tokens(self, messages: list[dict[str, Any]]) -> int | None:
        """Have it count the tokens of a prompt; None when it does not."""

    async def close(self) -> None:
        """Close every connection."""


class EndpointClient:
    """One endpoint, asked over the OpenAI chat API.

    It belongs to one asyncio loop. It never asks the same twice, but for one thing: a model that it found by itself and
    that is gone is looked up anew, as after a restart of the server with another one.

    Args:
        profile: How the endpoint wants to be asked.
        base_url: Its address, ending in /v1; empty for the profile's.
        model: The model's name; empty to take the first that the endpoint lists.
        key: The key; empty for none.

    Raises:
        ConfigurationError: The address is none of http or https, or holds a password.
    """

    def __init__(self, profile: Profile, base_url: str = "", model: str = "", key: str = "") -> None:
        self.profile = profile
        self.base_url = _checked(base_url or profile.base_url)
        self.quota: Quota | None = None
        self._named = model
        self._key = key
        self._authorization = _authorization(profile.auth, key)
        self._headers = _headers(self._authorization)
        self._card: asyncio.Future[ModelCard] | None = None
        self._counts_tokens = True
        self._http = http_client(self._hear)
        self._openai = openai.AsyncOpenAI(
            base_url=self.base_url,
            api_key=key or "none",
            max_retries=0,
            timeout=openai.Timeout(_SILENCE_SECONDS, connect=_CONNECT_SECONDS),
            http_client=self._http,
        )

    async def model(self) -> str:
        """Name of the model: as given, or the first that the endpoint lists.

        Raises:
            EndpointError: The endpoint cannot say.
        """
        return self._named or (await self.describe()).id

    async def describe(self) -> ModelCard:
        """What the endpoint lists of the model. It is asked once, however many want to know.

        Raises:
            EndpointError: The endpoint cannot say.
        """
        if self._card is None:
            self._card = asyncio.ensure_future(self._look_up())
            self._card.add_done_callback(self._looked_up)
        return await asyncio.shield(self._card)  # who is cancelled while waiting leaves the others their answer

    async def stream(self, body: dict[str, Any]) -> AsyncGenerator[Delta | Finish, None]:
        """Ask, and yield what is written as it comes, with a `Finish` last.

        Leaving the iteration early closes the connection, which ends the generation.

        Args:
            body: Arguments of `chat.completions.create`, see `request.build`; where they ask for no stream, everything
                comes at once.

        Raises:
            EndpointError: Anything that goes wrong.
        """
        model, reply = await self._begin(body)
        reader, breath = CompletionReader(self.base_url, model, streamed=bool(body.get("stream"))), _Breath()
        with translated(self.base_url, self._key):
            if body.get("stream"):
                try:
                    async for chunk in reply:
                        for delta in reader.chunk(chunk):
                            yield delta
                        await breath.take()
                finally:
                    await reply.close()
            else:
                for delta in reader.whole(self._completed(reply)):
                    yield delta
        yield reader.finish()

    async def count_tokens(self, messages: list[dict[str, Any]]) -> int | None:
        """Have the endpoint count the tokens of a prompt, media included, as vLLM does; None when it does not.

        Args:
            messages: Of a chat completion.
        """
        try:
            counting = self._count(messages) if self._counts_tokens else None
            return await asyncio.wait_for(counting, _COUNTING_SECONDS) if counting else None
        except (EndpointError, asyncio.TimeoutError):
            return None

    async def close(self) -> None:
        """Close every connection."""
        if self._card:
            self._card.cancel()
        await self._openai.close()

    def _hear(self, headers: Mapping[str, str]) -> None:
        self.quota = read_quota(headers) or self.quota

    async def _begin(self, body: dict[str, Any]) -> tuple[str, Any]:
        """Send a request; give the model that was asked and the beginning of the reply."""
        model, card = await self.model(), self._card
        try:
            return model, await self._create(model, body)
        except ModelNotFound:
            if self._named:
                raise
            if self._card is card:
                self._card = None
            found = await self.model()
            if found == model:
                raise
            return found, await self._create(found, body)

    async def _create(self, model: str, body: dict[str, Any]) -> Any:
        """Send a request. `chat.completions.create` would make an object of each log-probability: thrice the work."""
        said = {name: value for name, value in body.items() if name != "extra_body"}
        with translated(self.base_url, self._key):
            return await self._openai.post(
                "/chat/completions",
                body={"model": model, **said, **body.get("extra_body", {})},
                options={"headers": self._headers},
                cast_to=object,
                stream=bool(body.get("stream")),
                stream_cls=openai.AsyncStream[object],
            )

    def _completed(self, reply: Any) -> Any:
        """Check that a reply that came at once is a completion, and neither a page nor an error."""
        if isinstance(reply, str):
            raise TypeError(reply)
        if error := reply.get("error"):
            raise said_inside(self.base_url, error, self._key)
        return reply

    async def _look_up(self) -> ModelCard:
        with translated(self.base_url, self._key):
            patience = openai.Timeout(_LISTING_SECONDS, connect=_CONNECT_SECONDS)
            page = await self._openai.models.list(extra_headers=self._headers, timeout=patience)
            cards = [
                ModelCard(whole_characters(entry.id), _length(entry.model_extra))
                for entry in page.data or ()
                if _is_named(entry)
            ]
        if self._named:
            return next((card for card in cards if card.id == self._named), ModelCard(self._named))
        if not cards:
            raise ModelNotFound(f"{self.base_url} lists no model: name one")
        return cards[0]

    def _looked_up(self, card: "asyncio.Future[ModelCard]") -> None:
        """Forget a failure, so that the next who wants to know asks again."""
        if (card.cancelled() or card.exception()) and self._card is card:
            self._card = None

    async def _count(self, messages: list[dict[str, Any]]) -> int | None:
        body = {"model": await self.model(), "messages": messages, "add_generation_prompt": True}
        url = self.base_url.rstrip("/").removesuffix("/v1") + "/tokenize"
        with translated(self.base_url, self._key):
            reply = await self._http.post(url, json=body, headers=self._authorization)
            self._counts_tokens = reply.status_code not in _NOT_FOR_US
            count = reply.json().get("count") if reply.is_success else None
        return count if isinstance(count, int) else None


class _Breath:
    """Lets others have the loop now and then: of a fast endpoint, hundreds of chunks may be there at once."""

    def __init__(self) -> None:
        self._clock = asyncio.get_running_loop().time
        self._began = self._clock()

    async def take(self) -> None:
        if self._clock() - self._began > _STRETCH:
            await asyncio.sleep(0)
            self._began = self._clock()


def _checked(url: str) -> str:
    try:
        parts = urlsplit(url)
        valid = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0 and url.isprintable()
    except ValueError:
        valid = False
    if valid and parts.username is not None:
        raise ConfigurationError(f"endpoint address at {parts.hostname!r}: it holds a user or password; use a key")
    if not valid:
        shown = "with an @" if "@" in url else repr(url)  # what stands before the @ may be a password
        raise ConfigurationError(f"endpoint address {shown}: give one like http://127.0.0.1:8000/v1")
    return url


def _authorization(scheme: AuthScheme, key: str) -> dict[str, str]:
    return {"Authorization": key if scheme is AuthScheme.PLAIN else f"Bearer {key}"} if key else {}


def _headers(authorization: dict[str, str]) -> dict[str, str | openai.Omit]:
    """Say who asks, and leave nothing open: the OpenAI client would fill it in from the environment's OPENAI_*."""
    nothing = openai.Omit()
    return {
        "Authorization": nothing,
        "OpenAI-Organization": nothing,
        "OpenAI-Project": nothing,
        **authorization,
    }


def _is_named(entry: Any) -> bool:
    name = getattr(entry, "id", None)
    return isinstance(name, str) and bool(name)


def _length(extra: Mapping[str, Any] | None) -> int | None:
    length = (extra or {}).get("max_model_len")
    return length if isinstance(length, int) and length > 0 else None
