import pytest

from cosmos_reasoner.errors import InvalidRequest
from cosmos_reasoner.tasks.schema import check_schema, read_schema, violation

SIGN = {
    "type": "object",
    "properties": {"words": {"type": "array", "items": {"$ref": "#/$defs/word"}}},
    "required": ["words"],
    "$defs": {"word": {"type": "string", "minLength": 2}},
}


def test_a_schema_is_read_from_json() -> None:
    assert read_schema('{"type": "object"}') == {"type": "object"}


@pytest.mark.parametrize(
    ("text", "why"), [("{", "not JSON: .* column"), ("", "not JSON"), ("[]", "no object"), ("[" * 100_000, "not JSON")]
)
def test_a_text_that_is_no_schema_is_refused(text: str, why: str) -> None:
    with pytest.raises(InvalidRequest, match=why):
        read_schema(text)


def test_a_broken_schema_is_named_with_the_place() -> None:
    check_schema(SIGN)
    with pytest.raises(ValueError, match=r"not a JSON schema: \$\.properties\.a\.type: 'text' is not valid"):
        check_schema({"properties": {"a": {"type": "text"}}})


def test_a_value_that_obeys_breaks_nothing_and_another_is_told_where() -> None:
    assert violation({"words": ["stop"]}, SIGN) == ""
    assert violation({"words": ["stop", 5]}, SIGN) == "$.words[1]: 5 is not of type 'string'"
    assert violation({}, SIGN) == "$: 'words' is a required property"


@pytest.mark.parametrize("target", ["http://127.0.0.1:9/schema.json", "other.json", "#/$defs/nothing"])
def test_nothing_outside_of_a_schema_is_ever_fetched(target: str) -> None:
    with pytest.raises(InvalidRequest, match=r"a \$ref that leads nowhere inside it"):
        violation({}, {"$ref": target})


def test_the_draft_that_a_schema_names_counts() -> None:
    draft_4 = {"$schema": "http://json-schema.org/draft-04/schema#", "maximum": 3, "exclusiveMaximum": True}
    assert violation(2, draft_4) == ""
    assert violation(3, draft_4)
