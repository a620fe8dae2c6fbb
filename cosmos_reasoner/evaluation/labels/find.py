"""The right reader for a path with labels."""

from pathlib import Path

from cosmos_reasoner.errors import ConfigurationError
from cosmos_reasoner.evaluation.labels.cosmos_benchmark import benchmark_files, read_cosmos_benchmark
from cosmos_reasoner.evaluation.labels.files import JSON_ENDINGS, read_json
from cosmos_reasoner.evaluation.labels.item import Labels
from cosmos_reasoner.evaluation.labels.plausibility import SCORE_KEY, read_plausibility
from cosmos_reasoner.evaluation.labels.public import format_of, read_public
from cosmos_reasoner.evaluation.labels.questions_file import read_questions
from cosmos_reasoner.tasks.library import TaskLibrary

__all__ = ["read_labels"]

_YAML_ENDINGS = (".yaml", ".yml")
_KNOWN = (
    "a questions.yaml, the folder of a benchmark in Cosmos-Reason1's layout, a .json or .jsonl of a public benchmark, "
    "or a folder with one of these"
)


def read_labels(path: Path, tasks: TaskLibrary) -> Labels:
    """Read labels of any form.

    Args:
        path: A file, or a folder with one.
        tasks: What can be asked.

    Raises:
        ConfigurationError: There are no labels, or they cannot be read.
    """
    if not path.is_file() and not path.is_dir():
        raise ConfigurationError(f"{path}: no such file or folder")
    if benchmark_files(path):
        return read_cosmos_benchmark(path)
    if path.is_file():
        return _read(path, tasks)
    return _read(_only_file(path), tasks)


def _only_file(folder: Path) -> Path:
    """The file with labels in a folder: questions.yaml, else the only .json or .jsonl."""
    questions = [file for ending in _YAML_ENDINGS if (file := folder / f"questions{ending}").is_file()]
    found = questions[:1] or sorted(file for file in folder.iterdir() if file.suffix in JSON_ENDINGS and file.is_file())
    if not found:
        raise ConfigurationError(f"{folder}: no labels here: give {_KNOWN}")
    if len(found) > 1:
        raise ConfigurationError(f"{folder}: which labels: {', '.join(file.name for file in found)}? Name one of them")
    return found[0]


def _read(file: Path, tasks: TaskLibrary) -> Labels:
    if file.suffix in _YAML_ENDINGS:
        return read_questions(file, tasks)
    if file.suffix not in JSON_ENDINGS:
        raise ConfigurationError(f"{file}: no labels: give {_KNOWN}")
    records = read_json(file)
    if any(isinstance(record, dict) and SCORE_KEY in record for record in records):
        return read_plausibility(file)
    if format_of(records) is None:
        raise ConfigurationError(f"{file}: its records are of no known form: give {_KNOWN}")
    return read_public(file)
