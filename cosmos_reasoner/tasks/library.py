"""The tasks that can be asked: ours, and the user's own from a directory."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from cosmos_reasoner.errors import ConfigurationError, InvalidRequest
from cosmos_reasoner.tasks.task import Task
from cosmos_reasoner.tasks.yaml_file import read_yaml

__all__ = ["TaskLibrary"]

_OURS = Path(__file__).parent / "templates"


class TaskLibrary(Mapping[str, Task]):
    """Tasks by name.

    Args:
        tasks: The tasks; of two with one name the later counts.
    """

    def __init__(self, tasks: list[Task]) -> None:
        self._tasks = {task.name: task for task in tasks}

    @classmethod
    def load(cls, directory: Path | None = None) -> "TaskLibrary":
        """Read our tasks and then the user's, which replace ours of the same name.

        Args:
            directory: Folder with the user's YAML files: our form, or `system_prompt` and `user_prompt` alone.

        Raises:
            ConfigurationError: A file is no valid task, or the directory is missing.
        """
        ours = _read_all(_OURS)
        if directory is None:
            return cls(ours)
        if not directory.is_dir():
            raise ConfigurationError(f"task directory {directory} does not exist")
        return cls([*ours, *_read_all(directory)])

    def named(self, name: str) -> Task:
        """The task of that name.

        Raises:
            InvalidRequest: There is none; the message names the nearest.
        """
        if name in self._tasks:
            return self._tasks[name]
        near = get_close_matches(name, self._tasks, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(sorted(self._tasks))}"
        raise InvalidRequest(f"no task {name!r}: {hint}")

    def __getitem__(self, name: str) -> Task:
        return self._tasks[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._tasks)

    def __len__(self) -> int:
        return len(self._tasks)


def _read_all(directory: Path) -> list[Task]:
    return [_read(file) for file in sorted(directory.iterdir()) if file.suffix in (".yaml", ".yml")]


def _read(file: Path) -> Task:
    data = read_yaml(file, "task file")
    if not isinstance(data, dict):
        raise ConfigurationError(f"task file {file}: a mapping with at least 'user' is needed")
    try:
        return Task(**{"name": file.stem, **_our_words(data)})
    except ValidationError as error:
        lines = [f"{'.'.join(map(str, entry['loc'])) or 'the file'}: {entry['msg']}" for entry in error.errors()]
        raise ConfigurationError(f"task file {file}: {'; '.join(lines)}") from error
    except TypeError as error:
        raise ConfigurationError(f"task file {file}: {error}") from error


def _our_words(data: dict[str, Any]) -> dict[str, Any]:
    """Take a file in the form of NVIDIA's Cosmos-Reason prompts (`system_prompt`, `user_prompt`) as one of ours.

    Such a file says nothing of a clip, so that its text follows the clip unchanged; without a user prompt the
    question is all that is asked.
    """
    if not data.keys() & {"system_prompt", "user_prompt"}:
        return data
    rest = {key: value for key, value in data.items() if key not in {"system_prompt", "user_prompt"}}
    return {"system": data.get("system_prompt", ""), "user": data.get("user_prompt", "{question}\n{options}"), **rest}
