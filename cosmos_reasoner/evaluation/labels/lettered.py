"""Options by their letters, as benchmarks write them."""

from cosmos_reasoner.errors import ConfigurationError
from cosmos_reasoner.evaluation.labels.truth import OptionTruth
from cosmos_reasoner.tasks.task import Question

__all__ = ["lettered_choice"]


def lettered_choice(text: str, options: dict[str, str], answer: str) -> tuple[Question, OptionTruth]:
    """Make a choice of options that have letters.

    Args:
        text: The question.
        options: Texts by letter, in any order.
        answer: Letter of the right one.

    Raises:
        ConfigurationError: There are fewer than two options, or the answer is none of the letters.
    """
    letters = sorted(options)
    if len(letters) < 2:
        raise ConfigurationError(f"options: there must be at least two, not {len(letters)}")
    if answer not in letters:
        raise ConfigurationError(f"answer: {answer!r} is none of the letters {', '.join(letters)}")
    return Question("ask", text, tuple(options[letter] for letter in letters)), OptionTruth(letters.index(answer))
