"""Clips with scores that people gave for physical plausibility, 1 to 5."""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path, PurePath
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from cosmos_reasoner.errors import ConfigurationError
from cosmos_reasoner.evaluation.labels.faults import gather
from cosmos_reasoner.evaluation.labels.files import benchmark_media, numbered, read_json
from cosmos_reasoner.evaluation.labels.item import Item, Labels
from cosmos_reasoner.evaluation.labels.names import short_names
from cosmos_reasoner.evaluation.labels.truth import ScoreTruth
from cosmos_reasoner.evaluation.labels.validated import validated
from cosmos_reasoner.tasks.task import Question

__all__ = ["SCORE_KEY", "published_scores", "read_plausibility"]

SCORE_KEY = "human_physical_plausibility_1to5"
"""Field that tells such a file from others."""

_SET = "plausibility"


class _Clip(BaseModel):
    model_config = ConfigDict(strict=True, str_strip_whitespace=True)

    video: str
    score: int = Field(ge=1, le=5, alias=SCORE_KEY)
    published_model_scores: dict[str, int] = Field(default_factory=dict)


def read_plausibility(file: Path) -> Labels:
    """Read clips with the people's scores as questions to the task `critique`.

    Ids are the names of the clips without their endings; those that are alike get their folders as well.

    Raises:
        ConfigurationError: The file cannot be read, or holds no list.
    """
    records = read_json(file)
    ids = _ids(_valid(records))
    return gather(file, numbered(records), lambda _, data: _item(file, ids, data))


def published_scores(file: Path, model: str) -> dict[str, int]:
    """Scores, 1 to 5, that were published for a model, by item id; clips without one are left out.

    Args:
        file: As for `read_plausibility`.
        model: Its key in `published_model_scores`.

    Raises:
        ConfigurationError: The file or an entry cannot be read.
    """
    clips = [validated(_Clip, data) for data in read_json(file)]
    ids = _ids(clips)
    return {ids[clip.video]: score for clip in clips if (score := clip.published_model_scores.get(model)) is not None}


def _item(file: Path, ids: dict[str, str], data: Any) -> Item:
    clip = validated(_Clip, data)
    recording = benchmark_media(file.parent, clip.video, "video")
    return Item(ids[clip.video], _SET, recording, None, None, (), Question("critique"), ScoreTruth(clip.score))


def _valid(records: list[Any]) -> Iterator[_Clip]:
    for record in records:
        with suppress(ConfigurationError):
            yield validated(_Clip, record)


def _ids(clips: Iterable[_Clip]) -> dict[str, str]:
    """Ids by video; an ending is left out where no other clip has the same path up to there."""
    paths = {clip.video: PurePath(clip.video) for clip in clips}
    bare = {path: path.parent / path.stem for path in paths.values()}
    alike = Counter(bare.values())
    told_apart = {path: short if alike[short] == 1 else path for path, short in bare.items()}
    names = short_names(told_apart.values())
    return {video: names[told_apart[path]] for video, path in paths.items()}
