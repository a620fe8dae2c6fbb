"""`cosmos-reasoner evaluate --ray`: the same run on a cluster of two workers."""

import io
import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import redirect_stdout
from itertools import repeat
from pathlib import Path
from typing import Any, NamedTuple

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


def written(folder: Path) -> list[Path]:
    """Two recordings of four seconds."""
    times = [i * 100 for i in range(41)]
    return [write_video(folder / name, times, pixels=lambda i: picture(i, 64, 48)) for name in ("one.mp4", "two.mp4")]


def run_of(videos: list[Path]) -> Path:
    """Folder of the run over them."""
    return videos[0].parent / "run"


def evaluate(videos: list[Path], url: str, *more: str) -> int:
    asked = ["--task", "describe", "--every", "1s", "--concurrency", "2", "--out", str(run_of(videos))]
    return main(["evaluate", *map(str, videos), *asked, "--endpoint", url, "--profile", "cosmos_reason1", *more])


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


class Ended(NamedTuple):
    """A run on a cluster of which all workers were killed, and what was asked by then and in the end."""

    videos: list[Path]
    said: str
    asked: int


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> Ended:
    """Evaluate two recordings, and kill the workers when three of eight questions are answered and more are asked."""
    videos = written(tmp_path_factory.mktemp("cluster"))
    results = run_of(videos) / "results.jsonl"
    asked, let_go = threading.Event(), threading.Event()
    count = iter(range(100))

    def answer(_: Any) -> Reply:
        if next(count) >= 3:
            asked.set()
            let_go.wait(60)
        return ANSWER

    def kill() -> None:
        assert asked.wait(120)
        while len(results.read_text().splitlines()) < 3:  # what was answered has been handed over
            time.sleep(0.05)
        for process in workers():
            os.kill(process, signal.SIGKILL)
        let_go.set()

    killer, said = threading.Thread(target=kill), io.StringIO()
    killer.start()
    with ScriptedServer(repeat(answer)) as server, redirect_stdout(said):
        assert evaluate(videos, server.url, "--ray", "local", "--workers", "2") == 0
        killer.join()
        return Ended(videos, said.getvalue(), len(server.bodies))


def test_workers_that_are_killed_lose_nothing(ended: Ended) -> None:
    assert read_summary(run_of(ended.videos)).counts["answered"] == 8
    assert len(list((run_of(ended.videos) / "strips").iterdir())) == 8


def test_only_what_was_on_its_way_is_asked_again(ended: Ended) -> None:
    assert 8 < ended.asked <= 10


def test_a_worker_that_died_is_told(ended: Ended) -> None:
    assert "a worker died over it" in ended.said


def test_the_same_run_without_a_cluster_asks_nothing_again(ended: Ended) -> None:
    with ScriptedServer(repeat(ANSWER)) as server:
        assert evaluate(ended.videos, server.url) == 0
        assert not server.bodies
