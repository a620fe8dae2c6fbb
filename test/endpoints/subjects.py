"""The endpoints that are held to the contract."""

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache

import pytest
from scripted_vllm import ScriptedVllm

from cosmos_reasoner.doctor.examine import examine
from cosmos_reasoner.doctor.server import running_requests
from cosmos_reasoner.embedded.serving import EmbeddedServer
from cosmos_reasoner.embedded.settings import Settings
from cosmos_reasoner.endpoints.profile import Profile
from cosmos_reasoner.endpoints.profile_files import load_profile

KINDS = ("scripted", "embedded", "live")


@dataclass(frozen=True)
class Subject:
    """One endpoint.

    Attributes:
        profile: How it is asked.
        url: Its address.
        key: Its key; empty for none.
        model: The model to ask; empty for the first that it lists.
        running: Tells how many requests it works on; None when it does not say.
    """

    profile: Profile
    url: str
    key: str
    model: str
    running: Callable[[], Awaitable[float | None]]


@contextmanager
def opened(kind: str, pace: float = 0.0) -> Iterator[Subject]:
    """One of the kinds, for as long as the block lasts.

    Args:
        kind: Which.
        pace: Tokens a second of the embedded endpoint; 0 for as fast as it can.
    """
    if kind == "live":
        yield _live()
    elif kind == "embedded":
        with EmbeddedServer(Settings(key="sk-embedded", tokens_per_second=pace)) as server:
            yield Subject(load_profile("embedded"), server.url, "sk-embedded", "", lambda: _active(server))
    else:
        with ScriptedVllm("sk-scripted") as scripted:
            url = scripted.url
            yield Subject(load_profile("cosmos_reason1"), url, "sk-scripted", "", lambda: running_requests(url))


@cache
def _live() -> Subject:
    """The one that the environment names; without a profile, the one that the doctor recommends."""
    url, key = os.environ.get("COSMOS_CONFORMANCE_URL", ""), os.environ.get("COSMOS_API_KEY", "")
    if not url:
        pytest.skip("COSMOS_CONFORMANCE_URL names no live endpoint: see `make conformance`")
    model, named = os.environ.get("COSMOS_CONFORMANCE_MODEL", ""), os.environ.get("COSMOS_CONFORMANCE_PROFILE", "")
    profile = load_profile(named) if named else asyncio.run(examine(url, model, key)).profile
    return Subject(profile, url, key, model, lambda: running_requests(url))


async def _active(server: EmbeddedServer) -> float:
    return float(server.activity.counts.running)
