import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosmos_reasoner.errors import UnreadableAnswer
from cosmos_reasoner.replies.levels import Hazard
from cosmos_reasoner.replies.outcomes import OUTCOMES_SCHEMA, OutcomesAnswer, StatedOutcome, read_outcomes

FULL = {"text": "It falls.", "probability": 0.7, "hazard": "HIGH", "subject": [10, 20, 30.5, 40], "camera": "front"}


def one(**changes: object) -> OutcomesAnswer:
    return read_outcomes(json.dumps({"outcomes": [FULL | changes]}))


def test_the_asked_form_is_read_word_by_word() -> None:
    outcome = StatedOutcome("It falls.", 0.7, Hazard.HIGH, (10.0, 20.0, 30.5, 40.0), "front")
    assert one() == OutcomesAnswer((outcome,), repaired=False)


def test_only_the_text_must_be_there() -> None:
    assert read_outcomes('{"outcomes": [{"text": " It falls. "}]}').outcomes == (StatedOutcome("It falls."),)


def test_a_bare_list_and_keys_that_nobody_asked_for_are_taken() -> None:
    assert read_outcomes('[{"text": "It falls.", "why": "gravity"}]') == OutcomesAnswer(
        (StatedOutcome("It falls."),), repaired=False
    )


def test_the_likeliest_comes_first_equals_keep_their_order_and_the_unknown_is_last() -> None:
    stated = [("a", None), ("b", 0.2), ("c", 0.5), ("d", 0.2)]
    answer = read_outcomes(json.dumps([{"text": text, "probability": share} for text, share in stated]))
    assert [outcome.text for outcome in answer.outcomes] == ["c", "b", "d", "a"]


@pytest.mark.parametrize("text", ["```json\n{}\n```", "So: {}", "{}"])
def test_only_what_had_to_be_mended_counts_as_repaired(text: str) -> None:
    assert read_outcomes(text.replace("{}", json.dumps([FULL]))).repaired is text.startswith("So")


@pytest.mark.parametrize(
    ("stated", "hazard", "repaired"),
    [
        ("none", Hazard.NONE, False),
        (" Imminent ", Hazard.IMMINENT, False),
        ("UNKNOWN", Hazard.UNKNOWN, False),
        (None, Hazard.UNKNOWN, False),
        ("", Hazard.UNKNOWN, False),
        ("medium", Hazard.UNKNOWN, True),
        (3, Hazard.UNKNOWN, True),
    ],
)
def test_a_hazard_may_be_in_any_case_and_an_unknown_word_is_left_out(
    stated: object, hazard: Hazard, repaired: bool
) -> None:
    answer = one(hazard=stated)
    assert (answer.outcomes[0].hazard, answer.repaired) == (hazard, repaired)


@pytest.mark.parametrize(
    "subject",
    [
        "left",
        [1, 2, 3],
        [1, 2, 3, "4"],
        [True, 2, 3, 4],
        [30, 20, 10, 40],
        [1, 4, 3, 4],
        [1, 2, 1, 4],
        [0, 0, 10**400, 1],
        {"x": 1},
    ],
)
def test_a_subject_that_is_no_box_is_left_out(subject: object) -> None:
    answer = one(subject=subject)
    assert answer.outcomes[0].subject is None
    assert answer.repaired


def test_no_subject_and_no_camera_are_no_fault() -> None:
    answer = one(subject=None, camera=None)
    assert (answer.outcomes[0].subject, answer.outcomes[0].camera, answer.repaired) == (None, None, False)


@pytest.mark.parametrize(
    ("camera", "read", "repaired"), [(" ", None, True), ("", None, False), (7, None, True), (" rear ", "rear", False)]
)
def test_a_camera_is_a_name(camera: object, read: str | None, repaired: bool) -> None:
    answer = one(camera=camera)
    assert (answer.outcomes[0].camera, answer.repaired) == (read, repaired)


def test_probabilities_are_read_together() -> None:
    answer = read_outcomes('[{"text": "a", "probability": 80}, {"text": "b", "probability": "40%"}]')
    assert [outcome.probability for outcome in answer.outcomes] == pytest.approx([2 / 3, 1 / 3])
    assert answer.repaired


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("It falls.", "no JSON"),
        ("[]", "outcomes: List should have at least 1 item"),
        ("{}", "outcomes: Field required"),
        ("[[]]", "outcomes.0"),
        ('[{"text": " "}]', "outcomes.0.text"),
        ('[{"text": 3}]', "outcomes.0.text"),
        ('[{"probability": 0.3}]', "outcomes.0.text: Field required"),
        ('[{"text": "a", "probability": true}]', "outcomes.0.probability"),
        ('[{"text": "a", "probability": 1.5}]', "unreadable probability '1.5'"),
    ],
)
def test_anything_else_is_unreadable_and_the_place_is_named(text: str, why: str) -> None:
    with pytest.raises(UnreadableAnswer, match=why):
        read_outcomes(text)


entries = st.fixed_dictionaries(
    {"text": st.text(min_size=1).filter(str.strip)},
    optional={
        "probability": st.none() | st.floats(0, 1),
        "hazard": st.none() | st.text() | st.sampled_from(list(Hazard.__members__)),
        "subject": st.none() | st.lists(st.integers() | st.floats(allow_nan=False, allow_infinity=False), max_size=5),
        "camera": st.none() | st.text() | st.integers(),
    },
)


@given(st.lists(entries, min_size=1, max_size=8))
def test_any_list_of_the_right_keys_is_read_with_nothing_lost(stated: list[dict[str, object]]) -> None:
    answer = read_outcomes(json.dumps({"outcomes": stated}))
    assert sorted(outcome.text.strip() for outcome in answer.outcomes) == sorted(
        str(entry["text"]).strip() for entry in stated
    )


def test_the_schema_asks_for_exactly_what_is_read() -> None:
    items = OUTCOMES_SCHEMA["properties"]["outcomes"]
    entry = items["items"]
    assert (items["minItems"], items["maxItems"]) == (1, 8)
    assert list(entry["properties"]) == entry["required"] == list(FULL)
    assert entry["additionalProperties"] is OUTCOMES_SCHEMA["additionalProperties"] is False
    assert {"UNKNOWN", *entry["properties"]["hazard"]["enum"]} == set(Hazard.__members__)
