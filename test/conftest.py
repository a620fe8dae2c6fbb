"""Settings of all tests."""

import gc
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from browser import Open

# The suite tries the same examples each time; `--hypothesis-profile=default` draws others.
settings.register_profile("same_examples", derandomize=True)
settings.load_profile("same_examples")


def pytest_collection_finish() -> None:
    """Let the garbage collector pass over what was imported: it stays, and a look at it takes 0.2 s each time."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """One browser for all tests of a file: while it is there, no other asyncio loop can run in this thread."""
    from browser import started

    with started() as browser:
        yield browser


@pytest.fixture
def opened(browser: Any) -> "Iterator[Open]":
    """Give a function that opens a page, which may ask for nothing but what is below its own address."""
    from browser import pages

    with pages(browser, lambda asked, address: asked.startswith(address)) as open_page:
        yield open_page
