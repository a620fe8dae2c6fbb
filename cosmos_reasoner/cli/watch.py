"""`cosmos-reasoner watch`: what a reasoner writes, predicts and ranks, in a terminal."""

import argparse
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from rich.console import Console as RichConsole
from rich.console import Group
from rich.live import Live

from cosmos_reasoner.cli.console import Console
from cosmos_reasoner.cli.reasoners import add_node_argument, where
from cosmos_reasoner.cli.result_lines import ResultLines
from cosmos_reasoner.cli.watch_screen import draw
from cosmos_reasoner.cli.watch_state import Phase, Plain, WatchState

__all__ = ["add_arguments", "main", "run"]

_RESULTS = ("reasoning", "outcome", "action_ranking", "verdict")
_ALL = (*_RESULTS, "hindsight", "progress")

_PERIOD = 0.25
"""s between two pictures: what a slow connection can still take."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add_node_argument(parser)
    parser.add_argument(
        "--ros-args", nargs=argparse.REMAINDER, default=[], metavar="...", help="all that follows is for ROS"
    )


def run(args: argparse.Namespace) -> int:
    """Show what comes until SIGINT or SIGTERM: a screen in a terminal, lines elsewhere, as long as somebody reads them.

    Returns:
        0.
    """
    from cosmos_reasoner.cli.ros import ros

    console = RichConsole(highlight=False)
    state = WatchState(args.node)
    with ros(["--ros-args", *args.ros_args]):
        if console.is_terminal and not console.is_dumb_terminal:
            _draw(state, console)
        else:
            _write(state, Console())
    return 0


def main() -> int:
    """Run as `ros2 run cosmos_reasoner watch`."""
    from cosmos_reasoner.cli.main import main as whole

    return whole(["watch", *sys.argv[1:]])


def _draw(state: WatchState, console: RichConsole) -> None:
    """Draw the screen a few times a second, when there is something new on it."""
    shown: list[object] = []
    with _listening(state, _ALL) as spin, Live(console=console, screen=True, auto_refresh=False) as live:
        while True:
            spin(_PERIOD)
            drawn = draw(state, time.monotonic(), console, *console.size)
            if drawn != shown:
                live.update(Group(*drawn), refresh=True)
                shown = [*drawn]


def _write(state: WatchState, console: Console) -> None:
    """Write a result when it comes, and how the reasoner is when that changes."""
    lines = _Lines(state, ResultLines(console))
    told = Phase.SOUGHT
    with _listening(state, _RESULTS, lines.take) as spin:
        while console.has_reader:
            spin(_PERIOD)
            phase = state.phase(time.monotonic())
            if phase not in (told, Phase.SOUGHT):
                told = phase
                why = f": {where(state.node, state.others)}" if phase is Phase.MISSING else ""
                console.line(f"{state.node} is {phase.value.lower()}{why}", style="dim")


class _Lines:
    def __init__(self, state: WatchState, lines: ResultLines) -> None:
        self._state = state
        self._lines = lines

    def take(self, topic: str, message: Plain) -> None:
        age = self._state.age(message, time.monotonic())
        if topic == "outcome" and message["outcomes"]:
            self._lines.predicted(message, age)
        elif topic == "action_ranking" and message["actions"]:
            self._lines.ranked(message, age)
        elif topic == "verdict":
            self._lines.judged(message, self._state.predicted(message))
        elif topic == "reasoning":
            self._lines.failed(message)


@contextmanager
def _listening(
    state: WatchState, topics: Iterable[str], heard: Callable[[str, Plain], None] = lambda _topic, _message: None
) -> Iterator[Callable[[float], None]]:
    """Listen to the reasoner; gives what handles that comes for so long, s."""
    from rclpy.executors import SingleThreadedExecutor

    from cosmos_reasoner.cli.watch_ears import Ears

    ears, executor = Ears(state, topics, heard), SingleThreadedExecutor()
    executor.add_node(ears.node)

    def spin(seconds: float) -> None:
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            executor.spin_once(left)

    try:
        yield spin
    finally:
        executor.shutdown()
        ears.node.destroy_node()


if __name__ == "__main__":
    sys.exit(main())
