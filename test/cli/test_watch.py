"""`cosmos-reasoner watch`: what it knows, what it shows in windows of any size, and the command in a terminal."""

import fcntl
import io
import os
import pty
import re
import signal
import struct
import subprocess
import sys
import termios
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console, Group

from cosmos_reasoner.cli.main import main
from cosmos_reasoner.cli.watch_screen import draw
from cosmos_reasoner.cli.watch_state import Phase, WatchState

if TYPE_CHECKING:
    from ros_graph import Ros

STYLE = re.compile(r"\x1b\[[\d;]*m")
HOSTILE = "\x1b[2J\x1b]0;owned\x07[red]red[/red]\r\n\u202eback"
NOW = 1000.0
"""Of our own clock, s; the reasoner's says 500 then."""


def source(name: str = "1", end: float = 497.0, status: str = "ok") -> dict[str, Any]:
    """A provenance, as plain data."""
    times = {"clip_start": f"{end - 4:.9f}", "clip_end": f"{end:.9f}"}
    return {"request_id": name, "model": "a-model", "task": "predict_outcome", "status": status, **times}


def outcome(text: str = "The cup falls.", probability: float | None = 0.48, hazard: Any = "imminent") -> dict[str, Any]:
    return {"text": text, "probability": probability, "hazard": hazard, "horizon": 2.0}


def prediction(*outcomes: dict[str, Any], **facts: Any) -> dict[str, Any]:
    return {"provenance": source(**facts), "outcomes": list(outcomes or [outcome()])}


def ranking(
    goal: str = "cross the square", ids: tuple[str, ...] = ("go", "wait"), why: str = "it is free"
) -> dict[str, Any]:
    actions = [
        {"id": name, "score": 0.61, "description": "an action", "expected_outcome": why, "rationale": ""}
        for name in ids
    ]
    figures = {"entropy": 0.5, "order_sensitivity": None, "orderings": 2, "orderings_asked": 4, "method": "logprob"}
    return {"provenance": source("2"), "goal": goal, "actions": actions, **figures}


def verdict(statement: str = "The cup falls.", word: str = "did_not") -> dict[str, Any]:
    return {"provenance": source("3"), "prediction_id": "1", "statement": statement, "verdict": word}


def progress(part: str, text: str = "", name: str = "9") -> dict[str, Any]:
    return {"request_id": name, "task": "predict_outcome", "part": part, "text": text}


def state_of(*told: tuple[str, dict[str, Any]]) -> WatchState:
    """What is known of an active reasoner after some messages."""
    state = WatchState("/reasoner")
    state.see(["/reasoner"], NOW)
    state.clock.set(500.0, NOW)
    for topic, message in told:
        state.take(topic, message)
    return state


def full_state(text: str = "The cup falls.") -> WatchState:
    """A reasoner of which there is everything to show."""
    state = state_of(
        ("outcome", prediction(outcome(text), outcome("Nothing.", None, "none"))),
        ("action_ranking", ranking(goal=text, ids=(text, "wait"), why=text)),
        ("verdict", verdict(text)),
        ("hindsight", {"happened": 3, "did_not": 2, "waiting": 4, "missed": 1, "brier_score": 0.123}),
        ("progress", progress("think", f"I see a cup.\n{text}")),
    )
    values = {"breaker": "open", "next try in [s]": "4.25"}
    state.diagnose(
        "camera front", {"level": "ok", "text": "frames arrive", "values": {"age of newest frame [s]": "0.31"}}
    )
    state.diagnose("endpoint 1 embedded", {"level": "error", "text": text, "values": values})
    state.diagnose("queue", {"level": "ok", "text": "1 running", "values": {"superseded": "7", "refused": "0"}})
    return state


def shown(state: WatchState, width: int = 80, height: int = 24, now: float = NOW) -> str:
    """The screen as text."""
    return "\n".join(row.plain for row in draw(state, now, Console(), width, height))


