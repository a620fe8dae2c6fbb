"""`cosmos-reasoner evaluate`: recordings and labels in, scores and a report out, over real HTTP."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from itertools import repeat
from pathlib import Path
from typing import Any

import pytest
import yaml
from recorded import BagBuilder, picture, shared, write_video
from scripted_server import Reply, ScriptedServer, json_reply, spoken

from cosmos_reasoner.cli.main import main
from cosmos_reasoner.evaluation.labels.plausibility import published_scores
from cosmos_reasoner.evaluation.scoring.summary import Summary, read_summary

CHOICE = {"question": "Which way does it go?", "options": ["left", "right"]}


def letter(name: str) -> Reply:
    return spoken(f"<think>I look.</think><answer>{name}</answer>")


@pytest.fixture
def video(tmp_path: Path) -> Path:
    """Six seconds."""
    return write_video(tmp_path / "ball.mp4", [i * 100 for i in range(61)], pixels=lambda i: picture(i, 64, 48))


@pytest.fixture
def questions(video: Path) -> Path:
    """Four questions about the video; the right letters are B, B, A, B."""
    windows = [[0, 2], [1, 3], [2, 4], [3, 5]]
    answers = ["right", "right", "left", "right"]
    entries = [
        {"recording": video.name, "window": window, **CHOICE, "answer": answer}
        for window, answer in zip(windows, answers)
    ]
    file = video.parent / "questions.yaml"
    file.write_text(yaml.safe_dump(entries))
    return file


@pytest.fixture
def evaluate(tmp_path: Path) -> Callable[..., int]:
    """Evaluate with an endpoint, into a folder of the test's."""

    def run(*arguments: Any, out: str = "run", url: str = "", profile: str = "cosmos_reason1") -> int:
        endpoint = ["--endpoint", url, "--profile", profile] if url else []
        return main(["evaluate", *map(str, arguments), "--out", str(tmp_path / out), *endpoint])

    return run


def summary(folder: Path) -> Summary:
    return read_summary(folder / "run")


def accuracy(folder: Path) -> float | None:
    return summary(folder).tables["choice"]["all"]["accuracy"].value


def test_labelled_questions_are_scored(evaluate, questions: Path, tmp_path: Path) -> None:
    with ScriptedServer(repeat(letter("B"))) as server:
        assert evaluate("--questions", questions, url=server.url) == 0
    assert accuracy(tmp_path) == 0.75


def test_a_run_leaves_all_its_files(evaluate, questions: Path, tmp_path: Path) -> None:
    with ScriptedServer(repeat(letter("B"))) as server:
        evaluate("--questions", questions, url=server.url)
    names = {path.name for path in (tmp_path / "run").iterdir()}
    assert names == {"results.jsonl", "summary.json", "report.html", "predictions.mcap", "strips"}


def test_a_bag_of_predictions_that_cannot_be_written_is_told_and_the_scores_are_there(
    evaluate, questions: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "run" / "predictions.mcap").mkdir(parents=True)
    with ScriptedServer(repeat(letter("B"))) as server:
        assert evaluate("--questions", questions, url=server.url) == 2
    assert "no predictions.mcap: " in capsys.readouterr().out
    assert accuracy(tmp_path) == 0.75


@pytest.mark.parametrize("taken", ["run", "run/strips"])
def test_a_folder_that_cannot_be_made_ends_the_run_before_anything_is_asked(
    evaluate, questions: Path, tmp_path: Path, taken: str
) -> None:
    (tmp_path / taken).parent.mkdir(exist_ok=True)
    (tmp_path / taken).write_text("a file")
    with ScriptedServer(repeat(letter("B"))) as server:
        assert evaluate("--questions", questions, url=server.url) == 1
        assert not server.bodies


