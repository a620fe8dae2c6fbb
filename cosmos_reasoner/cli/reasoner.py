"""The node `reasoner` as a program: `ros2 run cosmos_reasoner reasoner`."""

import signal
import sys

import rclpy
from rclpy.exceptions import InvalidParameterTypeException, InvalidParameterValueException
from rclpy.executors import ExternalShutdownException, SingleThreadedExecutor

from cosmos_reasoner.errors import ConfigurationError
from cosmos_reasoner.nodes.reasoner_node import ReasonerNode

__all__ = ["main"]


def main() -> int:
    """Run the node until it is told to stop.

    Returns:
        The exit status: 1 when its parameters are wrong.
    """
    rclpy.init(args=sys.argv)
    try:
        return _spin()
    except (ConfigurationError, InvalidParameterTypeException, InvalidParameterValueException) as error:
        print(f"reasoner: {error}", file=sys.stderr)
        return 1
    finally:
        rclpy.try_shutdown()


def _spin() -> int:
    node = ReasonerNode()
    executor = SingleThreadedExecutor()
    executor.add_node(node)
    try:
        node.start()
        executor.spin()
    except (KeyboardInterrupt, ExternalShutdownException):
        pass
    except Exception:
        if rclpy.ok():
            raise  # else ROS was shut down by a signal in the middle of something, which is no fault
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # `ros2 launch` and the terminal often send it twice
        executor.shutdown(timeout_sec=1.0)
        node.destroy_node()
    return 0


if __name__ == "__main__":
    sys.exit(main())
