"""`cosmos-reasoner demo` as people run it."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from recorded import shared

pytest.importorskip("rclpy", reason="needs ROS 2")


@pytest.fixture
def demo():
    """A function that runs the demo, alone in its ROS domain."""
    from ros_graph import claim_domain, domain_of

    with claim_domain() as lock:
        environment = {**os.environ, "ROS_DOMAIN_ID": str(domain_of(lock))}

        def run(*arguments: object) -> "subprocess.CompletedProcess[str]":
            command = [sys.executable, "-m", "cosmos_reasoner.cli.main", "demo", *map(str, arguments)]
            return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=100)

        yield run


def test_it_shows_predictions_and_rankings_and_closes_with_their_numbers(demo) -> None:
    done = demo(shared("videos/balle-jbart.mp4"), "--seconds", "10")
    last = done.stdout.splitlines()[-1]
    counts = re.fullmatch(r"demo: (\d+) predictions, (\d+) rankings, \d+ dropped, 0 errors", last)
    assert counts and int(counts[1]) > 0 and int(counts[2]) > 0, done.stdout + done.stderr
    assert done.returncode == 0
    assert "Traceback" not in done.stderr


def test_a_bag_is_shown_as_well(demo) -> None:
    done = demo(shared("bags/office_doorway_db3"), "--seconds", "10")
    assert done.returncode == 0, done.stdout + done.stderr


def test_without_a_prediction_it_fails(demo) -> None:
    done = demo(shared("videos/balle-jbart.mp4"), "--seconds", "1", "--endpoint", "http://127.0.0.1:9/v1")
    assert done.returncode == 1
    assert done.stdout.splitlines()[-1].startswith("demo: 0 predictions, 0 rankings")


def test_footage_that_is_not_there_is_named(demo, tmp_path: Path) -> None:
    done = demo(tmp_path / "nothing.mp4")
    assert done.returncode == 1
    assert "nothing.mp4: no such file" in done.stderr
