"""Files that are there whole or not at all."""

from pathlib import Path

__all__ = ["write_whole"]


def write_whole(file: Path, data: bytes) -> None:
    """Write a file; whoever ends the process meanwhile leaves the old one.

    Raises:
        OSError: It cannot be written.
    """
    part = file.with_name(f"{file.name}.part")
    part.write_bytes(data)
    part.replace(file)
