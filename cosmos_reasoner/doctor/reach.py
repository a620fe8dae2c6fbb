"""The way in: which key, which model, how replies come."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product

from cosmos_reasoner.doctor.bench import Bench, Said, question
from cosmos_reasoner.doctor.finding import Finding, Level
from cosmos_reasoner.doctor.server import PAGE_SECONDS, Page, read_page, version_of
from cosmos_reasoner.endpoints.client import EndpointClient
from cosmos_reasoner.endpoints.profile import AuthScheme, Profile
from cosmos_reasoner.errors import (
    AuthenticationFailed,
    EndpointError,
    EndpointFailed,
    ProtocolError,
    RequestRejected,
)

__all__ = ["GREETING_TOKENS", "Reached", "reach"]

GREETING_TOKENS = 16
"""Tokens of the first reply at most: enough to see whether it begins with reasoning."""

_MOST_LISTED = 5
_GROUP = "endpoint"


@dataclass(frozen=True, slots=True)
class Reached:
    """An endpoint that answers.

    Attributes:
        bench: Asks it.
        hello: Its first reply.
        model: The model that answers.
        server: What serves it, in words.
        findings: What was learnt on the way in.
    """

    bench: Bench
    hello: Said
    model: str
    server: str
    findings: tuple[Finding, ...]


async def reach(url: str, model: str, key: str, profile: Profile, deadline: float) -> Reached:
    """Get a first reply from an endpoint, with and without the word Bearer before the key, streamed or whole.

    Args:
        url: Its address, ending in /v1.
        model: The model to ask; empty for the first that it lists.
        key: The key; empty for none.
        profile: What to try first.
        deadline: When the last answer must be there, s of `time.monotonic`.

    Raises:
        EndpointError: It cannot be reached, refuses the key, or does not answer at all.
    """
    bench, hello = await _enter(url, model, key, profile, deadline)
    try:
        address = f"{bench.client.base_url.rstrip('/')}/models"
        listing = await read_page(address, _authorization(bench, key), bench.within(PAGE_SECONDS))
        cards = _cards(listing)
        server = await _server(bench, listing, cards)
        chosen = await bench.client.model()
        findings = (
            await _key(bench, model or chosen, key),
            _model(chosen, list(cards)),
            _context(cards.get(chosen), profile),
            Finding(_GROUP, "server", Level.INFO, server),
            _streaming(bench),
            _usage(hello),
        )
    except BaseException:
        await bench.client.close()
        raise
    return Reached(bench, hello, chosen, server, findings)


async def _enter(url: str, model: str, key: str, profile: Profile, deadline: float) -> tuple[Bench, Said]:
    """Try every way in; the first failure tells most."""
    other = {AuthScheme.BEARER: AuthScheme.PLAIN, AuthScheme.PLAIN: AuthScheme.BEARER}[profile.auth]
    failures: list[EndpointError] = []
    for auth, streaming in product((profile.auth, other) if key else (profile.auth,), (True, False)):
        tried = profile.model_copy(update={"auth": auth, "streaming": streaming})
        bench = Bench(EndpointClient(tried, url, model, key), profile.concurrency, deadline)
        try:
            return bench, await bench.ask(question(), GREETING_TOKENS)
        except (AuthenticationFailed, RequestRejected, ProtocolError, EndpointFailed) as error:
            failures.append(error)
            await bench.client.close()
        except BaseException:
            await bench.client.close()
            raise
    raise failures[0]


def _authorization(bench: Bench, key: str) -> Mapping[str, str]:
    scheme = bench.client.profile.auth
    return {"Authorization": key if scheme is AuthScheme.PLAIN else f"Bearer {key}"} if key else {}


def _cards(listing: Page) -> dict[str, dict[str, object]]:
    """What the endpoint lists, by the models' names."""
    data = listing.data.get("data")
    cards = [card for card in data if isinstance(card, dict)] if isinstance(data, list) else []
    return {card["id"]: card for card in cards if isinstance(card.get("id"), str)}


async def _server(bench: Bench, listing: Page, cards: Mapping[str, Mapping[str, object]]) -> str:
    version = await version_of(bench.client.base_url, bench.within(PAGE_SECONDS))
    owners = {str(card.get("owned_by") or "") for card in cards.values()}
    name = "vLLM" if "vllm" in owners else listing.server
    return " ".join(part for part in (name, version) if part) or "unknown"


async def _key(bench: Bench, model: str, key: str) -> Finding:
    profile = bench.client.profile
    if not key:
        return Finding(_GROUP, "key", Level.OK, "none is needed")
    stranger = EndpointClient(profile, bench.client.base_url, model)
    trial = await Bench(stranger, deadline=bench.deadline).trial(question())
    bench.requests += 1
    await stranger.close()
    needed = "accepted, though none is needed" if trial.said else "accepted"
    form = "Authorization: KEY, without Bearer" if profile.auth is AuthScheme.PLAIN else "Authorization: Bearer KEY"
    return Finding(_GROUP, "key", Level.OK, f"{needed}, as {form}", profile={"auth": profile.auth.value})


def _model(chosen: str, listed: list[str]) -> Finding:
    if not listed:
        return Finding(_GROUP, "models", Level.INFO, f"{chosen}; the endpoint lists none")
    if listed == [chosen]:
        return Finding(_GROUP, "models", Level.OK, chosen)
    more = f", and {len(listed) - _MOST_LISTED} more" if len(listed) > _MOST_LISTED else ""
    text = f"{chosen}, of {', '.join(listed[:_MOST_LISTED])}{more}"
    return Finding(_GROUP, "models", Level.INFO, text, "name the model that you mean: a list may change its order")


def _context(card: Mapping[str, object] | None, profile: Profile) -> Finding:
    length = (card or {}).get("max_model_len")
    if not isinstance(length, int):
        return Finding(_GROUP, "context length", Level.INFO, "not told")
    wanted = profile.media.clip_tokens + profile.sampling.reasoning.max_tokens
    text = f"{length} tokens"
    if length >= wanted:
        return Finding(_GROUP, "context length", Level.OK, text)
    advice = f"serve it with --max-model-len {wanted + 1024} or more, or lower media.clip_tokens and max_tokens"
    return Finding(_GROUP, "context length", Level.WARN, f"{text}; a clip and its reply may take {wanted}", advice)


def _streaming(bench: Bench) -> Finding:
    if bench.client.profile.streaming:
        return Finding(_GROUP, "streaming", Level.OK, "replies come while written", profile={"streaming": True})
    advice = "a gateway before the server may do that: without it, time budgets hold better"
    return Finding(_GROUP, "streaming", Level.WARN, "replies come whole only", advice, {"streaming": False})


def _usage(hello: Said) -> Finding:
    if hello.finish.prompt_tokens:
        return Finding(_GROUP, "usage", Level.OK, "prompt tokens are told")
    advice = "what the server drops of a clip cannot be noticed; look at a gateway's settings for usage in streams"
    return Finding(_GROUP, "usage", Level.WARN, "prompt tokens are not told", advice)
