"""Arguments that commands share: which endpoints are asked, and how."""

import argparse
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace

from cosmos_reasoner.embedded.serving import EmbeddedServer
from cosmos_reasoner.endpoints.spec import EndpointSpec

__all__ = ["EMBEDDED", "add_endpoint_arguments", "endpoints_of"]

EMBEDDED = "embedded"
"""Profile of the endpoint that a command starts itself when no address is given."""


def add_endpoint_arguments(parser: argparse.ArgumentParser, fallbacks: bool = True) -> None:
    """Add the arguments that say which endpoints are asked.

    Args:
        parser: Of the command.
        fallbacks: Whether others may answer for the first.
    """
    group = parser.add_argument_group("endpoint", "by default the embedded motion baseline, started for this command")
    group.add_argument("--endpoint", default="", metavar="URL", help="address of an endpoint, ending in /v1")
    group.add_argument("--profile", default="", help="name or YAML file (default: cosmos_reason1 with --endpoint)")
    group.add_argument("--model", default="", help="model to ask (default: the first that the endpoint lists)")
    group.add_argument("--key-env", default="", metavar="NAME", help="environment variable that holds the key")
    group.add_argument("--key-file", default="", metavar="PATH", help="file that holds the key, without --key-env")
    if not fallbacks:
        parser.set_defaults(fallback=[])
        return
    group.add_argument(
        "--fallback",
        action="append",
        default=[],
        metavar="SPEC",
        help="another endpoint, asked when those before do not answer; repeat it: "
        "'PROFILE [url=URL] [model=NAME] [key_env=NAME] [key_file=PATH]', or just 'embedded'",
    )


@contextmanager
def endpoints_of(args: argparse.Namespace) -> Iterator[list[EndpointSpec]]:
    """Give the endpoints that the arguments name; start the embedded one for as long where it is named without address.

    Args:
        args: As parsed.

    Returns:
        The endpoints in their order, each with its address.

    Raises:
        ConfigurationError: A profile, a key or a fallback cannot be used.
    """
    profile = args.profile or ("cosmos_reason1" if args.endpoint else EMBEDDED)
    first = EndpointSpec(profile, args.endpoint, args.model, args.key_env, args.key_file)
    specs = [first, *map(EndpointSpec.parse, args.fallback)]
    with ExitStack() as started:
        yield [_with_address(spec, started) for spec in specs]


def _with_address(spec: EndpointSpec, started: ExitStack) -> EndpointSpec:
    client = spec.client()
    if spec.profile == EMBEDDED and not spec.url:
        return replace(spec, url=started.enter_context(EmbeddedServer()).url)
    return replace(spec, url=client.base_url)
