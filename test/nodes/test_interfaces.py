"""The interfaces: as the README tells, and the same numbers everywhere."""

from readme import table
from robot import active_reasoner

from cosmos_reasoner.nodes.error_codes import ERROR_CODES
from cosmos_reasoner.reasoning.result import Status
from cosmos_reasoner.replies.defects import DefectKind
from cosmos_reasoner.replies.levels import Hazard, Origin, Verdict
from cosmos_reasoner_msgs.action import Reason
from cosmos_reasoner_msgs.msg import ActionRanking, Defect, Outcome, OutcomeVerdict, Provenance
from cosmos_reasoner_msgs.srv import Ask, PredictOutcome, RankActions, Verify


def constants(kind: type, prefix: str = "") -> dict[str, int]:
    """The constants of a message, without a prefix."""
    names = [name for name in dir(type(kind)) if name[0] != "_" and name.isupper() and name.startswith(prefix)]
    return {name.removeprefix(prefix): getattr(kind, name) for name in names}


def members(kind: type) -> dict[str, int]:
    """The members of an enumeration."""
    return {name: int(member) for name, member in kind.__members__.items()}


DECISIONS = {"HOLD": 0, "PROCEED": 1, "ABORT": 2}


def test_every_service_and_action_ends_in_the_same_codes() -> None:
    codes = constants(Ask.Response)
    assert len(codes) == 10 and codes["NONE"] == 0
    for kind in (PredictOutcome.Response, RankActions.Response, Verify.Response, Reason.Result):
        assert constants(kind) == (codes | DECISIONS if kind is Verify.Response else codes)
        assert list(kind.get_fields_and_field_types())[-2:] == ["error_code", "error_message"]


def test_every_kind_of_error_has_a_code_and_every_code_a_use() -> None:
    used = {"NONE", "INTERNAL"} | {
        name for name, code in constants(Ask.Response).items() if code in ERROR_CODES.values()
    }
    assert used == set(constants(Ask.Response))


def test_enumerations_have_the_numbers_of_the_messages() -> None:
    assert members(Status) == constants(Provenance, "STATUS_")
    assert members(DefectKind) == constants(Defect)
    assert members(Hazard) == constants(Outcome, "HAZARD_")
    assert members(Verdict) == {
        name: number for name, number in constants(OutcomeVerdict).items() if "_" not in name or name == "DID_NOT"
    }
    for kind in (Outcome, ActionRanking, OutcomeVerdict):
        assert members(Origin) == constants(kind, "ORIGIN_")


def test_its_tables_of_topics_services_and_actions_are_the_nodes(ros) -> None:
    node = active_reasoner(ros, "http://127.0.0.1:9/v1")
    name = node.get_fully_qualified_name()
    topics = {each.topic_name.replace(name, "~"): each.msg_type for each in node.publishers}
    said = {topic: row[0] for topic, row in table("Topics").items() if not topic.startswith("NAME")}
    assert {topic for topic in topics if not topic.startswith(("/parameter", "/rosout"))} == set(said)
    assert all(last_word(kind) == topics[topic].__name__ for topic, kind in said.items())
    services = {each.service_name.replace(name, "~"): each.srv_type for each in node.services}
    ours = {service: kind for service, kind in services.items() if "cosmos_reasoner" in kind.__module__}
    rows = {service: row[0] for service, row in table("Services and the action").items()}
    assert set(ours) | {"~/reason"} == set(rows)
    assert all(last_word(rows[service]) == kind.__name__ for service, kind in ours.items())


def last_word(kind: str) -> str:
    """Name of an interface without its package and the README's quotes."""
    return kind.strip("`").split("/")[-1]
