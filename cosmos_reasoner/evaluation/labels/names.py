"""Names for reports, made of the paths of files."""

from collections import Counter
from collections.abc import Iterable
from pathlib import PurePath

from cosmos_reasoner.recordings.names import readable

__all__ = ["TOTAL", "set_name", "short_names"]

TOTAL = "all"
"""No set may have this name: it is that of the row of all sets together."""


def set_name(name: str, otherwise: str) -> str:
    """A readable name of a set; `otherwise` where it would be that of the total."""
    return readable(otherwise if name == TOTAL else name)


def short_names(paths: Iterable[PurePath]) -> dict[PurePath, str]:
    """Name each path by its shortest end that no other one has: `s.mp4`, or `A/s.mp4` and `B/s.mp4`.

    A path that is itself the end of another one keeps its whole name.
    """
    ends = {path: _ends(path) for path in paths}
    shared = Counter(end for own in ends.values() for end in own)
    return {
        path: readable(next((end for end in own if shared[end] == 1), path.as_posix())) for path, own in ends.items()
    }


def _ends(path: PurePath) -> list[str]:
    parts = path.relative_to(path.anchor).parts
    return ["/".join(parts[-count:]) for count in range(1, len(parts) + 1)]
