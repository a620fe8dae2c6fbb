import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosmos_reasoner.errors import UnreadableAnswer
from cosmos_reasoner.replies.json_answer import DEEPEST, read_json

scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4), max_leaves=12
)
containers = st.lists(values, max_size=4) | st.dictionaries(st.text(), values, max_size=4)


@given(containers, st.booleans(), st.sampled_from([None, 2]))
def test_any_json_is_read_as_it_is(value: object, ascii_only: bool, indent: int | None) -> None:
    assert read_json(json.dumps(value, ensure_ascii=ascii_only, indent=indent)) == (value, False)


@given(containers)
def test_python_s_own_spelling_is_read_as_the_same_value(value: object) -> None:
    try:
        read, _ = read_json(repr(value))
    except UnreadableAnswer:
        assert "\\" in repr(value)  # Python has escapes that JSON has not
    else:
        assert "\\" in repr(value) or read == value


@given(st.text())
def test_any_text_is_a_value_or_unreadable(text: str) -> None:
    try:
        value, _ = read_json(text)
    except UnreadableAnswer:
        return
    assert isinstance(value, dict | list)


@pytest.mark.parametrize("text", ['```json\n{"a": 1}\n```', '```\n{"a": 1}\n```', ' ```JSON {"a": 1}``` ', '{"a": 1}'])
def test_a_fence_is_no_fault(text: str) -> None:
    assert read_json(text) == ({"a": 1}, False)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('Here it is: {"a": 1}. Done.', {"a": 1}),
        ('It\'s this:\n```json\n{"a": 1}\n```', {"a": 1}),
        ('{"a": [1, 2,],}', {"a": [1, 2]}),
        ('[{"a": 1},\n]', [{"a": 1}]),
        ('["x",]', ["x"]),
        ('{"a": True, "b": False, "c": None}', {"a": True, "b": False, "c": None}),
        ("{'a': 'it\\'s \"so\"'}", {"a": 'it\'s "so"'}),
        ("{'a': \"it's\"}", {"a": "it's"}),
        ("['\\n', 'True,]']", ["\n", "True,]"]),
        ('["two\nlines"]', ["two\nlines"]),
    ],
)
def test_a_fault_with_one_meaning_is_mended_and_reported(text: str, value: object) -> None:
    assert read_json(text) == (value, True)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "no JSON objects or lists"),
        ("yes", "no JSON objects or lists"),
        ("3", "no JSON objects or lists"),
        ('{"a": 1} {"b": 2}', "2 JSON objects or lists"),
        ('See [1]: {"a": 1}', "2 JSON objects or lists"),
        ('{"a": [1, 2', "never closes"),
        ('{"a": "}', "never closes"),
        ("{'a': '}", "never closes"),
        ("[1,,]", "not JSON"),
        ("[,]", "not JSON"),
        ("{a: 1}", "not JSON"),
        ("['a' 'b']", "not JSON"),
        ("['it's']", "never closes"),
        ("[1}", "not JSON"),
        ("[(1, 2)]", "not JSON"),
        ("[Trueish]", "not JSON"),
        ("[0x10]", "not JSON"),
        ("[NaN]", "not a finite number"),
        ("[-Infinity]", "not a finite number"),
        ("[1e999]", "not a finite number"),
        ("[" + "9" * 5000 + "]", "not JSON"),
        ('{"a": 1, "a": 2}', "names a key twice"),
        ('["\\ud83d"]', "not JSON"),
        ("[" * (DEEPEST + 1) + "]" * (DEEPEST + 1), "levels deep"),
        ("[" * 100_000, "levels deep"),
    ],
)
def test_anything_that_could_mean_something_else_is_unreadable(text: str, why: str) -> None:
    with pytest.raises(UnreadableAnswer, match=why) as caught:
        read_json(text)
    assert len(str(caught.value)) < 400


def test_the_deepest_allowed_value_is_read() -> None:
    assert read_json("[" * DEEPEST + "]" * DEEPEST)[1] is False
