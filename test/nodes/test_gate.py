"""The gate: what a verdict advises, and why."""

import pytest
from builtin_interfaces.msg import Duration
from robot import Camera, active_reasoner
from scripted_server import ScriptedServer, spoken

from cosmos_reasoner.nodes.gate import last_sentence
from cosmos_reasoner.nodes.images import time_from_stamp
from cosmos_reasoner_msgs.msg import OutcomeVerdict, Provenance
from cosmos_reasoner_msgs.srv import Verify

PROCEED, HOLD, ABORT = Verify.Response.PROCEED, Verify.Response.HOLD, Verify.Response.ABORT


def judged(
    ros, answer: str, age: float = 0.0, think: str = "It is near. It stands.", asked: float | None = None
) -> Verify.Response:
    """What the gate says when the model answers so, about a clip of that age, asked about a window of that age, s."""
    with ScriptedServer([spoken(f"<think>{think}</think><answer>{answer}</answer>")]) as server:
        node = active_reasoner(ros, server.url, max_result_age=5.0)
        stamp = node.get_clock().now().nanoseconds - int(age * 1e9)
        Camera(ros, node).film(4, end=stamp)
        client = ros.node("planner").create_client(Verify, "/reasoner/verify")
        assert client.wait_for_service(10.0)
        request = Verify.Request(statement="the way is free")
        if asked is not None:
            request.window.end = time_from_stamp(node.get_clock().now().nanoseconds - int(asked * 1e9))
            request.window.duration = Duration(sec=9)
        return ros.result(client.call_async(request))


@pytest.mark.parametrize(("answer", "decision"), [("A", PROCEED), ("B", ABORT), ("C", HOLD), ("yes, or no", HOLD)])
def test_it_goes_on_only_when_the_statement_is_true(ros, answer, decision) -> None:
    assert judged(ros, answer).decision == decision


def test_it_holds_when_what_was_seen_is_too_old(ros) -> None:
    response = judged(ros, "A", age=6.0)
    assert response.verdict.provenance.status == Provenance.STATUS_STALE
    assert (response.verdict.verdict, response.decision) == (OutcomeVerdict.HAPPENED, HOLD)


def test_it_holds_when_it_was_asked_about_the_past(ros) -> None:
    response = judged(ros, "A", age=6.0, asked=6.0)
    assert response.verdict.provenance.status == Provenance.STATUS_OK
    assert (response.verdict.verdict, response.decision) == (OutcomeVerdict.HAPPENED, HOLD)


def test_a_window_up_to_now_is_stale_when_the_camera_has_stopped(ros) -> None:
    response = judged(ros, "A", age=6.0, asked=0.0)
    assert response.verdict.provenance.status == Provenance.STATUS_STALE
    assert response.decision == HOLD


def test_it_gives_the_last_sentence_of_the_reasoning_as_the_reason(ros) -> None:
    assert judged(ros, "A").reason == "It stands."


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", ""),
        ("\n \n", ""),
        ("One", "One"),
        ("It falls. It is at 1.5 m.", "It is at 1.5 m."),
        ("Does it fall? No!", "No!"),
        ("- It rolls\n- It\tstops\n\n", "- It stops"),
        ("它在动。它停了。", "它停了。"),
    ],
)
def test_a_reason_is_one_line(text, sentence) -> None:
    assert last_sentence(text) == sentence
