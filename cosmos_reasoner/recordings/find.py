"""Recordings in folders."""

from pathlib import Path

from cosmos_reasoner.recordings.bag_files import bag_files, is_bag, is_one_bag
from cosmos_reasoner.recordings.picture_folder import has_pictures, pictures_in

__all__ = ["files_of", "recordings_in"]

_VIDEOS = frozenset({".avi", ".gif", ".m4v", ".mkv", ".mov", ".mp4", ".mpeg", ".mpg", ".ts", ".webm", ".wmv"})

_RUN = "results.jsonl"
"""What tells the folder of a run, whose pictures and bags are no recordings."""


def recordings_in(path: Path) -> list[Path]:
    """Find the recordings that a path means, by the names of the files.

    Args:
        path: A file, or the folder of one bag, is a recording itself. Any other folder means the bags and videos in it
            and below it, or, where it has none of them but pictures, the pictures as one recording.

    Returns:
        The recordings by name, each once; the path itself where there is none, so that opening it says why.
    """
    if not path.is_dir():
        return [path]
    return list({found.resolve(): found for found in _below(path, set())}.values()) or [path]


def files_of(recording: Path) -> list[Path]:
    """The files that hold a recording: itself, or those of its folder that are read.

    Raises:
        RecordingError: The folder has none.
    """
    if not recording.is_dir():
        return [recording]
    return bag_files(recording)[0] if is_bag(recording) else pictures_in(recording)


def _below(folder: Path, seen: set[Path]) -> list[Path]:
    if is_one_bag(folder):
        return [folder]
    children = sorted(folder.iterdir())
    seen.add(folder.resolve())
    found = [child for child in children if child.is_file() and (child.suffix.lower() in _VIDEOS or is_bag(child))]
    if not found and has_pictures(folder):
        found.append(folder)
    for child in children:
        if child.is_dir() and child.resolve() not in seen and not (child / _RUN).exists():
            found += _below(child, seen)
    return found
