"""The cheap look at an endpoint: what serves there, in under a second."""

import asyncio
from dataclasses import dataclass

from cosmos_reasoner.doctor.server import version_of
from cosmos_reasoner.endpoints.client import EndpointClient
from cosmos_reasoner.endpoints.quota import Quota
from cosmos_reasoner.errors import EndpointUnreachable

__all__ = ["Glance", "glance", "quota_text"]

_SECONDS = 0.9


@dataclass(frozen=True, slots=True)
class Glance:
    """What serves at an endpoint.

    Attributes:
        url: Its address.
        model: The model that answers.
        max_model_len: Tokens of prompt and reply together at most; None when the endpoint does not say.
        version: Of the server; empty when unknown.
        quota: How many requests are left; None when the endpoint does not say.
    """

    url: str
    model: str
    max_model_len: int | None
    version: str
    quota: Quota | None

    def __str__(self) -> str:
        """Say it in one line."""
        facts = [f"{self.url} serves {self.model}"]
        facts += [f"context {self.max_model_len} tokens"] if self.max_model_len else []
        facts += [f"server version {self.version}"] if self.version else []
        facts += [quota_text(self.quota)] if self.quota else []
        return ", ".join(facts)


async def glance(client: EndpointClient) -> Glance:
    """Look at an endpoint with two small requests that ask no model anything.

    Raises:
        EndpointError: It cannot be reached within a second, refuses the key, or cannot say what it serves.
    """
    version = asyncio.ensure_future(version_of(client.base_url, _SECONDS))
    try:
        card = await asyncio.wait_for(client.describe(), _SECONDS)
        return Glance(client.base_url, card.id, card.max_model_len, await version, client.quota)
    except asyncio.TimeoutError:
        raise EndpointUnreachable(f"{client.base_url} did not say within {_SECONDS:g} s what it serves") from None
    finally:
        version.cancel()


def quota_text(quota: Quota) -> str:
    """How many requests are left, in words."""
    pairs = ((quota.remaining, quota.limit, ""), (quota.model_remaining, quota.model_limit, " for this model"))
    said = [f"{left} of {limit or '?'} requests left{whose}" for left, limit, whose in pairs if left is not None]
    return ", ".join(said) + (" today" if quota.daily else "")
