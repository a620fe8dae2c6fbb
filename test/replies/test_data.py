import pytest

from cosmos_reasoner.errors import UnreadableAnswer
from cosmos_reasoner.replies.data import read_data

SCHEMA = {
    "type": "object",
    "properties": {"plate": {"type": "string"}, "wheels": {"type": "integer", "minimum": 1}},
    "required": ["plate"],
    "additionalProperties": False,
}


@pytest.mark.parametrize("answer", ['{"plate": "B 12", "wheels": 4}', '```json\n{"plate": "B 12", "wheels": 4}\n```'])
def test_data_that_obeys_its_schema_comes_back(answer: str) -> None:
    assert read_data(answer, SCHEMA) == ({"plate": "B 12", "wheels": 4}, False)


def test_what_was_mended_is_said() -> None:
    assert read_data("Here: {'plate': 'B 12'}", SCHEMA) == ({"plate": "B 12"}, True)


@pytest.mark.parametrize(
    ("answer", "where"),
    [
        ('{"plate": 12}', r"\$\.plate: 12 is not of type 'string'"),
        ('{"plate": "x", "wheels": 0}', r"\$\.wheels: 0 is less than the minimum"),
        ("{}", "'plate' is a required property"),
        ("[]", "is not of type 'object'"),
    ],
)
def test_data_that_breaks_its_schema_is_unreadable_and_the_place_is_named(answer: str, where: str) -> None:
    with pytest.raises(UnreadableAnswer, match=f"breaks the schema: .*{where}"):
        read_data(answer, SCHEMA)


def test_without_a_schema_any_object_or_list_will_do_and_words_will_not() -> None:
    assert read_data("[1, {}]", None) == ([1, {}], False)
    with pytest.raises(UnreadableAnswer):
        read_data("four wheels", None)
