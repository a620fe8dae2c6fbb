"""How fast an endpoint answers, how fast it stops, and how much it still grants."""

import asyncio
import time
from collections.abc import Callable

from cosmos_reasoner.doctor.bench import Bench, question
from cosmos_reasoner.doctor.finding import Finding, Level
from cosmos_reasoner.doctor.glance import quota_text
from cosmos_reasoner.doctor.reach import GREETING_TOKENS
from cosmos_reasoner.doctor.server import running_requests
from cosmos_reasoner.errors import EndpointError, ProtocolError

__all__ = ["examine_cancel", "examine_pace", "examine_quota"]

_GROUP = "behaviour"
_LONG_REPLY = 1024
"""Tokens; more than a server writes while it is asked to stop."""

_PROMPT_SECONDS = 0.5
_LONGEST_SECONDS = 4.0
_POLL_SECONDS = 0.02


async def examine_pace(bench: Bench) -> Finding:
    """Measure the time to the first token of a tiny question, to which the server is already used."""
    trial = await bench.trial(question(), GREETING_TOKENS)
    if not trial.said:
        return Finding(_GROUP, "first token", Level.WARN, trial.why)
    if not trial.said.first:
        return Finding(_GROUP, "first token", Level.WARN, "nothing was written")
    return Finding(_GROUP, "first token", Level.INFO, f"{1000 * trial.said.first:.0f} ms after a tiny question")


async def examine_cancel(bench: Bench) -> Finding:
    """Leave a long reply while it is written, and watch how soon the server stops writing it."""
    try:
        return await asyncio.wait_for(_cancel(bench), bench.within(4 * _LONGEST_SECONDS))
    except asyncio.TimeoutError:
        return Finding(_GROUP, "cancel", Level.INFO, "not found out in time")
    except EndpointError as error:
        return Finding(_GROUP, "cancel", Level.INFO, f"not measured: {error}")


def examine_quota(bench: Bench) -> Finding:
    """Say what the headers of the replies said."""
    quota = bench.client.quota
    if quota is None:
        return Finding(_GROUP, "quota", Level.INFO, "none is told")
    scarce = quota.share is not None and quota.share < 0.1
    return Finding(_GROUP, "quota", Level.WARN if scarce else Level.OK, quota_text(quota))


async def _cancel(bench: Bench) -> Finding:
    if not bench.client.profile.streaming or await running_requests(bench.client.base_url) is None:
        return Finding(_GROUP, "cancel", Level.INFO, "not measurable: the server does not say how busy it is")
    spent = await _stopping(bench)
    if spent is None:
        text = f"a reply that nobody waits for still runs after {_LONGEST_SECONDS:g} s, unless others ask too"
        advice = "look for a gateway before the server that keeps connections"
        return Finding(_GROUP, "cancel", Level.WARN, text, advice)
    level = Level.OK if spent <= _PROMPT_SECONDS else Level.WARN
    return Finding(_GROUP, "cancel", level, f"a reply that nobody waits for ends within {spent:.2f} s")


async def _stopping(bench: Bench) -> float | None:
    """Begin a long reply, wait until the server counts it, and close the connection.

    Returns:
        How long it went on, s; None when it did not stop.

    Raises:
        EndpointError: There was nothing to stop.
    """
    url = bench.client.base_url
    before = await running_requests(url) or 0.0
    bench.requests += 1
    events = bench.client.stream(bench.body(question(), _LONG_REPLY, extra_body={"ignore_eos": True}))
    try:
        await anext(events)
        if await _until(url, lambda running: running > before) is None:
            raise ProtocolError(f"{url} does not count the request at /metrics")
    finally:
        await events.aclose()
    return await _until(url, lambda running: running <= before)


async def _until(url: str, wanted: Callable[[float], bool]) -> float | None:
    """Wait until the number of running requests is as wanted; give how long that took, s, or None for too long."""
    began = time.monotonic()
    while time.monotonic() - began < _LONGEST_SECONDS:
        if wanted(await running_requests(url) or 0.0):
            return time.monotonic() - began
        await asyncio.sleep(_POLL_SECONDS)
    return None
