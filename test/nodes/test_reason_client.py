"""Asking through the action: the words, the result, and taking the question back."""

from collections.abc import Iterator
from itertools import repeat
from typing import Any

import pytest
from rclpy.node import Node
from robot import Camera, active_reasoner
from ros_graph import Ros, claim_domain, domain_of
from scripted_server import Ending, ScriptedServer, chunk, spoken, stream

from cosmos_reasoner.errors import CosmosReasonerError, NotActive
from cosmos_reasoner.nodes.reason_client import ReasonCall, ReasonClient
from cosmos_reasoner_msgs.action import Reason

HELD = stream(chunk(content="<think>It rolls"), ending=Ending.HELD)


class Stage:
    """A reasoner whose endpoint never ends, but where it is asked whether."""

    def __init__(self, ros: Ros, server: ScriptedServer) -> None:
        self.ros, self.server = ros, server
        self.node = active_reasoner(ros, server.url, concurrency=8)
        Camera(ros, self.node).film(4)
        caller = Node("caller", context=ros.context)
        self.client = ReasonClient(caller, "/reasoner")
        ros.spin(caller)
        ros.wait_for(lambda: self.client.is_there, what="the reasoner")

    def call(self, question: str, heard: list[Reason.Feedback] | None = None) -> ReasonCall:
        """Prepare a question."""
        wrote = (lambda _: None) if heard is None else heard.append
        return self.client.call(Reason.Goal(question=question), wrote)

    def ask(self, call: ReasonCall) -> Any:
        """Ask; gives what will have the result, or the error."""
        return self.ros.executor.create_task(_outcome(call))

    def outcome(self, call: ReasonCall) -> Any:
        """Ask, and wait for the result or the error."""
        return self.ros.result(self.ask(call))


async def _outcome(call: ReasonCall) -> Any:
    try:
        return await call.result()
    except CosmosReasonerError as error:
        return error


def reply(body: Any) -> Any:
    """A yes to every whether; else words without an end."""
    return spoken("<think>I look.</think><answer>yes</answer>") if "hether" in str(body["messages"]) else HELD


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    """One for all tests."""
    with claim_domain() as lock, ScriptedServer(repeat(reply)) as server:
        ros = Ros(domain_of(lock))
        yield Stage(ros, server)
        ros.close()


def test_a_question_gets_its_result_and_its_words(stage: Stage) -> None:
    heard: list[Reason.Feedback] = []
    result = stage.outcome(stage.call("Say whether it rolls.", heard))
    assert (result.error_code, result.reasoning.answer) == (Reason.Result.NONE, "yes")
    # rclpy drops the feedback that it takes together with the result.
    assert heard and "I look.yes".startswith("".join(each.text for each in heard))
    assert [each.part for each in heard] == sorted(each.part for each in heard)


def test_two_questions_at_once_hear_each_its_own_words(stage: Stage) -> None:
    words: list[list[Reason.Feedback]] = [[], []]
    calls = [stage.call("What moves?", words[0]), stage.call("Say whether it rolls.", words[1])]
    done = [stage.ask(call) for call in calls]
    texts = [lambda each=each: "".join(piece.text for piece in each) for each in words]
    stage.ros.wait_for(lambda: texts[0]() == "It rolls" and done[1].done(), what="the words of both")
    assert texts[1]() and "I look.yes".startswith(texts[1]())
    stage.ros.transition(calls[0].cancel)
    assert [stage.ros.result(each).error_code for each in done] == [Reason.Result.CANCELLED, Reason.Result.NONE]


def test_a_question_that_cannot_be_answered_says_why_in_its_result(stage: Stage) -> None:
    goal = Reason.Goal(task="rank_actions", goal="g")
    result = stage.outcome(stage.client.call(goal, lambda _: None))
    assert (result.error_code, result.error_message) == (Reason.Result.INVALID_REQUEST, "0 actions: give 2 to 64")


def test_a_question_that_is_taken_back_ends_the_generation_at_the_endpoint(stage: Stage) -> None:
    heard: list[Reason.Feedback] = []
    stage.server.disconnected.clear()
    call = stage.call("What moves?", heard)
    done = stage.ask(call)
    stage.ros.wait_for(lambda: heard, what="some words")
    stage.ros.transition(call.cancel)
    assert stage.ros.result(done).error_code == Reason.Result.CANCELLED
    assert stage.server.disconnected.wait(10)


def test_a_question_that_is_taken_back_before_the_reasoner_has_taken_it_ends_too(stage: Stage) -> None:
    call = stage.call("What moves?")

    def ask_and_cancel() -> Any:
        done = stage.ask(call)
        stage.ros.executor.create_task(call.cancel)
        return done

    done = stage.ros.transition(ask_and_cancel)
    assert stage.ros.result(done).error_code == Reason.Result.CANCELLED


def test_a_question_that_is_taken_back_before_it_is_asked_ends_at_once(stage: Stage) -> None:
    call = stage.call("What moves?")
    stage.ros.transition(call.cancel)
    assert stage.outcome(call).error_code == Reason.Result.CANCELLED


def test_to_take_an_answered_question_back_does_nothing(stage: Stage) -> None:
    call = stage.call("Say whether it rolls.")
    assert stage.outcome(call).error_code == Reason.Result.NONE
    stage.ros.transition(call.cancel)
    assert stage.outcome(stage.call("Say whether it rolls.")).error_code == Reason.Result.NONE


def test_who_asks_a_reasoner_that_is_not_there_is_told_its_name(stage: Stage) -> None:
    caller = Node("other_caller", context=stage.ros.context)
    client = ReasonClient(caller, "/robot_2/reasoner")
    stage.ros.spin(caller)
    assert not client.is_there
    error = stage.outcome(client.call(Reason.Goal(question="What moves?"), lambda _: None))
    assert isinstance(error, NotActive) and "/robot_2/reasoner is not there" in str(error)


def test_a_reasoner_that_rests_answers_so(stage: Stage) -> None:
    stage.ros.transition(stage.node.trigger_deactivate)
    assert stage.outcome(stage.call("What moves?")).error_code == Reason.Result.NOT_ACTIVE
    stage.ros.transition(stage.node.trigger_activate)
