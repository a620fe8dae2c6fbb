"""Which files a bag consists of."""

import re
from pathlib import Path, PurePath
from typing import Any

import yaml

from cosmos_reasoner.errors import RecordingError
from cosmos_reasoner.recordings.recording import BAG_SUFFIXES, ZSTD_SUFFIXES

__all__ = ["bag_files", "is_bag", "is_one_bag"]

_METADATA = "metadata.yaml"
_UNFINISHED_ROS1 = ".bag.active"


def is_bag(path: Path) -> bool:
    """Tell by the names whether a file or folder is a bag: a bag file or a part of one, or a folder with such files."""
    return bool(_bag_files_in(path)) or _says_bag(path) if path.is_dir() else _is_bag_file(path)


def is_one_bag(folder: Path) -> bool:
    """Tell whether a folder is one bag: it has metadata.yaml, or its bag files are the parts _0, _1, ... of one."""
    if _says_bag(folder):
        return True
    stems = {re.sub(r"_\d+$", "", path.name.partition(".")[0]) for path in _bag_files_in(folder)}
    return len(stems) == 1


def bag_files(path: Path) -> tuple[list[Path], list[str]]:
    """Find the files of a bag.

    Args:
        path: A bag file; a folder with metadata.yaml, which says what belongs to it; or one without, where every bag
            file does.

    Returns:
        The files that are there, at least one, and a line for what is missing.

    Raises:
        RecordingError: There is none.
    """
    if not path.is_dir():
        return [path], []
    if not (path / _METADATA).exists():
        return _all(path), []
    try:
        named = list(dict.fromkeys(path / name for name in _named(path / _METADATA)))
    except Exception as error:  # noqa: BLE001  a YAML file may be wrong in any way
        files = _all(path)
        return files, [f"{path / _METADATA}: cannot be read ({_first_line(error)}); {_used(files)} instead"]
    there = [file for file in named if file.is_file()]
    if len(there) == len(named) > 0:
        return there, []
    missing = ", ".join(file.name for file in named if file not in there)
    fault = f"{path}: {missing} is missing, which metadata.yaml names" if missing else f"{path / _METADATA}: no files"
    files = there or _bag_files_in(path)
    if not files:
        raise RecordingError(fault)
    return files, [f"{fault}; {_used(files)}"]


def _is_bag_file(path: Path) -> bool:
    name = path.with_suffix("") if path.suffix in ZSTD_SUFFIXES else path
    return name.suffix in BAG_SUFFIXES or name.name.endswith(_UNFINISHED_ROS1)


def _bag_files_in(folder: Path) -> list[Path]:
    """Bag files by name; of a file and its compressed copy only the file."""
    names = sorted(path for path in folder.iterdir() if _is_bag_file(path) and path.is_file())
    return [path for path in names if path.suffix not in ZSTD_SUFFIXES or path.with_suffix("") not in names]


def _says_bag(folder: Path) -> bool:
    try:
        return bool(_named(folder / _METADATA))
    except Exception:  # noqa: BLE001  whatever it is, it names no bag file
        return False


def _named(metadata: Path) -> list[str]:
    content: Any = yaml.safe_load(metadata.read_text(encoding="utf-8"))
    # Older versions write the folder too; what is outside of it is no part of the bag.
    return [PurePath(str(name)).name for name in content["rosbag2_bagfile_information"]["relative_file_paths"]]


def _all(folder: Path) -> list[Path]:
    files = _bag_files_in(folder)
    if not files:
        raise RecordingError(f"{folder}: no bag here: the folder has no .mcap, .db3 or .bag files")
    return files


def _used(files: list[Path]) -> str:
    return f"{', '.join(file.name for file in files)} used"


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
