"""Every form in which a reply was seen to come, and what is read from it."""

import pytest
from replying import kinds, read

from cosmos_reasoner.replies.defects import DefectKind
from cosmos_reasoner.replies.parser import Part, ReplyParser

TRUNCATED, NO_REASONING = DefectKind.TRUNCATED, DefectKind.NO_REASONING
UNCLOSED_THINK, NO_ANSWER = DefectKind.UNCLOSED_THINK, DefectKind.NO_ANSWER
UNCLOSED_ANSWER, SEVERAL_ANSWERS = DefectKind.UNCLOSED_ANSWER, DefectKind.SEVERAL_ANSWERS


@pytest.mark.parametrize(
    ("text", "think", "answer"),
    [
        ("<think>\nIt falls.\n</think>\n\n<answer>\nB\n</answer>", "It falls.", "B"),
        ("<think>It falls.</think><answer>B</answer>", "It falls.", "B"),
        ("It falls.\n</think>\n<answer>B</answer>\n", "It falls.", "B"),
        ("\n <think>It falls.</think> B ", "It falls.", "B"),
        ("It falls.</think>\n\nB", "It falls.", "B"),
        ("<THINK>It falls.</Think><ANSWER>B</Answer>", "It falls.", "B"),
        ("< think >It falls.< /think >< answer>B</ answer>", "It falls.", "B"),
        ("<think>杯子会掉下来。</think>\n<answer>\n选B\n</answer>", "杯子会掉下来。", "选B"),
        ("<think>I will write `<answer>` and `</think>`.</think>B", "I will write `<answer>` and `</think>`.", "B"),
        ("<think>I will write <answer> soon.</think><answer>B</answer>", "I will write <answer> soon.", "B"),
        ("<think>Form: <answer>A</answer></think>B", "Form: <answer>A</answer>", "B"),
        ("<think>```\n<answer>\nA\n</answer>\n```</think>B", "```\n<answer>\nA\n</answer>\n```", "B"),
        ("<think>I end at </think> and so on.</think>B", "I end at </think> and so on.", "B"),
        ("<think>a</think>\n<think>b</think>B", "a</think>\n<think>b", "B"),
        ("Sure! <think>a</think>B", "Sure! <think>a", "B"),
        ("<think>a</think>So it is: <answer>B</answer> That is all.", "a", "B"),
        ("<think>a</think>B</answer>", "a", "B"),
        ("<think>a</think><answer>B</answer></think>", "a", "B"),
        ("<think>a</think><answer>the <think> tag</answer>", "a", "the <think> tag"),
        ("<think>a</think>if x < y: `B`", "a", "if x < y: `B`"),
        ('<think>a</think>```json\n{"b": 1}\n```', "a", '```json\n{"b": 1}\n```'),
    ],
)
def test_a_readable_form_is_read_without_a_defect(text: str, think: str, answer: str) -> None:
    for tag in (True, False):
        reply, _ = read([text], tag=tag)
        assert (reply.think, reply.answer, reply.defects) == (think, answer, ())
        assert text[reply.answer_start :].startswith(answer)


@pytest.mark.parametrize(
    ("text", "think", "answer", "defects"),
    [
        ("", "", "", [NO_REASONING, NO_ANSWER]),
        (" \n", "", "", [NO_REASONING, NO_ANSWER]),
        ("B", "", "B", [NO_REASONING]),
        ("<answer>B</answer>", "", "B", [NO_REASONING]),
        ("<think>\n</think><answer>B</answer>", "", "B", [NO_REASONING]),
        ("B</answer>", "", "B", [NO_REASONING]),
        ("I write `<answer>` tags.", "", "I write `<answer>` tags.", [NO_REASONING]),
        ("It falls. <answer>B</answer>", "It falls.", "B", [UNCLOSED_THINK]),
        ("<think>It falls.", "It falls.", "", [UNCLOSED_THINK, NO_ANSWER]),
        ("<think>It falls. I write `<answer>`", "It falls. I write `<answer>`", "", [UNCLOSED_THINK, NO_ANSWER]),
        ("<think>It falls. <answer>B</answer>", "It falls.", "B", [UNCLOSED_THINK]),
        ("<think>a</think> <think>b", "a</think> <think>b", "", [UNCLOSED_THINK, NO_ANSWER]),
        ("<think>a</think> <think>b <answer>B</answer>", "a", "B", [UNCLOSED_THINK]),
        ("<think>a</think>", "a", "", [NO_ANSWER]),
        ("<think>a <answer>B</answer></think>", "a <answer>B</answer>", "", [NO_ANSWER]),
        ("<think>a</think><answer> </answer>", "a", "", [NO_ANSWER]),
        ("<think>a</think><answer>B", "a", "B", [UNCLOSED_ANSWER]),
        ("<think>a</think><answer>", "a", "", [UNCLOSED_ANSWER, NO_ANSWER]),
        ("<think>a</think><answer>A</answer><answer>B</answer>", "a", "B", [SEVERAL_ANSWERS]),
        ("<think>a</think><answer>A<answer>B", "a", "B", [UNCLOSED_ANSWER, SEVERAL_ANSWERS]),
    ],
)
def test_a_defective_form_says_what_is_wrong(text: str, think: str, answer: str, defects: list[DefectKind]) -> None:
    reply, _ = read([text])
    assert (reply.think, reply.answer, kinds(reply)) == (think, answer, defects)


