"""`--rerun FILE` of evaluate and demo."""

import json
import subprocess
import sys
from collections.abc import Callable
from itertools import repeat
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import yaml
from recorded import BagBuilder, write_video
from rerun_file import entities, needs_rerun, rows, values
from scripted_server import Reply, ScriptedServer, json_reply, spoken

from cosmos_reasoner.cli.main import main

MISSING = "cosmos-reasoner: --rerun needs rerun: pip install 'rerun-sdk>=0.26'\n"
SECOND = 1_000_000_000
SIDE = 24
"""px of the square that moves in the film."""


def said(text: str) -> Reply:
    return spoken(f"<think>I look.</think><answer>{text}</answer>")


@pytest.fixture
def evaluate(tmp_path: Path) -> Callable[..., int]:
    """Evaluate with an endpoint, into a folder of the test's."""

    def run(*arguments: Any, url: str = "") -> int:
        endpoint = ["--endpoint", url, "--profile", "cosmos_reason1"] if url else []
        words = ["evaluate", *map(str, arguments), "--out", str(tmp_path / "run"), "--no-hindsight", *endpoint]
        return main(words)

    return run


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "run.rrd"


def film(folder: Path, name: str = "film.mp4", seed: int = 1) -> Path:
    """Four seconds of a bright square that goes to the right over a ground with a pattern."""
    ground = cv2.resize(np.random.default_rng(seed).integers(20, 90, (24, 32, 3), np.uint8), (320, 240))

    def pixels(i: int) -> np.ndarray:
        picture = ground.copy()
        picture[100 : 100 + SIDE, 20 + 5 * i : 20 + 5 * i + SIDE] = (40, 230, 240)
        return picture

    folder.mkdir(exist_ok=True)
    return write_video(folder / name, [i * 100 for i in range(41)], pixels=pixels)


def labelled(folder: Path, count: int) -> Path:
    """So many questions about the film."""
    entries = [
        {"recording": film(folder).name, "window": [0, number + 1], "question": f"What is {number}?", "answer": "x"}
        for number in range(count)
    ]
    path = folder / "questions.yaml"
    path.write_text(yaml.safe_dump(entries))
    return path


