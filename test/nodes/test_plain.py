"""Messages as plain data: whatever they hold can be sent as JSON, and means the same."""

import importlib
import json
import math
import re
from decimal import Decimal
from typing import Any

import pytest
from builtin_interfaces.msg import Duration, Time
from diagnostic_msgs.msg import DiagnosticStatus, KeyValue
from hypothesis import given, settings
from hypothesis import strategies as st

from cosmos_reasoner.nodes.plain import plain, plain_status
from cosmos_reasoner_msgs import msg
from cosmos_reasoner_msgs.action import Reason
from cosmos_reasoner_msgs.srv import Ask, PredictOutcome, RankActions, Verify

RESPONSES = [Ask.Response, PredictOutcome.Response, RankActions.Response, Verify.Response, Reason.Result]
KINDS = [kind for kind in vars(msg).values() if isinstance(kind, type)] + [Reason.Goal, Reason.Feedback, *RESPONSES]
WORDS: dict[tuple[type, str], str] = {
    (msg.ActionRanking, "score_origin"): "ORIGIN_",
    (msg.Defect, "kind"): "",
    (msg.Detection, "kind"): "",
    (msg.Outcome, "confidence_origin"): "ORIGIN_",
    (msg.Outcome, "hazard"): "HAZARD_",
    (msg.OutcomeVerdict, "confidence_origin"): "ORIGIN_",
    (msg.OutcomeVerdict, "verdict"): "",
    (msg.Progress, "part"): "",
    (msg.Provenance, "status"): "STATUS_",
    (Reason.Feedback, "part"): "",
}
"""Fields that hold a constant, and how the names of those begin; nothing for the constants that are in no other."""

SIMPLE = {
    "boolean": st.booleans(),
    "float": st.floats(width=32),
    "string": st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8),
}
WHOLE = re.compile(r"(u?)int(8|16|32|64)")
ELEMENTS = re.compile(r"sequence<(?P<any>[^,>]+)>|(?P<some>.+)\[(?P<count>\d+)\]")


def values(kind: str) -> st.SearchStrategy[Any]:
    """What a field of a type, by its name, may hold."""
    if kind in SIMPLE:
        return SIMPLE[kind]
    if match := WHOLE.fullmatch(kind):
        bits = int(match[2])
        return st.integers(0, 2**bits - 1) if match[1] else st.integers(-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)
    if match := ELEMENTS.fullmatch(kind):
        count = int(match["count"] or 0)
        return st.lists(values(match["some"] or match["any"]), min_size=count, max_size=count or 2)
    package, name = kind.split("/")
    return messages(getattr(importlib.import_module(f"{package}.msg"), name))


def messages(kind: type[Any]) -> st.SearchStrategy[Any]:
    """Messages of a type, with anything in their fields."""
    if kind is Time:
        return st.builds(Time, sec=st.integers(-(2**31), 2**31 - 1), nanosec=st.integers(0, 999_999_999))
    return st.builds(kind, **{name: values(each) for name, each in kind.get_fields_and_field_types().items()})


def constants(kind: type[Any], beginning: str = "") -> dict[str, int]:
    """The constants of a message, by their names without a beginning."""
    names = [name for name in dir(type(kind)) if name[0] != "_" and name.isupper() and name.startswith(beginning)]
    return {name.removeprefix(beginning): getattr(kind, name) for name in names}


def of_field(kind: type[Any], field: str) -> dict[str, int]:
    """The constants that a field may hold, by their names without a beginning."""
    beginning = WORDS[kind, field]
    others = tuple(each for (other, _), each in WORDS.items() if other is kind and each and not beginning)
    known = constants(kind, beginning).items()
    return {name: number for name, number in known if not name.startswith(others)}


def check(message: Any, data: Any) -> None:
    """Hold plain data against the message that they were made of."""
    for name in message.get_fields_and_field_types():
        if (type(message), name) not in WORDS:
            check_value(getattr(message, name), data[name])


def check_value(value: Any, data: Any) -> None:
    if isinstance(value, Time):
        assert Decimal(data) == value.sec + Decimal(value.nanosec) / 10**9
        assert re.fullmatch(r"-?\d+\.\d{9}", data)
    elif isinstance(value, Duration):
        assert data == value.sec + value.nanosec / 1e9
    elif hasattr(value, "get_fields_and_field_types"):
        assert list(data) == list(value.get_fields_and_field_types())
        check(value, data)
    elif isinstance(value, float):
        assert data == value if math.isfinite(value) else data is None
    elif isinstance(value, str | int):
        assert data == value and type(data) is type(value)
    else:
        elements = value.tolist() if hasattr(value, "tolist") else value
        assert len(data) == len(elements)
        for element, told in zip(elements, data):
            check_value(element, told)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_any_message_of_ours_can_be_written_as_json_and_says_the_same(kind: type[Any]) -> None:
    @settings(max_examples=10)
    @given(messages(kind))
    def holds(message: Any) -> None:
        data = plain(message)
        assert json.loads(json.dumps(data, allow_nan=False)) == data
        check(message, data)

    holds()


@pytest.mark.parametrize(("kind", "field"), WORDS, ids=lambda part: getattr(part, "__name__", part))
def test_each_constant_is_told_by_its_name(kind: type[Any], field: str) -> None:
    known = of_field(kind, field)
    assert len(known) > 1
    assert {plain(kind(**{field: number}))[field]: number for number in known.values()} == {
        name.lower(): number for name, number in known.items()
    }


@pytest.mark.parametrize("kind", sorted(set(KINDS) - set(RESPONSES), key=str), ids=lambda kind: kind.__name__)
def test_every_constant_belongs_to_a_field_that_is_told_so(kind: type[Any]) -> None:
    fields = [field for each, field in WORDS if each is kind]
    told = {WORDS[kind, field] + name for field in fields for name in of_field(kind, field)}
    assert told == set(constants(kind))


def test_a_diagnosis_has_its_level_in_a_word_and_its_values_by_name() -> None:
    words = {name.lower(): getattr(DiagnosticStatus, name) for name in ("OK", "WARN", "ERROR", "STALE")}
    values = [KeyValue(key="waiting", value="3")]
    for word, level in words.items():
        told = plain_status(DiagnosticStatus(level=level, message="busy", values=values))
        assert told == {"level": word, "text": "busy", "values": {"waiting": "3"}}
