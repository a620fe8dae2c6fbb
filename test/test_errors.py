import inspect
import re

import pytest

from cosmos_reasoner import errors
from cosmos_reasoner.errors import CosmosReasonerError, EndpointError, RateLimited

CLASSES = {name: kind for name, kind in vars(errors).items() if inspect.isclass(kind)}


def drawn() -> dict[str, str]:
    """Parents by name, as the drawing of the module's docstring has them."""
    parents: dict[str, str] = {}
    path: list[str] = []
    for line in (errors.__doc__ or "").splitlines():
        if match := re.match(r"    ([│ ├└─]*)([A-Z]\w+)", line):
            depth = len(match[1]) // 4
            path[depth:] = [match[2]]
            parents[match[2]] = path[depth - 1] if depth else "Exception"
    return parents


def test_the_drawing_is_the_tree() -> None:
    assert drawn() == {name: kind.__bases__[0].__name__ for name, kind in CLASSES.items()}


def test_every_error_is_public() -> None:
    assert sorted(CLASSES) == errors.__all__


@pytest.mark.parametrize("name", errors.__all__)
def test_every_error_is_of_the_tree_and_says_what_it_means(name: str) -> None:
    assert issubclass(CLASSES[name], CosmosReasonerError)
    assert CLASSES[name].__doc__
    assert str(CLASSES[name]("no frames of front")) == "no frames of front"


def test_only_the_endpoint_s_errors_lie_below_its_own() -> None:
    below = {name for name, parent in drawn().items() if parent == "EndpointError"}
    assert {name for name, kind in CLASSES.items() if issubclass(kind, EndpointError)} == {*below, "EndpointError"}


def test_a_limit_of_requests_says_how_long_to_wait_if_it_is_known() -> None:
    assert RateLimited("too many").retry_after is None
    assert RateLimited("too many", 1.5).retry_after == 1.5
