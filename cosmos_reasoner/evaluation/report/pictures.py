"""The strips that fit into a page."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cosmos_reasoner.evaluation.report.entry import Entry
from cosmos_reasoner.evaluation.run.record import Strip

__all__ = ["BUDGET", "Pictures"]

BUDGET = 24_000_000
"""Characters of pictures in a page, which a phone still opens."""


@dataclass(frozen=True, slots=True)
class Pictures:
    """The strips that fit into a page.

    Attributes:
        embedded: By the place of the item, its strip and the file of it.
        without_room: How many items have a strip that did not fit.
    """

    embedded: dict[int, tuple[Strip, Path]]
    without_room: int

    @classmethod
    def of(cls, folder: Path, entries: Sequence[Entry], budget: int = BUDGET) -> "Pictures":
        """Take strips while there is room, those of items first that people look at first.

        A strip that is not where it should be is left out.

        Args:
            folder: Of the run.
            entries: All items.
            budget: Characters.
        """
        embedded: dict[int, tuple[Strip, Path]] = {}
        without_room = 0
        for entry in sorted(entries, key=lambda one: not one.outcome.is_trouble):
            file = folder / "strips" / f"{entry.key}.jpg"
            if entry.strip is None or not file.is_file():
                continue
            length = (file.stat().st_size + 2) // 3 * 4
            if length > budget:
                without_room += 1
                continue
            budget -= length
            embedded[entry.place] = (entry.strip, file)
        return cls(embedded, without_room)

    def playable(self, place: int) -> dict[str, Any]:
        """What the page's script needs to play the strip of an item; the file is read now.

        Raises:
            OSError: It cannot be read.
        """
        strip, file = self.embedded[place]
        return {
            "picture": f"data:image/jpeg;base64,{base64.b64encode(file.read_bytes()).decode()}",
            "times": strip.times,
            "cameras": strip.cameras,
            "width": strip.width,
            "height": strip.height,
        }
