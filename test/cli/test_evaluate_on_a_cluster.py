"""`cosmos-reasoner evaluate --ray`: the same run on a cluster of two workers."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from itertools import repeat
from pathlib import Path
from typing import Any

import pytest
from recorded import picture, write_video
from scripted_server import Reply, ScriptedServer, spoken

from cosmos_reasoner.cli.main import main
from cosmos_reasoner.evaluation.scoring.summary import read_summary

pytest.importorskip("ray", reason="Ray is not installed: pip install 'cosmos_reasoner[ray]'")

pytestmark = [
    pytest.mark.timeout(300),
    pytest.mark.filterwarnings("ignore"),  # what Ray warns of is not ours
]

ANSWER = spoken("<think>I look.</think><answer>It moves.</answer>")


@pytest.fixture
def videos(tmp_path: Path) -> list[Path]:
    """Two recordings of four seconds."""
    times = [i * 100 for i in range(41)]
    return [write_video(tmp_path / name, times, pixels=lambda i: picture(i, 64, 48)) for name in ("one.mp4", "two.mp4")]


def evaluate(videos: list[Path], url: str, *more: str) -> int:
    out = videos[0].parent / "run"
    asked = ["--task", "describe", "--every", "1s", "--concurrency", "2", "--out", str(out)]
    where = ["--endpoint", url, "--profile", "cosmos_reason1", "--ray", "local", "--workers", "2"]
    return main(["evaluate", *map(str, videos), *asked, *where, *more])


def workers() -> Iterator[int]:
    """Processes that answer a shard."""
    for process in Path("/proc").iterdir():
        if process.name.isdecimal() and b"ray::answer_shard" in _command(process):
            yield int(process.name)


def _command(process: Path) -> bytes:
    try:
        return (process / "cmdline").read_bytes()
    except OSError:  # it has ended
        return b""


def test_a_cluster_answers_all_and_nothing_is_asked_twice(videos: list[Path]) -> None:
    with ScriptedServer(repeat(ANSWER)) as server:
        assert evaluate(videos, server.url) == 0
        assert len(server.bodies) == 8
        assert (
            main(
                [
                    "evaluate",
                    *map(str, videos),
                    "--task",
                    "describe",
                    "--every",
                    "1s",
                    "--out",
                    str(videos[0].parent / "run"),
                    "--endpoint",
                    server.url,
                    "--profile",
                    "cosmos_reason1",
                ]
            )
            == 0
        )
        assert len(server.bodies) == 8
    summary = read_summary(videos[0].parent / "run")
    assert summary.counts["answered"] == 8
    assert len(list((videos[0].parent / "run" / "strips").iterdir())) == 8


def test_a_worker_that_is_killed_loses_nothing(videos: list[Path], capsys: pytest.CaptureFixture[str]) -> None:
    asked, let_go = threading.Event(), threading.Event()
    count = iter(range(100))

    def answer(_: Any) -> Reply:
        if next(count) >= 3:
            asked.set()
            let_go.wait(60)
        return ANSWER

    results = videos[0].parent / "run" / "results.jsonl"

    def kill() -> None:
        assert asked.wait(120)
        while len(results.read_text().splitlines()) < 3:  # what was answered has been handed over
            time.sleep(0.05)
        for process in workers():
            os.kill(process, signal.SIGKILL)
        let_go.set()

    killer = threading.Thread(target=kill)
    killer.start()
    with ScriptedServer(repeat(answer)) as server:
        assert evaluate(videos, server.url) == 0
        killer.join()
        assert 8 < len(server.bodies) <= 10  # the one or two that were on their way are asked again
    assert read_summary(videos[0].parent / "run").counts["answered"] == 8
    assert "a worker died over it" in capsys.readouterr().out
