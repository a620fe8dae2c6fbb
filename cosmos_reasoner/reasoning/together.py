"""Several requests at once."""

import asyncio
from collections.abc import Coroutine, Iterable
from typing import Any, TypeVar

from cosmos_reasoner.errors import EndpointError

__all__ = ["GATHERING_SECONDS", "all_of", "whatever_comes"]

GATHERING_SECONDS = 0.05
"""Kept of a time budget to make one answer of the replies that came."""

T = TypeVar("T")


async def all_of(asking: Iterable[Coroutine[Any, Any, T]]) -> list[T]:
    """Wait for all; the first that fails ends the others, and its error is raised."""
    tasks = [asyncio.ensure_future(each) for each in asking]
    try:
        return list(await asyncio.gather(*tasks))
    finally:
        for task in tasks:
            task.cancel()


async def whatever_comes(asking: Iterable[Coroutine[Any, Any, T]], seconds: float | None) -> list[T | None]:
    """Wait for all, and leave out those that the endpoint fails over or that take too long.

    Args:
        asking: What is asked.
        seconds: How long to wait, s; None for no limit.

    Returns:
        One result each, in their order; None for those that are left out.
    """
    tasks = [asyncio.ensure_future(_unless_it_fails(each)) for each in asking]
    if not tasks:
        return []
    try:
        done, _ = await asyncio.wait(tasks, timeout=seconds)
    finally:
        for task in tasks:
            task.cancel()
    return [task.result() if task in done else None for task in tasks]


async def _unless_it_fails(asking: Coroutine[Any, Any, T]) -> T | None:
    try:
        return await asking
    except EndpointError:
        return None
