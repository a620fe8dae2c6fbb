"""ROS around a program."""

import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import rclpy

from cosmos_reasoner.errors import ConfigurationError

__all__ = ["ros"]


@contextmanager
def ros(arguments: Sequence[str]) -> Iterator[None]:
    """Run a program's main thread with ROS until SIGINT or SIGTERM; what such an end breaks off is no fault.

    SIGINT raises no `KeyboardInterrupt` in between: it could hit whoever holds a lock. Afterwards it is ignored, as
    `ros2 launch` and the terminal often send it twice.

    Args:
        arguments: As for `rclpy.init`.

    Raises:
        ConfigurationError: ROS does not take the arguments.
        KeyboardInterrupt: SIGINT came before ROS listened.
    """
    early: list[int] = []
    signal.signal(signal.SIGINT, lambda number, _: early.append(number))
    try:
        rclpy.init(args=list(arguments))
    except RuntimeError as error:
        raise ConfigurationError(f"ROS does not start: {' '.join(str(error).split())}") from error
    if early:
        raise KeyboardInterrupt
    try:
        yield
    except Exception:
        if rclpy.ok():
            raise
    finally:
        rclpy.try_shutdown()
        signal.signal(signal.SIGINT, signal.SIG_IGN)
