"""What evaluation adds to the endpoint's own time, and what it holds in memory.

Run it as `make bench-evaluation`; it takes some four minutes. Three tables:

1. A bag with 1080p30 JPEG: reading, sampling at 4 Hz and encoding, as seconds of recording per second, on one core.
2. An endpoint that takes 0.5 s an item, concurrency 16: items a second against the ideal of 32.
3. A bag of an hour (10 Hz, 640x480): the most memory that a run holds, against one of six minutes.
"""

import multiprocessing
import os
import resource
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import repeat
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).parents[1] / "test")]

import cv2
import numpy as np
import simplejpeg
from rosbags.rosbag2 import StoragePlugin, Writer
from rosbags.typesys import Stores, get_typestore
from scripted_server import Reply, ScriptedServer, spoken

from cosmos_reasoner.cli.main import main
from cosmos_reasoner.clips.encode import encode
from cosmos_reasoner.endpoints.profile_files import load_profile
from cosmos_reasoner.evaluation.labels.sweep import sweep
from cosmos_reasoner.evaluation.run.cutting import cut
from cosmos_reasoner.tasks.task import Question

SECOND = 1_000_000_000
EPOCH = 1_700_000_000 * SECOND
DESCRIBE = Question("describe")
SPAWN = multiprocessing.get_context("spawn")


def write_bag(folder: Path, seconds: int, rate: int, width: int, height: int) -> Path:
    """Write a bag of JPEG pictures: noise that moves over a ground, so that they are as large as real ones."""
    store = get_typestore(Stores.ROS2_JAZZY)
    files = [picture(number, width, height) for number in range(30)]
    header, stamp = store.types["std_msgs/msg/Header"], store.types["builtin_interfaces/msg/Time"]
    image = store.types["sensor_msgs/msg/CompressedImage"]
    with Writer(folder, version=9, storage_plugin=StoragePlugin.MCAP) as writer:
        connection = writer.add_connection("/camera", image.__msgtype__, typestore=store)
        for number in range(seconds * rate):
            when = EPOCH + number * SECOND // rate
            head = header(stamp=stamp(sec=when // SECOND, nanosec=when % SECOND), frame_id="camera")
            message = image(header=head, format="jpeg", data=np.frombuffer(files[number % len(files)], np.uint8))
            writer.write(connection, when, store.serialize_cdr(message, image.__msgtype__))
    return folder


def picture(number: int, width: int, height: int) -> bytes:
    """One JPEG picture."""
    chance = np.random.default_rng(number)
    coarse = chance.integers(0, 255, (height // 8, width // 8, 3), dtype=np.uint8)
    pixels = cv2.GaussianBlur(cv2.resize(coarse, (width, height)), (9, 9), 0)
    return bytes(simplejpeg.encode_jpeg(np.ascontiguousarray(pixels), 65, "BGR", "420"))


def cut_and_encode(folder: Path) -> None:
    """Print how fast recordings become requests, each second of them once."""
    seconds = 60
    bag = write_bag(folder / "hd", seconds, 30, 1920, 1080)
    size = sum(file.stat().st_size for file in bag.iterdir()) / seconds / 30
    encoding = load_profile("cosmos_reason1").media.encoding
    cv2.setNumThreads(1)
    os.sched_setaffinity(0, {0})
    for _ in range(3):
        began, frames = time.process_time(), 0
        for one in cut(sweep([bag], DESCRIBE, 4.0).items, 4.0, print):
            frames += encode(one.clip, encoding).frame_count if one.clip else 0
        took = time.process_time() - began
        what = f"1080p30 JPEG ({size / 1000:.0f} kB each), {frames} of {seconds * 30} frames encoded"
        print(f"{what}: {took:.2f} s of one core, {seconds / took:.1f}x real time")


def rate(folder: Path) -> None:
    """Print how many items a second are asked, and what start and report add."""
    bag = write_bag(folder / "small", 650, 10, 320, 240)
    with endpoint(0.5) as (url, times):
        began = time.monotonic()
        evaluate(bag, url, folder / "rate", "--every", "0.5s", "--duration", "2s", "--concurrency", "16")
        took = time.monotonic() - began
        asked = times()
    per_second = (len(asked) - 16) / (asked[-1] - asked[0])
    print(f"{len(asked)} items: {per_second:.1f}/s while it asks, {per_second / 32:.0%} of 32/s")
    print(f"{took:.1f} s in all, with start and report: {len(asked) / took / 32:.0%}")


def memory(folder: Path) -> None:
    """Print what runs over a short and a long bag hold at most."""
    with endpoint(0.0) as (url, _):
        for minutes in (6, 60):
            bag = write_bag(folder / f"{minutes}min", 60 * minutes, 10, 640, 480)
            run = SPAWN.Process(target=run_alone, args=(bag, url, folder / f"out{minutes}"))
            run.start()
            run.join()


def run_alone(bag: Path, url: str, out: Path) -> None:
    """Evaluate in a process of its own, and print the most memory that it held."""
    began = time.monotonic()
    evaluate(bag, url, out, "--every", "4s")
    items = len((out / "results.jsonl").read_text().splitlines())
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{bag.name}: {items} items, at most {most:.0f} MB, {time.monotonic() - began:.0f} s")


def evaluate(bag: Path, url: str, out: Path, *more: str) -> None:
    """Run the command."""
    where = ["--endpoint", url, "--profile", "cosmos_reason1", "--task", "describe", "--out", str(out)]
    main(["evaluate", str(bag), *where, *more])


@contextmanager
def endpoint(seconds: float) -> Iterator[tuple[str, Callable[[], list[float]]]]:
    """An endpoint in a process of its own that answers after some time.

    Yields its address, and what ends it and gives the times at which it was asked, s.
    """
    here, there = SPAWN.Pipe()
    process = SPAWN.Process(target=serve, args=(seconds, there), daemon=True)
    process.start()

    def end() -> list[float]:
        here.send("enough")
        return here.recv()

    yield here.recv(), end
    process.terminate()


def serve(seconds: float, pipe: Connection) -> None:
    """Answer until told that it is enough, and keep nothing of what was asked but when."""
    times: list[float] = []

    def answer(_: Any) -> Reply:
        times.append(time.monotonic())
        time.sleep(seconds)
        return spoken("<think>I look.</think><answer>It moves.</answer>")

    with ScriptedServer(repeat(answer)) as server:
        server.bodies = server.headers = server.paths = deque(maxlen=0)  # type: ignore[assignment]
        pipe.send(server.url)
        pipe.recv()
        pipe.send(times)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        for part in (rate, memory, cut_and_encode):
            part(Path(place))