def test_what_is_wrong_with_a_recording_is_told_again_when_nothing_of_it_is_asked_again(
    evaluate, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    for number in range(20):
        (pictures / f"{number}.png").write_bytes(BagBuilder.picture_file(".png", number))
    (pictures / "7.png").write_bytes(b"no picture")
    with ScriptedServer(repeat(letter("B"))) as server:
        for _ in range(2):
            assert evaluate(pictures, "--task", "describe", url=server.url) == 0
            assert "pictures: 1 pictures cannot be read: the others were used" in capsys.readouterr().out
        assert len(server.bodies) == 1


def test_nothing_is_asked_twice(evaluate, questions: Path, tmp_path: Path) -> None:
    with ScriptedServer(repeat(letter("B"))) as server:
        assert [evaluate("--questions", questions, url=server.url) for _ in range(2)] == [0, 0]
        assert len(server.bodies) == 4
    assert accuracy(tmp_path) == 0.75


def test_a_corrected_label_is_scored_anew_without_asking(evaluate, questions: Path, tmp_path: Path) -> None:
    with ScriptedServer(repeat(letter("B"))) as server:
        evaluate("--questions", questions, url=server.url)
        questions.write_text(questions.read_text().replace("answer: left", "answer: right"))
        evaluate("--questions", questions, url=server.url)
        assert len(server.bodies) == 4
    assert accuracy(tmp_path) == 1.0


def test_another_model_is_asked_everything(evaluate, questions: Path) -> None:
    with ScriptedServer(repeat(letter("B"))) as server:
        evaluate("--questions", questions, url=server.url)
        evaluate("--questions", questions, "--model", "other", url=server.url)
        assert len(server.bodies) == 8


def test_the_model_that_was_served_at_the_start_is_asked_to_the_end(evaluate, questions: Path) -> None:
    with ScriptedServer(repeat(letter("B")), models=["first", "second"]) as server:
        evaluate("--questions", questions, url=server.url)
        assert {body["model"] for body in server.bodies} == {"first"}


def test_an_item_that_failed_is_asked_again_and_the_exit_status_tells(
    evaluate, questions: Path, tmp_path: Path
) -> None:
    refusal = json_reply({"error": {"message": "no such video"}}, 400)
    with ScriptedServer([refusal, *repeat(letter("B"), 7)]) as server:
        assert evaluate("--questions", questions, "--concurrency", "1", url=server.url) == 2
        assert (summary(tmp_path).counts["failed"], summary(tmp_path).counts["answered"]) == (1, 3)
        assert evaluate("--questions", questions, url=server.url) == 0
        assert len(server.bodies) == 5


def test_unreadable_answers_count_as_wrong_and_are_shown_as_such(evaluate, questions: Path, tmp_path: Path) -> None:
    with ScriptedServer([letter("well"), *repeat(letter("B"), 3)]) as server:
        assert evaluate("--questions", questions, "--concurrency", "1", url=server.url) == 0
    row = summary(tmp_path).tables["choice"]["all"]
    assert (row["unreadable"].value, summary(tmp_path).counts["defective"]) == (0.25, 1)


def test_an_entry_that_cannot_be_used_is_one_line_and_the_rest_goes_on(
    evaluate, questions: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    questions.write_text(questions.read_text() + "- {recording: none.mp4, score: 3}\n")
    with ScriptedServer(repeat(letter("B"))) as server:
        assert evaluate("--questions", questions, url=server.url) == 2
        assert len(server.bodies) == 4
    assert capsys.readouterr().out.count("entry 5: recording: there is no") == 1


def test_a_recording_that_cannot_be_read_is_one_line_and_the_rest_goes_on(
    evaluate, video: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"no video")
    assert evaluate(broken, video, "--task", "describe") == 2
    assert capsys.readouterr().out.count("broken.mp4: ") == 1
    assert summary(tmp_path).counts["answered"] == 3


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ([], "nothing to evaluate"),
        (["--questions", "none.yaml"], "no such file"),
        (["none.mp4"], "no such file"),
        (["none.mp4", "--every", "0.001s"], "ask every 0.05 s at most"),
    ],
)
def test_a_run_that_cannot_start_says_why_in_one_line(
    evaluate, arguments: list[str], problem: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert evaluate(*arguments) == 1
    written = capsys.readouterr().err
    assert problem in written and written.count("\n") == 1


def test_an_endpoint_that_is_not_there_is_said_before_anything_is_done(
    evaluate, questions: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert evaluate("--questions", questions, url="http://127.0.0.1:9/v1") == 1
    assert "127.0.0.1:9" in capsys.readouterr().err


def test_an_endpoint_that_goes_away_ends_the_run_with_what_there_is(evaluate, video: Path, tmp_path: Path) -> None:
    gone = json_reply({"error": {"message": "out of memory"}}, 500)
    with ScriptedServer([letter("it moves"), *repeat(gone, 40)]) as server:
        arguments = ("--task", "describe", "--every", "0.2s", "--concurrency", "1", "--budget", "1")
        assert evaluate(video, *arguments, url=server.url) == 2
    counts = summary(tmp_path).counts
    assert (counts["answered"], counts["failed"], counts["missing"]) == (1, 10, 19)


def test_predictions_are_checked_against_the_recordings_own_future(evaluate, tmp_path: Path) -> None:
    footage = shared("bags/office_doorway_db3")
    assert evaluate(footage, "--every", "2s") == 0
    found = summary(tmp_path)
    outcomes = sum(len(item.forecasts) + item.unclear for item in found.items)
    assert found.calibration["prediction"].count + found.calibration["prediction"].unclear == outcomes > 0
    lines = (tmp_path / "run" / "results.jsonl").read_text().splitlines()
    assert len(lines) == found.counts["items"] + outcomes


def test_hindsight_can_be_left_out(evaluate, video: Path, tmp_path: Path) -> None:
    assert evaluate(video, "--no-hindsight") == 0
    assert summary(tmp_path).counts["items"] == summary(tmp_path).tokens["requests"] == 3


def test_another_endpoint_can_be_the_witness(evaluate, video: Path) -> None:
    outcome = {"text": "it gets brighter", "probability": 0.8, "hazard": "NONE", "subject": None, "camera": None}
    prediction = letter(json.dumps({"outcomes": [outcome]}))
    with ScriptedServer(repeat(prediction)) as server, ScriptedServer(repeat(letter("A"))) as witness:
        assert evaluate(video, "--witness", f"cosmos_reason1 url={witness.url}", url=server.url) == 0
        assert (len(server.bodies), len(witness.bodies)) == (3, 2)


def test_several_runs_ask_different_samples(evaluate, questions: Path, tmp_path: Path) -> None:
    with ScriptedServer([*repeat(letter("B"), 4), *repeat(letter("A"), 4)]) as server:
        arguments = ("--questions", questions, "--runs", "2", "--concurrency", "1")
        assert evaluate(*arguments, url=server.url) == 0
        assert len(server.bodies) == 8
    assert {item.run for item in summary(tmp_path).items} == {0, 1}
    figure = summary(tmp_path).tables["choice"]["all"]["accuracy"]
    assert figure.count == 4 and figure.deviation is not None


def test_a_simulated_robot_drops_what_is_overtaken(evaluate, video: Path, tmp_path: Path) -> None:
    def slow(_: Any) -> Reply:
        threading.Event().wait(0.5)
        return letter("it moves")

    with ScriptedServer(repeat(slow)) as server:
        arguments = (video, "--task", "describe", "--every", "0.2s", "--as-live", "--max-age", "0.1")
        assert evaluate(*arguments, url=server.url) == 0
        asked = len(server.bodies)
    live = summary(tmp_path).live
    assert live and live.due == 30
    assert (live.answered, live.dropped, live.stale) == (asked, 30 - asked, asked)
    assert 0 < asked < 20


def test_a_simulated_robot_goes_with_recordings_alone(evaluate, questions: Path, capsys) -> None:
    assert evaluate("--questions", questions, "--as-live") == 1
    assert "--as-live plays recordings" in capsys.readouterr().err


class Interrupted:
    """A run in a process of its own against an endpoint that answers two questions and holds the third."""

    def __init__(self, questions: Path, server: ScriptedServer) -> None:
        words = ["evaluate", "--questions", questions, "--concurrency", "1", "--out", questions.parent / "run"]
        endpoint = ["--endpoint", server.url, "--profile", "cosmos_reason1"]
        command = [sys.executable, "-m", "cosmos_reasoner.cli.main", *map(str, words), *endpoint]
        # A job in the background of a shell ignores SIGINT, and so would what it starts.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def __enter__(self) -> subprocess.Popen[str]:
        return self.process

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.communicate()


@pytest.fixture
def held() -> Iterator[tuple[ScriptedServer, threading.Event]]:
    """An endpoint that answers two questions, and says when the third has come."""
    third = threading.Event()

    def wait(_: Any) -> Reply:
        third.set()
        threading.Event().wait(30)
        return letter("B")

    with ScriptedServer([letter("B"), letter("B"), wait]) as server:
        yield server, third


@pytest.mark.parametrize("kind", [signal.SIGKILL, signal.SIGINT])
def test_a_run_that_was_ended_goes_on_where_it_was(evaluate, questions: Path, held, kind: signal.Signals) -> None:
    server, third = held
    with Interrupted(questions, server) as process:
        assert third.wait(60)
        os.kill(process.pid, kind)
        process.wait(30)
    with ScriptedServer(repeat(letter("B"))) as other:
        assert evaluate("--questions", questions, url=other.url) == 0
        assert len(other.bodies) == 2


def test_ctrl_c_leaves_a_report_of_what_there_is(questions: Path, held, tmp_path: Path) -> None:
    server, third = held
    with Interrupted(questions, server) as process:
        assert third.wait(60)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
    assert (process.returncode, err) == (130, "")
    assert "stopped by the user: the same command goes on from here" in out
    assert (summary(tmp_path).counts["answered"], summary(tmp_path).counts["missing"]) == (2, 2)


def test_the_published_scores_give_the_numbers_that_follow_from_them_by_hand(evaluate, tmp_path: Path) -> None:
    labels = shared("plausibility/labels.json")
    entries = json.loads(labels.read_text())
    people = {Path(entry["video"]).stem: entry["human_physical_plausibility_1to5"] for entry in entries}
    published = dict.fromkeys(people, 3) | published_scores(labels, "cosmos_reason1_before_sft")
    replies = [letter(str(published[name])) for name in sorted(people) for _ in range(3)]
    with ScriptedServer(replies) as server:
        assert evaluate("--benchmark", labels.parent, "--concurrency", "1", url=server.url) == 0
    row = summary(tmp_path).tables["score"]["all"]
    pairs = [(published[name], people[name]) for name in people]
    assert row["exact"].value == sum(one == other for one, other in pairs) / len(pairs)
    assert row["within 1"].value == sum(abs(one - other) <= 1 for one, other in pairs) / len(pairs)
    assert row["mean error"].value == sum(abs(one - other) for one, other in pairs) / len(pairs)
