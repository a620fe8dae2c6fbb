import pytest

from cosmos_reasoner.replies.wording import plain, shortened


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        (" **B** \n", "B"),
        ("`B`", "B"),
        ("“Ｂ”", "B"),
        ("答案：（Ｂ）", "答案:(B)"),
        (r"$\boxed{B}$", "answer: B"),
        (r"so \boxed{\text{B}}", "so answer: B"),
        ("left  and\nright", "left  and\nright"),
    ],
)
def test_what_surrounds_the_words_is_taken_off(text: str, bare: str) -> None:
    assert plain(text) == bare


def test_a_short_text_is_quoted_whole_on_one_line() -> None:
    assert shortened(" a\n  b ") == "'a b'"


def test_a_long_text_loses_its_middle() -> None:
    quote = shortened("start " + "x" * 500 + " end", limit=20)
    assert quote.startswith("'start xxxx")
    assert quote.endswith("xxxxxx end'")
    assert len(quote) <= 27
