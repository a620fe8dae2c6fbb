"""`cosmos-reasoner view`: what the reasoner sees, thinks and predicts, on a page."""

import argparse
import socket
import sys
from concurrent.futures import wait
from typing import TYPE_CHECKING

import uvicorn

from cosmos_reasoner.cli.numbers import port
from cosmos_reasoner.cli.reasoners import add_node_argument
from cosmos_reasoner.embedded.serving import base_url, listen
from cosmos_reasoner.view.page.server import create_app

if TYPE_CHECKING:
    from cosmos_reasoner.nodes.viewer import Viewer

__all__ = ["add_arguments", "main", "run"]

_LOOPBACK = ("127.0.0.1", "::1", "localhost")

_GRACE = 1
"""s that open connections get at the end."""

_CONNECTIONS = 100
"""At once; a browser opens six."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add = parser.add_argument
    add_node_argument(parser)
    add("--host", default="127.0.0.1", help="address to listen on (default: %(default)s, for this machine only)")
    add("--port", type=port, default=8020, help="port; 0 for any free one (default: %(default)s)")
    add("--ros-args", nargs=argparse.REMAINDER, default=[], metavar="...", help="all that follows is for ROS")


def run(args: argparse.Namespace) -> int:
    """Serve the page until SIGINT or SIGTERM.

    Returns:
        0.

    Raises:
        ConfigurationError: The port cannot be opened.
    """
    with listen(args.host, args.port) as opened:
        _serve(args, opened)
    return 0


def main() -> int:
    """Run as `ros2 run cosmos_reasoner view`."""
    from cosmos_reasoner.cli.main import main as whole

    return whole(["view", *sys.argv[1:]])


def _serve(args: argparse.Namespace, opened: socket.socket) -> None:
    # Whether the port is free is said without ROS too.
    from rclpy.executors import SingleThreadedExecutor

    from cosmos_reasoner.cli.ros import ros
    from cosmos_reasoner.nodes.bridge import LoopThread
    from cosmos_reasoner.nodes.viewer import Viewer

    with ros(["--ros-args", *args.ros_args]):
        loop, executor = LoopThread(), SingleThreadedExecutor()
        viewer = Viewer(args.node, loop)
        executor.add_node(viewer)
        server = _server(viewer, loopback=args.host in _LOOPBACK)
        serving = loop.submit(server.serve(sockets=[opened]))
        print(f"shows {args.node} on {base_url(opened).removesuffix('v1')}", flush=True)
        try:
            executor.spin()
        finally:
            loop.post(viewer.hub.close)
            server.should_exit = True
            wait([serving], _GRACE + 2)
            loop.stop()
            viewer.destroy_node()


def _server(viewer: "Viewer", *, loopback: bool) -> uvicorn.Server:
    app = create_app(viewer.hub, viewer.ask, loopback=loopback)
    config = uvicorn.Config(
        app, log_level="warning", timeout_graceful_shutdown=_GRACE, limit_concurrency=_CONNECTIONS, lifespan="off"
    )
    return uvicorn.Server(config)


if __name__ == "__main__":
    sys.exit(main())
