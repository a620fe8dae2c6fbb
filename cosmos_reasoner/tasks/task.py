"""What can be asked: a prompt template with the type of its answer."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from cosmos_reasoner.errors import InvalidRequest
from cosmos_reasoner.tasks.schema import check_schema

__all__ = ["Action", "AnswerType", "Question", "RankingMethod", "Task", "template_values"]


class AnswerType(str, Enum):
    """How a task's answer is read."""

    TEXT = "text"
    CHOICE = "choice"
    OUTCOMES = "outcomes"
    RANKING = "ranking"
    VERDICT = "verdict"
    SCORE = "score"
    DETECTIONS = "detections"
    EVENTS = "events"
    DATA = "data"


class RankingMethod(str, Enum):
    """How actions are ranked; docs/ranking.md says which is good for what."""

    AUTO = "auto"
    """As the reasoner was told; else LOGPROB where the endpoint has log-probabilities, and VOTE where it has none."""
    LOGPROB = "logprob"
    """By the probabilities of the actions' letters."""
    VOTE = "vote"
    """By how often each action is chosen."""
    SELF_REPORTED = "self_reported"
    """By the numbers that the model writes."""
    PAIRWISE = "pairwise"
    """By how often each action is preferred to another."""


class Task(BaseModel):
    """A prompt template with the type of its answer; one YAML file each.

    Attributes:
        name: What callers ask for; the file's name without its ending.
        description: One sentence for people.
        answer: How the answer is read.
        system: The system message; empty for the house's own.
        user: The template. `{clip}`, `{context}`, `{question}`, `{options}`, `{goal}`, `{horizon}`, `{max_outcomes}`,
            `{schema}`, `{coordinates}` and `{cameras}` (where there are several) are filled in, and any other `{word}`
            from `Question.extra`. A line all of whose words are empty is left out.
        needs: Which of these words a caller must not leave empty.
        options: Options of a verdict, levels of a score, or of a choice those that count when a caller gives none.
        reasoning: Whether the model is asked to reason first, where its profile has a way to ask.
        samples: How many replies a score is taken from.
        frames: Whether the whole clip is sent, or of each camera only the newest frame, as a picture.
        copies: The answer copies what is seen, so that it keeps its language whatever language is asked for.
        answer_schema: JSON schema of data, `schema` in the file; None for any, or for the caller's.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    name: str = Field(min_length=1)
    description: str = ""
    answer: AnswerType = AnswerType.TEXT
    system: str = ""
    user: str = Field(min_length=1)
    needs: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    reasoning: bool = True
    samples: int = Field(1, ge=1, le=16)
    frames: Literal["all", "newest"] = "all"
    copies: bool = False
    answer_schema: dict[str, Any] | None = Field(None, alias="schema")

    def model_post_init(self, _: Any) -> None:
        """Check that the options fit the answer type."""
        if self.answer is AnswerType.VERDICT and len(self.options) != 3:
            raise ValueError("a verdict needs three options: it is so, it is not, unclear")
        if self.answer is AnswerType.SCORE and not all(option.isdigit() for option in self.options or ("",)):
            raise ValueError("a score needs whole numbers as options")
        if self.samples > 1 and self.answer is not AnswerType.SCORE:
            raise ValueError("samples go with answer: score")
        if self.answer_schema is not None:
            if self.answer is not AnswerType.DATA:
                raise ValueError("a schema goes with answer: data")
            check_schema(self.answer_schema)


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
        method: How a ranking is made.
        context: Anything that the model should know.
        horizon: How far to look ahead, s.
        max_outcomes: How many outcomes at most.
        language: Of the answer, in English ("Chinese").
        schema: JSON schema of data; None for the task's.
        sample: Which of several replies to the same question.
        extra: Values of a user template's own `{words}`.
    """

    task: str = "ask"
    text: str = ""
    options: tuple[str, ...] = ()
    actions: tuple[Action, ...] = ()
    goal: str = ""
    method: RankingMethod = RankingMethod.AUTO
    context: str = ""
    horizon: float = 2.0
    max_outcomes: int = 3
    language: str = "English"
    schema: dict[str, Any] | None = None
    sample: int = 0
    extra: dict[str, str] = field(default_factory=dict)


def template_values(texts: Iterable[str]) -> dict[str, str]:
    """Read values of a template's own words, each written as "word: text".

    Raises:
        InvalidRequest: One has not that form, or a word comes twice.
    """
    values: dict[str, str] = {}
    for text in texts:
        word, colon, value = (part.strip() for part in text.partition(":"))
        if not colon or not re.fullmatch("[a-z_]+", word):
            raise InvalidRequest(f'the value {text!r} is not "word: text", the word in small letters as in the task')
        if word in values:
            raise InvalidRequest(f"the word {word!r} has two values")
        values[word] = value
    return values
