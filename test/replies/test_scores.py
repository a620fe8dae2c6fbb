import json
from string import ascii_uppercase

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cosmos_reasoner.errors import UnreadableAnswer
from cosmos_reasoner.replies.scores import read_scores


@settings(deadline=None)
@given(st.lists(st.floats(0, 1), min_size=2, max_size=26).filter(lambda numbers: sum(numbers) > 0))
def test_every_letter_has_its_part_of_the_sum(numbers: list[float]) -> None:
    shares, _ = read_scores(json.dumps(dict(zip(ascii_uppercase, numbers))), len(numbers))
    assert shares == pytest.approx([number / sum(numbers) for number in numbers])


@settings(deadline=None)
@given(st.text())
def test_any_text_is_shares_or_unreadable(answer: str) -> None:
    try:
        shares, _ = read_scores(answer, 3)
    except UnreadableAnswer:
        return
    assert len(shares) == 3 and sum(shares) == pytest.approx(1)


@pytest.mark.parametrize(
    ("answer", "shares", "mended"),
    [
        ('{"A": 0.5, "B": 0.3, "C": 0.2}', (0.5, 0.3, 0.2), False),
        ('```json\n{"A": 1, "B": 0, "C": 0}\n```', (1, 0, 0), False),
        ('{"A": 0.33, "B": 0.33, "C": 0.33}', (1 / 3, 1 / 3, 1 / 3), False),
        ('{"C": 0.2, "A": 0.5, "B": 0.3}', (0.5, 0.3, 0.2), False),
        ('{"A": 0.4, "C": 0.6}', (0.4, 0, 0.6), True),
        ('{"A": 70, "B": 20, "C": 10}', (0.7, 0.2, 0.1), True),
        ('{"A": 0.9, "B": 0.9, "C": 0.2}', (0.45, 0.45, 0.1), True),
        ('I think {"A": 0.5, "B": 0.3, "C": 0.2}', (0.5, 0.3, 0.2), True),
        ('{"A": 0.34, "B": 0.34, "C": 0.33}', (34 / 101, 34 / 101, 33 / 101), False),
        ('{"A": "70%", "B": "0.2", "C": 0.1}', (0.7, 0.2, 0.1), True),
        ('{"a": 0.5, "b": 0.3, "c": 0.2}', (0.5, 0.3, 0.2), True),
    ],
    ids=[
        "plain",
        "fenced",
        "rounded",
        "another order",
        "one left out",
        "percent",
        "too much",
        "words around",
        "rounded up",
        "as text",
        "small letters",
    ],
)
def test_what_had_to_be_mended_is_said(answer: str, shares: tuple[float, ...], mended: bool) -> None:
    read, was_mended = read_scores(answer, 3)
    assert read == pytest.approx(shares)
    assert was_mended is mended


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("A", "JSON"),
        ("[0.5, 0.5]", "one number for each letter A to B"),
        ("{}", "gives every letter 0"),
        ('{"A": 0, "B": 0.0}', "gives every letter 0"),
        ('{"A": 0.5, "B": 0.4, "C": 0.1}', "one number for each letter A to B"),
        ('{"A": 0.5, "a": 0.5}', "one number for each letter"),
        ('{"A": 0.7, "B": 30}', "fractions and percentages together"),
        ('{"A": 7, "B": 3}', "a number from 0 to 1 was asked for"),
        ('{"A": "high", "B": 0.5}', "a number from 0 to 1 was asked for"),
        ('{"A": true, "B": 0.5}', "no number from 0 to 1"),
        ('{"A": null, "B": 0.5}', "no number from 0 to 1"),
        ('{"A": -0.5, "B": 0.5}', "a number from 0 to 1 was asked for"),
        ('{"A": 1%s, "B": 0.5}' % ("0" * 400), "a number from 0 to 1 was asked for"),
    ],
)
def test_anything_but_one_number_a_letter_is_unreadable(answer: str, words: str) -> None:
    with pytest.raises(UnreadableAnswer, match=words):
        read_scores(answer, 2)
