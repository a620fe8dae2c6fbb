import json
import re
from dataclasses import replace
from typing import Any

import pytest

from cosmos_reasoner.clips.encode import EncodedClip, EncodedView, MediaForm
from cosmos_reasoner.endpoints.constraints import Constraint
from cosmos_reasoner.endpoints.profile import ConstraintMode, Media, Profile, Prompting, TimeMode
from cosmos_reasoner.endpoints.request import build, continued
from cosmos_reasoner.tasks.prompt import Prompt
from cosmos_reasoner.tasks.task import AnswerType

PROMPT = Prompt("Be brief.", "What moves?", AnswerType.CHOICE, ("a", "b"), reasons=True)
DIRECT = replace(PROMPT, reasons=False)
LETTERS = Constraint(choices=("A", "B", "C"))
SCHEMA = Constraint(schema={"type": "object"})
SEQUENCE = EncodedClip((EncodedView("front", MediaForm.JPEG_SEQUENCE, (b"1", b"2"), (0.0, 0.5), (28, 28), (28, 28)),))
PICTURE = EncodedClip((EncodedView("front", MediaForm.IMAGES, (b"1",), (0.0,), (28, 28), (28, 28)),))


def body(
    held_to: Constraint | None = None, clip: EncodedClip = SEQUENCE, prompt: Prompt = PROMPT, **profile: Any
) -> dict[str, Any]:
    return build(Profile(name="test", **profile), prompt, clip, held_to)


def pattern(**prompting: Any) -> str:
    profile = {"constraint": ConstraintMode.REGEX, "prompting": Prompting(**prompting)}
    return str(body(LETTERS, **profile)["extra_body"]["structured_outputs"]["regex"])


def test_the_system_message_comes_first_and_the_clip_before_the_words() -> None:
    system, user = body()["messages"]
    assert system == {"role": "system", "content": "Be brief."}
    assert user["role"] == "user"
    assert [part["type"] for part in user["content"]] == ["video_url", "text"]
    assert user["content"][-1]["text"] == "What moves?"


def test_replies_are_streamed_with_their_usage() -> None:
    assert body()["stream"] is True
    assert body()["stream_options"] == {"include_usage": True}


def test_an_endpoint_that_cannot_stream_is_not_asked_to() -> None:
    sent = body(streaming=False)
    assert sent["stream"] is False
    assert "stream_options" not in sent


@pytest.mark.parametrize(("prompt", "purpose"), [(PROMPT, "reasoning"), (DIRECT, "direct")])
def test_tokens_are_drawn_as_the_purpose_wants_it(prompt: Prompt, purpose: str) -> None:
    standard = {"temperature": 0.0, "top_p": 0.5, "max_tokens": 7, "seed": 3, "presence_penalty": 1.5}
    sent = body(prompt=prompt, sampling={purpose: {**standard, "top_k": 9, "repetition_penalty": 1.1}})
    assert {name: sent[name] for name in standard} == standard
    assert sent["extra_body"] == {"top_k": 9, "repetition_penalty": 1.1}


def test_what_a_profile_leaves_open_is_left_to_the_server() -> None:
    sent = body(sampling={"reasoning": {"seed": None}})
    assert not {"seed", "presence_penalty", "extra_body"} & set(sent)


def test_a_body_is_plain_json() -> None:
    assert json.loads(json.dumps(body(LETTERS, constraint="schema", logprobs=5)))


def test_the_model_is_left_to_the_client() -> None:
    assert "model" not in body()


def test_times_travel_as_metadata_only_where_the_profile_says_so() -> None:
    told = body(media=Media(time=TimeMode.METADATA))["extra_body"]["media_io_kwargs"]
    assert told["video"]["frames_indices"] == [0, 500]
    for time in (TimeMode.BURNED_IN, TimeMode.NONE):
        assert "extra_body" not in body(media=Media(time=time))


def test_a_picture_has_no_times_to_tell() -> None:
    assert "extra_body" not in body(clip=PICTURE, media=Media(time=TimeMode.METADATA))


def test_log_probabilities_are_asked_for_with_choices_only() -> None:
    assert body(LETTERS, logprobs=20)["top_logprobs"] == 20
    assert body(LETTERS, logprobs=20)["logprobs"] is True
    for other in (body(None, logprobs=20), body(SCHEMA, logprobs=20), body(LETTERS, logprobs=0)):
        assert "logprobs" not in other
        assert "top_logprobs" not in other


def test_an_endpoint_that_cannot_be_held_to_an_answer_is_not_asked_to() -> None:
    for constraint in (None, LETTERS, SCHEMA):
        assert "extra_body" not in body(constraint)
        assert "response_format" not in body(constraint)


def test_choices_and_schemas_constrain_the_answer_alone_where_the_endpoint_knows_it() -> None:
    assert body(LETTERS, constraint="schema")["extra_body"] == {"structured_outputs": {"choice": ["A", "B", "C"]}}
    sent = body(SCHEMA, constraint="schema")
    assert sent["response_format"]["type"] == "json_schema"
    assert sent["response_format"]["json_schema"]["schema"] == {"type": "object"}
    assert "extra_body" not in sent


