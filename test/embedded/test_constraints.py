"""Answers held to choices, schemas and regular expressions."""

import json
import math
from typing import Any

import pytest
from calling import REASON, answer, content, filmed, question, refusal

from cosmos_reasoner.clips.encode import EncodedClip
from cosmos_reasoner.endpoints.profile_files import load_profile
from cosmos_reasoner.endpoints.request import Constraint, build
from cosmos_reasoner.replies.outcomes import OUTCOMES_SCHEMA, read_outcomes
from cosmos_reasoner.tasks.prompt import Prompt
from cosmos_reasoner.tasks.task import AnswerType

TURNS = "Where does it go?\n(A) to the left\n(B) to the right\n(C) nowhere: it stays still"
NEXT = "What is likely to happen within the next 1.5 seconds?"


def held(asked: str, system: str = "", **more: Any) -> dict[str, Any]:
    """A question about the red square with a constraint."""
    return question(filmed(), asked, system=system, **more)


def choice(*allowed: str) -> dict[str, Any]:
    """A choice."""
    return {"structured_outputs": {"choice": list(allowed)}}


def schema(wanted: dict[str, Any]) -> dict[str, Any]:
    """A JSON schema as OpenAI takes it."""
    return {"response_format": {"type": "json_schema", "json_schema": {"name": "answer", "schema": wanted}}}


def an_object(required: bool = True, **properties: Any) -> dict[str, Any]:
    """A schema of an object."""
    return {"type": "object", "properties": properties, "required": list(properties) if required else []}


@pytest.mark.parametrize(
    ("allowed", "expected"),
    [
        (("A", "B", "C"), "B"),
        (("A", "C"), "C"),
        (("(A)", "(B)"), "(B)"),
        (("to the right", "to the left"), "to the right"),
        (("\n\nA", "\n\nB"), "\n\nB"),
        (("rightwards", "leftwards", "sideways"), "rightwards"),
    ],
)
def test_only_the_allowed_choices_are_answered(url: str, allowed: tuple[str, ...], expected: str) -> None:
    assert content(url, held(TURNS, **choice(*allowed))) == expected


def test_a_choice_holds_for_the_answer_and_not_for_the_reasoning(url: str) -> None:
    said = content(url, held(TURNS, system=REASON, **choice("A", "B", "C")))

    assert said.startswith("<think>\n")
    assert said.endswith("\n<answer>\nB\n</answer>")


@pytest.mark.parametrize(("asked", "expected"), [("Does it move to the right?", "Yes"), ("Is it moving left?", "No")])
def test_yes_and_no_are_choices(url: str, asked: str, expected: str) -> None:
    assert content(url, held(asked, **choice("No", "Yes"))) == expected


def test_a_score_is_a_choice_of_numbers(url: str) -> None:
    asked = "Give a score: 1 is impossible, 5 as in reality. Answer with the number only."

    reply = answer(url, held(asked, logprobs=True, top_logprobs=5, **choice("1", "2", "3", "4", "5")))

    (token,) = reply["choices"][0]["logprobs"]["content"]
    assert token["token"] == "4"
    assert sum(math.exp(top["logprob"]) for top in token["top_logprobs"]) == pytest.approx(1)


def test_choices_that_begin_alike_share_their_first_tokens(url: str) -> None:
    reply = answer(url, held(TURNS, logprobs=True, top_logprobs=5, **choice("to the right", "to the left")))

    first, second, third = reply["choices"][0]["logprobs"]["content"]
    assert (first["token"], second["token"], third["token"]) == ("to", " the", " right")
    assert first["logprob"] == second["logprob"] == 0
    assert third["logprob"] < 0
    assert {top["token"] for top in third["top_logprobs"]} == {" right", " left"}


def test_the_schema_of_the_outcomes_is_obeyed(url: str) -> None:
    said = content(url, held(f'{NEXT}\n{{"outcomes": []}}', **schema(OUTCOMES_SCHEMA)))

    found = read_outcomes(said)
    assert not found.repaired
    assert found.outcomes[0].text.startswith("The red thing")


def test_the_schema_alone_asks_for_outcomes(url: str) -> None:
    found = read_outcomes(content(url, held(NEXT, structured_outputs={"json": OUTCOMES_SCHEMA})))

    assert found.outcomes[0].subject is not None


def test_known_properties_are_filled_by_name(url: str) -> None:
    wanted = an_object(
        answer={"type": "string", "enum": ["A", "B", "C"]},
        confidence={"type": "number", "minimum": 0, "maximum": 1},
        score={"type": "integer", "minimum": 1, "maximum": 5},
        reasoning={"type": "string"},
        count={"$ref": "#/$defs/number"},
    ) | {"$defs": {"number": {"type": "integer"}}}

    said = json.loads(content(url, held(TURNS, **schema(wanted))))

    assert said["answer"] == "B"
    assert said["confidence"] > 0.5
    assert said["score"] == 4
    assert said["count"] == 1
    assert "moves right" in said["reasoning"]


def test_what_is_not_required_and_not_known_is_left_out(url: str) -> None:
    wanted = an_object(required=False, answer={"type": "string"}, licence_plate={"type": "string"})

    assert set(json.loads(content(url, held(TURNS, **schema(wanted))))) == {"answer"}


def test_any_json_object_will_do(url: str) -> None:
    assert json.loads(content(url, held(TURNS, response_format={"type": "json_object"}))) == {"answer": "B"}


@pytest.mark.parametrize(
    ("wanted", "reason"),
    [
        (an_object(answer={"type": "integer"}), "answer.answer: the measured value"),
        (an_object(answer={"enum": ["X"]}), "answer.answer: the measured value"),
        (an_object(name={"type": "string"}), "answer.name is required"),
        (an_object(answer={"$ref": "#/$defs/lost"}), "leads nowhere"),
        (an_object(answer={"$ref": "#/properties/answer"}), "without end"),
        ({"type": "object", "required": ["x"]}, "requires 'x'"),
    ],
)
def test_a_schema_that_cannot_be_filled_is_refused(url: str, wanted: dict[str, Any], reason: str) -> None:
    status, message = refusal(url, held(TURNS, **schema(wanted)))

    assert status == 400
    assert reason in message


@pytest.mark.parametrize("tag", [True, False])
def test_a_regular_expression_holds_for_the_whole_reply(url: str, tag: bool) -> None:
    profile = load_profile("cosmos_reason1")
    profile = profile.model_copy(
        update={"prompting": profile.prompting.model_copy(update={"answer_tag": tag, "reasoning": "system"})}
    )
    prompt = Prompt(REASON if tag else "Reason between <think> and </think>.", TURNS, AnswerType.CHOICE, ("", "", ""))
    regex = build(profile, prompt, EncodedClip(()), Constraint(("A", "C")))["extra_body"]["structured_outputs"]

    said = content(url, held(TURNS, system=prompt.system, structured_outputs=regex))

    assert said.endswith("<answer>\nC\n</answer>" if tag else "</think>\n\nC")


@pytest.mark.parametrize(("regex", "said"), [("(A|B)", "B"), (r"\n\n(A|B)", "\n\nB"), (r"[AC]", "C")])
def test_a_regular_expression_for_the_bare_answer_leaves_the_reasoning_out(url: str, regex: str, said: str) -> None:
    assert content(url, held(TURNS, system=REASON, structured_outputs={"regex": regex})) == said


def test_a_regular_expression_that_nothing_matches_is_refused(url: str) -> None:
    status, message = refusal(url, held(TURNS, structured_outputs={"regex": "[0-9]{4}"}))

    assert status == 400
    assert "nothing that this endpoint can answer matches" in message
