"""How it is asked what became of a prediction."""

from cosmos_reasoner.reasoning.result import Outcome
from cosmos_reasoner.tasks.task import Question

__all__ = ["HINDSIGHT_TASK", "hindsight_question", "statement_of"]

HINDSIGHT_TASK = "verify"
"""Which task looks at a prediction again."""

_BACKGROUND = (
    "The statement was a prediction. It was made when the first frame was the newest, and speaks of the {seconds:g} s "
    "from then on, which this clip shows."
)


def statement_of(outcome: Outcome) -> str:
    """What was to happen, in one line."""
    return " ".join(outcome.text.split())


def hindsight_question(statement: str, seconds: float, context: str = "", language: str = "English") -> Question:
    """Ask whether a prediction came true, about the clip from its last frame to its horizon.

    Args:
        statement: What was to happen.
        seconds: The horizon, s.
        context: What the model was told when it predicted.
        language: Of the answer, in English.
    """
    background = _BACKGROUND.format(seconds=seconds)
    return Question(HINDSIGHT_TASK, statement, context=f"{context.strip()}\n{background}".strip(), language=language)
