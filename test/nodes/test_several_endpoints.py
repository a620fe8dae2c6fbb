"""A node with more than one endpoint: who answers, what the log and the diagnostics say, and that no key is in them."""

import socket
import threading
from dataclasses import replace

import pytest
from diagnostic_msgs.msg import DiagnosticArray, DiagnosticStatus
from rcl_interfaces.msg import Log
from rclpy.lifecycle import TransitionCallbackReturn
from robot import Camera, active_reasoner, reasoner
from scripted_server import Ending, ScriptedServer, chunk, json_reply, spoken, stream, usage

from cosmos_reasoner.embedded.serving import EmbeddedServer
from cosmos_reasoner_msgs.action import Reason
from cosmos_reasoner_msgs.srv import Ask

SECRET = "s3cr3t-k3y"
YES = spoken("<think>I look.</think><answer>yes</answer>")
REFUSED = json_reply({"error": f"no such key: {SECRET}"}, 401)


@pytest.fixture
def nobody():
    """An address where nothing listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}/v1"


class Doctor:
    """Hears the diagnostics and the log."""

    def __init__(self, ros) -> None:
        self._ros = ros
        self.status: dict[str, DiagnosticStatus] = {}
        self.lines: list[str] = []
        node = ros.node("doctor")
        node.create_subscription(DiagnosticArray, "/diagnostics", self._hear, 10)
        node.create_subscription(Log, "/rosout", lambda log: self.lines.append(log.msg), 100)

    def _hear(self, message: DiagnosticArray) -> None:
        for status in message.status:
            self.status[status.name.removeprefix("reasoner: ")] = status

    def said(self, words: str) -> list[str]:
        return [line for line in self.lines if words in line]

    def await_status(self, name: str, level: bytes) -> dict[str, str]:
        """Wait until a part is so; give its values."""
        self._ros.wait_for(lambda: name in self.status and self.status[name].level == level, what=f"{name}: {level!r}")
        return {pair.key: pair.value for pair in self.status[name].values}


class Caller:
    """Asks the same again and again."""

    def __init__(self, ros) -> None:
        self._ros = ros
        self._client = ros.node("planner").create_client(Ask, "/reasoner/ask")
        assert self._client.wait_for_service(10.0)

    def ask(self) -> Ask.Response:
        return self._ros.result(self._client.call_async(Ask.Request(question="What moves?")))


def test_the_next_endpoint_answers_and_the_log_says_when_it_does_and_when_no_longer(ros) -> None:
    doctor = Doctor(ros)
    failing = json_reply({"error": {"message": "engine died"}}, 500)
    with ScriptedServer([failing, failing, YES]) as first, EmbeddedServer() as second:
        node = active_reasoner(ros, first.url, profile="cosmos_reason1", fallbacks=[f"embedded url={second.url}"])
        Camera(ros, node).film(4)
        caller = Caller(ros)
        answers = [caller.ask() for _ in range(3)]
        assert [answer.reasoning.provenance.profile for answer in answers] == [
            "embedded",
            "embedded",
            "cosmos_reason1",
        ]
        ros.wait_for(lambda: doctor.said("answers again"), what="the log")
        (moved,) = doctor.said("answers instead of")
        assert f"embedded at {second.url} answers instead of cosmos_reason1 at {first.url}" in moved
        assert "engine died" in moved
        assert doctor.said("answers again") == [
            f"cosmos_reason1 at {first.url} answers again, instead of embedded at {second.url}"
        ]


def test_every_endpoint_has_its_own_status(ros, nobody) -> None:
    doctor = Doctor(ros)
    with EmbeddedServer() as second:
        node = active_reasoner(ros, nobody, profile="cosmos_reason1", fallbacks=[f"embedded url={second.url}"])
        Camera(ros, node).film(4)
        assert doctor.await_status("endpoint 1 cosmos_reason1", DiagnosticStatus.OK)["breaker"] == "closed"
        caller = Caller(ros)
        assert [caller.ask().error_code for _ in range(3)] == [Ask.Response.NONE] * 3
        values = doctor.await_status("endpoint 1 cosmos_reason1", DiagnosticStatus.WARN)
        assert (values["profile"], values["url"]) == ("cosmos_reason1", nobody)
        assert values["breaker"] in ("open", "half-open")
        assert 0.0 <= float(values["next try in [s]"]) <= 5.0
        assert "cannot be reached" in values["last error"]
        assert doctor.await_status("endpoint 2 embedded", DiagnosticStatus.OK)["url"] == second.url


def test_when_all_are_held_back_each_is_an_error(ros) -> None:
    doctor = Doctor(ros)
    with ScriptedServer([REFUSED]) as first, ScriptedServer([REFUSED]) as second:
        node = active_reasoner(ros, first.url, fallbacks=[f"embedded url={second.url}"])
        Camera(ros, node).film(4)
        caller = Caller(ros)
        assert "no endpoint answers" in caller.ask().error_message
        for name in ("endpoint 1 embedded", "endpoint 2 embedded"):
            values = doctor.await_status(name, DiagnosticStatus.ERROR)
            assert values["breaker"] == "open"
            assert 50.0 < float(values["next try in [s]"]) <= 60.0
        response = caller.ask()
        assert response.error_code == Ask.Response.ENDPOINT
        assert "is not asked for another" in response.error_message


def test_a_quota_that_runs_out_is_seen_before_it_is_used_up(ros) -> None:
    doctor = Doctor(ros)
    counts = {"modelscope-ratelimit-requests-limit": "2000", "modelscope-ratelimit-requests-remaining": "150"}
    with ScriptedServer([replace(YES, headers={**YES.headers, **counts})]) as server:
        node = active_reasoner(ros, server.url)
        Camera(ros, node).film(4)
        Caller(ros).ask()
        values = doctor.await_status("endpoint 1 embedded", DiagnosticStatus.WARN)
        assert (values["quota left"], values["breaker"]) == ("150", "closed")
        assert doctor.status["endpoint 1 embedded"].message == "8% of the quota left"


def test_feedback_says_when_what_was_written_is_void(ros) -> None:
    go_on = threading.Event()
    broken = stream(chunk(content="<think>I look at the thing"), go_on, ending=Ending.RESET)
    heard: list[Reason.Feedback] = []
    with ScriptedServer([broken, YES]) as server:
        node = active_reasoner(ros, server.url)
        Camera(ros, node).film(4)
        client = ros.action_client(Reason, "/reasoner/reason")
        assert client.wait_for_server(10.0)
        goal = Reason.Goal(question="What moves?")
        handle = ros.result(client.send_goal_async(goal, lambda message: heard.append(message.feedback)))
        ros.wait_for(lambda: heard, what="feedback of the first attempt")
        go_on.set()
        assert ros.result(handle.get_result_async()).result.error_code == Reason.Result.NONE
        ros.wait_for(lambda: heard[-1].part == Reason.Feedback.ANSWER, what="the answer's feedback")
    parts = [piece.part for piece in heard]
    assert parts.count(Reason.Feedback.RESTART) == 1
    void = parts.index(Reason.Feedback.RESTART)
    assert "".join(piece.text for piece in heard[:void]) == "I look at the thing"
    assert "".join(piece.text for piece in heard[void:]) == "I look.yes"


@pytest.mark.parametrize(
    ("fallback", "words"),
    [
        ("nobody", "no profile 'nobody'"),
        ("embedded key_env=NO_SUCH_VARIABLE", "NO_SUCH_VARIABLE holds no key"),
        ("embedded key_file=/no/such/key", "/no/such/key cannot be read"),
        ("embedded url=robot", "endpoint address 'robot'"),
        ("embedded http://robot/v1", "write PROFILE"),
        (f"embedded key={SECRET}", "write PROFILE"),
    ],
)
def test_a_fallback_that_cannot_be_used_fails_the_configuration_with_the_reason(ros, fallback, words) -> None:
    doctor = Doctor(ros)
    node = reasoner(ros, "http://127.0.0.1:9/v1", fallbacks=[fallback])
    ros.wait_for(lambda: node.count_subscribers("/rosout"), what="somebody who reads the log")
    assert ros.transition(node.trigger_configure) == TransitionCallbackReturn.FAILURE
    ros.wait_for(lambda: doctor.said(words), what="the log")
    assert not doctor.said(SECRET)


def test_no_key_is_in_anything_that_the_node_says(ros, monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("FIRST_KEY", SECRET)
    (tmp_path / "key").write_text(SECRET, encoding="utf-8")
    (tmp_path / "key").chmod(0o600)
    doctor = Doctor(ros)
    inside = stream(chunk(content="<think>I"), {"error": {"message": f"no such key: {SECRET}"}})
    with ScriptedServer([REFUSED]) as first, ScriptedServer([inside] * 3) as second:
        node = active_reasoner(
            ros, first.url, key_env="FIRST_KEY", fallbacks=[f"embedded url={second.url} key_file={tmp_path / 'key'}"]
        )
        Camera(ros, node).film(4)
        caller = Caller(ros)
        messages = [caller.ask().error_message for _ in range(4)]
        sent = {headers.get("authorization") for headers in first.headers + second.headers}
        assert sent == {None, f"Bearer {SECRET}"}  # a server's version is asked for without
        doctor.await_status("endpoint 1 embedded", DiagnosticStatus.WARN)
        said = "\n".join([*messages, *doctor.lines, *map(str, doctor.status.values())])
        assert "no such key: ..." in said
        assert SECRET not in said


def test_an_activated_node_says_what_serves_at_each_endpoint(ros, nobody) -> None:
    doctor = Doctor(ros)
    with EmbeddedServer() as server:
        active_reasoner(ros, nobody, fallbacks=[f"embedded url={server.url}"])
        ros.wait_for(lambda: doctor.said(f"{server.url} serves embedded-motion, context"), what="what is served")
        ros.wait_for(lambda: doctor.said(nobody), what="what is not there")


def test_a_clip_that_the_endpoint_did_not_see_as_it_was_sent_is_a_warning(ros) -> None:
    doctor = Doctor(ros)
    told = stream(chunk(content="<think>I look.</think><answer>yes</answer>"), chunk("stop"), usage(40, 3))
    with ScriptedServer([told]) as server:
        Camera(ros, active_reasoner(ros, server.url)).film(8)
        Caller(ros).ask()
        doctor.await_status("answers", DiagnosticStatus.WARN)
    assert "frames were dropped or made smaller" in doctor.status["answers"].message
