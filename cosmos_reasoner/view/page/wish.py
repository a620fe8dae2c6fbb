"""What somebody asks on the page."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["Candidate", "Wish"]

_Text = Annotated[str, Field(max_length=4000)]


class Candidate(BaseModel):
    """An action that could be taken."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: _Text
    description: _Text


class Wish(BaseModel):
    """A question, as the page sends it; what does not fit its task is refused by the reasoner."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    task: Literal["ask", "predict_outcome", "rank_actions", "verify"]
    question: _Text = ""
    options: tuple[_Text, ...] = Field((), max_length=26)
    goal: _Text = ""
    actions: tuple[Candidate, ...] = Field((), max_length=64)
