"""Recordings in folders."""

from pathlib import Path

from cosmos_reasoner.recordings.bag_files import is_bag
from cosmos_reasoner.recordings.picture_folder import has_pictures

__all__ = ["recordings_in"]

_VIDEOS = frozenset({".avi", ".gif", ".m4v", ".mkv", ".mov", ".mp4", ".mpeg", ".mpg", ".ts", ".webm", ".wmv"})


def recordings_in(path: Path) -> list[Path]:
    """Find the recordings that a path means, by the names of the files.

    Args:
        path: A file, a bag's folder or a folder of pictures is a recording itself. Any other folder means the bags,
            videos and folders of pictures in it and below it.

    Returns:
        The recordings by name; the path itself where there is none, so that opening it says why.
    """
    if not path.is_dir() or is_bag(path) or has_pictures(path):
        return [path]
    found: list[Path] = []
    for child in sorted(path.iterdir()):
        if child.is_dir():
            found += [one for one in recordings_in(child) if one != child or is_bag(one) or has_pictures(one)]
        elif child.suffix.lower() in _VIDEOS:
            found.append(child)
    return found or [path]
