from pathlib import Path

import pytest

from cosmos_reasoner.errors import ConfigurationError, InvalidRequest
from cosmos_reasoner.tasks.library import TaskLibrary
from cosmos_reasoner.tasks.task import AnswerType

OURS = {
    "ask": AnswerType.TEXT,
    "critique": AnswerType.SCORE,
    "describe": AnswerType.TEXT,
    "events": AnswerType.EVENTS,
    "extract": AnswerType.DATA,
    "ground": AnswerType.DETECTIONS,
    "next_action": AnswerType.TEXT,
    "ocr": AnswerType.TEXT,
    "predict_outcome": AnswerType.OUTCOMES,
    "rank_actions": AnswerType.RANKING,
    "verify": AnswerType.VERDICT,
}


def with_file(directory: Path, text: str | bytes, name: str = "mine.yaml") -> TaskLibrary:
    (directory / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return TaskLibrary.load(directory)


def test_the_shipped_tasks_are_those_of_the_readme() -> None:
    assert {name: task.answer for name, task in TaskLibrary.load().items()} == OURS


def test_every_shipped_task_says_what_it_does_in_one_sentence() -> None:
    for name, task in TaskLibrary.load().items():
        assert task.description.endswith("."), name
        assert "\n" not in task.description, name


def test_a_user_s_task_joins_ours_under_its_file_s_name(tmp_path: Path) -> None:
    library = with_file(tmp_path, "user: Is the door open?", "door.yml")
    assert set(library) == {*OURS, "door"}
    assert len(library) == len(OURS) + 1
    assert library["door"].user == library.named("door").user == "Is the door open?"


def test_a_user_s_task_may_say_its_own_name(tmp_path: Path) -> None:
    assert with_file(tmp_path, "name: door\nuser: Is it open?").named("door").user == "Is it open?"


def test_a_user_s_task_replaces_ours_of_the_same_name(tmp_path: Path) -> None:
    library = with_file(tmp_path, "user: What?\nanswer: choice", "ask.yaml")
    assert library.named("ask").answer is AnswerType.CHOICE
    assert set(library) == set(OURS)


def test_files_that_are_no_yaml_are_left_alone(tmp_path: Path) -> None:
    assert set(with_file(tmp_path, "not a task at all: [", "README.md")) == set(OURS)


def test_a_missing_directory_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=f"task directory {tmp_path}/nowhere does not exist"):
        TaskLibrary.load(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("user: [", "expected"),
        ("", "a mapping with at least 'user'"),
        ("- user", "a mapping with at least 'user'"),
        ("Look.", "a mapping with at least 'user'"),
        ("user: ''", "user: "),
        ("user: 5", "user: "),
        ("description: a task without words", "user: Field required"),
        ("user: Look.\nusr: Look.", "usr: "),
        ("user: Look.\n5: five", "keywords must be strings"),
        ("user: Look.\nanswer: essay", "answer: "),
        ("user: Look.\nanswer: verdict", "a verdict needs three options"),
        ("user: Look.\nanswer: score\noptions: [a]", "a score needs whole numbers"),
        ("user: Look.\nsamples: 3", "samples go with answer: score"),
        ("user: Look.\nanswer: data\nschema: {type: thing}", "not a JSON schema: $.type: 'thing' is not valid"),
        ("user: Look.\nschema: {type: object}", "a schema goes with answer: data"),
        ("user: Look.\nframes: last", "frames: "),
        ("user: Look.\noptions: [1, 2]", "options.0: "),
        ("user: Look.\nneeds: question", "needs: "),
        ("system_prompt: ~", "system: "),
        (b"user: \xff\xfe\xfa", "codec can't decode"),
        (b"user: a\x00b", "special characters are not allowed"),
    ],
)
def test_a_file_that_is_no_task_is_named_with_the_reason(tmp_path: Path, text: str | bytes, reason: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        with_file(tmp_path, text)
    assert str(caught.value).startswith(f"task file {tmp_path / 'mine.yaml'}: ")
    assert reason in str(caught.value)
    assert "pydantic" not in str(caught.value)


def test_a_directory_that_looks_like_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").mkdir()
    with pytest.raises(ConfigurationError, match=r"mine\.yaml"):
        TaskLibrary.load(tmp_path)


def test_an_unknown_task_suggests_the_nearest() -> None:
    with pytest.raises(InvalidRequest, match="no task 'predict_outcomes': did you mean 'predict_outcome'"):
        TaskLibrary.load().named("predict_outcomes")


def test_an_unknown_task_like_no_other_lists_them_all() -> None:
    with pytest.raises(InvalidRequest, match=f"no task 'xyz': there are {', '.join(sorted(OURS))}"):
        TaskLibrary.load().named("xyz")


def test_nvidia_s_form_is_read_as_one_of_ours(tmp_path: Path) -> None:
    task = with_file(tmp_path, "system_prompt: Be brief.\nuser_prompt: What moves?\nanswer: choice").named("mine")
    assert (task.system, task.user, task.answer) == ("Be brief.", "What moves?", AnswerType.CHOICE)


def test_in_nvidia_s_form_the_question_is_all_that_is_asked_when_there_is_no_user_prompt(tmp_path: Path) -> None:
    assert with_file(tmp_path, "system_prompt: Be brief.").named("mine").user == "{question}\n{options}"
