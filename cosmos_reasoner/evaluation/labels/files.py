"""Label files and the media that they name."""

import json
import os
from pathlib import Path
from typing import Any

from cosmos_reasoner.errors import ConfigurationError
from cosmos_reasoner.replies.wording import shortened

__all__ = ["JSON_ENDINGS", "benchmark_media", "media", "numbered", "read_json"]

JSON_ENDINGS = (".json", ".jsonl")
"""A list, or one record a line."""

_MEDIA_FOLDERS = ("", "videos", "clips", "frames", "images")
"""Where media are usually kept, from the folder of the labels."""


def read_json(file: Path) -> list[Any]:
    """Read the records of a .json or .jsonl file; a line that is no JSON stays the text that it is.

    Raises:
        ConfigurationError: The file cannot be read, or holds no list.
    """
    try:
        text = file.read_text(encoding="utf-8")
        data = [_record(line) for line in text.split("\n") if line.strip()] if _by_lines(file) else json.loads(text)
    except (OSError, ValueError, RecursionError) as error:
        raise ConfigurationError(f"labels {file}: {error}") from error
    if not isinstance(data, list):
        raise ConfigurationError(f"labels {file}: a list of records is needed")
    return data


def numbered(entries: list[Any]) -> list[tuple[str, Any]]:
    """Entries with their places in the file: "entry 1", "entry 2", ..."""
    return [(f"entry {number}", entry) for number, entry in enumerate(entries, 1)]


def media(folder: Path, name: str, field: str) -> Path:
    """The recording that a user's own label names.

    Args:
        folder: Where the labels stand.
        name: Path from there, or from a folder of media in it; absolute, or with `~`, as well. Its ending may be
            missing where that is .mp4.
        field: Which field says so.

    Raises:
        ConfigurationError: There is no such file or folder.
    """
    try:
        own = str(Path(name).expanduser())
    except (OSError, RuntimeError, ValueError) as error:
        raise ConfigurationError(f"{field}: {name!r} is no path: {error}") from None
    return _existing(folder, own if name else "", field)


def benchmark_media(folder: Path, name: str, field: str) -> Path:
    """The recording that a benchmark's label names: as `media`, but only in the benchmark's folder or below it.

    Links in the folder are followed: they are the user's own.

    Raises:
        ConfigurationError: There is no such file or folder, or the name leads out of the benchmark's folder.
    """
    own = Path(os.path.normpath(name))
    if own.is_absolute() or own.parts[:1] == (os.pardir,):
        raise ConfigurationError(f"{field}: {shortened(name)} leads out of the folder of the labels, {folder}")
    return _existing(folder, str(own) if name else "", field)


def _existing(folder: Path, own: str, field: str) -> Path:
    """The first file or folder; a pipe or device would be read for ever."""
    try:
        places = [path for part in _MEDIA_FOLDERS for path in _spellings(folder / part / own)]
        found = [path for path in places if path.is_file() or path.is_dir()]
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"{field}: {own!r} is no path: {error}") from None
    if not found or not own:
        raise ConfigurationError(f"{field}: there is no file or folder {folder / own}")
    return found[0]


def _spellings(path: Path) -> tuple[Path, Path]:
    return path, path.with_name(f"{path.name}.mp4")


def _by_lines(file: Path) -> bool:
    return file.suffix == ".jsonl"


def _record(line: str) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return line
