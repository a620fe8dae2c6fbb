"""Words that can be measured, found in a text."""

import re
from dataclasses import dataclass
from importlib.resources import files

import yaml

__all__ = ["Lexicon", "Mention"]

_WORD = re.compile(r"[A-Za-z']+|[\u4e00-\u9fff]")
_CLAUSE = re.compile(r"[.,;:!?，。；：！？、]|\b(?:and|but|then|while|because)\b", re.IGNORECASE)
_REACH = 28
"""Characters before a word within which a negation counts."""
_SILENT = frozenset({"camera", "robot", "not", "future", "count", "place", "small", "safe", "reach", "progress"})
"""Concepts that say of whom, deny, ask or wish; the others are what is said."""
_GENERIC = frozenset({"move", "continue"})
"""Concepts that say nothing beside another one in the same clause: "does not move left" is not "does not move"."""
_PLACE = re.compile(
    r"\b(?:at|in|on) the (?:(?:upper|lower|far) )?(?:left|right|top|bottom)\b(?! (?:hand|lane|side))"
    r"|(?<![向往朝左右上下])[左右上下]{1,2}(?:侧|方|边)",
    re.IGNORECASE,
)
"""Where something is, in words that elsewhere say where it goes."""
_TO_WHOM = re.compile(
    r"(?:\b(?:to|towards?|at|of|from|near|past|reaches|approaches|leaves)(?: the)? |[向往朝离近])$", re.IGNORECASE
)
"""What stands before whom it is not said of: "comes towards the camera"."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A concept that a text names.

    Attributes:
        concept: Its key in `words/concepts.yaml`.
        negated: Whether the text denies it.
        about: Of whom it is said: "camera"; "robot", which may carry the camera or be seen; or "things".
    """

    concept: str
    negated: bool
    about: str


class Lexicon:
    """Finds the concepts of `words/concepts.yaml` in texts."""

    def __init__(self) -> None:
        text = (files("cosmos_reasoner.embedded.answers") / "words" / "concepts.yaml").read_text(encoding="utf-8")
        concepts: dict[str, list[str]] = yaml.safe_load(text)
        self._patterns = {name: _pattern(words) for name, words in concepts.items()}
        self._known = re.compile("|".join(pattern.pattern for pattern in self._patterns.values()), re.IGNORECASE)

    def mentions(self, text: str) -> list[Mention]:
        """The concepts of a text, in their order, each once."""
        found = [mention for clause in _CLAUSE.split(text) for mention in self._in_clause(clause)]
        return list(dict.fromkeys(found))

    def without_places(self, text: str) -> str:
        """A text without the words that say where something is: "the thing at the left goes right"."""
        return _PLACE.sub(" ", text)

    def has(self, text: str, concept: str) -> bool:
        """Whether a text names a concept, denied or not."""
        return bool(self._patterns[concept].search(text))

    def coverage(self, text: str) -> float:
        """Share of a text's words of weight that can be measured, 0..1."""
        weighty = self._patterns["small"].sub(" ", text)
        words, unknown = _WORD.findall(weighty), _WORD.findall(self._known.sub(" ", weighty))
        return 1 - len(unknown) / len(words) if words else 0.0

    def _in_clause(self, clause: str) -> list[Mention]:
        about = next((who for who in ("camera", "robot") if self._is_subject(who, clause)), "things")
        found = [
            (match.start(), Mention(name, self._negated(clause, match.start()), about))
            for name, pattern in self._patterns.items()
            if name not in _SILENT and (match := pattern.search(clause))
        ]
        mentions = [mention for _, mention in sorted(found, key=lambda pair: pair[0])]
        return [mention for mention in mentions if mention.concept not in _GENERIC] or mentions

    def _is_subject(self, who: str, clause: str) -> bool:
        return any(not _TO_WHOM.search(clause[: match.start()]) for match in self._patterns[who].finditer(clause))

    def _negated(self, clause: str, start: int) -> bool:
        before = clause[max(0, start - _REACH) : start]
        return len(self._patterns["not"].findall(before)) % 2 == 1


def _pattern(words: list[str]) -> re.Pattern[str]:
    english = [word for word in words if word.isascii()]
    chinese = [word for word in words if not word.isascii()]
    parts = [rf"\b(?:{'|'.join(english)})\b"] if english else []
    return re.compile("|".join([*parts, *map(re.escape, chinese)]), re.IGNORECASE)
