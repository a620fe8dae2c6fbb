import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosmos_reasoner.endpoints.events import Token
from cosmos_reasoner.replies.probabilities import SMALLEST_SHARE, choice_probabilities


def token(text: str, **shares: float) -> Token:
    """Make a token with alternatives; `_` in a keyword stands for a space."""
    alternatives = tuple((name.replace("_", " "), math.log(share)) for name, share in shares.items())
    return Token(text, math.log(shares.get(text, 0.5)), alternatives)


def plain(*texts: str) -> list[Token]:
    return [Token(text, -0.1) for text in texts]


def read(before: list[Token], letter: Token, answer_start: int, count: int = 3) -> tuple[float, ...] | None:
    tokens = [*before, letter, *plain("\n", "</", "answer", ">")]
    return choice_probabilities(tokens, "".join(entry.text for entry in tokens), answer_start, count)


LETTER = token("B", B=0.6, A=0.3, _C=0.1)


def test_the_shares_are_those_at_the_letter_s_token() -> None:
    before = plain("<think>", "A", " falls", "</think>", "\n<", "answer", ">\n")
    assert read(before, LETTER, 31) == pytest.approx((0.3, 0.6, 0.1))


def test_other_words_are_left_out_and_the_letters_sum_to_one() -> None:
    assert read([], token("B", B=0.3, A=0.1, The=0.4, Z=0.2), 0) == pytest.approx((0.25, 0.75, 0))


@pytest.mark.parametrize(
    ("before", "text"),
    [
        ([], "B"), ([], " B"), (["("], "B"), ([], "(B"), ([], " (B"), (["**"], "B"), ([], ">\nB"), ([], "B."),
        (["\\", "boxed", "{"], "B"), (["\\boxed{\\text{"], "B"), (["Answer", ":"], " B"),
        (["The", " answer", " is"], " B"),
        (["Option"], " B"), (["答案", "："], "B"), (["选"], "B"), (["**", "Answer", ":**"], " B"), (["“"], "B"),
    ],
)  # fmt: skip
def test_the_letter_is_found_behind_whatever_announces_it(before: list[str], text: str) -> None:
    letter = Token(text, math.log(0.6), ((text, math.log(0.6)), (text.replace("B", "A"), math.log(0.2)), ("x", -1.0)))
    answer_start = 1 if text.startswith(">") else 0
    assert read(plain(*before), letter, answer_start) == pytest.approx((0.25, 0.75, 0))


def test_all_spellings_of_a_letter_are_added() -> None:
    letter = Token(
        "B",
        math.log(0.2),
        ((" B", math.log(0.1)), ("(A", math.log(0.1)), ("A.", math.log(0.1)), ("\nB", math.log(0.1))),
    )
    assert read([], letter, 0) == pytest.approx((0.2 / 0.6, 0.4 / 0.6, 0))


def test_only_letters_in_the_case_that_was_written_count() -> None:
    assert read([], token("B", B=0.5, a=0.3, A=0.1), 0) == pytest.approx((1 / 6, 5 / 6, 0))
    assert read([], token("b", b=0.5, a=0.3, A=0.1), 0) == pytest.approx((3 / 8, 5 / 8, 0))


def test_a_choice_constraint_leaves_letters_with_no_probability() -> None:
    letter = Token("A", -0.0, (("A", 1e-7), ("B", -9999.0), ("C", -math.inf)))
    assert read([], letter, 0) == pytest.approx((1, 0, 0))


@pytest.mark.parametrize("logprob", [math.nan, 5.0, -math.inf])
def test_a_number_that_is_no_logarithm_of_a_probability_is_left_out(logprob: float) -> None:
    assert read([], Token("A", logprob, (("B", -1.0),)), 0) == (0, 1, 0)


@pytest.mark.parametrize(
    ("letter", "answer_start"),
    [
        (LETTER, -1),
        (token("Z", Z=0.5, A=0.5), 0),
        (token("yes", yes=0.5, A=0.5), 0),
        (token("A robot", A=1.0), 0),
        (token("A", A=SMALLEST_SHARE / 2, The=0.9), 0),
        (token("?", A=0.5), 0),
    ],
)
def test_where_there_is_no_letter_there_are_no_probabilities(letter: Token, answer_start: int) -> None:
    assert read([], letter, answer_start) is None


def test_without_log_probabilities_there_are_none() -> None:
    assert choice_probabilities([], "<think>a</think>B", 16, 3) is None


@pytest.mark.parametrize(
    "texts",
    [
        ["杯", "子"],
        ["\ufffd", "\ufffd", "\ufffd", "子"],
        ["", "", "杯", "子"],
        ["\ufffd", "\ufffd", "\ufffd", "\ufffd"],
        ["", "杯子"],
        ["", "子"],
        ["bytes:\\xe6\\x9d", "bytes:\\xaf", "子"],
        ["杯", "杯", "子"],
    ],
)
def test_characters_that_are_split_over_tokens_do_not_lead_astray(texts: list[str]) -> None:
    tokens = [*plain("<think>", "A", *texts, "</think>", "\n"), LETTER]
    assert choice_probabilities(tokens, "<think>A杯子</think>\nB", 19, 3) == pytest.approx((0.3, 0.6, 0.1))


texts = st.text(st.sampled_from("AB (.<>\n杯\ufffd"), max_size=4)
tokens = st.builds(Token, texts, st.floats(), st.lists(st.tuples(texts, st.floats()), max_size=4).map(tuple))


@given(
    st.lists(tokens, max_size=12),
    st.text(st.sampled_from("AB (.<>\n杯"), max_size=30),
    st.integers(-1, 30),
    st.integers(1, 26),
)
def test_any_tokens_give_shares_or_nothing(given_tokens: list[Token], content: str, start: int, count: int) -> None:
    shares = choice_probabilities(given_tokens, content, start, count)
    if shares is not None:
        assert len(shares) == count
        assert sum(shares) == pytest.approx(1)
        assert min(shares) >= 0
