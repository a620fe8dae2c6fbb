"""Settings of all tests."""

from hypothesis import settings

# The suite tries the same examples each time; `--hypothesis-profile=default` draws others.
settings.register_profile("same_examples", derandomize=True)
settings.load_profile("same_examples")
