"""Arguments that commands share: what is asked."""

import argparse
from pathlib import Path
from typing import Any

from cosmos_reasoner.cli.numbers import positive
from cosmos_reasoner.errors import InvalidRequest
from cosmos_reasoner.tasks.schema import read_schema
from cosmos_reasoner.tasks.task import Action, Question, template_values

__all__ = ["add_question_arguments", "question_of"]


def add_question_arguments(parser: argparse.ArgumentParser, task: str) -> None:
    """Add the arguments that say what is asked, save for the question itself.

    Args:
        parser: Of the command.
        task: What is asked unless the user says something else.
    """
    add = parser.add_argument
    add(
        "--task",
        default=task,
        help="what is asked: ask, describe, predict_outcome, ... or your own (default: %(default)s)",
    )
    add("--tasks", type=Path, metavar="DIR", help="folder with your own tasks")
    add("--option", action="append", default=[], help="an option to choose from; repeat it")
    add("--action", action="append", default=[], metavar="ID: TEXT", help="an action to rank; repeat it")
    add("--goal", default="", help="what the actions shall serve")
    add("--context", default="", help="what the model should know")
    add("--value", action="append", default=[], metavar="WORD: TEXT", help="for a {word} of your own task; repeat it")
    add("--schema", type=Path, metavar="FILE", help="JSON schema of the answer, for the task extract")
    add("--horizon", type=positive, default=2.0, metavar="S", help="how far to look ahead")
    add("--language", default="English", help="of the answer, by its English name")


def question_of(args: argparse.Namespace) -> Question:
    """The question that the arguments ask; its text is `args.question`.

    Raises:
        InvalidRequest: An action, a value or the schema cannot be read.
    """
    return Question(
        task=args.task,
        text=args.question,
        options=tuple(args.option),
        actions=tuple(_action(text) for text in args.action),
        goal=args.goal,
        context=args.context,
        horizon=args.horizon,
        language=args.language,
        schema=_schema(args.schema) if args.schema else None,
        extra=template_values(args.value),
    )


def _action(text: str) -> Action:
    try:
        return Action.parse(text)
    except ValueError as error:
        raise InvalidRequest(f"--action {error}") from error


def _schema(file: Path) -> dict[str, Any]:
    try:
        return read_schema(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidRequest(f"--schema {file}: {error}") from error
