"""Files that are there whole or not at all."""

from collections.abc import Iterable
from pathlib import Path

__all__ = ["write_whole"]


def write_whole(file: Path, pieces: Iterable[bytes]) -> None:
    """Write a file piece by piece; whoever ends the process meanwhile leaves the old one.

    Raises:
        OSError: It cannot be written.
    """
    part = file.with_name(f"{file.name}.part")
    try:
        with part.open("wb") as unfinished:
            unfinished.writelines(pieces)
        part.replace(file)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