class TestScreen:
    """What is on the screen."""

    @given(width=st.integers(1, 200), height=st.integers(1, 70), text=st.text() | st.just("杯子要掉了" * 30))
    def test_it_fills_every_window_exactly(self, width: int, height: int, text: str) -> None:
        rows = draw(full_state(text), NOW, Console(), width, height)
        assert [row.cell_len for row in rows] == [width] * height

    @pytest.mark.parametrize(
        "words",
        [
            *("/reasoner  LIVE", "a-model", "within 2 s", "seen 3.0 s ago", "48%  IMMINENT  The cup falls."),
            *("cross the square", "61%  go    it is free", "entropy 0.50 · 2 of 4 orderings · by logprob"),
            *("predict_outcome is thinking", "I see a cup.", "Brier score 0.123, 5 verified", "4 waiting, 1 missed"),
            *("48%  did not   The cup falls.", "breaker open · next try in 4.2 s", "newest 0.3 s ago"),
            *("ERROR endpoint 1 embedded", "7 dropped for newer ones"),
        ],
    )
    def test_everything_has_its_place_in_a_usual_window(self, words: str) -> None:
        state = full_state()
        state.take("action_ranking", ranking())
        assert words in shown(state)

    def test_the_most_important_is_left_in_a_small_window(self) -> None:
        rows = shown(full_state(), 40, 5)
        assert "IMMINENT" in rows
        assert "Health" not in rows

    @pytest.mark.parametrize("height", [24, 40, 70])
    def test_more_rows_are_for_what_is_being_written(self, height: int) -> None:
        state = state_of(("progress", progress("think", "\n".join(f"line {i}." for i in range(100)))))
        assert f"line {100 - height // 4}." in shown(state, 80, height)
        assert "line 99." in shown(state, 80, height)

    def test_what_others_wrote_cannot_control_the_terminal(self) -> None:
        console = Console(file=io.StringIO(), force_terminal=True, width=80, height=24)
        console.print(Group(*draw(full_state(HOSTILE), NOW, console, 80, 24)))
        written = STYLE.sub("", console.file.getvalue())
        assert re.findall(r"[^\n -~█·─…]", written) == []
        assert "[red]red[/red]" in written

    def test_a_verdict_stands_beside_its_outcome(self) -> None:
        state = state_of(("outcome", prediction()), ("verdict", verdict()))
        assert re.search(r"IMMINENT  The cup falls\. +did not", shown(state))

    def test_a_probability_that_is_unknown_and_a_hazard_that_we_do_not_know_are_shown(self) -> None:
        assert "··········    ?  77        The cup" in shown(
            state_of(("outcome", prediction(outcome(hazard=77, probability=None))))
        )

    def test_what_is_written_is_shown_until_something_else_is(self) -> None:
        state = state_of(("progress", progress("answer", "It falls.")), ("progress", progress("end")))
        assert "predict_outcome done" in shown(state)
        assert "It falls." in shown(state)
        state.take("progress", progress("think", "Again.", "10"))
        assert "It falls." not in shown(state)

    def test_words_that_come_after_their_result_are_kept_together(self) -> None:
        result = ("reasoning", {"provenance": source("9")})
        state = state_of(("progress", progress("answer", "It ")), result, ("progress", progress("answer", "falls.")))
        assert "It falls." in shown(state)

    def test_why_there_is_no_answer_is_said(self) -> None:
        state = state_of(("progress", progress("think", "Hm")), ("progress", progress("end", "too late")))
        assert "no answer: too late" in shown(state)

    def test_a_restart_voids_what_was_written(self) -> None:
        state = state_of(("progress", progress("think", "Void.")), ("progress", progress("restart")))
        assert "Void." not in shown(state)


class TestFreshness:
    """How fresh a result is."""

    def test_age_is_told_by_the_reasoners_clock(self) -> None:
        assert "seen 7.5 s ago" in shown(state_of(("outcome", prediction())), now=NOW + 4.5)

    def test_what_was_stale_when_it_came_is_marked(self) -> None:
        assert "STALE" in shown(state_of(("outcome", prediction(status="stale"))))

    def test_what_becomes_older_than_the_node_allows_is_marked(self) -> None:
        state = state_of(("outcome", prediction()))
        state.diagnose("answers", {"level": "ok", "text": "", "values": {"max_result_age [s]": "10.0"}})
        assert "STALE" not in shown(state, now=NOW + 6.0)
        assert "STALE" in shown(state, now=NOW + 8.0)


class TestPresence:
    """Whether there is a reasoner."""

    def test_it_is_looked_for_before_it_is_called_missing(self) -> None:
        assert WatchState("/reasoner").phase(NOW) is Phase.SOUGHT

    def test_one_that_is_missing_is_named_with_those_that_are_there(self) -> None:
        state = WatchState("/reasoner")
        state.see(["/demo/reasoner"], NOW - 4.0)
        assert state.phase(NOW - 3.0) is Phase.SOUGHT
        assert "no reasoner at /reasoner; there is /demo/reasoner" in shown(state)

    def test_one_that_tells_nothing_of_itself_is_not_active(self) -> None:
        state = WatchState("/reasoner")
        state.see(["/reasoner"], NOW)
        assert state.phase(NOW + 1.0) is Phase.SOUGHT
        assert state.phase(NOW + 4.0) is Phase.SILENT

    def test_of_one_that_falls_silent_nothing_is_shown_as_if_it_were_now(self) -> None:
        state = state_of(("progress", progress("think", "I see a")), ("outcome", prediction()))
        state.diagnose("camera front", {"level": "ok", "text": "frames arrive", "values": {}})
        state.see(["/reasoner"], NOW + 5.0)
        told = shown(state, now=NOW + 5.0)
        assert "last heard of 5.0 s ago: deactivated, stuck or dead" in told
        assert "no answer: it broke off" in told
        assert "frames arrive" not in told
        assert "seen 8.0 s ago" in told

    def test_when_its_time_begins_anew_what_was_seen_before_is_gone(self) -> None:
        state = state_of(("outcome", prediction()), ("action_ranking", ranking()), ("verdict", verdict()))
        state.tick(499.5, NOW)
        assert "The cup falls." in shown(state)
        state.tick(3.0, NOW)
        assert "The cup falls." not in shown(state)
        assert "cross the square" not in shown(state)

    def test_one_that_goes_is_gone_and_its_results_grow_old(self) -> None:
        state = state_of(("outcome", prediction()))
        state.see([], NOW + 2.0)
        assert "GONE" in shown(state, now=NOW + 9.0)
        assert "seen 12 s ago" in shown(state, now=NOW + 9.0)


