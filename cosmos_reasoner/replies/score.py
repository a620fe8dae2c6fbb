"""A score, as a model states it."""

import re

from cosmos_reasoner.errors import UnreadableAnswer
from cosmos_reasoner.replies.wording import plain, shortened

__all__ = ["read_score"]

_SCORE = re.compile(
    r"(?:(?:(?:the|my) )?(?:(?:final|overall) )?(?:score|rating|answer)\b\s?(?:is\b)?\s?[:=]?\s?"
    r"|(?:评分|得分|分数|打分|答案)[是为]?\s?:?\s?){0,2}"
    r"(?P<score>-?\d{1,9})(?:\.0)?\s?(?:(?:/|out of|of)\s?(?P<highest>\d{1,9})|分|points?)?\s?[.。]?",
    re.IGNORECASE,
)


def read_score(answer: str, lowest: int, highest: int) -> int:
    r"""Read a whole number between `lowest` and `highest`, both included.

    Taken are "4", "4/5", "4 out of 5", "Score: 4", "**4**", "\boxed{4}", "评分：4分", and nothing with more words.

    Raises:
        UnreadableAnswer: It is something else, or out of the range, or "4/10" where the highest is 5.
    """
    match = _SCORE.fullmatch(plain(answer))
    if match is None:
        raise UnreadableAnswer(f"the answer {shortened(answer)} is no score: a whole number alone was asked for")
    score = int(match["score"])
    if not lowest <= score <= highest or int(match["highest"] or highest) != highest:
        raise UnreadableAnswer(f"the score {shortened(answer)} is not on the scale from {lowest} to {highest}")
    return score
