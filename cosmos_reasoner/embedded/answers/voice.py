"""Sentences in the language of the answer."""

import math
from importlib.resources import files
from typing import Any

import yaml

from cosmos_reasoner.embedded.sight.facts import Mover, ViewFacts

__all__ = ["Voice"]


class Voice:
    """Writes in one language; its words stand in `words/*.yaml`.

    Args:
        chinese: Chinese instead of English.
    """

    def __init__(self, chinese: bool) -> None:
        name = "chinese" if chinese else "english"
        text = (files("cosmos_reasoner.embedded.answers") / "words" / f"{name}.yaml").read_text(encoding="utf-8")
        self._words: dict[str, Any] = yaml.safe_load(text)
        self._phrases: dict[str, Any] = self._words["phrases"]

    def say(self, phrase: str, **values: object) -> str:
        """Fill a phrase. `{Name}` is `name` with a capital."""
        if isinstance(name := values.get("name"), str):
            values["Name"] = name[:1].upper() + name[1:]
        return str(self._phrases[phrase]).format(**values)

    def join(self, sentences: list[str]) -> str:
        """Sentences as one text."""
        return str(self._words["join"]).join(sentence for sentence in sentences if sentence)

    def listed(self, words: list[str]) -> str:
        """Words as a list."""
        return str(self._words["list"]).join(words)

    def count(self, number: int) -> str:
        """How many things move."""
        return self.say("count_one") if number == 1 else self.say("count", count=number)

    def concept(self, name: str) -> str:
        """A concept of the lexicon by its key."""
        return str(self._words["concepts"].get(name, name))

    def action(self, name: str) -> str:
        """An action by its name."""
        return str(self._words["actions"][name])

    def edge(self, name: str) -> str:
        """An edge of the picture by its name."""
        return str(self._words["edges"][name])

    def direction(self, dx: float, dy: float) -> str:
        """The nearest of eight directions, y down."""
        return str(self._words["directions"][round(math.atan2(dy, dx) / (math.pi / 4)) % 8])

    def place(self, x: float, y: float, size: tuple[int, int]) -> str:
        """Where a point lies, in thirds of the picture."""
        column, row = (min(2, max(0, int(3 * at / side))) for at, side in zip((x, y), size))
        return str(self._words["places"][row][column])

    def name(self, view: ViewFacts, mover: Mover) -> str:
        """What to call a mover: its colour and its place, and its number where others have the same."""
        same = [other for other in view.movers if self._plain_name(view, other) == self._plain_name(view, mover)]
        plain = self._plain_name(view, mover)
        return plain if len(same) == 1 else self.say("name_again", name=plain, number=mover.number)

    def _plain_name(self, view: ViewFacts, mover: Mover) -> str:
        place = self.place(*mover.box.centre, view.size)
        return self.say("name", colour=self._words["colours"][mover.colour], place=place)