def test_a_bare_answer_behind_the_reasoning_may_begin_with_an_empty_line() -> None:
    sent = body(LETTERS, constraint="schema", prompting={"answer_tag": False})
    allowed = sent["extra_body"]["structured_outputs"]["regex"]
    assert [bool(re.fullmatch(allowed, text)) for text in ("\n\nB", "B", "\n\nD")] == [True, False, False]


def test_a_schema_cannot_be_told_as_a_regular_expression() -> None:
    sent = body(SCHEMA, constraint="regex")
    assert "extra_body" not in sent
    assert "response_format" not in sent


@pytest.mark.parametrize("mode", ["regex", "schema"])
def test_where_nothing_is_reasoned_all_that_is_written_is_constrained(mode: str) -> None:
    letters = body(LETTERS, prompt=DIRECT, constraint=mode)
    assert letters["extra_body"] == {"structured_outputs": {"choice": ["A", "B", "C"]}}
    schema = body(SCHEMA, prompt=DIRECT, constraint=mode)
    assert schema["response_format"]["json_schema"]["schema"] == {"type": "object"}


def test_thinking_is_switched_off_where_nothing_is_reasoned_and_there_is_a_switch() -> None:
    switch = {"prompting": {"thinking_switch": True}}
    assert body(prompt=DIRECT, **switch)["extra_body"] == {"chat_template_kwargs": {"enable_thinking": False}}
    assert "extra_body" not in body(prompt=PROMPT, **switch)
    assert "extra_body" not in body(prompt=DIRECT)


def test_a_reply_is_continued_behind_what_was_written() -> None:
    profile = Profile(name="test", constraint=ConstraintMode.REGEX, logprobs=20)
    asked = build(profile, PROMPT, SEQUENCE, LETTERS)
    sent = continued(asked, profile, "<think>\nIt falls.\n</think>\n\n<answer>\n", LETTERS)
    assert sent["messages"][:-1] == asked["messages"]
    assert sent["messages"][-1]["content"].endswith("<answer>\n")
    assert sent["extra_body"] == {
        "structured_outputs": {"choice": ["A", "B", "C"]},
        "continue_final_message": True,
        "add_generation_prompt": False,
    }
    assert sent["stop"] == ["</answer>"]
    assert sent["logprobs"] is True


def test_a_continued_answer_without_tags_stops_by_itself() -> None:
    profile = Profile(name="test", prompting={"answer_tag": False, "thinking_switch": True})
    sent = continued(build(profile, PROMPT, SEQUENCE, None), profile, "<think>\nx\n</think>\n\n", None)
    assert "stop" not in sent
    assert sent["extra_body"]["chat_template_kwargs"] == {"enable_thinking": False}


def test_constraint_and_times_travel_side_by_side() -> None:
    sent = body(LETTERS, constraint="schema", media=Media(time=TimeMode.METADATA))
    assert set(sent["extra_body"]) == {"structured_outputs", "media_io_kwargs"}


@pytest.mark.parametrize("think", ["because", "first,\nsecond: 1 > 0", "因为门开着"])
@pytest.mark.parametrize("letter", LETTERS.choices)
def test_the_regular_expression_takes_a_whole_reply(think: str, letter: str) -> None:
    assert re.fullmatch(pattern(), f"<think>\n{think}\n</think>\n\n<answer>\n{letter}\n</answer>")
    assert re.fullmatch(pattern(answer_tag=False), f"<think>\n{think}\n</think>\n\n{letter}")


@pytest.mark.parametrize(
    "reply",
    [
        "",
        "A",
        "<answer>\nA\n</answer>",
        "<think>\n\n</think>\n<answer>\nA\n</answer>",
        "<think>\nwhy\n</think>\n<answer>\nD\n</answer>",
        "<think>\nwhy\n</think>\n<answer>\nAB\n</answer>",
        "<think>\nwhy\n</think>\n<answer>\nA\n</answer> or B",
        "<think>\nwhy\n</think>\n<answer>\nA",
        "<think>\nwhy <b>\n</think>\n<answer>\nA\n</answer>",
        "<think>\nwhy\n</think> so <answer>\nA\n</answer>",
        "Well. <think>\nwhy\n</think>\n<answer>\nA\n</answer>",
    ],
)
def test_the_regular_expression_takes_nothing_else(reply: str) -> None:
    assert not re.fullmatch(pattern(), reply)


def test_signs_in_choices_stand_for_themselves() -> None:
    regex = body(Constraint(choices=("a.c", "(x)")), constraint="regex", prompting=Prompting(answer_tag=False))
    allowed = regex["extra_body"]["structured_outputs"]["regex"]
    think = "<think>\nx\n</think>\n\n"
    taken = [bool(re.fullmatch(allowed, think + text)) for text in ("a.c", "(x)", "abc", "x")]
    assert taken == [True, True, False, False]


def test_a_bare_answer_stands_behind_one_empty_line_and_no_other_space() -> None:
    regex = body(LETTERS, constraint="regex", prompting=Prompting(answer_tag=False))
    allowed = regex["extra_body"]["structured_outputs"]["regex"]
    taken = [bool(re.fullmatch(allowed, f"<think>\nx\n</think>{space}A")) for space in ("\n\n", "", "\n", "\n\n ")]
    assert taken == [True, False, False, False]
