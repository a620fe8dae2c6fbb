"""Which reasoners there are."""

import argparse
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rclpy.node import Node

__all__ = ["add_node_argument", "reasoners", "where"]

_NAME = re.compile(r"/?[A-Za-z_]\w*(/[A-Za-z_]\w*)*", re.ASCII)
_ACTION = "cosmos_reasoner_msgs/action/Reason"


def add_node_argument(parser: argparse.ArgumentParser) -> None:
    """Add the argument that says which reasoner is meant."""
    name = "full name of the reasoner node (default: %(default)s)"
    parser.add_argument("--node", type=_node_name, default="/reasoner", metavar="NAME", help=name)


def reasoners(node: "Node") -> list[str]:
    """Full names of the reasoners that a node knows of: those who offer the action."""
    known = set(node.get_node_names_and_namespaces())
    return sorted(f"{space.rstrip('/')}/{name}" for name, space in known if _offers(node, name, space))


def where(name: str, there: list[str]) -> str:
    """Say that a reasoner is not there, and which ones are."""
    others = f"; there is {', '.join(there)} (--node NAME)" if there else ""
    return f"no reasoner at {name}{others}"


def _node_name(text: str) -> str:
    """The full name of a node; it may be given without the slash."""
    if not _NAME.fullmatch(text):
        raise argparse.ArgumentTypeError(f"{text!r} is no name of a node")
    return f"/{text.removeprefix('/')}"


def _offers(node: "Node", name: str, space: str) -> bool:
    from rclpy.action import get_action_server_names_and_types_by_node

    try:
        offered = get_action_server_names_and_types_by_node(node, name, space)
    except RuntimeError:  # it has just gone
        return False
    return any(_ACTION in kinds for _, kinds in offered)