@pytest.fixture
def without_rerun(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where rerun is not installed."""
    monkeypatch.setitem(sys.modules, "rerun", None)


@pytest.mark.usefixtures("without_rerun")
def test_where_rerun_is_missing_one_line_says_what_to_install_and_nothing_is_asked(
    evaluate, file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with ScriptedServer(repeat(said("x"))) as server:
        assert evaluate(film(tmp_path), "--rerun", file, url=server.url) == 1
        assert not server.bodies
    assert capsys.readouterr().err == MISSING


@pytest.mark.usefixtures("without_rerun")
def test_the_demo_says_the_same(file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("rclpy", reason="needs ROS 2")
    assert main(["demo", str(film(tmp_path)), "--rerun", str(file)]) == 1
    assert capsys.readouterr() == ("", MISSING)


@pytest.mark.usefixtures("without_rerun")
def test_without_the_option_rerun_is_not_needed(evaluate, tmp_path: Path) -> None:
    with ScriptedServer(repeat(said("x"))) as server:
        assert evaluate(film(tmp_path), "--task", "describe", "--every", "4s", url=server.url) == 0


def test_rerun_is_not_even_imported_before_it_is_wanted() -> None:
    program = "import sys, cosmos_reasoner.cli.evaluate; print('rerun' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


class TestWithRerun:
    """What is in the file."""

    @pytest.fixture(autouse=True)
    def _installed(self) -> None:
        needs_rerun()

    def test_a_predicted_subject_is_boxed_where_it_is_in_the_picture_of_that_time(
        self, evaluate, file: Path, tmp_path: Path
    ) -> None:
        assert evaluate(film(tmp_path), "--every", "4s", "--rerun", file) == 0
        ((stamp, blob),) = values(file, "/film.mp4/cameras/film", "EncodedImage:blob")
        picture = cv2.imdecode(np.array(blob, np.uint8), cv2.IMREAD_COLOR)
        down, across = np.nonzero(picture[..., 1] > 180)
        boxed, row = rows(file, "/film.mp4/cameras/film/subjects")[-1]
        (x, y), *_ = row["Boxes2D:centers"]
        assert stamp == boxed == 5 * SECOND
        assert (x, y) == pytest.approx((across.mean(), down.mean()), abs=SIDE / 4)

    def test_probabilities_texts_and_the_clip_are_there_beside_it(self, evaluate, file: Path, tmp_path: Path) -> None:
        evaluate(film(tmp_path), "--every", "4s", "--rerun", file)
        names = {"clip", "results", "hazard/predict_outcome", "latency/predict_outcome/total"}
        names |= {f"texts/predict_outcome/{name}" for name in ("question", "think", "reply", "answer")}
        assert {f"/film.mp4/{name}" for name in names} <= entities(file)
        reply = json.loads(values(file, "/film.mp4/texts/predict_outcome/reply", "TextDocument:text")[0][1])
        chance = values(file, r"/film.mp4/scores/predict_outcome/outcome\ 1", "Scalars:scalars")
        assert chance == [(5 * SECOND, reply["outcomes"][0]["probability"])]

    def test_each_answer_stands_at_the_end_of_its_clip(self, evaluate, file: Path, tmp_path: Path) -> None:
        with ScriptedServer([said(f"answer {number}") for number in range(3)]) as server:
            words = ("--questions", labelled(tmp_path, 3), "--concurrency", "1", "--rerun", file)
            assert evaluate(*words, url=server.url) == 0
        told = values(file, "/film.mp4/texts/ask/answer", "TextDocument:text")
        assert told == [(number * SECOND + 2 * SECOND, f"answer {number}") for number in range(3)]

    def test_a_run_that_goes_on_writes_what_is_known_from_before_too(
        self, evaluate, file: Path, tmp_path: Path
    ) -> None:
        questions = labelled(tmp_path, 2)
        refusal = json_reply({"error": {"message": "no such video"}}, 400)
        with ScriptedServer([said("first"), refusal]) as server:
            assert evaluate("--questions", questions, "--concurrency", "1", url=server.url) == 2
        with ScriptedServer([said("second")]) as server:
            assert evaluate("--questions", questions, "--rerun", file, url=server.url) == 0
        told = [text for _, text in values(file, "/film.mp4/texts/ask/answer", "TextDocument:text")]
        assert told == ["first", "second"]

    def test_a_run_that_ends_early_writes_what_there_is(self, evaluate, file: Path, tmp_path: Path) -> None:
        refusal = json_reply({"error": {"message": "no such video"}}, 400)
        with ScriptedServer([said("first"), refusal]) as server:
            words = ("--questions", labelled(tmp_path, 2), "--concurrency", "1", "--rerun", file)
            assert evaluate(*words, url=server.url) == 2
        assert [text for _, text in values(file, "/film.mp4/texts/ask/answer", "TextDocument:text")] == ["first"]

    def test_recordings_have_their_names_and_those_of_the_same_name_their_paths(
        self, evaluate, file: Path, tmp_path: Path
    ) -> None:
        films = [film(tmp_path / "a", seed=1), film(tmp_path / "b", seed=2), film(tmp_path, "own.mp4", seed=3)]
        with ScriptedServer(repeat(said("x"))) as server:
            evaluate(*films, "--task", "describe", "--every", "4s", "--rerun", file, url=server.url)
        roots = {path.removesuffix("/results") for path in entities(file) if path.endswith("/results")}
        assert roots == {"/own.mp4", *("/" + str(path).replace("/", "\\/") for path in films[:2])}

    def test_each_camera_of_a_bag_has_its_last_picture_at_its_own_stamp(
        self, evaluate, file: Path, tmp_path: Path
    ) -> None:
        builder = BagBuilder(tmp_path)
        for number in range(1, 9):
            builder.image("/left", number * SECOND // 4)
            builder.image("/right", number * SECOND // 4 - 1_000_000)
        with ScriptedServer(repeat(said("x"))) as server:
            words = ("--task", "describe", "--every", "10s", "--rerun", file)
            assert evaluate(builder.ros2(), *words, url=server.url) == 0
        for camera, stamp in (("left", 2 * SECOND), ("right", 2 * SECOND - 1_000_000)):
            found = values(file, rf"/ros2/cameras/\/{camera}", "EncodedImage:blob")
            assert [when for when, _ in found] == [stamp]

    def test_a_file_in_no_folder_is_refused_before_anything_is_asked(
        self, evaluate, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        with ScriptedServer(repeat(said("x"))) as server:
            assert evaluate(film(tmp_path), "--rerun", tmp_path / "none" / "run.rrd", url=server.url) == 1
            assert not server.bodies
        assert "name a file in a folder that exists" in capsys.readouterr().err

    def test_the_way_to_look_at_it_is_told(self, evaluate, file: Path, tmp_path: Path, capsys) -> None:
        with ScriptedServer(repeat(said("x"))) as server:
            evaluate(film(tmp_path), "--task", "describe", "--every", "4s", "--rerun", file, url=server.url)
        assert capsys.readouterr().out.splitlines()[-1] == f"look at it: rerun {file}"
