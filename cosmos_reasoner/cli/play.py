"""`cosmos-reasoner play` and `ros2 run cosmos_reasoner player`: a recording as camera topics."""

import argparse
import sys
from pathlib import Path

from cosmos_reasoner.errors import CosmosReasonerError
from cosmos_reasoner.nodes.playback import STAMPS, TRANSPORTS, Playback
from cosmos_reasoner.recordings.open import open_recording
from cosmos_reasoner.recordings.recording import Recording

__all__ = ["add_arguments", "main", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("path", type=Path, help="a bag (folder, .bag, .db3, .mcap), a video or a picture")
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


def run(args: argparse.Namespace) -> int:
    """Play until the recording ends or the user does; ROS takes its own arguments from the command line.

    Returns:
        Exit status: 0, or 1 when the recording cannot be played.
    """
    try:
        with open_recording(args.path) as recording:
            return _play(recording, args)
    except CosmosReasonerError as error:
        print(error, file=sys.stderr)
        return 1


def main() -> int:
    """Run the command on its own."""
    from rclpy.utilities import remove_ros_args

    parser = argparse.ArgumentParser(prog="player", description=__doc__)
    add_arguments(parser)
    return run(parser.parse_args(remove_ros_args(sys.argv)[1:]))


def _play(recording: Recording, args: argparse.Namespace) -> int:
    # Opening a recording, and its errors, need no ROS.
    import rclpy
    from rclpy.executors import ExternalShutdownException, SingleThreadedExecutor

    from cosmos_reasoner.nodes.player import CameraPlayer

    names = ("transport", "stamp", "rate", "loop", "clock", "start", "duration", "wait_for_subscribers")
    playback = Playback(**{name: getattr(args, name) for name in names})
    rclpy.init()
    player = CameraPlayer(recording, playback)
    try:
        print(f"playing {_describe(recording, player.topics)}", flush=True)
        player.start()
        executor = SingleThreadedExecutor()
        executor.add_node(player)
        executor.spin_until_future_complete(player.finished)
    except (KeyboardInterrupt, ExternalShutdownException):
        pass
    finally:
        player.destroy_node()
        rclpy.try_shutdown()
    player.finished.result()
    print(player.summary, flush=True)
    return 0


def _describe(recording: Recording, topics: list[str]) -> str:
    seconds = (recording.end - recording.start) / 1e9
    return f"{recording.path.name}, {seconds:.1f} s: {', '.join(topics)}"
