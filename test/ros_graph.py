"""A ROS graph for a test: a context and a domain of its own, and an executor that spins in the background."""

import gc
import os
import socket
import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar

import rclpy
from rclpy.action import ActionClient
from rclpy.context import Context
from rclpy.executors import ExternalShutdownException, SingleThreadedExecutor
from rclpy.node import Node
from rclpy.task import Future

NodeT = TypeVar("NodeT", bound=Node)

_LOCK_PORT = 32768
"""TCP port of domain 0. Whoever holds port 32768 + n uses domain n: the rule of ROS's own domain_coordinator."""

_DOMAINS = 100
"""Domains 1 to 100 leave DDS's ports below the ephemeral ones of Linux."""


class Ros:
    """A ROS graph with nobody else in it.

    Attributes:
        context: Pass it to every node: `Node("name", context=ros.context)`.
        domain_id: For child processes; `environment` has it.
    """

    def __init__(self, domain_id: int) -> None:
        self.domain_id = domain_id
        self.context = Context()
        rclpy.init(args=[], context=self.context, domain_id=domain_id)
        self.executor = SingleThreadedExecutor(context=self.context)
        self._end = Future()
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._spin, name="ros", daemon=True)
        self._thread.start()

    @property
    def environment(self) -> dict[str, str]:
        """Environment for a child process in the same graph."""
        return {**os.environ, "ROS_DOMAIN_ID": str(self.domain_id)}

    def spin(self, node: NodeT) -> NodeT:
        """Have a node's callbacks run in the background from now on; it is destroyed at the end of the test."""
        self.executor.add_node(node)
        return node

    def node(self, name: str = "test", **options: Any) -> Node:
        """Make a node that spins in the background."""
        return self.spin(Node(name, context=self.context, **options))

    def action_client(self, kind: Any, name: str) -> ActionClient:
        """Make an action client on a node of its own.

        The node spins only then: rclpy's client shows itself to whoever spins before it has its lock.
        """
        node = Node("action_client", context=self.context)
        client = ActionClient(node, kind, name)
        self.spin(node)
        return client

    def wait_for(self, condition: Callable[[], object], timeout: float = 30.0, what: str = "") -> None:
        """Return as soon as a condition holds.

        Raises:
            AssertionError: It did not within `timeout` seconds, or a callback raised.
        """
        deadline = time.monotonic() + timeout
        while not condition():
            if self._failure is not None:
                raise AssertionError(f"a callback raised {self._failure!r}") from self._failure
            assert time.monotonic() < deadline, f"still not after {timeout} s: {what or condition}"
            time.sleep(0.002)

    def result(self, future: Future, timeout: float = 30.0) -> Any:
        """Wait for a future, as of a service call, and return its result."""
        self.wait_for(future.done, timeout, "a result")
        return future.result()

    def transition(self, change: Callable[[], Any]) -> Any:
        """Make a lifecycle transition where the node spins, as its services do, and return what came of it.

        Elsewhere rclpy may just be waiting for what the transition destroys.
        """
        return self.result(self.executor.create_task(change))

    def close(self) -> None:
        """Stop spinning, destroy the nodes, shut the context down; raise what a callback raised."""
        self._end.set_result(None)
        self._thread.join(timeout=10.0)
        nodes = self.executor.get_nodes()
        self.executor.shutdown()
        while nodes:
            nodes.pop().destroy_node()
        self.context.try_shutdown()
        gc.collect()  # a lifecycle node is part of cycles: without this it would haunt the graphs of later tests
        assert not self._thread.is_alive(), "a callback does not return"
        if self._failure is not None:
            raise self._failure

    def _spin(self) -> None:
        try:
            self.executor.spin_until_future_complete(self._end)
        except ExternalShutdownException:
            pass
        except BaseException as error:  # noqa: BLE001  the test is told, in its own thread
            self._failure = error


def claim_domain() -> socket.socket:
    """Take a domain that no test, process or worker on this machine uses, until the socket is closed."""
    for i in range(_DOMAINS):
        lock = socket.socket()
        try:
            lock.bind(("", _LOCK_PORT + 1 + (os.getpid() + i) % _DOMAINS))
        except OSError:
            lock.close()
        else:
            return lock
    raise RuntimeError("all ROS domains are in use on this machine")


def domain_of(lock: socket.socket) -> int:
    """Number of a claimed domain."""
    return int(lock.getsockname()[1]) - _LOCK_PORT
