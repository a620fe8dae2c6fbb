"""Which reader a path gets."""

import os
from pathlib import Path

import pytest
from labelling import touch, write_json
from recorded import shared

from cosmos_reasoner.errors import ConfigurationError
from cosmos_reasoner.evaluation.labels.find import read_labels
from cosmos_reasoner.evaluation.labels.plausibility import SCORE_KEY
from cosmos_reasoner.tasks.library import TaskLibrary

TASKS = TaskLibrary.load()
QUESTIONS = "[{recording: a.mp4, question: Who, answer: a cat}]"
PAIR = {"question": "What?", "index2ans": {"A": "a", "B": "b"}, "answer": "A"}


def sets(path: Path) -> set[str]:
    """Sets of the items that are found; there are no faults."""
    items, faults = read_labels(path, TASKS)
    assert faults == ()
    return {item.set for item in items}


@pytest.mark.parametrize("name", ["questions.yaml", "questions.yml"])
@pytest.mark.parametrize("whole_folder", [True, False])
def test_a_questions_file_is_found(tmp_path: Path, name: str, whole_folder: bool) -> None:
    touch(tmp_path, "a.mp4")
    (tmp_path / name).write_text(QUESTIONS, encoding="utf-8")
    assert sets(tmp_path if whole_folder else tmp_path / name) == {"questions"}


def test_a_questions_file_of_another_name_is_found_by_its_own(tmp_path: Path) -> None:
    touch(tmp_path, "a.mp4")
    (tmp_path / "mine.yaml").write_text(QUESTIONS, encoding="utf-8")
    assert sets(tmp_path / "mine.yaml") == {"mine"}


def test_a_benchmark_is_found(tmp_path: Path) -> None:
    touch(tmp_path, "data/av/clips/a.mp4")
    file = tmp_path / "data" / "av" / "av_benchmark_qa_pairs.json"
    write_json(file, [{"video": "clips/a.mp4", "qa_pairs": PAIR}])
    assert sets(tmp_path) == sets(file) == {"av"}


@pytest.mark.parametrize(
    ("record", "name"),
    [
        ({"video": "a.mp4", SCORE_KEY: 3}, "plausibility"),
        ({**PAIR, "video_path": "a.mp4"}, "physical-ai-bench"),
        ({"pc": 3, "video_path": "a.mp4"}, "videophy2"),
    ],
)
@pytest.mark.parametrize("ending", [".json", ".jsonl"])
def test_json_is_known_by_its_records(tmp_path: Path, record: dict[str, object], name: str, ending: str) -> None:
    touch(tmp_path, "a.mp4")
    file = write_json(tmp_path / f"labels{ending}", [record])
    assert sets(tmp_path) == sets(file) == {name}


def test_the_real_plausibility_labels_are_found() -> None:
    assert sets(shared("plausibility")) == {"plausibility"}


def test_of_two_files_neither_is_guessed(tmp_path: Path) -> None:
    for name in ("a.json", "b.json"):
        write_json(tmp_path / name, [])
    with pytest.raises(ConfigurationError, match=r"which labels: a\.json, b\.json\? Name one of them"):
        read_labels(tmp_path, TASKS)


@pytest.mark.parametrize("name", ["questions.yaml", "labels.json"])
@pytest.mark.parametrize("whole_folder", [True, False])
def test_a_pipe_has_no_labels(tmp_path: Path, name: str, whole_folder: bool) -> None:
    os.mkfifo(tmp_path / name)
    with pytest.raises(ConfigurationError, match=r"no such file or folder|no labels here"):
        read_labels(tmp_path if whole_folder else tmp_path / name, TASKS)


@pytest.mark.parametrize("name", ["gone", "empty", "film.mp4", "other.json"])
def test_a_path_without_labels_is_told_what_would_be_some(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    touch(tmp_path, "film.mp4")
    write_json(tmp_path / "other.json", [{"a": 1}])
    with pytest.raises(ConfigurationError, match=f"{name}: (no such file or folder|.* give a questions.yaml)"):
        read_labels(tmp_path / name, TASKS)
