"""The two worlds of the node: rclpy's executor, and one asyncio loop in a thread of its own."""

import asyncio
import concurrent.futures
import threading
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any, TypeVar

from rclpy.executors import Executor
from rclpy.task import Future

from cosmos_reasoner.errors import Cancelled

__all__ = ["LoopThread", "awaitable"]

T = TypeVar("T")

_CANCELLED = "cancelled by the caller, or because the node stops"


class LoopThread:
    """An asyncio loop in a thread of its own; all HTTP and scheduling happens there."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._running: set[concurrent.futures.Future[Any]] = set()
        self._thread = threading.Thread(target=self._run, name="asyncio", daemon=True)
        self._thread.start()

    def submit(self, work: Coroutine[Any, Any, T]) -> "concurrent.futures.Future[T]":
        """Start work on the loop. Cancelling what is returned cancels the work."""
        running = asyncio.run_coroutine_threadsafe(work, self._loop)
        self._running.add(running)
        running.add_done_callback(self._running.discard)
        return running

    def post(self, callback: Callable[..., object], *args: Any) -> None:
        """Have something done on the loop soon; once it has ended, nothing is."""
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(callback, *args)

    def stop(self, last: Coroutine[Any, Any, None] | None = None, timeout: float = 2.0) -> None:
        """Cancel all work, and end the thread.

        Args:
            last: What is to be done once all work is cancelled, such as closing connections.
            timeout: How long to wait for each of both, s.
        """
        asyncio.run_coroutine_threadsafe(self._end(last, timeout), self._loop)
        self._thread.join(3 * timeout)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()
        self._loop.run_until_complete(self._loop.shutdown_asyncgens())
        self._loop.close()

    async def _end(self, last: Coroutine[Any, Any, None] | None, timeout: float) -> None:
        """Cancel what was submitted, which cancels whatever it began itself, and wait for all of it."""
        for running in tuple(self._running):
            running.cancel()
        try:
            if last:
                with suppress(asyncio.TimeoutError):
                    await asyncio.wait_for(last, timeout)
            if others := asyncio.all_tasks() - {asyncio.current_task()}:
                _, left = await asyncio.wait(others, timeout=timeout)
                await _cancelled(left)
        finally:
            self._loop.stop()


async def _cancelled(tasks: set[asyncio.Task[Any]]) -> None:
    """Cancel tasks that nobody waits for, and let them hear of it."""
    for task in tasks:
        task.cancel()
    await asyncio.sleep(0)


def awaitable(done: "concurrent.futures.Future[T]", executor: Executor) -> Future:
    """Something that an `async def` callback of rclpy can await until another thread has done its work.

    rclpy before 7.1.9 does not wake its executor when another thread completes a future, so this does.

    Args:
        done: The work.
        executor: Who runs the callback.
    """
    future = Future(executor=executor)

    def finish(_: object) -> None:
        error = Cancelled(_CANCELLED) if done.cancelled() else done.exception()
        if error is None:
            future.set_result(done.result())
        else:
            future.set_exception(error)
            future.exception()  # so that rclpy does not complain when nobody awaits any more
        executor.wake()

    done.add_done_callback(finish)
    return future
