"""How late responses come after random time budgets, when eight planners ask at once, over real services.

Run it as `scripts/in_env python benchmarks/planner_budgets.py [CALLS]`; 1,000 calls take eight minutes. The reasoner
is a process of its own, and so is the embedded endpoint; the planners share another one. The camera films for five
seconds and rests for five, so that some clips are old. The aim is 50 ms at 99.9%. The machine must be idle.
"""

import math
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1] / "test")]

from planner_load import Made, Planner, SlowModel
from robot import PERIOD, frame
from ros_graph import Ros, claim_domain, domain_of
from scripted_server import ScriptedServer
from sensor_msgs.msg import Image

from cosmos_reasoner.nodes.error_codes import ERROR_CODES
from cosmos_reasoner.nodes.images import image_from_frame
from cosmos_reasoner_msgs.msg import Provenance

PLANNERS = 8
BUDGETS = (0.1, 5.0)
SLOW = (0.2, 6.0)
MAX_AGE = 2.0
CONCURRENCY = 4
SETTINGS = {"autostart": "true", "profile": "embedded", "hindsight": "false", "periodic": "['']"}
WARM_UP = 40
ERRORS = {code: kind.__name__ for kind, code in reversed(ERROR_CODES.items())}


@contextmanager
def program(*words: str, **environment: str) -> "Iterator[subprocess.Popen[str]]":
    """A command of ours as a process of its own."""
    command = [sys.executable, "-m", *words]
    process = subprocess.Popen(command, env={**os.environ, **environment}, stdout=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.terminate()
        process.communicate(timeout=20.0)


@contextmanager
def embedded() -> Iterator[str]:
    """The embedded endpoint; it says its address in its first line."""
    with program("cosmos_reasoner.cli.main", "endpoint", "--port", "0") as process:
        assert process.stdout is not None
        yield next(word for word in process.stdout.readline().split() if word.startswith("http"))


@contextmanager
def slow() -> Iterator[str]:
    """An endpoint that takes its time for every reply, and often more than there is."""
    with ScriptedServer([SlowModel(SLOW, seed=1)] * 100_000) as server:
        yield server.url


def film(ros: Ros, ended: threading.Event) -> threading.Thread:
    """Film, five seconds of ten, until the end, as soon as the reasoner looks."""
    publisher = ros.node("driver").create_publisher(Image, "camera/image_raw", 10)
    ros.wait_for(publisher.get_subscription_count, timeout=30.0, what="the reasoner")

    def run() -> None:
        index = 0
        while not ended.wait(PERIOD / 1e9):
            index += 1
            if index % 40 < 20:
                publisher.publish(image_from_frame(frame(index % 20, time.time_ns())))

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def measure(endpoint: AbstractContextManager[str], calls: int) -> tuple[list[Made], Counter[int]]:
    """Make calls; give them, and how many of them got how many responses."""
    ended = threading.Event()
    with claim_domain() as lock, endpoint as url:
        ros = Ros(domain_of(lock))
        values = {"endpoint_url": url, "max_result_age": MAX_AGE, "concurrency": CONCURRENCY, **SETTINGS}
        options = [word for name, value in values.items() for word in ("-p", f"{name}:={value}")]
        with program("cosmos_reasoner.cli.reasoner", "--ros-args", *options, ROS_DOMAIN_ID=str(ros.domain_id)):
            camera = film(ros, ended)
            planners = [Planner(ros.node(f"planner_{seed}"), seed) for seed in range(PLANNERS)]
            while not any(call.is_answered for planner in planners for call in planner.made):
                ask(planners, WARM_UP)
            ask(planners, calls)
            ended.set()
            camera.join()
        ros.close()
    responses = Counter(count for planner in planners for count in planner.responses.values())
    return [call for planner in planners for call in planner.made], responses


def ask(planners: list[Planner], calls: int) -> None:
    """Have the planners make so many calls together, and forget those before."""
    for planner in planners:
        planner.made.clear()
        planner.responses.clear()
    for thread in [planner.start(calls // PLANNERS, BUDGETS) for planner in planners]:
        thread.join()


def report(name: str, made: list[Made], responses: Counter[int]) -> None:
    """Print what became of the calls."""
    late = sorted(1000 * call.late for call in made)
    p50, p99, p999 = (late[math.ceil(share * len(late)) - 1] for share in (0.5, 0.99, 0.999))
    codes = Counter(ERRORS.get(call.error_code, "INTERNAL") for call in made if call.error_code)
    stale = sum(call.status == Provenance.STATUS_STALE for call in made)
    unmarked = sum(call.is_unmarked(MAX_AGE) for call in made)
    answered = sum(call.is_answered for call in made)
    numbers = (len(made), responses[1], answered, stale, unmarked, f"{p50:.0f}", f"{p99:.0f}", f"{p999:.0f}")
    errors = ", ".join(f"{kind} {count}" for kind, count in codes.most_common())
    print("|", " | ".join(map(str, (name, *numbers, f"{late[-1]:.0f}", errors))), "|", flush=True)


def main() -> None:
    """Measure, and print a table; times in ms after the budget's end, negative before it."""
    calls = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    print("| endpoint | calls | exactly one response | answered | marked stale | stale, unmarked ", end="")
    print("| late 50% | 99% | 99.9% | most | errors |")
    print("|---" * 11 + "|")
    for name, endpoint in {"embedded": embedded(), "slow": slow()}.items():
        report(name, *measure(endpoint, calls))


if __name__ == "__main__":
    main()
