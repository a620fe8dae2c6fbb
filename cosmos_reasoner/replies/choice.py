"""Which of the given options an answer chose."""

import re
from collections.abc import Sequence
from string import ascii_uppercase

from cosmos_reasoner.errors import UnreadableAnswer
from cosmos_reasoner.replies.wording import LEAD, plain, shortened

__all__ = ["read_choice"]

_LETTER = r"[(\[{$*]?(?P<letter>[A-Za-z])(?![A-Za-z0-9'’])(?P<mark> ?[)\]}]? ?[.:、。$*]*)(?:选项|项)?"
_BARE = re.compile(_LETTER)
_STATED = re.compile(rf"(?:{LEAD}){{0,3}}{_LETTER}(?P<gap>\s*)(?P<rest>.*)", re.DOTALL)
_CONCLUDED = re.compile(rf"(?:{LEAD}){{1,3}}{_LETTER}")
_ANNOUNCEMENT = re.compile(rf"\A(?:{LEAD}){{1,3}}")
_REASON = re.compile(
    r"[,;]?\s?(?:because|since|as the)\b|[,;]?\s?(?:因为|由于)"
    r"|(?:is|would be) (?:the )?(?:(?:correct|right|best|most likely)(?: answer| option| choice)?|answer)"
    r"(?:[.,;!]| because|\s*$)",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"\((?P<bracketed>[A-Za-z])\)"
    r"|(?<![A-Za-z'’])(?:(?P<letter>[B-HJ-Z])(?![A-Za-z'’])|(?P<article>[AI])(?![A-Za-z'’]| [a-z]))"
)


def read_choice(answer: str, options: Sequence[str]) -> int:
    r"""Read the index of the chosen option.

    Taken are the letter ("B", "(b)", "**B.**", "\boxed{B}"), with or without an announcement ("The answer is B",
    "Option B", "答案：B"), followed by nothing, the option's text, or a reason; a last line that announces the letter;
    and the option's own text. A letter that merely begins a sentence ("A robot moves") is none. A bare letter of the
    options is that letter, though it were the text of another.

    Args:
        answer: What the model wrote.
        options: Texts of the options, 26 at most, in the order of their letters A, B, C, ...

    Raises:
        UnreadableAnswer: It names no option, or several.
    """
    text = plain(answer)
    texts = [_comparable(option) for option in options]
    given = set(ascii_uppercase[: len(options)])
    found = _by_first_words(text, texts) | _by_last_line(text)
    if own := _by_text(text, texts):
        found = own | (found & given)
    if len(found) == 1 and found <= given:
        return ascii_uppercase.index(found.pop())
    what = f"several letters ({', '.join(sorted(found))})" if len(found) > 1 else f"none of the {len(options)} options"
    raise UnreadableAnswer(f"the answer {shortened(answer)} names {what}; one letter was asked for")


def _by_text(text: str, texts: Sequence[str]) -> set[str]:
    said = {_comparable(stated) for stated in (text, _ANNOUNCEMENT.sub("", text)) if not _is_letter(stated, len(texts))}
    return {letter for letter, option in zip(ascii_uppercase, texts, strict=False) if option in said}


def _is_letter(text: str, count: int) -> bool:
    match = _BARE.fullmatch(text.strip())
    return match is not None and match["letter"].upper() in ascii_uppercase[:count]


def _by_first_words(text: str, texts: Sequence[str]) -> set[str]:
    match = _STATED.match(text)
    if match is None:
        return set()
    letter, gap, rest = match["letter"].upper(), match["gap"], match["rest"]
    if not rest or _is_option(rest, letter, texts):
        return {letter}
    mark = match["mark"].strip(" $*")
    if (mark and (gap or mark[-1] in "):]、")) or "\n" in gap or _REASON.match(rest):
        return {letter, *_others(rest, len(texts))}
    return set()


def _by_last_line(text: str) -> set[str]:
    match = _CONCLUDED.fullmatch(text.rpartition("\n")[2].strip())
    return {match["letter"].upper()} if match else set()


def _is_option(rest: str, letter: str, texts: Sequence[str]) -> bool:
    """Tell whether what follows a letter is the text of the option that it stands for."""
    index = ascii_uppercase.index(letter)
    said = rest.lstrip("-–—:=, ")
    return index < len(texts) and texts[index] in (_comparable(said), _comparable(said.strip("()")))


def _others(rest: str, count: int) -> set[str]:
    """Letters of options that a text mentions."""
    letters = {(match["bracketed"] or match["letter"] or match["article"]).upper() for match in _OTHER.finditer(rest)}
    return letters & set(ascii_uppercase[:count])


def _comparable(text: str) -> str:
    return " ".join(plain(text).casefold().rstrip(".。!！ ").split())
