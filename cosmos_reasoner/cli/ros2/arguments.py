"""The arguments of those that ask a running reasoner. Nothing here needs ROS: `ros2 reason ask -h` is to be quick."""

import argparse

from cosmos_reasoner.cli.numbers import positive
from cosmos_reasoner.cli.reasoners import add_node_argument

__all__ = ["add_reasoner_arguments"]


def add_reasoner_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments that say who is asked, and how long."""
    add_node_argument(parser)
    budget = "longest time until an answer (default: the node's time_budget)"
    parser.add_argument("--budget", type=positive, default=0.0, metavar="S", help=budget)
