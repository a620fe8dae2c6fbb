"""The command `cosmos-reasoner`."""

import argparse
import importlib
import os
import sys
from collections.abc import Sequence

from cosmos_reasoner.cli.text import printable
from cosmos_reasoner.errors import CosmosReasonerError

__all__ = ["main"]

_COMMANDS = {
    "demo": "play footage, predict what happens next, and show it",
    "info": "say what recordings hold: cameras, length, faults",
    "ask": "ask about a picture, a video or a bag",
    "evaluate": "ask about recordings or labelled questions, and score the answers",
    "compare": "tell two runs of evaluate apart: what became better, what worse",
    "doctor": "find out what an endpoint can do, and write the profile that fits it",
    "view": "show on a page what a reasoner sees, thinks and predicts; questions can be asked there",
    "watch": "show in a terminal what a reasoner writes, predicts and ranks",
    "play": "publish a video or a bag as cameras",
    "endpoint": "serve the embedded motion baseline over the OpenAI chat API",
}

_ROS = frozenset({"rclpy", "ament_index_python", "cosmos_reasoner_msgs", "sensor_msgs"})


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a subcommand; what is wrong with its input is said in one line.

    Returns:
        The exit status.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        return _run(_parsed(given))
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        if package not in _ROS:
            raise
        print(f"cosmos-reasoner: this command needs ROS 2 ({package} is missing): source one first", file=sys.stderr)
        return 1
    except CosmosReasonerError as error:
        print(f"cosmos-reasoner: {printable(str(error))}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # nobody reads any more (| head)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        print(f"cosmos-reasoner: {printable(str(error))}", file=sys.stderr)
        return 1


def _run(args: argparse.Namespace) -> int:
    status = int(args.run(args))
    sys.stdout.flush()
    return status


def _parsed(given: list[str]) -> argparse.Namespace:
    """Read the words; options may stand between the others.

    Only the wanted command's module is imported: some need ROS, and all take their time.
    """
    name = _overview().parse_args(given[:1]).command
    module = importlib.import_module(f"cosmos_reasoner.cli.{name}")
    parser = argparse.ArgumentParser(prog=f"cosmos-reasoner {name}", description=_COMMANDS[name].capitalize() + ".")
    module.add_arguments(parser)
    parser.set_defaults(run=module.run)
    return parser.parse_intermixed_args(given[1:])


def _overview() -> argparse.ArgumentParser:
    """Knows the commands by name only; a subparser would not let options stand between a command's other words."""
    parser = argparse.ArgumentParser(prog="cosmos-reasoner", description="Physical reasoning over camera clips.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, text in _COMMANDS.items():
        commands.add_parser(name, help=text)
    return parser


if __name__ == "__main__":
    sys.exit(main())
