"""`cosmos-reasoner endpoint`: the embedded endpoint as a server."""

import argparse
import os
import signal
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
        0 after a clean end, 2 when it cannot start.
    """
    try:
        settings = _settings(args)
        opened = listen(args.host, args.port)
    except ConfigurationError as error:
        print(f"endpoint: {error}", file=sys.stderr)
        return 2
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: None)  # uvicorn ends on both, then raises them again: no more is to happen
    os.nice(_NICENESS)
    server = make_server(settings)
    print(f"serving {MODEL} on {base_url(opened)}", flush=True)
    with opened:
        server.run(sockets=[opened])
    return 0


def main() -> int:
    """Run as a program of its own."""
    parser = argparse.ArgumentParser(prog="endpoint")
    add_arguments(parser)
    return run(parser.parse_args())


def _settings(args: argparse.Namespace) -> Settings:
    if args.tokens_per_second < 0:
        raise ConfigurationError(f"--tokens-per-second {args.tokens_per_second:g}: must not be below 0")
    key = os.environ.get(args.key_env, "").strip() if args.key_env else ""
    if args.key_env and not key:
        raise ConfigurationError(f"environment variable {args.key_env} holds no key: export it before the start")
    return Settings(key=key, fps=args.fps, tokens_per_second=args.tokens_per_second)
