"""`cosmos-reasoner demo`: footage as a camera, the reasoner beside it, and its predictions as they come."""

import argparse
import json
import sys
import time
from contextlib import ExitStack
from pathlib import Path

from ament_index_python.packages import get_package_share_directory

from cosmos_reasoner.cli.asking import add_endpoint_arguments, endpoints_of
from cosmos_reasoner.cli.console import Console
from cosmos_reasoner.cli.demo_log import DemoLog
from cosmos_reasoner.cli.demo_screen import DemoScreen
from cosmos_reasoner.cli.numbers import positive
from cosmos_reasoner.cli.processes import Process
from cosmos_reasoner.endpoints.spec import EndpointSpec
from cosmos_reasoner.nodes.camera_topics import CameraTopics
from cosmos_reasoner.recordings.names import readable
from cosmos_reasoner.recordings.open import open_recording
from cosmos_reasoner.recordings.recording import VIDEO, CameraTrack
from cosmos_reasoner.view.rrd.log import RerunLog
from cosmos_reasoner.view.rrd.stream import check_rerun

__all__ = ["add_arguments", "main", "run"]

_NAMESPACE = "/demo"
_PLAYER = ("--loop", "--stamp", "now", "--wait-for-subscribers")
_MOST_CAMERAS = 3

_START_SECONDS = 60.0
"""How long the programs may take until the reasoner is active; a busy machine takes its time."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this command."""
    parser.add_argument("footage", type=Path, help="video or bag to play as the camera; `make demo` brings its own")
    parser.add_argument("--seconds", type=positive, default=20.0, metavar="S", help="how long to watch (default: 20)")
    logged = "write pictures and results for the viewer of rerun; an older file of it is replaced"
    parser.add_argument("--rerun", type=Path, metavar="FILE", help=logged)
    add_endpoint_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Run the demo and close with a summary line.

    Returns:
        0; 1 when there was no prediction.
    """
    cameras = _cameras(args.footage)
    console = Console()
    with ExitStack() as opened:
        log = _log(args, cameras, opened)
        screen = DemoScreen(console, f"{_NAMESPACE}/reasoner", log)
        endpoints = opened.enter_context(endpoints_of(args))
        console.line(f"footage   {args.footage}: {', '.join(track.name for track in cameras)}")
        for endpoint in endpoints:
            console.line(f"endpoint  {endpoint.profile} at {endpoint.url}")
        node = Process("cosmos_reasoner.cli.reasoner", _node_arguments(endpoints, cameras))
        played = [word for track in cameras for word in ("--camera", track.name)]
        player = Process("cosmos_reasoner.cli.play", [str(args.footage), *_PLAYER, *played])
        with screen, node, player:
            ended = _watch(screen, args.seconds, [node, player])
    for process in ended:
        console.line(f"{process.name} ended too early", style="red")
    if log:
        lost = f" (of {log.unseen} clips without pictures, which came too late)" if log.unseen else ""
        console.line(f"look at it: rerun {args.rerun}{lost}", style="bold")
    console.line(screen.summary())
    return 0 if screen.predictions and not ended else 1


def main() -> int:
    """Run as `ros2 run cosmos_reasoner demo`."""
    from cosmos_reasoner.cli.main import main as whole

    return whole(["demo", *sys.argv[1:]])


def _cameras(footage: Path) -> list[CameraTrack]:
    with open_recording(footage) as recording:
        return list(recording.cameras)[:_MOST_CAMERAS]


def _node_arguments(endpoints: list[EndpointSpec], cameras: list[CameraTrack]) -> list[str]:
    """ROS arguments of the reasoner; a list is written as YAML."""
    topics = _topics(cameras)
    first, *others = endpoints
    parameters = {
        "autostart": "true",
        "cameras": str(list(topics.names)),
        "transports": str(list(topics.transports)),
        "endpoint_url": first.url,
        "profile": first.profile,
        "model": first.model,
        "key_env": first.key_env,
        "fallbacks": json.dumps([str(other) for other in others]) if others else "",
    }
    usual = f"{get_package_share_directory('cosmos_reasoner')}/config/demo.param.yaml"
    words = ["--ros-args", "--params-file", usual, "-r", f"__ns:={_NAMESPACE}", "--log-level", "warn"]
    for rule in topics.remappings:
        words += ["-r", ":=".join(rule)]
    for name, value in parameters.items():
        words += ["-p", f"{name}:={value}"] if value else []
    return words


def _log(args: argparse.Namespace, cameras: list[CameraTrack], opened: ExitStack) -> DemoLog | None:
    """What is asked to be logged, as long as the stack is open."""
    if not args.rerun:
        return None
    check_rerun(args.rerun)
    log = opened.enter_context(RerunLog(args.rerun))
    return DemoLog(log, readable(args.footage.name), _topics(cameras))


def _topics(cameras: list[CameraTrack]) -> CameraTopics:
    return CameraTopics.of([_topic(track) for track in cameras])


def _topic(track: CameraTrack) -> str:
    """Where the player publishes a track."""
    return "/camera/image_raw/compressed" if track.type == VIDEO else track.name


def _watch(screen: DemoScreen, seconds: float, processes: list[Process]) -> list[Process]:
    """Show what comes until the time is up, counted from the reasoner's start; give those that ended before."""
    started, begun = time.monotonic(), False
    while time.monotonic() < started + (seconds if begun else _START_SECONDS):
        if not all(process.is_running for process in processes):
            break
        screen.spin(0.1)
        if screen.is_live and not begun:
            started, begun = time.monotonic(), True
    return [process for process in processes if not process.is_running]
