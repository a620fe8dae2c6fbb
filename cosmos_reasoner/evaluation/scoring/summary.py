"""A whole run in numbers: summary.json."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import Field, TypeAdapter, ValidationError

from cosmos_reasoner.errors import ConfigurationError
from cosmos_reasoner.evaluation.metrics.proportions import Confusion
from cosmos_reasoner.evaluation.metrics.spread import Percentiles
from cosmos_reasoner.evaluation.scoring.judged import Judged
from cosmos_reasoner.evaluation.scoring.tables import Table
from cosmos_reasoner.evaluation.whole_files import write_whole
from cosmos_reasoner.reasoning.calibration import Bin

__all__ = ["Calibrated", "LiveFigures", "RunInfo", "Summary", "read_summary", "write_summary"]


@dataclass(frozen=True, slots=True)
class RunInfo:
    """What was run.

    Attributes:
        name: Of the run's folder.
        what: Which items: recordings and task, or labels.
        model: Who answered.
        profile: How it was asked.
        rate: Frames a second.
        written: When, UTC, as ISO 8601.
    """

    name: str
    what: str
    model: str
    profile: str
    rate: float
    written: str


@dataclass(frozen=True, slots=True)
class Calibrated:
    """How well probabilities were borne out.

    Attributes:
        brier_score: Mean squared error, 0 is best.
        log_loss: In nats, 0 is best.
        calibration_error: Expected calibration error over ten bins, 0 is best.
        count: Probabilities whose outcome is known.
        unclear: Probabilities whose outcome nobody can tell; they enter no number.
        bins: Ten, by probability.
    """

    brier_score: float | None
    log_loss: float | None
    calibration_error: float | None
    count: int
    unclear: int
    bins: Annotated[tuple[Bin, ...], Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class LiveFigures:
    """What a robot would have had of it.

    Attributes:
        due: Moments at which something was to be asked.
        answered: Of these, answered.
        dropped: Passed over, as something newer waited.
        stale: Answers that were older than `max_age` when they came.
        max_age: s.
        age: Of the answers: from the last frame that was seen to when the answer was there, s.
    """

    due: int
    answered: int
    dropped: int
    stale: int
    max_age: float
    age: Percentiles


@dataclass(frozen=True, slots=True)
class Summary:
    """A whole run in numbers.

    Attributes:
        run: What was run.
        counts: Items by their state, `items` all, and of those answered: `truncated`, `refused`, `well_formed`.
        tables: Scores by kind and set.
        calibration: Of probabilities, by kind.
        confusion: Of multiple choice by letter, where all questions have the same options by their text.
        latencies: By part, s.
        tokens: `prompt` and `completion`, of all; `requests`.
        live: When a robot was simulated.
        faults: What could not be used, a line each.
        items: One each.
    """

    run: RunInfo
    counts: dict[str, int]
    tables: dict[str, Table]
    calibration: dict[str, Calibrated]
    confusion: Confusion | None
    latencies: dict[str, Percentiles]
    tokens: dict[str, int]
    live: LiveFigures | None
    faults: tuple[str, ...]
    items: tuple[Judged, ...]


_ADAPTER: TypeAdapter[Summary] = TypeAdapter(Summary)


def write_summary(summary: Summary, file: Path) -> None:
    """Write summary.json.

    Raises:
        OSError: It cannot be written.
    """
    write_whole(file, [_ADAPTER.dump_json(summary, indent=1)])


def read_summary(folder: Path) -> Summary:
    """Read the summary of a run.

    Args:
        folder: Of the run.

    Raises:
        ConfigurationError: There is none, or it is none.
    """
    file = folder / "summary.json"
    try:
        return _ADAPTER.validate_json(file.read_bytes())
    except OSError as error:
        raise ConfigurationError(f"{file}: {error.strerror}: is {folder} the folder of a run?") from error
    except ValidationError as error:
        raise ConfigurationError(f"{file}: no summary of a run: {error.errors()[0]['msg']}") from error
