"""The layout of Cosmos-Reason1's benchmark: questions with lettered options about short clips.

    data/<set>/<set>_benchmark_qa_pairs.json    [{"video": "clips/<id>.mp4", "qa_pairs": {...} or [{...}, ...]}, ...]
    data/<set>/clips/<id>.mp4

A pair is {"question": ..., "index2ans": {"A": ..., ...}, "answer" or "correct_answer": "A"}. As read by the evaluation
tools of github.com/nvidia-cosmos/cosmos-reason1, examples/benchmark.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import AliasChoices, BaseModel, ConfigDict, Field

from cosmos_reasoner.errors import ConfigurationError
from cosmos_reasoner.evaluation.labels.faults import fault_line, gather
from cosmos_reasoner.evaluation.labels.files import benchmark_media, numbered, read_json
from cosmos_reasoner.evaluation.labels.item import Item, Labels
from cosmos_reasoner.evaluation.labels.lettered import lettered_choice
from cosmos_reasoner.evaluation.labels.names import set_name
from cosmos_reasoner.evaluation.labels.validated import validated

__all__ = ["benchmark_files", "read_cosmos_benchmark"]

_ENDING = "_benchmark_qa_pairs.json"
_PLACES = ("", "*/", "data/*/")


class _Pair(BaseModel):
    model_config = ConfigDict(strict=True, str_strip_whitespace=True)

    video: str
    question: str = Field(min_length=1)
    index2ans: dict[str, str]
    answer: str = Field(validation_alias=AliasChoices("answer", "correct_answer"))


def benchmark_files(path: Path) -> list[Path]:
    """Files with questions: the path itself, or those of the benchmark, of its `data` folder or of one set."""
    if path.is_file():
        return [path] if path.name.endswith(_ENDING) else []
    return [file for place in _PLACES for file in sorted(path.glob(f"{place}*{_ENDING}"))]


def read_cosmos_benchmark(path: Path) -> Labels:
    """Read all sets of a benchmark; a set whose file cannot be read is a fault.

    Args:
        path: The benchmark's folder, its `data` folder, the folder of one set, or the file of one.

    Raises:
        ConfigurationError: There is no such file.
    """
    files = benchmark_files(path)
    if not files:
        raise ConfigurationError(f"{path}: no benchmark here: no file data/<set>/<set>{_ENDING}")
    found = [_read(file) for file in files]
    return Labels(
        tuple(item for labels in found for item in labels.items),
        tuple(fault for _, faults in found for fault in faults),
    )


def _read(file: Path) -> Labels:
    try:
        entries = read_json(file)
    except ConfigurationError as error:
        return Labels((), (fault_line(str(error)),))
    return gather(file, _pairs(entries), lambda place, pair: _item(file, place, pair))


def _pairs(entries: list[Any]) -> Iterator[tuple[str, Any]]:
    """Each question with its place and its video."""
    for place, entry in numbered(entries):
        pairs = entry.get("qa_pairs", entry) if isinstance(entry, dict) else entry
        if not isinstance(pairs, list):
            yield place, _with_video(pairs, entry)
            continue
        for number, pair in enumerate(pairs, 1):
            yield f"{place} question {number}", _with_video(pair, entry)


def _with_video(pair: Any, entry: Any) -> Any:
    video = {"video": entry["video"]} if isinstance(entry, dict) and "video" in entry else {}
    return {**pair, **video} if isinstance(pair, dict) else pair


def _item(file: Path, place: str, data: Any) -> Item:
    pair, name = validated(_Pair, data), set_name(file.name.removesuffix(_ENDING), file.name)
    question, truth = lettered_choice(pair.question, pair.index2ans, pair.answer)
    recording = benchmark_media(file.parent, pair.video, "video")
    return Item(f"{name} {place.removeprefix('entry ')}", name, recording, None, None, (), question, truth)
