"""What an entry of a questions.yaml says is right, checked against what it asks."""

from string import ascii_uppercase

from cosmos_reasoner.errors import ConfigurationError
from cosmos_reasoner.evaluation.labels.question_entry import QuestionEntry
from cosmos_reasoner.evaluation.labels.truth import (
    EventsTruth,
    LabelledEvent,
    OptionTruth,
    OutcomeTruth,
    RankingTruth,
    ScoreTruth,
    TextTruth,
    Truth,
)
from cosmos_reasoner.tasks.task import Task

__all__ = ["truth_of"]


def truth_of(entry: QuestionEntry, task: Task) -> Truth:
    """What is right.

    Args:
        entry: The entry.
        task: What it asks, of a kind that goes with its label.

    Raises:
        ConfigurationError: The label names what the entry or the task does not have.
    """
    if entry.answer is not None:
        return _answer(entry.answer, tuple(entry.options) or task.options)
    if entry.ranking is not None:
        return _ranking(entry.ranking, entry.actions)
    if entry.events is not None:
        return _events(entry)
    if entry.score is not None:
        return _score(entry.score, task)
    return OutcomeTruth(bool(entry.outcome))


def _answer(answer: str, options: tuple[str, ...]) -> Truth:
    """The option with this text or, where none has it, with this letter."""
    if not options:
        return TextTruth((answer,))
    if answer not in (*options, *ascii_uppercase[: len(options)]):
        raise ConfigurationError(f"answer: {answer!r} is neither the text nor the letter of an option")
    return OptionTruth(options.index(answer) if answer in options else ascii_uppercase.index(answer))


def _ranking(ids: list[str], actions: dict[str, str]) -> RankingTruth:
    if sorted(ids) != sorted(actions):
        raise ConfigurationError(f"ranking: it must name each action once, best first: {', '.join(actions)}")
    return RankingTruth(tuple(ids))


def _events(entry: QuestionEntry) -> EventsTruth:
    found = sorted((LabelledEvent(event.start, event.end, event.text) for event in entry.events or ()), key=_start)
    start, end = entry.window or (0.0, float("inf"))
    for event in found:
        if event.start < start or event.end > end:
            raise ConfigurationError(f"events: {event.start:g} to {event.end:g} s is not inside the window")
    return EventsTruth(tuple(found))


def _start(event: LabelledEvent) -> float:
    return event.start


def _score(score: int, task: Task) -> ScoreTruth:
    if str(score) not in task.options:
        raise ConfigurationError(f"score: {score} is none of {', '.join(task.options)}, the levels of {task.name!r}")
    return ScoreTruth(score)
