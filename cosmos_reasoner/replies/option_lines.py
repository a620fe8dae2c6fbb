"""What a model expects of each option, from the lines of its reasoning."""

import re
from collections.abc import Sequence
from string import ascii_uppercase

__all__ = ["read_option_lines"]

_LINE = re.compile(
    r"\s{0,8}(?:(?:[-*•·+]|\d{1,2}[.)])\s{1,4})?[*_]{0,3}(?:(?:[Oo]ption|[Aa]ction|选项)\s?)?"
    r"(?:[(\[（【](?P<bracketed>[A-Z])[)\]）】]|(?P<bare>[A-Z])(?=[*_]{0,3}(?:[):：、）]|\.(?![A-Za-z]))))"
    r"[*_]{0,3}[.):：、）]?[*_]{0,3}\s{0,4}(?P<text>.*)"
)
_DASH = re.compile(r"-{2,}|—+|(?<!\d)–|–(?!\d)|(?<=\s)-(?=\s)")
_COLON = re.compile(r":(?=\s)|：")


def read_option_lines(think: str, options: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Read lines of the form `(A) expected outcome -- rationale`.

    Also taken are "A.", "- (A)", "**(A)**", "Option A:", other dashes (-, –, —, ——), and a colon where there is no
    dash. A line that only repeats the option says nothing of what is expected, and is passed over. Of several lines for
    one option the first with both parts counts, else the first.

    Args:
        think: The reasoning.
        options: Texts of the options, 26 at most, in the order of their letters A, B, C, ...

    Returns:
        (expected outcome, rationale) of each option, in their order; empty texts where there is none.
    """
    texts = dict(zip(ascii_uppercase, map(_comparable, options)))
    found: dict[str, tuple[str, str]] = {}
    for line in think.splitlines():
        if match := _LINE.match(line):
            letter, parts = match["bracketed"] or match["bare"], _parts(match["text"])
            if texts.get(letter) in (_comparable(parts[0]), _comparable(match["text"])):
                continue
            if letter not in found or (parts[1] and not found[letter][1]):
                found[letter] = parts
    return tuple(found.get(letter, ("", "")) for letter in texts)


def _parts(text: str) -> tuple[str, str]:
    separator = _DASH.search(text) or _COLON.search(text)
    if separator is None:
        return _bare(text), ""
    return _bare(text[: separator.start()]), _bare(text[separator.end() :])


def _bare(text: str) -> str:
    return text.strip().strip("*_`").strip()


def _comparable(text: str) -> str:
    return "".join(_bare(text).casefold().split()).rstrip(".。")
