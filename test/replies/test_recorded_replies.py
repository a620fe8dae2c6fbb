"""What Cosmos-Reason really wrote, read back."""

from pathlib import Path

import pytest
from replying import read

from cosmos_reasoner.replies.choice import read_choice
from cosmos_reasoner.replies.parser import Part

RECORDED = Path(__file__).parents[3] / "shared" / "data" / "replies"
pytestmark = pytest.mark.skipif(not RECORDED.is_dir(), reason=f"no recorded replies in {RECORDED}")


@pytest.mark.parametrize("size", [1, 2, 3, 4, 7, 100_000])
@pytest.mark.parametrize(("number", "answer"), [(0, "Yes"), (1, "No")])
def test_a_critique_full_of_other_tags_is_read_at_any_chunk_size(number: int, answer: str, size: int) -> None:
    text = (RECORDED / f"generation_{number}_raw_output.txt").read_text(encoding="utf-8")
    reply, pieces = read(text[at : at + size] for at in range(0, len(text), size))
    assert (reply.answer, reply.defects) == (answer, ())
    assert reply.think == text.partition("<think>")[2].partition("</think>")[0].strip()
    assert pieces == {Part.THINK: reply.think, Part.ANSWER: answer}
    assert text[reply.answer_start :].split()[0] == answer
    assert read_choice(reply.answer, ["Yes", "No"]) == number


@pytest.mark.parametrize("number", [0, 1])
def test_a_critique_cut_anywhere_gives_an_answer_only_when_it_was_closed(number: int) -> None:
    text = (RECORDED / f"generation_{number}_raw_output.txt").read_text(encoding="utf-8")
    closed = text.index("</answer>") + len("</answer>")
    for end in [*range(0, closed - 60, 97), *range(closed - 60, len(text) + 1)]:
        reply, _ = read([text[:end]], "length")
        assert bool(reply.answer) == (end >= closed)


def test_a_caption_behind_a_bare_reasoning_is_read_as_its_model_was_asked_to_write_it() -> None:
    sections = (RECORDED / "caption.log").read_text(encoding="utf-8").split("-" * 20)
    think = sections[4].partition("Reasoning:\n")[2]
    caption = sections[5].partition("Assistant:\n")[2]
    for opening in ("<think>\n", ""):
        reply, pieces = read([f"{opening}{think}</think>\n\n{caption}"], tag=False)
        assert (reply.think, reply.answer, reply.defects) == (think.strip(), caption.strip(), ())
        assert pieces == {Part.THINK: reply.think, Part.ANSWER: reply.answer}
