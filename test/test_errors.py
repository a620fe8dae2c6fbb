import inspect
import re

import pytest

from cosmos_reasoner import errors
from cosmos_reasoner.errors import CosmosReasonerError, EndpointError, EndpointOverloaded, RateLimited, Remedy

CLASSES = {name: kind for name, kind in vars(errors).items() if inspect.isclass(kind) and issubclass(kind, Exception)}
BELOW = {name: kind for name, kind in CLASSES.items() if issubclass(kind, EndpointError)}


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
    assert sorted([*CLASSES, "Remedy"]) == errors.__all__


@pytest.mark.parametrize("name", CLASSES)
def test_every_error_is_of_the_tree_and_says_what_it_means(name: str) -> None:
    assert issubclass(CLASSES[name], CosmosReasonerError)
    assert CLASSES[name].__doc__
    assert str(CLASSES[name]("no frames of front")) == "no frames of front"


def test_what_helps_is_known_of_every_error_of_an_endpoint() -> None:
    helps = {remedy: {name for name, kind in BELOW.items() if kind.remedy is remedy} for remedy in Remedy}
    assert helps[Remedy.GIVE_UP] == {"RequestRejected"}
    assert helps[Remedy.RETRY] == {"EndpointUnreachable", "RateLimited", "EndpointOverloaded", "EndpointUnavailable"}
    assert helps[Remedy.FAIL_OVER] == BELOW.keys() - helps[Remedy.RETRY] - helps[Remedy.GIVE_UP]


@pytest.mark.parametrize("kind", [RateLimited, EndpointOverloaded])
def test_an_endpoint_s_error_says_how_long_to_wait_if_it_is_known(kind: type[EndpointError]) -> None:
    assert kind("too many").retry_after is None
    assert kind("too many", 1.5).retry_after == 1.5
