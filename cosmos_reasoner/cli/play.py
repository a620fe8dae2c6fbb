"""`cosmos-reasoner play` and `ros2 run cosmos_reasoner player`: a recording as camera topics."""

import argparse
import sys
from pathlib import Path

from cosmos_reasoner.cli.text import printable
from cosmos_reasoner.nodes.playback import STAMPS, TRANSPORTS, Playback
from cosmos_reasoner.recordings.open import open_recording
from cosmos_reasoner.recordings.recording import Recording

__all__ = ["add_arguments", "main", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("path", type=Path, help="a bag or its folder, a video, a picture or a folder of them")
    parser.add_argument(
        "--transport",
        choices=TRANSPORTS,
        default="recorded",
        help="Image (raw), CompressedImage, both, or as the bag has it; a video is compressed (default: recorded)",
    )
    parser.add_argument(
        "--stamp",
        choices=STAMPS,
        help="keep the recorded stamps, or shift all so that the first is now (default: recorded; now for a video)",
    )
    parser.add_argument("--rate", type=float, default=1.0, help="seconds of the recording per second (default: 1)")
    parser.add_argument("--loop", action="store_true", help="begin again at the end; stamps go on rising")
    parser.add_argument("--clock", action="store_true", help="publish /clock, for nodes with use_sim_time")
    parser.add_argument("--start", type=float, default=0.0, metavar="S", help="begin S seconds after the start")
    parser.add_argument("--duration", type=float, metavar="S", help="play S seconds of the recording (default: all)")
    parser.add_argument(
        "--wait-for-subscribers", action="store_true", help="begin when every picture topic has a subscriber"
    )
    parser.add_argument(
        "--camera", dest="cameras", action="append", default=[], metavar="NAME", help="play only this one; repeatable"
    )
    parser.add_argument(
        "--ros-args", nargs=argparse.REMAINDER, default=[], metavar="...", help="all that follows is for ROS"
    )


def run(args: argparse.Namespace) -> int:
    """Play until the recording ends, or the user ends it.

    Returns:
        0.

    Raises:
        RecordingError: It cannot be played.
        ConfigurationError: An argument that cannot be used.
    """
    playback = _playback(args)
    with open_recording(args.path) as recording:
        _play(recording, playback, args.ros_args)
    return 0


def main() -> int:
    """Run as `ros2 run cosmos_reasoner player`."""
    from cosmos_reasoner.cli.main import main as whole

    return whole(["play", *sys.argv[1:]])


def _play(recording: Recording, playback: Playback, ros_args: list[str]) -> None:
    # What is wrong with a recording is said without ROS too.
    from rclpy.executors import SingleThreadedExecutor

    from cosmos_reasoner.cli.ros import ros
    from cosmos_reasoner.nodes.player import CameraPlayer

    with ros(["--ros-args", *ros_args]):
        player = CameraPlayer(recording, playback)
        executor = SingleThreadedExecutor()
        executor.add_node(player)
        try:
            print(f"playing {_describe(recording, player.topics)}", flush=True)
            player.start()
            executor.spin_until_future_complete(player.finished)
            player.finished.result()
        finally:
            player.destroy_node()
            print(player.summary, flush=True)
            for fault in recording.faults:
                print(f"cosmos-reasoner: {printable(fault)}", file=sys.stderr)


def _playback(args: argparse.Namespace) -> Playback:
    return Playback(
        transport=args.transport,
        stamp=args.stamp,
        rate=args.rate,
        loop=args.loop,
        clock=args.clock,
        start=args.start,
        duration=args.duration,
        wait_for_subscribers=args.wait_for_subscribers,
        cameras=tuple(args.cameras),
    )


def _describe(recording: Recording, topics: list[str]) -> str:
    seconds = (recording.end - recording.start) / 1e9
    return f"{recording.path.name}, {seconds:.1f} s: {', '.join(topics)}"


if __name__ == "__main__":
    sys.exit(main())


if __name__ == "__main__":
    sys.exit(main())
