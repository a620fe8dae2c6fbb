"""What the arguments of `cosmos-reasoner evaluate` ask."""

import argparse
from pathlib import Path
from typing import Any

import pytest
import yaml
from labelling import touch
from recorded import write_video

from cosmos_reasoner.cli.evaluate_items import add_item_arguments, labels_of, what_of
from cosmos_reasoner.errors import InvalidRequest
from cosmos_reasoner.evaluation.labels.item import Labels
from cosmos_reasoner.tasks.library import TaskLibrary

TASKS = TaskLibrary.load()


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    return written(tmp_path / "questions.yaml", "a")


def written(file: Path, *ids: str) -> Path:
    """Write questions with these ids."""
    touch(file.parent, "walk.mp4")
    entries = [{"recording": "walk.mp4", "question": "Who?", "answer": "a cat", "id": name} for name in ids]
    file.write_text(yaml.safe_dump(entries), encoding="utf-8")
    return file


def parsed(*arguments: Any) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add_item_arguments(parser)
    parser.set_defaults(as_live=False, ray="")
    return parser.parse_args(list(map(str, arguments)))


def asked(*arguments: Any) -> Labels:
    return labels_of(parsed(*arguments), TASKS)


@pytest.mark.parametrize(
    ("arguments", "first"),
    [
        (["--every", "1"], "every"),
        (["--duration", "1s"], "duration"),
        (["--question", "hello", "--camera", "nosuch"], "camera"),
        (["--question", "hello"], "question"),
        (["--task", "describe"], "task"),
        (["--option", "left"], "option"),
        (["--action", "go: Go."], "action"),
        (["--goal", "g"], "goal"),
        (["--context", "c"], "context"),
        (["--value", "a: b"], "value"),
        (["--schema", "schema.json"], "schema"),
        (["--horizon", "3"], "horizon"),
        (["--language", "German"], "language"),
    ],
)
def test_what_has_no_effect_on_labels_is_refused(questions: Path, arguments: list[str], first: str) -> None:
    with pytest.raises(InvalidRequest, match=f"--{first} goes with RECORDING..., not with labels"):
        asked("--questions", questions, *arguments)


def test_what_goes_with_recordings_may_be_given_with_both(questions: Path, tmp_path: Path) -> None:
    video = write_video(tmp_path / "ball.mp4", [i * 100 for i in range(21)])
    items, faults = asked(video, "--questions", questions, "--task", "describe", "--every", "1")
    assert [item.id for item in items] == ["a", "ball.mp4 1 s", "ball.mp4 2 s"]
    assert faults == ()


def test_labels_may_ask_a_users_own_tasks(questions: Path, tmp_path: Path) -> None:
    assert len(asked("--questions", questions, "--tasks", tmp_path).items) == 1


def test_no_two_items_of_several_files_have_one_id(tmp_path: Path) -> None:
    files = [written(tmp_path / name, "a", "a (2)") for name in ("one.yaml", "two.yaml")]
    items, _ = asked("--questions", files[0], "--questions", files[1])
    assert [item.id for item in items] == ["a", "a (2)", "a (3)", "a (2) (2)"]


def test_what_is_asked_of_a_file_whose_name_is_no_utf_8_can_be_written(tmp_path: Path) -> None:
    assert what_of(parsed(tmp_path / "bad\udcff.mp4")).encode().endswith(rb"of bad\udcff.mp4")
