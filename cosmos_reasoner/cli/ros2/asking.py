"""Asking a running reasoner, until it has answered or somebody presses Ctrl-C."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import rclpy
from rclpy.executors import SingleThreadedExecutor
from rclpy.node import Node
from rclpy.signals import SignalHandlerOptions

from cosmos_reasoner.cli.reasoners import reasoners, where
from cosmos_reasoner.errors import CosmosReasonerError, NotActive
from cosmos_reasoner.nodes.reason_client import ReasonClient
from cosmos_reasoner_msgs.action import Reason

__all__ = ["ask"]

_DISCOVERY = 5.0
"""s; how long a reasoner is looked for."""

_TICK = 0.1
"""s; how soon Ctrl-C is noticed."""

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


def ask(name: str, goal: Reason.Goal, wrote: Callable[[Reason.Feedback], None]) -> Reason.Result:
    """Ask a reasoner, and wait for the answer. Ctrl-C takes the question back, which ends the generation.

    Args:
        name: Full name of the reasoner node.
        goal: What is asked.
        wrote: Is told what the model writes.

    Raises:
        NotActive: There is no such reasoner, or it is gone.
        CosmosReasonerError: It has no answer.
        KeyboardInterrupt: Ctrl-C: no question was on its way, it has been taken back, or Ctrl-C came twice.
    """
    with _interrupts() as told, _spinning() as (node, executor):
        client = ReasonClient(node, name)
        executor.add_node(node)
        _find(client, executor, told, lambda: where(name, reasoners(node)))
        result = _wait(client, executor, told, name, goal, wrote)
    if result.error_code:
        raise CosmosReasonerError(result.error_message)
    return result


def _find(client: ReasonClient, executor: SingleThreadedExecutor, told: list[int], missing: Callable[[], str]) -> None:
    end = time.monotonic() + _DISCOVERY
    while not client.is_there:
        if told:
            raise KeyboardInterrupt
        if time.monotonic() >= end:
            raise NotActive(f"{missing()}: start it, or correct the name")
        executor.spin_once(_TICK)


def _wait(
    client: ReasonClient,
    executor: SingleThreadedExecutor,
    told: list[int],
    name: str,
    goal: Reason.Goal,
    wrote: Callable[[Reason.Feedback], None],
) -> Reason.Result:
    call = client.call(goal, wrote)
    task = executor.create_task(call.result())
    interrupts = 0
    while not task.done():
        executor.spin_once(_TICK)
        if len(told) > interrupts:
            interrupts = len(told)
            call.cancel()
        if interrupts > 1:
            raise KeyboardInterrupt
        if not client.is_there and not task.done():
            raise NotActive(f"{name} went away before it answered")
    result: Reason.Result = task.result()
    if told and result.error_code:
        raise KeyboardInterrupt
    return result


@contextmanager
def _interrupts() -> Iterator[list[int]]:
    """Note SIGINT and SIGTERM instead of ending: while ROS runs, the question can still be taken back."""
    told: list[int] = []
    before = {kind: signal.signal(kind, lambda number, _: told.append(number)) for kind in _SIGNALS}
    try:
        yield told
    finally:
        for kind, handler in before.items():
            signal.signal(kind, handler)


@contextmanager
def _spinning() -> Iterator[tuple[Node, SingleThreadedExecutor]]:
    rclpy.init(args=[], signal_handler_options=SignalHandlerOptions.NO)
    try:
        node, executor = Node(f"reason_{os.getpid()}"), SingleThreadedExecutor()
        try:
            yield node, executor
        finally:
            executor.shutdown()
            node.destroy_node()
    finally:
        rclpy.try_shutdown()
