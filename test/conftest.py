"""Settings of all tests."""

import gc

from hypothesis import settings

# The suite tries the same examples each time; `--hypothesis-profile=default` draws others.
settings.register_profile("same_examples", derandomize=True)
settings.load_profile("same_examples")


def pytest_collection_finish() -> None:
    """Let the garbage collector pass over what was imported: it stays, and a look at it takes 0.2 s each time."""
    gc.collect()
    gc.freeze()
