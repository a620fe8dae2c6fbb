"""`ros2 reason`: asking a running reasoner, and the command as ros2cli finds it."""

import argparse
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from scripted_server import Ending, ScriptedServer, chunk, spoken, stream

from cosmos_reasoner.cli.ros2.command import AskVerb, DoctorVerb, RankVerb, ReasonCommand, WatchVerb

if TYPE_CHECKING:
    from ros_graph import Ros

pytest.importorskip("rclpy", reason="needs ROS 2")


@pytest.fixture
def ros(monkeypatch: pytest.MonkeyPatch) -> "Iterator[Ros]":
    """Give a ROS graph with nobody else in it; commands of this process are in it, too."""
    from ros_graph import Ros, claim_domain, domain_of

    monkeypatch.setenv("ROS_AUTOMATIC_DISCOVERY_RANGE", "LOCALHOST")
    with claim_domain() as lock:
        graph = Ros(domain_of(lock))
        monkeypatch.setenv("ROS_DOMAIN_ID", str(graph.domain_id))
        yield graph
        graph.close()


def reasoner_at(ros: "Ros", url: str) -> None:
    """A reasoner that has seen something and is not asked by anybody else."""
    from robot import Camera, active_reasoner

    Camera(ros, active_reasoner(ros, url)).film(4)


def run(verb: AskVerb | RankVerb, *words: str) -> int | str:
    """Run a verb as ros2cli does."""
    parser = argparse.ArgumentParser()
    verb.add_arguments(parser, "ros2 reason verb")
    return verb.main(args=parser.parse_args(words))


def test_a_question_is_answered_with_the_reasoning_before(ros, capsys: pytest.CaptureFixture[str]) -> None:
    with ScriptedServer([spoken("<think>I see it move.</think><answer>The square moves.</answer>")]) as server:
        reasoner_at(ros, server.url)
        assert run(AskVerb(), "What moves?") == 0
    said = capsys.readouterr().out.splitlines()
    assert said[:4] == ["think", "I see it move.", "answer", "The square moves."]
    assert said[4].startswith("scripted: 4 frames of 0.75 s, ")


def test_options_come_with_their_probabilities(ros, capsys: pytest.CaptureFixture[str]) -> None:
    from cosmos_reasoner.embedded.serving import EmbeddedServer

    with EmbeddedServer() as server:
        reasoner_at(ros, server.url)
        assert run(AskVerb(), "What moves?", "--option", "a square", "--option", "nothing") == 0
    *_, first, second, _ = capsys.readouterr().out.splitlines()
    assert first.endswith("%  a square")
    assert second.endswith("%  nothing")


def test_actions_are_ranked_with_how_much_to_make_of_it(ros, capsys: pytest.CaptureFixture[str]) -> None:
    from cosmos_reasoner.embedded.serving import EmbeddedServer

    with EmbeddedServer() as server:
        reasoner_at(ros, server.url)
        assert run(RankVerb(), "--goal", "avoid a collision", "wait: stand still", "go: drive on") == 0
    *_, heading, first, second, facts, _ = capsys.readouterr().out.splitlines()
    assert heading.startswith("rank_actions: avoid a collision (4 frames of 0.75 s")
    assert {first.split("%  ")[1].split(":")[0], second.split("%  ")[1].split(":")[0]} == {"wait", "go"}
    assert "entropy" in facts
    assert "order sensitivity" in facts


def test_an_action_without_a_description_is_refused_before_anything_is_asked() -> None:
    assert run(RankVerb(), "--goal", "g", "wait") == (
        "ros2 reason: action 'wait' is not an id, a colon and a description"
    )


def test_what_the_reasoner_cannot_answer_is_said_in_one_line(ros) -> None:
    with ScriptedServer() as server:
        reasoner_at(ros, server.url)
        assert run(RankVerb(), "--goal", "g", "wait: stand still") == "ros2 reason: 1 actions: give 2 to 64"


def test_the_budget_is_kept(ros) -> None:
    held = stream(chunk(role="assistant"), chunk(content="Hm"), ending=Ending.HELD)
    with ScriptedServer([held, held]) as server:
        reasoner_at(ros, server.url)
        assert run(AskVerb(), "What moves?", "--budget", "0.5") == (
            "ros2 reason: no answer within the time budget of 0.5 s"
        )


@pytest.mark.usefixtures("ros")
def test_without_a_reasoner_one_line_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cosmos_reasoner.cli.ros2.asking._DISCOVERY", 0.2)
    assert run(AskVerb(), "What moves?", "--node", "nobody") == (
        "ros2 reason: no reasoner at /nobody: start it, or correct the name"
    )


LEAVES = """
import rclpy
from rclpy.action import ActionServer
from cosmos_reasoner_msgs.action import Reason

def leave(goal):
    raise SystemExit

rclpy.init()
node = rclpy.create_node("reasoner")
server = ActionServer(node, Reason, "reasoner/reason", leave)
try:
    rclpy.spin(node)
finally:
    rclpy.shutdown()
"""
"""A program that takes a question and ends."""


