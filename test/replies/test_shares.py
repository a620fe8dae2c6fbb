import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosmos_reasoner.errors import UnreadableAnswer
from cosmos_reasoner.replies.shares import read_shares


@pytest.mark.parametrize(
    ("stated", "shares", "converted"),
    [
        ([], (), False),
        ([0.7, 0.2, None], (0.7, 0.2, None), False),
        ([1], (1.0,), False),
        ([0, 0.0], (0.0, 0.0), False),
        (["0.7", 0.1], (0.7, 0.1), True),
        (["70%", " 20 ％ ", 0.1], (0.7, 0.2, 0.1), True),
        (["0.5%"], (0.005,), True),
        ([70, 20, 1], (0.7, 0.2, 0.01), True),
        ([70, "20%", None, 0], (0.7, 0.2, None, 0), True),
        ([0.9, 0.6, None], (0.6, 0.4, None), True),
        ([0.5, 0.5000001], (0.5, 0.5), False),
    ],
)
def test_what_is_clear_is_read(
    stated: list[int | float | str | None], shares: tuple[float | None, ...], converted: bool
) -> None:
    read, was_converted = read_shares(stated)
    assert was_converted is converted
    assert [share is None for share in read] == [share is None for share in shares]
    assert [share for share in read if share is not None] == pytest.approx(
        [share for share in shares if share is not None]
    )


@pytest.mark.parametrize(
    "stated",
    [
        [-0.1],
        [1.5],
        [7, 2, 1],
        [10],
        [70, 0.2],
        [101],
        ["101%"],
        ["high"],
        ["-5%"],
        ["1/2"],
        [""],
        [10**400],
        [float("nan")],
    ],
)
def test_what_is_out_of_range_or_has_two_readings_is_refused(stated: list[int | float | str | None]) -> None:
    with pytest.raises(UnreadableAnswer, match="unreadable probabilit"):
        read_shares(stated)


@given(st.lists(st.none() | st.floats(0, 1), max_size=8))
def test_shares_keep_their_proportions_and_never_sum_to_more_than_one(stated: list[float | None]) -> None:
    shares, converted = read_shares(stated)
    total = sum(share for share in stated if share is not None)
    assert sum(share for share in shares if share is not None) <= 1 + 1e-12
    assert converted is (total > 1 + 1e-6)
    for before, after in zip(stated, shares, strict=True):
        assert (before is None) == (after is None)
        if before is not None and after is not None:
            assert after == pytest.approx(before / max(total, 1), abs=2e-6)


def test_a_sum_that_rounding_raised_is_scaled_to_one_and_not_told() -> None:
    shares, converted = read_shares([0.5, 0.5000004])
    assert sum(share for share in shares if share is not None) == pytest.approx(1, abs=1e-12)
    assert not converted
