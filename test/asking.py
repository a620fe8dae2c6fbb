"""Asking an endpoint as the package does, in one call."""

import asyncio
from typing import Any

from cosmos_reasoner.endpoints.client import EndpointClient
from cosmos_reasoner.endpoints.events import Delta, Finish
from cosmos_reasoner.endpoints.profile import Profile

BODY: dict[str, Any] = {"messages": [{"role": "user", "content": "What moves?"}], "stream": True, "seed": 1}
PROFILE = Profile(name="test")


def ask(
    url: str, body: dict[str, Any] | None = None, profile: Profile = PROFILE, **client: str
) -> list[Delta | Finish]:
    """Everything that an endpoint says to one request."""

    async def run() -> list[Delta | Finish]:
        asked = EndpointClient(profile, url, **client)
        try:
            return [event async for event in asked.stream(BODY if body is None else body)]
        finally:
            await asked.close()

    return asyncio.run(run())
