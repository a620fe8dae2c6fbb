"""The asyncio loop of the node: when it ends, nothing of it is left."""

import asyncio
import threading

import pytest

pytest.importorskip("rclpy", reason="needs ROS 2")

from cosmos_reasoner.nodes.bridge import LoopThread


async def forever(ended: threading.Event) -> None:
    try:
        await asyncio.sleep(60)
    finally:
        ended.set()


async def nothing() -> None:
    """Do nothing."""


def test_work_that_is_under_way_is_cancelled() -> None:
    loop, ended = LoopThread(), threading.Event()
    running = loop.submit(forever(ended))
    loop.stop(nothing())
    assert ended.is_set() and running.cancelled()


def test_what_a_work_began_and_left_behind_is_cancelled_too() -> None:
    loop, ended = LoopThread(), threading.Event()
    kept = []

    async def leave() -> None:
        kept.append(asyncio.ensure_future(forever(ended)))

    loop.submit(leave()).result(10)
    loop.stop(nothing(), timeout=0.1)
    assert ended.is_set()


def test_connections_that_do_not_close_in_time_keep_nothing_from_being_cancelled() -> None:
    loop, ended, closed = LoopThread(), threading.Event(), threading.Event()
    kept = []

    async def leave() -> None:
        kept.append(asyncio.ensure_future(forever(ended)))

    loop.submit(leave()).result(10)
    loop.stop(forever(closed), timeout=0.1)
    assert ended.is_set() and closed.is_set()
