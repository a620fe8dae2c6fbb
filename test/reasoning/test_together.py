import asyncio

import pytest

from cosmos_reasoner.errors import EndpointFailed
from cosmos_reasoner.reasoning.together import all_of, whatever_comes


async def gives(number: int) -> int:
    return number


async def fails(error: Exception) -> int:
    raise error


async def never(ended: list[str]) -> int:
    try:
        return await asyncio.get_running_loop().create_future()
    finally:
        ended.append("ended")


def test_what_the_endpoint_fails_over_is_left_out_in_its_place() -> None:
    asked = whatever_comes([gives(1), fails(EndpointFailed("broken")), gives(3)], None)
    assert asyncio.run(asked) == [1, None, 3]


def test_what_takes_too_long_is_left_out_and_ended() -> None:
    ended: list[str] = []
    assert asyncio.run(whatever_comes([never(ended), gives(2)], 0.05)) == [None, 2]
    assert ended == ["ended"]


def test_a_defect_of_our_own_is_not_left_out() -> None:
    with pytest.raises(ZeroDivisionError):
        asyncio.run(whatever_comes([gives(1), fails(ZeroDivisionError())], None))


def test_nothing_asked_is_nothing_answered() -> None:
    assert asyncio.run(whatever_comes([], None)) == []


def test_all_come_or_the_first_error_ends_the_others() -> None:
    ended: list[str] = []
    assert asyncio.run(all_of([gives(1), gives(2)])) == [1, 2]
    with pytest.raises(EndpointFailed):
        asyncio.run(all_of([never(ended), fails(EndpointFailed("broken"))]))
    assert ended == ["ended"]
