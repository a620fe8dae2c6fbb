"""Labelled questions of users: questions.yaml, which docs/questions.md describes."""

from pathlib import Path
from typing import Any

from cosmos_reasoner.errors import ConfigurationError, InvalidRequest
from cosmos_reasoner.evaluation.labels.faults import gather
from cosmos_reasoner.evaluation.labels.files import media, numbered
from cosmos_reasoner.evaluation.labels.item import Item, Labels
from cosmos_reasoner.evaluation.labels.names import set_name
from cosmos_reasoner.evaluation.labels.question_entry import LABELS, QuestionEntry
from cosmos_reasoner.evaluation.labels.question_truth import truth_of
from cosmos_reasoner.evaluation.labels.validated import validated
from cosmos_reasoner.recordings.names import readable
from cosmos_reasoner.tasks.library import TaskLibrary
from cosmos_reasoner.tasks.prompt import PromptStyle, render
from cosmos_reasoner.tasks.task import Action, AnswerType, Question, Task
from cosmos_reasoner.tasks.yaml_file import read_yaml

__all__ = ["read_questions"]

_TASKS = dict(zip(LABELS, ("ask", "rank_actions", "events", "critique", "verify")))
"""What is asked where an entry names no task, by its label."""

_ANSWERS = {
    "answer": {AnswerType.CHOICE, AnswerType.TEXT},
    "ranking": {AnswerType.RANKING},
    "events": {AnswerType.EVENTS},
    "score": {AnswerType.SCORE},
    "outcome": {AnswerType.VERDICT},
}
"""Which tasks a label goes with, by what they answer."""


def read_questions(file: Path, tasks: TaskLibrary) -> Labels:
    """Read a questions.yaml.

    Args:
        file: The file; recordings are named from its folder.
        tasks: What can be asked.

    Raises:
        ConfigurationError: The file cannot be read, or holds no list.
    """
    return gather(file, numbered(_entries(file)), lambda place, data: _item(file, tasks, place, data))


def _entries(file: Path) -> list[Any]:
    data = read_yaml(file, "questions")
    if not isinstance(data, list):
        raise ConfigurationError(f"questions {file}: a list of entries is needed, each with a recording and a label")
    return data


def _item(file: Path, tasks: TaskLibrary, place: str, data: object) -> Item:
    entry = validated(QuestionEntry, data)
    task = _task(entry, tasks)
    question = _question(entry, task.name)
    render(task, question, None, PromptStyle())  # raises InvalidRequest where something that it needs is missing
    start, end = entry.window or (None, None)
    return Item(
        entry.id or readable(f"{file.stem} {place.removeprefix('entry ')}"),
        entry.set or set_name(file.stem, file.name),
        media(file.parent, entry.recording, "recording"),
        start,
        end,
        tuple(entry.cameras),
        question,
        truth_of(entry, task),
        entry.group,
    )


def _task(entry: QuestionEntry, tasks: TaskLibrary) -> Task:
    try:
        task = tasks.named(entry.task or _TASKS[entry.label])
    except InvalidRequest as error:
        raise ConfigurationError(f"task: {error}") from None
    if task.answer not in _ANSWERS[entry.label]:
        fits = ", ".join(name for name, other in sorted(tasks.items()) if other.answer in _ANSWERS[entry.label])
        raise ConfigurationError(f"task: {task.name!r} has no answer that {entry.label} could judge, as {fits} would")
    return task


def _question(entry: QuestionEntry, task: str) -> Question:
    actions = tuple(Action(name, text) for name, text in entry.actions.items())
    options = tuple(entry.options)
    return Question(task, entry.question, options, actions, entry.goal, context=entry.context, horizon=entry.horizon)
