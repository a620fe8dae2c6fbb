import string
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosmos_reasoner.errors import UnreadableAnswer
from cosmos_reasoner.replies.choice import read_choice

OPTIONS = ["move left", "A robot moves", "wait for the human", "turn right."]


@pytest.mark.parametrize(
    "answer",
    [
        "B", "b", "(B)", "[B]", "B)", "b)", "B.", "B:", "(B", "B。", "Ｂ", "（B）", "“B”", "**B**", "**(B)**", "`B`",
        "$B$", "Answer: B", "answer is b", "**Answer:** B", "The answer is B", "The answer is: (B).",
        "My final answer is B.", "The correct answer is **B**", "The answer is option B", "So the answer is B.",
        "Therefore, the answer is (B).", "Option B", "option (B)", "Choice B.", "I choose B",
        "I would pick option B.", "B is the correct answer.", r"\boxed{B}", r"$\boxed{\text{B}}$",
        r"The answer is $\boxed{B}$.", "The correct answer is:\n\n(B)", "B: text", "B. The robot goes on",
        "(B) The robot goes on", "B\n\nThe robot goes on.", "**B**: it goes on", "B because the arm is up",
        "B, because the arm is up", "The answer is B since nothing is in its way.", "B A robot moves",
        "(B) A robot moves.", "B - A robot moves", "B (A robot moves)", "B is the answer. E is none.", "B: vitamin F",
        "B: A robot moves", "A robot moves", "a robot moves.", "'A robot moves'", "Answer: A robot moves",
        "**A robot moves**", "The cup is full.\n  Answer: B",
        "First (A) fails.\nThen it stops.\nTherefore, the answer is B.", "选B", "我选B。", "选择：B", "答案：B",
        "答案是B。", "正确答案：（B）", "B选项", "选项B", "因此答案为B", "答案：B，因为机器人在动",
    ],
)  # fmt: skip
def test_the_usual_spellings_are_read(answer: str) -> None:
    assert read_choice(answer, OPTIONS) == 1


@pytest.mark.parametrize(
    "answer",
    [
        "", "   ", "?", "B?", "E", "Z", "(E)", "AB", "B2", "B's", "None", "option", "answer", "the", "ı", "ſ",
        "A robot is here", "A cup falls, then B", "I think B", "I see a robot", "A.I. moves", "a robot", "Be careful",
        "The answer is a robot", "The answer is not B", "Not B", "B is wrong", "Option A is not correct",
        "Answer: A robot", "A or B", "A and B", "A, B", "A/B", "B and then C", "(A)(B)", "B) one\nC) two", "A\nB\nC",
        "B. Not C.", "A. It falls.\nAnswer: B", "Answer: A\nAnswer: B", "B: or (c)", "E) or (B)", "B.\nAnswer: E",
        "move left or turn right", "The robot moves left", "机器人移动", "选A或B", "不选B",
    ],
)  # fmt: skip
def test_anything_else_is_unreadable_rather_than_guessed(answer: str) -> None:
    with pytest.raises(UnreadableAnswer, match="one letter was asked for"):
        read_choice(answer, OPTIONS)


def test_the_error_quotes_the_answer_and_says_what_is_wrong() -> None:
    with pytest.raises(UnreadableAnswer, match=r"'B\) one C\) two' names several letters \(B, C\)"):
        read_choice("B) one\nC) two", OPTIONS)
    with pytest.raises(UnreadableAnswer, match="'E' names none of the 4 options"):
        read_choice("E", OPTIONS)


def test_a_letter_and_a_text_that_name_different_options_contradict_each_other() -> None:
    assert read_choice("no", ["yes", "no"]) == 1
    with pytest.raises(UnreadableAnswer, match="several"):
        read_choice("Option A", ["Option B", "Option A"])
    with pytest.raises(UnreadableAnswer, match="several"):
        read_choice("stay", ["stay", "Stay."])


def test_brackets_that_belong_to_the_option_s_text_are_part_of_it() -> None:
    assert read_choice("B move (fast)", ["wait", "move (fast)"]) == 1


@pytest.mark.parametrize("answer", ["A", "a", "(A)", "**A.**", "Answer: A", r"\boxed{A}"])
@pytest.mark.parametrize("options", [("B", "A"), ("(B)", "(A)"), ("b.", "a.")])
def test_a_bare_letter_is_that_letter_though_it_is_the_text_of_another(answer: str, options: tuple[str, str]) -> None:
    assert read_choice(answer, options) == 0


def test_a_text_that_is_a_letter_beyond_the_options_is_the_text() -> None:
    assert read_choice("I", ["you", "I"]) == 1


def test_numbers_that_differ_in_sign_are_different_options() -> None:
    assert read_choice("-1", ["1", "-1"]) == 1


@given(
    st.integers(0, 25), st.sampled_from(["{}", "({})", "{}.", "Answer: {}", "**{}**", "答案：{}"]), st.integers(1, 26)
)
def test_every_letter_is_read_when_there_is_such_an_option(index: int, form: str, count: int) -> None:
    answer = form.format(string.ascii_uppercase[index])
    options = [f"number {number}" for number in range(count)]
    if index < count:
        assert read_choice(answer, options) == index
    else:
        with pytest.raises(UnreadableAnswer):
            read_choice(answer, options)


@given(st.lists(st.text(min_size=1).filter(str.strip), min_size=1, max_size=26), st.text())
def test_any_text_is_an_index_or_unreadable(options: list[str], answer: str) -> None:
    with suppress(UnreadableAnswer):
        assert 0 <= read_choice(answer, options) < len(options)


prose = st.lists(st.sampled_from(["robot", "arm", "moves", "the", "a", "cup", "left", "and", "hits"]), min_size=2)


@given(st.sampled_from(["A", "I"]), prose.map(" ".join))
def test_a_sentence_that_begins_with_an_article_or_a_pronoun_names_no_letter(first: str, rest: str) -> None:
    with pytest.raises(UnreadableAnswer):
        read_choice(f"{first} {rest}.", [f"number {number}" for number in range(26)])
