"""`cosmos-reasoner ask`: one question about pictures, a video or a bag."""

import argparse
import asyncio
import sys
from pathlib import Path

from cosmos_reasoner.cli.answers import as_json, show
from cosmos_reasoner.cli.asking import add_endpoint_arguments, endpoints_of
from cosmos_reasoner.cli.console import Console
from cosmos_reasoner.cli.numbers import finite, positive
from cosmos_reasoner.cli.questions import add_question_arguments, question_of
from cosmos_reasoner.cli.text import printable
from cosmos_reasoner.clips.clip import Clip
from cosmos_reasoner.clips.rig import CameraRig
from cosmos_reasoner.endpoints.spec import EndpointSpec
from cosmos_reasoner.errors import ClipUnavailable, InvalidRequest
from cosmos_reasoner.reasoning.reasoner import Reasoner
from cosmos_reasoner.reasoning.result import Result
from cosmos_reasoner.reasoning.time_budget import TimeBudget
from cosmos_reasoner.recordings.images import read_images
from cosmos_reasoner.recordings.open import open_recording
from cosmos_reasoner.tasks.library import TaskLibrary
from cosmos_reasoner.tasks.task import Question

__all__ = ["add_arguments", "main", "run"]

_BUFFER_BYTES = 2_000_000_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this command."""
    parser.add_argument("recording", nargs="?", default="", help="video, bag or its folder, or a folder of pictures")
    parser.add_argument("question", nargs="?", default="", help="the question, or the statement to verify")
    parser.add_argument(
        "--image",
        action="append",
        default=[],
        metavar="FILE",
        help="a picture, or its http address, instead of a recording; repeat it",
    )
    add_question_arguments(parser, task="ask")
    parser.add_argument("--camera", action="append", default=[], help="a camera to look at; repeat it (default: all)")
    parser.add_argument("--at", type=finite, metavar="S", help="end of the clip from the start (default: the end)")
    parser.add_argument("--duration", type=positive, default=4.0, metavar="S", help="length of the clip")
    parser.add_argument("--rate", type=positive, default=4.0, metavar="HZ", help="frames a second")
    parser.add_argument("--budget", type=positive, default=120.0, metavar="S", help="longest time until an answer")
    parser.add_argument("--json", action="store_true", help="print the result as JSON and nothing else")
    add_endpoint_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Ask, and print what is thought and answered.

    Returns:
        0; 3 when the reply could not be read.
    """
    if args.image:
        _without_recording(args)
    question = question_of(args)
    clip = read_images(args.image) if args.image else _clip(args)
    console = Console(silent=args.json)
    with endpoints_of(args) as endpoints:
        result = asyncio.run(_ask(args, endpoints, question, clip, console))
    if args.json:
        print(as_json(result))
    else:
        show(result, console)
    return 0 if result.answer is not None else 3


def main() -> int:
    """Run as `ros2 run cosmos_reasoner ask`."""
    from cosmos_reasoner.cli.main import main as whole

    return whole(["ask", *sys.argv[1:]])


async def _ask(
    args: argparse.Namespace, endpoints: list[EndpointSpec], question: Question, clip: Clip, console: Console
) -> Result:
    clients = [endpoint.client() for endpoint in endpoints]
    try:
        reasoner = Reasoner(clients, TaskLibrary.load(args.tasks))
        return await reasoner.reason(question, clip, TimeBudget(args.budget), console.write, waits=False)
    finally:
        for client in clients:
            await client.close()


def _without_recording(args: argparse.Namespace) -> None:
    """With pictures the only argument is the question."""
    if args.question:
        raise InvalidRequest(f"a recording ({args.recording}) and --image: give one of them, and one question")
    args.recording, args.question = "", args.recording


def _clip(args: argparse.Namespace) -> Clip:
    """Sample the stretch of the recording as the node would have."""
    if not args.recording:
        raise InvalidRequest("name a recording, or pictures with --image FILE")
    with open_recording(Path(args.recording)) as recording:
        cameras = args.camera or [track.name for track in recording.cameras][:8]
        end = recording.end if args.at is None else recording.start + round(args.at * 1e9)
        begin = end - round(args.duration * 1e9)
        rig = CameraRig(cameras, args.rate, args.duration + 1.0, _BUFFER_BYTES)
        for frame in recording.frames(cameras, begin + 1, end + 1):
            rig.offer(frame)
        for fault in recording.faults:
            print(f"cosmos-reasoner: {printable(fault)}", file=sys.stderr)
        try:
            return rig.clip(args.duration + 1.0)
        except ClipUnavailable as error:
            length = (recording.end - recording.start) / 1e9
            raise ClipUnavailable(f"{args.recording} lasts {length:.2f} s and has no frame there: {error}") from error
