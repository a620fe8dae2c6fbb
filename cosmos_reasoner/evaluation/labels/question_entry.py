"""One entry of a questions.yaml, as its author writes it; docs/questions.md tells them how."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator
from typing_extensions import Self

from cosmos_reasoner.evaluation.labels.names import TOTAL

__all__ = ["LABELS", "EventEntry", "QuestionEntry"]

LABELS = ("answer", "ranking", "events", "score", "outcome")
"""The fields that say what is right; an entry has one of them."""

_Text = Annotated[str, Field(min_length=1)]
_Seconds = Annotated[float, Field(ge=0, le=1e7, allow_inf_nan=False)]  # a hundred days
_STRICT = ConfigDict(extra="forbid", frozen=True, strict=True, str_strip_whitespace=True)


class EventEntry(BaseModel):
    """Something that happens; times in s from the recording's start."""

    model_config = _STRICT

    start: _Seconds
    end: _Seconds
    text: str = ""

    @model_validator(mode="after")
    def _check_order(self) -> Self:
        if self.start > self.end:
            raise ValueError(f"it ends at {self.end:g} s, before it starts at {self.start:g} s")
        return self


class QuestionEntry(BaseModel):
    """One question with its label.

    Attributes:
        recording: Path from the folder of the file.
        window: Start and end, s from the recording's start; None for all of it.
        task: Its name; empty for the one that goes with the label.
        question: The question, or the statement to verify.
        options: For a choice.
        actions: Descriptions by id, for a ranking.
        goal: For a ranking.
        answer: The text or letter of the right option; without options the right text.
        ranking: Ids of all actions, best first.
        events: What happens.
        score: On the task's scale.
        outcome: Whether the statement is, or comes, true.
        horizon: How far to look ahead, s.
        context: Anything that the model should know.
        cameras: Whose frames are shown; empty for all.
        id: Its name in reports; empty for one that is made of its number.
        set: What it is counted with; empty for the file's name.
        group: What it counts together with.
    """

    model_config = _STRICT

    recording: _Text
    window: list[_Seconds] | None = Field(None)
    task: str = ""
    question: str = ""
    options: list[_Text] = Field(default_factory=list)
    actions: dict[_Text, _Text] = Field(default_factory=dict)
    goal: str = ""
    answer: _Text | None = None
    ranking: list[_Text] | None = None
    events: list[EventEntry] | None = None
    score: int | None = None
    outcome: bool | None = None
    horizon: float = Field(2.0, gt=0, allow_inf_nan=False)
    context: str = ""
    cameras: list[_Text] = Field(default_factory=list)
    id: str = ""
    set: str = ""
    group: str = ""

    @property
    def label(self) -> str:
        """Which of LABELS it has."""
        return next(name for name in LABELS if getattr(self, name) is not None)

    @field_validator("window")
    @classmethod
    def _check_window(cls, window: list[float] | None) -> list[float] | None:
        if window is not None and (len(window) != 2 or window[0] >= window[1]):
            raise ValueError("write [start, end] in seconds, the start before the end")
        return window

    @field_validator("options")
    @classmethod
    def _check_options(cls, options: list[str]) -> list[str]:
        if len(set(options)) < len(options):
            raise ValueError("two of them are the same")
        return options

    @field_validator("set")
    @classmethod
    def _check_set(cls, name: str) -> str:
        if name == TOTAL:
            raise ValueError(f"{TOTAL!r} is the name of the total")
        return name

    @model_validator(mode="after")
    def _check_labels(self) -> Self:
        given = [name for name in LABELS if getattr(self, name) is not None]
        if len(given) != 1:
            found = " and ".join(given) or "none"
            raise ValueError(f"give exactly one of {', '.join(LABELS[:-1])} or {LABELS[-1]}: there is {found}")
        return self