def test_what_is_kept_does_not_grow() -> None:
    state = state_of()
    for i in range(2000):
        state.take("outcome", prediction(name=str(i)))
        state.take("verdict", verdict())
        state.take("progress", progress("think", "word " * 20, str(i // 50)))
        state.take("progress", progress("think", "", f"done {i}"))
        state.take("progress", progress("end", "", f"done {i}"))
        state.diagnose(f"part {i}", {"level": "ok", "text": "", "values": {}})
    texts = [writing.think for writing in state.writings._running.values()]
    kept = [state.verdicts, state.parts, state._predicted, state.writings._running, state.writings._ended]
    assert max(map(len, kept)) <= 100
    assert max(map(len, texts)) <= 8000


class Terminal:
    """A command in a terminal of its own."""

    def __init__(self, words: list[str], environment: dict[str, str]) -> None:
        self.text = ""
        self._ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        environment = {**environment, "TERM": "xterm-256color"}
        self.process = subprocess.Popen(
            words, env=environment, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
        )
        os.close(theirs)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def interrupt(self) -> int:
        """End it as Ctrl-C does; gives its exit status."""
        self.process.send_signal(signal.SIGINT)
        status = self.process.wait(30.0)
        self._reader.join(10.0)
        return status

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        self._reader.join(10.0)
        os.close(self._ours)

    def _read(self) -> None:
        while True:
            try:
                read = os.read(self._ours, 65536)
            except OSError:  # nobody writes any more
                return
            self.text += STYLE.sub("", read.decode(errors="replace"))


@pytest.fixture
def ros(monkeypatch: pytest.MonkeyPatch) -> "Iterator[Ros]":
    """Give a ROS graph with nobody else in it."""
    pytest.importorskip("rclpy", reason="needs ROS 2")
    from ros_graph import Ros, claim_domain, domain_of

    monkeypatch.setenv("ROS_AUTOMATIC_DISCOVERY_RANGE", "LOCALHOST")
    with claim_domain() as lock:
        graph = Ros(domain_of(lock))
        yield graph
        graph.close()


COMMAND = [sys.executable, "-m", "cosmos_reasoner.cli.main", "watch"]


def predicting_reasoner(ros: "Ros", url: str) -> None:
    """A reasoner that sees something, and predicts each second."""
    from robot import Camera, active_reasoner

    Camera(ros, active_reasoner(ros, url, periodic=["predict_outcome 1.0"])).keep_filming()


def test_a_terminal_shows_a_reasoner_as_soon_as_it_comes_and_is_left_as_it_was(ros) -> None:
    from cosmos_reasoner.embedded.serving import EmbeddedServer

    terminal = Terminal(COMMAND, ros.environment)
    try:
        ros.wait_for(lambda: "/reasoner  LOOKING FOR IT" in terminal.text, 60.0, "the screen")
        with EmbeddedServer() as endpoint:
            predicting_reasoner(ros, endpoint.url)
            for words in ("/reasoner  LIVE", "embedded-motion", "Writing  predict_outcome", "breaker closed"):
                ros.wait_for(lambda: words in terminal.text, 60.0, words)
            assert terminal.interrupt() == 0
        assert "Traceback" not in terminal.text
        assert terminal.text.rindex("\x1b[?25h") > terminal.text.rindex("\x1b[?25l"), "the cursor is not shown again"
        assert "\x1b[?1049l" in terminal.text, "the screen from before is not there again"
    finally:
        terminal.close()


def test_a_pipe_gets_lines_as_long_as_somebody_reads_them(ros) -> None:
    from cosmos_reasoner.embedded.serving import EmbeddedServer

    process = subprocess.Popen(COMMAND, env=ros.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    lines = iter(process.stdout.readline, "")
    try:
        assert next(lines) == "/reasoner is not there: no reasoner at /reasoner\n"
        with EmbeddedServer() as endpoint:
            predicting_reasoner(ros, endpoint.url)
            assert next(line for line in lines if line.startswith("predict_outcome: within 2 s after the clip"))
            assert re.match(r"  [█·]{10}  ?\d+%  [A-Z]+ ", next(lines))
            process.stdout.close()
            assert process.wait(30.0) == 0
        assert process.stderr.read() == ""
    finally:
        process.kill()
        process.wait()
        process.stderr.close()


def test_what_ros_does_not_take_is_said_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("rclpy", reason="needs ROS 2")
    assert main(["watch", "--ros-args", "-r", "nonsense"]) == 1
    complaint = capsys.readouterr().err
    assert complaint.startswith("cosmos-reasoner: ROS does not start: ") and complaint.count("\n") == 1
