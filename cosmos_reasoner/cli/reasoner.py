"""The node `reasoner` as a program: `ros2 run cosmos_reasoner reasoner`."""

import sys

from rclpy.exceptions import InvalidParameterTypeException, InvalidParameterValueException
from rclpy.executors import SingleThreadedExecutor

from cosmos_reasoner.cli.ros import ros
from cosmos_reasoner.errors import ConfigurationError
from cosmos_reasoner.nodes.reasoner_node import ReasonerNode

__all__ = ["main"]


def main() -> int:
    """Run the node until it is told to stop.

    Returns:
        The exit status: 1 when its parameters are wrong.
    """
    try:
        with ros(sys.argv):
            _spin()
    except (ConfigurationError, InvalidParameterTypeException, InvalidParameterValueException) as error:
        print(f"reasoner: {error}", file=sys.stderr)
        return 1
    return 0


def _spin() -> None:
    node = ReasonerNode()
    executor = SingleThreadedExecutor()
    executor.add_node(node)
    try:
        node.start()
        executor.spin()
    finally:
        executor.shutdown(timeout_sec=1.0)
        node.destroy_node()


if __name__ == "__main__":
    sys.exit(main())
