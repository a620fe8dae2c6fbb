"""`cosmos-reasoner endpoint`: the embedded endpoint as a server."""

import argparse
import os
import sys

from cosmos_reasoner.cli.numbers import finite, port, positive
from cosmos_reasoner.embedded.serving import base_url, listen, make_server
from cosmos_reasoner.embedded.settings import MODEL, Settings
from cosmos_reasoner.errors import ConfigurationError

__all__ = ["add_arguments", "main", "run"]


_NICENESS = 10
"""It computes beside the node that asks it, and must not make that late."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.description = "Serve the motion baseline over the OpenAI chat API. It needs no GPU and is no language model."
    add = parser.add_argument
    add("--host", default="127.0.0.1", help="address to listen on (default: %(default)s, for this machine only)")
    add("--port", type=port, default=8010, help="port; 0 for any free one (default: %(default)s)")
    add("--key-env", default="", metavar="NAME", help="environment variable with the key that callers must send")
    add("--tokens-per-second", type=finite, default=0.0, metavar="N", help="pace of the replies (default: no limit)")
    add("--fps", type=positive, default=4.0, help="rate at which frames without times count (default: %(default)s Hz)")


def run(args: argparse.Namespace) -> int:
    """Serve until SIGINT or SIGTERM.

    Returns:
        0.

    Raises:
        ConfigurationError: An option cannot be used, or the port cannot be opened.
    """
    settings = _settings(args)
    opened = listen(args.host, args.port)
    os.nice(_NICENESS)
    server = make_server(settings)
    print(f"serving {MODEL} on {base_url(opened)}", flush=True)
    with opened:
        server.run(sockets=[opened])
    return 0


def main() -> int:
    """Run as `ros2 run cosmos_reasoner endpoint`."""
    from cosmos_reasoner.cli.main import main as whole

    return whole(["endpoint", *sys.argv[1:]])


def _settings(args: argparse.Namespace) -> Settings:
    if args.tokens_per_second < 0:
        raise ConfigurationError(f"--tokens-per-second {args.tokens_per_second:g}: must not be below 0")
    key = os.environ.get(args.key_env, "").strip() if args.key_env else ""
    if args.key_env and not key:
        raise ConfigurationError(f"environment variable {args.key_env} holds no key: export it before the start")
    return Settings(key=key, fps=args.fps, tokens_per_second=args.tokens_per_second)
