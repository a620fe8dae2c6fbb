"""What holds for every reply, however it comes."""

import sys
from collections.abc import Callable

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from replying import REASONS, chunked, hard_texts, plain_texts, read, together

from cosmos_reasoner.replies.parser import Part, ReplyParser
from cosmos_reasoner.replies.refusal import is_refusal
from cosmos_reasoner.replies.tags import TagKind, find_tags

THINK, ANSWER = Part.THINK, Part.ANSWER
cuts = st.lists(st.integers(0, 200), max_size=20)
reasons = st.sampled_from(REASONS)


@given(hard_texts, cuts, reasons, st.booleans(), st.booleans())
def test_how_a_reply_is_cut_into_chunks_makes_no_difference(
    text: str, places: list[int], reason: str | None, expects: bool, tag: bool
) -> None:
    whole = read([text], reason, expects=expects, tag=tag)
    assert read(chunked(text, places), reason, expects=expects, tag=tag) == whole
    assert read(text, reason, expects=expects, tag=tag) == whole


@given(hard_texts, hard_texts, cuts, reasons)
def test_the_same_holds_for_the_field_of_a_server_side_parser(
    reasoning: str, content: str, places: list[int], reason: str | None
) -> None:
    def through(*chunks: list[str]) -> tuple[object, object]:
        parser = ReplyParser(expects_reasoning=True, answer_tag=True)
        pieces = [piece for chunk in chunks[0] for piece in parser.feed_reasoning(chunk)]
        pieces += [piece for chunk in chunks[1] for piece in parser.feed(chunk)]
        return parser.finish(reason), together(pieces)

    assert through(chunked(reasoning, places), chunked(content, places)) == through([reasoning], [content])


@given(st.text(), st.text(), reasons, st.booleans(), st.booleans())
def test_any_text_is_taken(reasoning: str, content: str, reason: str | None, expects: bool, tag: bool) -> None:
    parser = ReplyParser(expects, tag)
    parser.feed_reasoning(reasoning)
    parser.feed(content)
    parser.finish(reason)


@given(hard_texts, reasons, st.booleans())
def test_an_empty_answer_has_a_defect_and_any_other_stands_where_the_reply_says(
    text: str, reason: str | None, expects: bool
) -> None:
    reply, _ = read([text], reason, expects=expects)
    if reply.answer:
        assert text[reply.answer_start : reply.answer_start + len(reply.answer)] == reply.answer
    else:
        assert reply.answer_start == -1
        assert reply.defects
    assert reply.think == reply.think.strip()
    assert reply.answer == reply.answer.strip()


def well_formed(text: str, wanted: list[TagKind], answer: str) -> bool:
    return [tag.kind for tag in find_tags(text)] == wanted and not is_refusal(answer.strip())


@given(plain_texts, plain_texts, st.sampled_from(["", "\n", " \n"]), st.booleans(), st.booleans(), cuts)
def test_the_pieces_of_a_well_formed_reply_are_its_parts(
    think: str, answer: str, space: str, opened: bool, tag: bool, places: list[int]
) -> None:
    closing = [TagKind.THINK_CLOSE, *([TagKind.ANSWER_OPEN, TagKind.ANSWER_CLOSE] if tag else [])]
    inner = f"<answer>{space}{answer}{space}</answer>" if tag else answer
    text = f"{space}{'<think>' if opened else ''}{space}{think}</think>{space}{inner}"
    assume(answer.strip())
    assume(well_formed(text, ([TagKind.THINK_OPEN] if opened else []) + closing, answer))
    reply, pieces = read(chunked(text, places), tag=tag)
    held = len(answer) if not tag else 0
    assert (reply.think, reply.answer) == (think.strip(), answer.strip())
    assert pieces[THINK] == reply.think
    assert reply.answer.startswith(pieces[ANSWER])
    assert pieces[ANSWER] == reply.answer or (held and "<" in answer[-12:])


@given(plain_texts, cuts)
def test_the_pieces_of_a_tagged_answer_without_reasoning_are_the_answer(answer: str, places: list[int]) -> None:
    text = f"\n<answer>{answer}</answer>\n"
    assume(well_formed(text, [TagKind.ANSWER_OPEN, TagKind.ANSWER_CLOSE], answer))
    for tag in (True, False):
        reply, pieces = read(chunked(text, places), expects=False, tag=tag)
        assert pieces == {THINK: "", ANSWER: reply.answer}


@given(plain_texts.filter(lambda text: not any(find_tags(text))))
def test_no_more_than_a_tag_and_the_last_space_is_held_back_inside_the_reasoning(think: str) -> None:
    _, pieces = read(f"<think>{think}")
    assert think.strip().startswith(pieces[THINK])
    assert len(think.strip()[len(pieces[THINK]) :].lstrip()) <= 12


def test_a_talked_about_answer_is_shown_as_soon_as_the_reasoning_closes() -> None:
    parser = ReplyParser(expects_reasoning=True, answer_tag=True)
    assert together(parser.feed("<think>so <answer>A</answer>, or")) == {THINK: "so", ANSWER: ""}
    assert together(parser.feed(" B</think>")) == {THINK: " <answer>A</answer>, or B", ANSWER: ""}


def test_a_mention_is_known_by_its_backticks_though_each_comes_in_another_chunk() -> None:
    reply, pieces = read(["<think>write `", "<answer>", "` tags", "</think>", "<answer>", "B", "</answer>"])
    assert pieces == {THINK: "write `<answer>` tags", ANSWER: "B"}
    assert (reply.think, reply.answer) == ("write `<answer>` tags", "B")


def test_an_opening_tag_behind_other_words_is_shown_and_kept_as_text() -> None:
    reply, pieces = read(["Sure! ", "<think>", "it falls", "</think>", "<answer>B</answer>"])
    assert pieces == {THINK: reply.think, ANSWER: "B"} == {THINK: "Sure! <think>it falls", ANSWER: "B"}


def calls(action: Callable[[], object]) -> int:
    """Count the calls of Python and C functions that an action makes."""
    count = 0

    def note(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        action()
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize(
    "unit", ["The arm falls. ", "<think>", "</think>", "<answer>", "`<answer>`", "<answer>A</answer>", "< ", "     "]
)
def test_the_work_grows_with_the_length_and_not_with_its_square(unit: str) -> None:
    def work(copies: int) -> int:
        return calls(lambda: read(chunked(unit * copies, range(0, len(unit) * copies, 4))))

    assert work(800) < 2.2 * work(400)
