"""How questions are read, and which words can be measured."""

import string
from importlib.resources import files

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from cosmos_reasoner.embedded.answers.lexicon import Lexicon, Mention
from cosmos_reasoner.embedded.answers.question import Kind, read_question
from cosmos_reasoner.embedded.answers.tokens import split

LEXICON = Lexicon()
OPTIONS = "(A) stop\n(B) go on"


def concepts(text: str) -> list[tuple[str, bool, str]]:
    """What a text names: concept, whether denied, of whom."""
    return [(mention.concept, mention.negated, mention.about) for mention in LEXICON.mentions(text)]


@pytest.mark.parametrize(
    ("user", "kind"),
    [
        ("What moves?", Kind.WORDS),
        ("Does it move?", Kind.YES_NO),
        ("Is it so? Yes or no.", Kind.YES_NO),
        (f"Where to?\n{OPTIONS}", Kind.OPTIONS),
        (f"Goal: be safe\n{OPTIONS}", Kind.ACTIONS),
        ("Goal: be safe\nWhat should be done next?", Kind.NEXT_ACTION),
        (f"Statement: it moves\n{OPTIONS}", Kind.STATEMENT),
        ("Give a score from 1 to 5.", Kind.SCORE),
        ('Answer as {"outcomes": []}', Kind.OUTCOMES),
        ("它会停下吗？", Kind.YES_NO),
        ("目标：安全\nA. 停\nB. 走", Kind.ACTIONS),
    ],
)
def test_the_kind_of_a_question_is_read_from_its_words(user: str, kind: Kind) -> None:
    assert read_question("", user, None).kind is kind


@pytest.mark.parametrize(
    ("lines", "options"),
    [
        (OPTIONS, ("stop", "go on")),
        ("A. stop\nB. go on", ("stop", "go on")),
        ("A) stop\nB) go on", ("stop", "go on")),
        ("A: stop\nB: go on", ("stop", "go on")),
        ("(A) stop\n(C) go on", ()),
        ("(B) stop\n(C) go on", ()),
        ("(A) stop", ()),
        ("(A) old\n(B) one\nNo:\n(A) stop\n(B) go on", ("stop", "go on")),
    ],
)
def test_options_are_lines_lettered_without_a_gap(lines: str, options: tuple[str, ...]) -> None:
    assert tuple(text for _, text in read_question("", f"What?\n{lines}", None).options) == options


def test_horizon_number_coordinates_and_language_are_read() -> None:
    asked = read_question("", "within the next 3.5 seconds, up to 4 outcomes, in thousandths, in Chinese", None)

    assert (asked.horizon, asked.max_outcomes, asked.thousandths, asked.chinese) == (3.5, 4, True, True)


def test_chinese_questions_are_read() -> None:
    asked = read_question("", "3秒内会发生什么？最多2个结果", None)

    assert (asked.horizon, asked.max_outcomes, asked.chinese) == (3, 2, True)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It moves to the left.", [("left", False, "things")]),
        ("It does not move to the left.", [("left", True, "things")]),
        ("It doesn't move.", [("move", True, "things")]),
        ("It moves without touching the wall.", [("collide", True, "things")]),
        (
            "It stops, and the camera turns right.",
            [("stop", False, "things"), ("turn", False, "camera"), ("right", False, "camera")],
        ),
        ("The robot goes forward.", [("forward", False, "robot")]),
        ("The ball rolls.", [("move", False, "things")]),
        ("A bright copyright leftover", []),
        ("球没有向左滚动", [("left", True, "things")]),
        ("相机向右转", [("right", False, "camera"), ("turn", False, "camera")]),
    ],
)
def test_words_that_can_be_measured_are_found(text: str, expected: list[tuple[str, bool, str]]) -> None:
    assert concepts(text) == expected


def test_the_share_of_known_words_is_told() -> None:
    assert LEXICON.coverage("It moves to the left.") == 1
    assert LEXICON.coverage("The red car moves to the left.") == 0.5
    assert LEXICON.coverage("the of and") == 0
    assert LEXICON.coverage("向左移动") == 0.75


@given(st.text())
def test_any_text_can_be_read(text: str) -> None:
    read_question(text, text, None)
    assert all(isinstance(mention, Mention) for mention in LEXICON.mentions(text))
    assert 0 <= LEXICON.coverage(text) <= 1


@given(st.text())
def test_the_tokens_of_any_text_joined_are_the_text(text: str) -> None:
    assert "".join(split(text)) == text


def test_both_languages_have_the_same_phrases_with_the_same_gaps() -> None:
    def read(name: str) -> dict[str, object]:
        return yaml.safe_load((files("cosmos_reasoner.embedded.answers") / "words" / name).read_text(encoding="utf-8"))

    def gaps(phrase: object) -> set[str]:
        return {field.lower() for _, field, _, _ in string.Formatter().parse(str(phrase)) if field}

    english, chinese = read("english.yaml"), read("chinese.yaml")
    assert english.keys() == chinese.keys()
    for part in ("phrases", "colours", "actions", "edges"):
        first, second = english[part], chinese[part]
        assert isinstance(first, dict)
        assert isinstance(second, dict)
        assert {key: gaps(phrase) for key, phrase in first.items()} == {
            key: gaps(phrase) for key, phrase in second.items()
        }
