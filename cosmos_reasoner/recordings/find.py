"""Recordings in folders."""

from pathlib import Path

from cosmos_reasoner.recordings.bag_files import are_parts, bag_files, bag_files_in, is_bag, says_bag
from cosmos_reasoner.recordings.open import check_openable
from cosmos_reasoner.recordings.picture_folder import has_pictures, pictures_in
from cosmos_reasoner.recordings.run_folder import is_of_a_run

__all__ = ["files_of", "recordings_in"]

_VIDEOS = frozenset({".avi", ".gif", ".m4v", ".mkv", ".mov", ".mp4", ".mpeg", ".mpg", ".ts", ".webm", ".wmv"})


def recordings_in(path: Path) -> list[Path]:
    """Find the recordings that a path means, by the names of the files.

    Args:
        path: A file, or a folder with a bag's metadata.yaml, is a recording itself. Any other folder means the bags
            and videos in it and below it, or, where it has none of them but pictures, the pictures as one recording.
            Bag files that are the parts of one bag are that folder as one recording; a single part only where it is
            all there is. What an evaluation wrote is none.

    Returns:
        The recordings by name, each once; the path itself where there is none, so that opening it says why.
    """
    if not path.is_dir():
        return [path]
    return list({found.resolve(): found for found in _below(path, set())}.values()) or [path]


def files_of(recording: Path) -> list[Path]:
    """The files that hold a recording: itself, or those of its folder that are read.

    Raises:
        RecordingError: The folder has none, or it is neither a file nor a folder.
    """
    check_openable(recording)
    if not recording.is_dir():
        return [recording]
    return bag_files(recording)[0] if is_bag(recording) else pictures_in(recording)


def _below(folder: Path, seen: set[Path]) -> list[Path]:
    if says_bag(folder):
        return [folder]
    seen.add(folder.resolve())
    children = sorted(child for child in folder.iterdir() if not is_of_a_run(child))
    videos = [child for child in children if child.suffix.lower() in _VIDEOS and child.is_file()]
    bags = bag_files_in(folder)
    deeper: list[Path] = []
    for child in children:
        if child.is_dir() and child.resolve() not in seen:
            deeper += _below(child, seen)
    if are_parts(bags) and (len(bags) > 1 or not videos + deeper):
        return [folder, *videos, *deeper]
    if not bags and not videos and has_pictures(folder):
        return [folder, *deeper]
    return sorted(bags + videos) + deeper