def test_one_that_goes_away_is_not_waited_for(ros) -> None:
    with subprocess.Popen([sys.executable, "-c", LEAVES], env=ros.environment) as reasoner:
        assert run(AskVerb(), "?") == "ros2 reason: /reasoner went away before it answered"
        assert reasoner.wait(30.0) == 0


def test_ctrl_c_ends_the_generation_at_the_endpoint(ros) -> None:
    from cosmos_reasoner.cli.ros2.asking import ask
    from cosmos_reasoner_msgs.action import Reason

    before = signal.getsignal(signal.SIGINT)
    held = stream(chunk(role="assistant"), chunk(content="<think>One two"), ending=Ending.HELD)
    with ScriptedServer([held]) as server:
        reasoner_at(ros, server.url)
        with pytest.raises(KeyboardInterrupt):
            ask("/reasoner", Reason.Goal(question="?"), lambda _: os.kill(os.getpid(), signal.SIGINT))
        assert server.disconnected.wait(10.0)
    assert signal.getsignal(signal.SIGINT) is before


def test_what_breaks_off_ends_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    from cosmos_reasoner.cli.console import Console
    from cosmos_reasoner.cli.ros2.showing import Transcript
    from cosmos_reasoner_msgs.action import Reason

    transcript = Transcript(Console())
    transcript(Reason.Feedback(part=Reason.Feedback.THINK, text="Hm"))
    with pytest.raises(KeyboardInterrupt), transcript:
        raise KeyboardInterrupt
    assert capsys.readouterr().out.startswith("think\nHm\n")


def test_nothing_that_was_written_can_control_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    from cosmos_reasoner.cli.console import Console
    from cosmos_reasoner.cli.ros2.showing import Transcript, show_source
    from cosmos_reasoner_msgs.action import Reason
    from cosmos_reasoner_msgs.msg import Provenance, Reasoning

    hostile = "\x1b[2J\u202eback\u2028\x9b"
    Transcript(Console())(Reason.Feedback(part=Reason.Feedback.ANSWER, text=hostile))
    source = Provenance(model=f"{hostile}\nline", status=Provenance.STATUS_DEFECTIVE, status_text=f"{hostile}\nline")
    show_source(Reasoning(provenance=source), Console())
    said = capsys.readouterr().out
    assert re.findall(r"[^\n -~]", said) == []
    assert said.count("\n") == 3


def test_a_question_that_is_no_text_is_refused(ros) -> None:
    with ScriptedServer() as server:
        reasoner_at(ros, server.url)
        assert run(AskVerb(), "\udcff") == "ros2 reason: an argument is not in this terminal's encoding"


def test_a_python_that_lacks_something_is_told_with_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cosmos_reasoner.cli.ros2.asking", None)
    said = run(AskVerb(), "?")
    assert str(said).startswith("ros2 reason: cosmos_reasoner.cli.ros2.asking is missing where ros2 runs")


def test_help_needs_no_ros() -> None:
    words = "import sys, cosmos_reasoner.cli.ros2.ask, cosmos_reasoner.cli.ros2.rank; sys.exit('rclpy' in sys.modules)"
    subprocess.run([sys.executable, "-c", words], check=True)


@pytest.mark.parametrize("name", ["a b", "", "/", "1st", "a/"])
def test_what_is_no_name_of_a_node_is_refused(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run(AskVerb(), "What moves?", "--node", name)
    assert "is no name of a node" in capsys.readouterr().err


def test_the_verbs_take_the_options_of_the_commands_of_the_same_name() -> None:
    for verb, option in ((WatchVerb(), "--node"), (DoctorVerb(), "--write")):
        parser = argparse.ArgumentParser()
        verb.add_arguments(parser, "ros2 reason verb")
        assert option in parser.format_help()


class TestRos2:
    """With the real ros2cli."""

    @pytest.fixture
    def ros2(self) -> list[str]:
        """How ros2 is run here."""
        pytest.importorskip("ros2cli", reason="needs ros2cli")
        return [sys.executable, "-c", "import sys; from ros2cli.cli import main; sys.exit(main())", "reason"]

    def test_it_finds_the_verbs(self, ros2: list[str]) -> None:
        done = subprocess.run([*ros2, "-h"], capture_output=True, text=True, check=True)
        assert all(f"\n  {verb} " in done.stdout for verb in ("ask", "rank", "watch", "doctor"))
        assert (ReasonCommand.__doc__ or "").rstrip(".") in done.stdout

    def test_without_a_verb_it_says_which_there_are(self, ros2: list[str]) -> None:
        assert "\n  ask " in subprocess.run(ros2, capture_output=True, text=True, check=True).stdout

    def test_a_failure_is_one_line_and_status_1(self, ros2: list[str]) -> None:
        done = subprocess.run([*ros2, "rank", "--goal", "g", "go"], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr == "ros2 reason: action 'go' is not an id, a colon and a description\n"

    def test_a_question_is_answered(self, ros2: list[str], ros) -> None:
        with ScriptedServer([spoken("<think>I look.</think><answer>A square.</answer>")]) as server:
            reasoner_at(ros, server.url)
            done = subprocess.run(
                [*ros2, "ask", "What moves?"], env=ros.environment, capture_output=True, text=True, check=False
            )
        assert (done.returncode, done.stderr) == (0, "")
        assert "A square." in done.stdout
