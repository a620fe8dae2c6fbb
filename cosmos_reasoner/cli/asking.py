"""Arguments that commands share: which endpoint is asked, and how."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from cosmos_reasoner.embedded.serving import EmbeddedServer
from cosmos_reasoner.endpoints.client import EndpointClient
from cosmos_reasoner.endpoints.keys import read_key
from cosmos_reasoner.endpoints.profile import Profile, load_profile

__all__ = ["EMBEDDED", "Endpoint", "add_endpoint_arguments", "endpoint_of"]

EMBEDDED = "embedded"
"""Profile of the endpoint that a command starts itself when no address is given."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An endpoint that can be asked now."""

    profile: Profile
    url: str
    model: str
    key: str

    def client(self) -> EndpointClient:
        """A client of it."""
        return EndpointClient(self.profile, self.url, self.model, self.key)


def add_endpoint_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments that say which endpoint is asked."""
    group = parser.add_argument_group("endpoint", "by default the embedded motion baseline, started for this command")
    group.add_argument("--endpoint", default="", metavar="URL", help="address of an endpoint, ending in /v1")
    group.add_argument("--profile", default="", help="name or YAML file (default: cosmos_reason1 with --endpoint)")
    group.add_argument("--model", default="", help="model to ask (default: the first that the endpoint lists)")
    group.add_argument("--key-env", default="", metavar="NAME", help="environment variable that holds the key")


@contextmanager
def endpoint_of(args: argparse.Namespace) -> Iterator[Endpoint]:
    """Give the endpoint that the arguments name; without an address, start the embedded one for as long.

    Args:
        args: As parsed.

    Raises:
        ConfigurationError: The profile or the key cannot be used.
    """
    profile = load_profile(args.profile or ("cosmos_reason1" if args.endpoint else EMBEDDED))
    key = read_key(args.key_env)
    if args.endpoint or profile.name != EMBEDDED:
        yield Endpoint(profile, args.endpoint or profile.base_url, args.model, key)
        return
    with EmbeddedServer() as server:
        yield Endpoint(profile, server.url, args.model, key)