@pytest.mark.parametrize(
    ("text", "think", "answer", "defects"),
    [
        ("", "", "", [TRUNCATED, NO_REASONING]),
        ("It falls, beca", "It falls, beca", "", [TRUNCATED, UNCLOSED_THINK]),
        ("<think>It falls, beca", "It falls, beca", "", [TRUNCATED, UNCLOSED_THINK]),
        ("<think>I'd say <answer>B</answer>, but", "I'd say <answer>B</answer>, but", "", [TRUNCATED, UNCLOSED_THINK]),
        ("<think>a</think>The answer is", "a", "", [TRUNCATED]),
        ("<think>a</think><answer>The", "a", "", [TRUNCATED, UNCLOSED_ANSWER]),
        ("<think>a</think><answer>A</answer><answer>B", "a", "", [TRUNCATED, UNCLOSED_ANSWER, SEVERAL_ANSWERS]),
        ("<think>a</think><answer>B</answer> In ot", "a", "B", [TRUNCATED]),
        ("<think>a</think>B</answer> In ot", "a", "B", [TRUNCATED]),
        ("<think>a</think><answer></answer>", "a", "", [TRUNCATED, NO_ANSWER]),
    ],
)
def test_a_cut_answer_is_never_taken(text: str, think: str, answer: str, defects: list[DefectKind]) -> None:
    reply, _ = read([text], "length")
    assert (reply.think, reply.answer, kinds(reply)) == (think, answer, defects)


@pytest.mark.parametrize(
    ("text", "think", "answer"),
    [
        ("B", "", "B"),
        ("<answer>B</answer>", "", "B"),
        ("Here it is: <answer>B</answer>", "Here it is:", "B"),
        ("<think>a</think>B", "a", "B"),
        ("a</think>B", "a", "B"),
    ],
)
def test_without_a_request_to_reason_its_absence_is_no_defect(text: str, think: str, answer: str) -> None:
    reply, _ = read([text], expects=False, tag=False)
    assert (reply.think, reply.answer, reply.defects) == (think, answer, ())


def test_other_ways_of_being_cut_are_told_apart() -> None:
    assert kinds(read(["<think>a</think>B"], "content_filter")[0]) == [DefectKind.REFUSED]
    assert kinds(read(["<think>a</think>B"], "abort")[0]) == [TRUNCATED]
    assert kinds(read(["<think>a</think>B"], None)[0]) == []


def test_a_refusal_is_a_defect_and_no_answer() -> None:
    reply, _ = read(["<think>a</think>I'm sorry, but I can't help with that."])
    assert (reply.answer, reply.answer_start, kinds(reply)) == ("", -1, [DefectKind.REFUSED])
    assert "I can't help" in reply.defects[0].text


def test_a_truncation_says_where_the_text_ends() -> None:
    assert "it ends with 'the cup tips'" in read(["the cup tips"], "length", expects=False)[0].defects[0].text


def with_field(reasoning: str, content: str) -> tuple[ReplyParser, list[tuple[Part, str]]]:
    parser = ReplyParser(expects_reasoning=True, answer_tag=False)
    pieces = [*parser.feed(""), *parser.feed_reasoning(reasoning), *parser.feed_reasoning(""), *parser.feed(content)]
    return parser, [(piece.part, piece.text) for piece in pieces]


def test_the_field_of_a_server_side_parser_is_the_reasoning() -> None:
    parser, pieces = with_field("\nIt falls.\n", "\n\nB\n")
    reply = parser.finish("stop")
    assert (reply.think, reply.answer, reply.defects, reply.answer_start) == ("It falls.", "B", (), 2)
    assert pieces == [(Part.THINK, "It falls."), (Part.ANSWER, "B")]


def test_answer_tags_and_a_second_reasoning_behind_the_field_are_taken() -> None:
    reply = with_field("a", "<think>b</think><answer>B</answer>")[0].finish("stop")
    assert (reply.think, reply.answer, reply.defects) == ("a\nb", "B", ())


def test_a_whole_reply_in_the_field_is_read_there() -> None:
    parser, pieces = with_field("It falls.</think>\n\nB", "")
    reply = parser.finish("stop")
    assert (reply.think, reply.answer, reply.defects, reply.answer_start) == ("It falls.", "B", (), -1)
    assert pieces == [(Part.THINK, "It falls."), (Part.ANSWER, "B")]


def test_blank_content_beside_a_whole_reply_in_the_field_makes_no_difference() -> None:
    assert with_field("It falls.</think>\n\nB", "\n")[0].finish("stop").answer == "B"


def test_a_field_that_comes_after_content_does_not_disturb_its_pieces() -> None:
    parser = ReplyParser(expects_reasoning=True, answer_tag=True)
    pieces = [*parser.feed("<think>It"), *parser.feed_reasoning("Hm."), *parser.feed(" falls.</think>")]
    assert [piece.text for piece in pieces] == ["It", "Hm.", " falls."]
    assert {piece.part for piece in pieces} == {Part.THINK}


@pytest.mark.parametrize(("reason", "defect"), [("stop", NO_ANSWER), ("length", TRUNCATED)])
def test_a_field_without_tags_and_no_content_is_reasoning_without_an_answer(reason: str, defect: DefectKind) -> None:
    reply = with_field("Perhaps B", "")[0].finish(reason)
    assert (reply.think, reply.answer, reply.answer_start, kinds(reply)) == ("Perhaps B", "", -1, [defect])
