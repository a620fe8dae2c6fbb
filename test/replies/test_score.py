from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosmos_reasoner.errors import UnreadableAnswer
from cosmos_reasoner.replies.score import read_score


@pytest.mark.parametrize(
    "answer",
    [
        "4", " 4 ", "4.", "4.0", "**4**", "4/5", "4 / 5", "4 out of 5", "4 of 5", "Score: 4", "score is 4",
        "The score is: 4/5.", "My final score: 4", "Rating: 4", "Answer: 4", "**Score:** 4", r"\boxed{4}",
        r"Score: $\boxed{4}$", "4 points", "评分：4", "得分是4分", "4分", "４", "4。",
    ],
)  # fmt: skip
def test_the_usual_spellings_are_read(answer: str) -> None:
    assert read_score(answer, 1, 5) == 4


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ("", "no score"),
        ("four", "no score"),
        ("3.5", "no score"),
        ("3-4", "no score"),
        ("4 or 5", "no score"),
        ("4, because it falls", "no score"),
        ("I give it a 4", "no score"),
        ("4" * 40, "no score"),
        ("0", "scale from 1 to 5"),
        ("6", "scale from 1 to 5"),
        ("-4", "scale from 1 to 5"),
        ("4/10", "scale from 1 to 5"),
        ("4 out of 4", "scale from 1 to 5"),
    ],
)
def test_anything_else_is_unreadable(answer: str, why: str) -> None:
    with pytest.raises(UnreadableAnswer, match=why):
        read_score(answer, 1, 5)


@pytest.mark.parametrize("score", [1, 5])
def test_both_ends_belong_to_the_scale(score: int) -> None:
    assert read_score(str(score), 1, 5) == score


def test_a_scale_may_begin_below_zero() -> None:
    assert read_score("-2", -3, 3) == -2


@given(st.text())
def test_any_text_is_on_the_scale_or_unreadable(answer: str) -> None:
    with suppress(UnreadableAnswer):
        assert 1 <= read_score(answer, 1, 5) <= 5
