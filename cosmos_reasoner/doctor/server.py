"""The pages of a server beside its chat API: what it is, and how busy."""

import asyncio
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cosmos_reasoner.endpoints.transport import HTTP, http_client
from cosmos_reasoner.errors import ProtocolError

__all__ = ["PAGE_SECONDS", "Page", "read_page", "root_of", "running_requests", "version_of"]

PAGE_SECONDS = 2.0
"""Longest wait for a page."""

_RUNNING = re.compile(r"^vllm:num_requests_running(?:\{.*\})? ([0-9.e+]+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Page:
    """What came back.

    Attributes:
        status: HTTP status; 0 when nothing came.
        text: The body.
        server: What the server calls itself; empty when it does not.
    """

    status: int = 0
    text: str = ""
    server: str = ""

    @property
    def data(self) -> dict[str, Any]:
        """The body as a JSON object; empty when it is none, or an error."""
        try:
            read = json.loads(self.text) if self.status == 200 else {}
        except ValueError:
            read = {}
        return read if isinstance(read, dict) else {}


def root_of(base_url: str) -> str:
    """Address of the server: that of its API without /v1."""
    return base_url.rstrip("/").removesuffix("/v1")


async def read_page(url: str, headers: Mapping[str, str] | None = None, seconds: float = PAGE_SECONDS) -> Page:
    """Read a page; an empty one when nothing comes in time.

    Args:
        url: Its address.
        headers: To send along.
        seconds: Longest wait, s.
    """
    client = http_client(lambda _: None)
    try:
        got = await asyncio.wait_for(client.get(url, headers=dict(headers or {})), seconds)
        return Page(got.status_code, got.text, got.headers.get("server", ""))
    except (HTTP.HTTPError, asyncio.TimeoutError, ProtocolError):
        return Page()
    finally:
        await client.aclose()


async def version_of(base_url: str, seconds: float = PAGE_SECONDS) -> str:
    """Version of the server, as vLLM tells it at /version; empty when it does not."""
    version = (await read_page(f"{root_of(base_url)}/version", seconds=seconds)).data.get("version")
    return version if isinstance(version, str) else ""


async def running_requests(base_url: str) -> float | None:
    """Requests that a vLLM works on at the moment; None where /metrics does not say."""
    page = await read_page(f"{root_of(base_url)}/metrics")
    found = _RUNNING.findall(page.text) if page.status == 200 else []
    return sum(float(number) for number in found) if found else None
