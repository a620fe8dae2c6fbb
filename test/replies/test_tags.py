import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosmos_reasoner.replies.tags import TagKind, find_tags, undecided


def kinds(text: str) -> list[TagKind]:
    return [tag.kind for tag in find_tags(text)]


@pytest.mark.parametrize("text", ["</think>", "</THINK>", "< /think>", "</ think >", "<\n/\nThink\n>"])
def test_a_tag_may_be_in_any_case_and_hold_a_space_where_one_can_stand(text: str) -> None:
    assert kinds(f"a{text}b") == [TagKind.THINK_CLOSE]


@pytest.mark.parametrize(
    "text", ["<thinking>", "<think", "think>", "<th ink>", "<   think>", "<//think>", "<thınk>", "<thin\u212a>"]
)
def test_what_only_looks_like_a_tag_is_text(text: str) -> None:
    assert kinds(text) == []


def test_a_tag_between_backticks_is_talked_about_and_a_code_span_beside_a_tag_is_not() -> None:
    assert kinds("put it in `<answer>` tags") == []
    assert kinds("<answer>`B`</answer>") == [TagKind.ANSWER_OPEN, TagKind.ANSWER_CLOSE]
    assert kinds("`<think>") == [TagKind.THINK_OPEN]


def test_positions_enclose_the_tag() -> None:
    tag = next(find_tags("ab< /answer >c"))
    assert (tag.start, tag.end) == (2, 13)


@pytest.mark.parametrize("text", ["<", "a <", "</", "< /an", "<THIN", "<answer", "`<answer>", "x`< / answer >"])
def test_what_could_become_a_tag_or_a_mention_is_undecided(text: str) -> None:
    assert undecided(text) == text.index("<")


@pytest.mark.parametrize("text", ["", "a", "a < b", "<answer>", "<b", "`<answer>`", "<             ", "<think></an>"])
def test_what_can_no_longer_become_a_tag_is_decided(text: str) -> None:
    assert undecided(text) == len(text)


@given(st.text(st.sampled_from("</> `\nthinkaswerTHX"), max_size=40), st.integers(0, 40))
def test_no_tag_begins_in_what_was_decided_and_ends_behind_it(text: str, cut: int) -> None:
    end = undecided(text[:cut])
    assert [tag for tag in find_tags(text) if tag.start < end < tag.end] == []
    assert [tag for tag in find_tags(text) if tag.end <= end] == list(find_tags(text, 0, end))
