"""ROS for tests."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from ros_graph import Ros

pytest.importorskip("rclpy", reason="needs ROS 2")


@pytest.fixture
def ros(monkeypatch: pytest.MonkeyPatch) -> "Iterator[Ros]":
    """Give a ROS graph with nobody else in it."""
    from ros_graph import Ros, claim_domain, domain_of

    monkeypatch.setenv("ROS_AUTOMATIC_DISCOVERY_RANGE", "LOCALHOST")
    with claim_domain() as lock:
        graph = Ros(domain_of(lock))
        yield graph
        graph.close()
