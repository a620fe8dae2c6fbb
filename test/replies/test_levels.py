"""Numbers of the enumerations against the messages that carry them."""

import re
from enum import IntEnum
from pathlib import Path

import pytest

from cosmos_reasoner.replies.defects import DefectKind
from cosmos_reasoner.replies.levels import Hazard, Origin, Verdict
from cosmos_reasoner.replies.parser import Part

INTERFACES = Path(__file__).parents[2] / "cosmos_reasoner_msgs"


def constants(file: str, prefix: str) -> dict[str, int]:
    text = (INTERFACES / file).read_text(encoding="utf-8").rpartition("---")[2]
    return {name: int(number) for name, number in re.findall(rf"^uint8 {prefix}([A-Z_]+) = (\d+)", text, re.MULTILINE)}


@pytest.mark.parametrize(
    ("enumeration", "file", "prefix"),
    [
        (DefectKind, "msg/Defect.msg", ""),
        (Hazard, "msg/Outcome.msg", "HAZARD_"),
        (Origin, "msg/Outcome.msg", "ORIGIN_"),
        (Origin, "msg/ActionRanking.msg", "ORIGIN_"),
        (Origin, "msg/OutcomeVerdict.msg", "ORIGIN_"),
        (Verdict, "msg/OutcomeVerdict.msg", "(?!ORIGIN)"),
    ],
)
def test_an_enumeration_has_exactly_the_numbers_of_its_message(
    enumeration: type[IntEnum], file: str, prefix: str
) -> None:
    assert {member.name: int(member) for member in enumeration} == constants(file, prefix)


def test_the_parts_have_exactly_the_numbers_of_the_action_s_feedback() -> None:
    assert {part.name: part.value for part in Part} == constants("action/Reason.action", "")
