"""What can be asked: a prompt template with the type of its answer."""

from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["Action", "AnswerType", "Question", "Task"]


class AnswerType(str, Enum):
    """How a task's answer is read."""

    TEXT = "text"
    CHOICE = "choice"
    OUTCOMES = "outcomes"
    RANKING = "ranking"
    VERDICT = "verdict"
    SCORE = "score"


class Task(BaseModel):
    """A prompt template with the type of its answer; one YAML file each.

    Attributes:
        name: What callers ask for; the file's name without its ending.
        description: One sentence for people.
        answer: How the answer is read.
        system: The system message; empty for the house's own.
        user: The template. `{clip}`, `{context}`, `{question}`, `{options}`, `{goal}`, `{horizon}`, `{max_outcomes}`
            and `{coordinates}` are filled in, and any other `{word}` from `Question.extra`. A line all of whose words
            are empty is left out.
        needs: Which of these words a caller must not leave empty.
        options: Options of a verdict, levels of a score, or of a choice those that count when a caller gives none.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    name: str = Field(min_length=1)
    description: str = ""
    answer: AnswerType = AnswerType.TEXT
    system: str = ""
    user: str = Field(min_length=1)
    needs: tuple[str, ...] = ()
    options: tuple[str, ...] = ()

    def model_post_init(self, _: Any) -> None:
        """Check that the options fit the answer type."""
        if self.answer is AnswerType.VERDICT and len(self.options) != 3:
            raise ValueError("a verdict needs three options: it is so, it is not, unclear")
        if self.answer is AnswerType.SCORE and not all(option.isdigit() for option in self.options or ("",)):
            raise ValueError("a score needs whole numbers as options")


@dataclass(frozen=True, slots=True)
class Action:
    """An action that the caller could take: its own id and what the model reads."""

    id: str
    description: str

    @classmethod
    def parse(cls, text: str) -> "Action":
        """Read "id: description".

        Raises:
            ValueError: It has not that form.
        """
        name, colon, description = (part.strip() for part in text.partition(":"))
        if not name or not colon or not description:
            raise ValueError(f"{text!r} is not an id, a colon and a description")
        return cls(name, description)


@dataclass(frozen=True, slots=True)
class Question:
    """One question to a task.

    Attributes:
        task: Name of the task.
        text: The question, or the statement to verify.
        options: For a choice; empty asks for words.
        actions: For a ranking.
        goal: For a ranking or a next action.
        context: Anything that the model should know.
        horizon: How far to look ahead, s.
        max_outcomes: How many outcomes at most.
        language: Of the answer, in English ("Chinese").
        extra: Values of a user template's own `{words}`.
    """

    task: str = "ask"
    text: str = ""
    options: tuple[str, ...] = ()
    actions: tuple[Action, ...] = ()
    goal: str = ""
    context: str = ""
    horizon: float = 2.0
    max_outcomes: int = 3
    language: str = "English"
    extra: dict[str, str] = field(default_factory=dict)
