"""Which files a bag consists of."""

import re
from pathlib import Path, PurePath
from typing import Any

import yaml

from cosmos_reasoner.errors import RecordingError
from cosmos_reasoner.recordings.recording import BAG_SUFFIXES, ZSTD_SUFFIXES
from cosmos_reasoner.recordings.run_folder import is_of_a_run

__all__ = ["are_parts", "bag_files", "bag_files_in", "is_bag", "says_bag"]

_METADATA = "metadata.yaml"
_UNFINISHED_ROS1 = ".bag.active"

_PART = re.compile(r"(.*)_\d+(?:\.bag|\.db3|\.mcap)(?:\.\w+)?")
"""Name of a part of a bag, and the bag's name in it."""


def is_bag(path: Path) -> bool:
    """Tell by the names whether a file or folder is a bag: a bag file or a part of one, or a folder with such files."""
    return bool(bag_files_in(path)) or says_bag(path) if path.is_dir() else _is_bag_file(path)


def says_bag(folder: Path) -> bool:
    """Tell whether a folder has a metadata.yaml that says which files are its bag."""
    try:
        return bool(_named(folder / _METADATA))
    except Exception:  # noqa: BLE001  whatever it is, it names no bag file
        return False


def are_parts(files: list[Path]) -> bool:
    """Tell by their names whether bag files are the parts _0, _1, ... of one bag, be it only one of them."""
    found = [_PART.fullmatch(file.name) for file in files]
    return len({part[1] if part else None for part in found}) == 1 and None not in found


def bag_files_in(folder: Path) -> list[Path]:
    """Bag files by name, but for those of a run; of a file and its compressed copy only the file."""
    files = (path for path in folder.iterdir() if _is_bag_file(path) and path.is_file())
    names = sorted(path for path in files if not is_of_a_run(path))
    return [path for path in names if path.suffix not in ZSTD_SUFFIXES or path.with_suffix("") not in names]


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
    if not (path / _METADATA).is_file():
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
    files = there or bag_files_in(path)
    if not files:
        raise RecordingError(fault)
    return files, [f"{fault}; {_used(files)}"]


def _is_bag_file(path: Path) -> bool:
    name = path.with_suffix("") if path.suffix in ZSTD_SUFFIXES else path
    return name.suffix in BAG_SUFFIXES or name.name.endswith(_UNFINISHED_ROS1)


def _named(metadata: Path) -> list[str]:
    if not metadata.is_file():  # a pipe would never end
        return []
    content: Any = yaml.safe_load(metadata.read_text(encoding="utf-8"))
    # Older versions write the folder too; what is outside of it is no part of the bag.
    return [PurePath(str(name)).name for name in content["rosbag2_bagfile_information"]["relative_file_paths"]]


def _all(folder: Path) -> list[Path]:
    files = bag_files_in(folder)
    if not files:
        raise RecordingError(f"{folder}: no bag here: the folder has no .mcap, .db3 or .bag files")
    return files


def _used(files: list[Path]) -> str:
    return f"{', '.join(file.name for file in files)} used"


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
