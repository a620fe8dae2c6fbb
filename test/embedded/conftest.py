"""One embedded endpoint for all tests of a file."""

from collections.abc import Iterator

import pytest

from cosmos_reasoner.embedded.serving import EmbeddedServer


@pytest.fixture(scope="module")
def server() -> Iterator[EmbeddedServer]:
    """An endpoint with default settings."""
    with EmbeddedServer() as running:
        yield running


@pytest.fixture
def url(server: EmbeddedServer) -> str:
    """Its base URL."""
    return server.url
