"""What an evaluation wrote beside recordings, and is none itself."""

from pathlib import Path

__all__ = ["is_of_a_run"]

_RESULTS = "results.jsonl"
_WRITTEN = frozenset({"predictions.mcap", "strips"})


def is_of_a_run(path: Path) -> bool:
    """Tell whether a file or folder is a bag or pictures that an evaluation wrote: results.jsonl lies beside it."""
    return path.name in _WRITTEN and (path.parent / _RESULTS).exists()
