"""What a request asks, read from its words."""

import re
from dataclasses import dataclass
from enum import Enum
from typing import Any

__all__ = ["Asked", "Kind", "read_question"]


class Kind(Enum):
    """What sort of answer is wanted."""

    OUTCOMES = "outcomes"
    ACTIONS = "actions"
    OPTIONS = "options"
    STATEMENT = "statement"
    SCORE = "score"
    YES_NO = "yes_no"
    NEXT_ACTION = "next_action"
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question.

    Attributes:
        kind: What sort of answer is wanted.
        text: The words of the user, without options, goal and statement lines.
        options: (letter, text) of each.
        goal: What actions shall serve.
        statement: What is to be verified.
        horizon: How far to look ahead, s.
        max_outcomes: How many outcomes at most.
        thousandths: Whether boxes are wanted in thousandths of the picture.
        chinese: Whether to write Chinese.
        binary: Whether only yes or no is wanted.
        shares: Whether a number for each option is wanted, as JSON.
        think: Whether the reasoning is wanted, in <think> tags.
        answer_tag: Whether the answer is wanted in <answer> tags.
    """

    kind: Kind
    text: str
    options: tuple[tuple[str, str], ...] = ()
    goal: str = ""
    statement: str = ""
    horizon: float = 2.0
    max_outcomes: int = 3
    thousandths: bool = False
    chinese: bool = False
    binary: bool = False
    shares: bool = False
    think: bool = False
    answer_tag: bool = False


_OPTION = re.compile(r"^\s*(?:\(([A-Z])\)|([A-Z])[.):])\s*(\S.*?)\s*$", re.MULTILINE)
_GOAL = re.compile(r"^\s*(?:goal|task|目标|任务)\s*[:：]\s*(.+?)\s*$", re.IGNORECASE | re.MULTILINE)
_STATEMENT = re.compile(r"^\s*(?:statement|陈述)\s*[:：]\s*(.+?)\s*$", re.IGNORECASE | re.MULTILINE)
_HORIZON = re.compile(
    r"(?:next|within|coming|in)\s+(?:the\s+next\s+)?(\d+(?:\.\d+)?)\s*(?:s|seconds?)\b", re.IGNORECASE
)
_HORIZON_ZH = re.compile(r"(\d+(?:\.\d+)?)\s*秒[之以]?[内后]")
_AT_MOST = re.compile(r"(?:up to|at most|最多)\s*(\d{1,2})\s*(?:个)?\s*(?:outcomes?|结果)", re.IGNORECASE)
_SCORE = re.compile(r"\b(?:score|rate|rating)\b.*\b1\b.*\b5\b|评分|打分", re.IGNORECASE | re.DOTALL)
_YES_NO = re.compile(
    r"(?:^|[.?!\n]\s*)(?:is|are|was|were|does|do|did|has|have|will|can|could|would|should)\s[^.?!\n]*\?", re.IGNORECASE
)
_BINARY = re.compile(r"\byes\b.{1,12}\bno\b|是.{0,3}或.{0,3}否", re.IGNORECASE)
_SHARES = re.compile(r'\{\s*"A":\s*0')
_YES_NO_ZH = re.compile(r"吗\s*[？?]|是否")
_NEXT_ACTION = re.compile(r"\bshould\b.{0,40}\b(?:do|be done)\b|下一步|应该(?:做|怎么)|该怎么", re.IGNORECASE)
_CHINESE_ASKED = re.compile(r"\bin (?:simplified |traditional )?chinese\b|用中文|中文(?:回答|作答)", re.IGNORECASE)
_HAN = re.compile(r"[\u4e00-\u9fff]")


def read_question(system: str, user: str, schema: dict[str, Any] | None) -> Asked:
    """Read what is asked.

    Args:
        system: Words of the system message.
        user: Words of the last user message.
        schema: JSON schema of the answer, if any.
    """
    both = f"{system}\n{user}"
    options = _options(user)
    goal, statement = _first(_GOAL, user), _first(_STATEMENT, user)
    horizon = _HORIZON.search(user) or _HORIZON_ZH.search(user)
    at_most = _AT_MOST.search(user)
    return Asked(
        kind=_kind(user, options, goal, statement, schema),
        text=_rest(user, options),
        options=options,
        goal=goal,
        statement=statement,
        horizon=float(horizon[1]) if horizon else 2.0,
        max_outcomes=max(1, int(at_most[1])) if at_most else 3,
        thousandths="thousandths" in user or "0-1000" in user or "千分" in user,
        chinese=bool(_CHINESE_ASKED.search(both)) or _mostly_chinese(user),
        binary=bool(_BINARY.search(both)),
        shares=bool(options and _SHARES.search(user)),
        think="<think>" in both,
        answer_tag="<answer>" in both,
    )


def _options(user: str) -> tuple[tuple[str, str], ...]:
    """The last run of lines lettered A, B, ... without a gap."""
    runs: list[list[tuple[str, str]]] = []
    for match in _OPTION.finditer(user):
        letter, text = match[1] or match[2], match[3]
        if letter == "A":
            runs.append([])
        if runs and len(runs[-1]) == ord(letter) - ord("A"):
            runs[-1].append((letter, text))
    full = [run for run in runs if len(run) >= 2]
    return tuple(full[-1]) if full else ()


def _kind(
    user: str, options: tuple[tuple[str, str], ...], goal: str, statement: str, schema: dict[str, Any] | None
) -> Kind:
    if "outcomes" in (schema or {}).get("properties", {}) or '"outcomes"' in user:
        return Kind.OUTCOMES
    if options:
        return Kind.STATEMENT if statement else Kind.ACTIONS if goal else Kind.OPTIONS
    if _SCORE.search(user):
        return Kind.SCORE
    if goal or _NEXT_ACTION.search(user):
        return Kind.NEXT_ACTION
    if statement or any(pattern.search(user) for pattern in (_YES_NO, _YES_NO_ZH, _BINARY)):
        return Kind.YES_NO
    return Kind.WORDS


def _first(pattern: re.Pattern[str], text: str) -> str:
    match = pattern.search(text)
    return match[1] if match else ""


def _rest(user: str, options: tuple[tuple[str, str], ...]) -> str:
    """The words that are not options, goal or statement."""
    text = _OPTION.sub("", user) if options else user
    return _STATEMENT.sub("", _GOAL.sub("", text)).strip()


def _mostly_chinese(text: str) -> bool:
    letters = sum(char.isalpha() for char in text)
    return letters > 0 and len(_HAN.findall(text)) > 0.4 * letters
