import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosmos_reasoner.replies.option_lines import read_option_lines

OPTIONS = ("push the cup", "wait", "turn left", "go - slowly")


@pytest.mark.parametrize(
    "line",
    [
        "(A) it falls -- no grip", "A. it falls -- no grip", "A) it falls --- no grip", "A: it falls -- no grip",
        "- (A) it falls -- no grip", "* A. it falls – no grip", "  • (A): it falls — no grip",
        "1. (A) it falls - no grip", "**(A)** it falls -- no grip", "**A.** it falls -- no grip",
        "- **A**: it falls -- no grip", "[A] it falls—no grip", "(A) *it falls* -- no grip",
        "Option A: it falls -- no grip", "Option (A) it falls -- no grip", "Action A: it falls -- no grip",
        "(A) it falls: no grip", "（A）it falls——no grip", "A：it falls：no grip", "选项A：it falls——no grip",
    ],
)  # fmt: skip
def test_every_usual_form_of_a_line_is_read(line: str) -> None:
    assert read_option_lines(f"First I look.\n{line}\nThat is all.", OPTIONS[:1]) == (("it falls", "no grip"),)


@pytest.mark.parametrize(
    "line",
    [
        "A robot falls -- no grip",
        "a) it falls -- no grip",
        "As (A) it falls -- no grip",
        "A.I. falls -- no grip",
        "AB: x -- y",
        "",
    ],
)
def test_a_line_that_does_not_begin_with_an_option_is_prose(line: str) -> None:
    assert read_option_lines(line, OPTIONS[:1]) == (("", ""),)


def test_each_option_gets_its_own_line_in_the_order_of_the_letters() -> None:
    think = "(C) c -- z\n\n(A) a -- x\n(E) e -- w"
    assert read_option_lines(think, OPTIONS) == (("a", "x"), ("", ""), ("c", "z"), ("", ""))


def test_a_line_without_a_reason_is_an_outcome_alone() -> None:
    assert read_option_lines("(A) the pick-up ends in 2–3 s", OPTIONS[:1]) == (("the pick-up ends in 2–3 s", ""),)


def test_a_line_with_a_reason_wins_over_one_without_and_the_first_over_later_ones() -> None:
    think = "(A) it moves\n(B) we lose time\n(A) it falls -- no grip\n(A) is out -- as said\n(B) is best"
    assert read_option_lines(think, OPTIONS[:2]) == (("it falls", "no grip"), ("we lose time", ""))


@pytest.mark.parametrize(
    "line", ["(A) push the cup -- gently", "A. Push  the cup.", "**(A) push the cup**", "A: PUSH THE CUP"]
)
def test_a_line_that_only_repeats_its_option_is_no_outcome(line: str) -> None:
    assert read_option_lines(line, OPTIONS[:1]) == (("", ""),)
    assert read_option_lines(f"{line}\n(A) it falls", OPTIONS[:1]) == (("it falls", ""),)


def test_an_option_with_a_dash_of_its_own_is_known_again() -> None:
    assert read_option_lines("(D) go - slowly", OPTIONS)[3] == ("", "")


def test_only_the_first_dash_divides() -> None:
    assert read_option_lines("(A) it falls -- no grip -- none", OPTIONS[:1]) == (("it falls", "no grip -- none"),)


def test_chinese_lines_are_read() -> None:
    assert read_option_lines("（A）杯子会掉下来——因为桌面倾斜\nB. 不会动：没有外力", OPTIONS[:2]) == (
        ("杯子会掉下来", "因为桌面倾斜"),
        ("不会动", "没有外力"),
    )


@given(st.text(st.sampled_from("AB().:-–— \n*x")), st.lists(st.text("AB push"), max_size=26))
def test_any_reasoning_gives_one_pair_an_option(think: str, options: list[str]) -> None:
    assert len(read_option_lines(think, options)) == len(options)
