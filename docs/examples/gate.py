"""One question at the gate, for whatever blocks while it waits: a state machine, a script for an arm."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Thread

import rclpy
from rclpy.executors import ExternalShutdownException, SingleThreadedExecutor
from rclpy.node import Node
from rclpy.signals import SignalHandlerOptions

from cosmos_reasoner.errors import CosmosReasonerError
from cosmos_reasoner.nodes.planner_client import PlannerClient
from cosmos_reasoner_msgs.srv import Verify

WORDS = {Verify.Response.PROCEED: "proceed", Verify.Response.HOLD: "hold", Verify.Response.ABORT: "abort"}


def decide(client: PlannerClient, statement: str, budget: float = 2.0) -> str:
    """Ask whether to go on: "proceed", "hold" or "abort"; every error is a "hold"."""
    try:
        return WORDS[client.wait(client.verify(statement, budget=budget)).decision]
    except CosmosReasonerError:
        return "hold"


@contextmanager
def planner(name: str = "planner", reasoner: str = "/reasoner") -> Iterator[PlannerClient]:
    """Give a client whose node spins in a thread of its own, so that the caller may block."""
    rclpy.init(signal_handler_options=SignalHandlerOptions.NO)  # so that Ctrl-C reaches the caller
    node = Node(name)
    executor = SingleThreadedExecutor()
    executor.add_node(node)
    thread = Thread(target=_spin, args=(executor,))
    thread.start()
    client = PlannerClient(node, reasoner)
    try:
        yield client
    finally:
        rclpy.try_shutdown()
        thread.join()


def _spin(executor: SingleThreadedExecutor) -> None:
    with suppress(ExternalShutdownException):
        executor.spin()
