"""What was seen, thought and predicted, as a file for the viewer of rerun."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType

from typing_extensions import Self

from cosmos_reasoner.clips.frame import Frame
from cosmos_reasoner.reasoning.result import Prediction, Provenance, Result, Status
from cosmos_reasoner.recordings.names import readable
from cosmos_reasoner.view.rrd.layout import Place, layout
from cosmos_reasoner.view.rrd.pictures import Pictures
from cosmos_reasoner.view.rrd.readout import lines, scores
from cosmos_reasoner.view.rrd.stream import Stream

__all__ = ["RerunLog"]

_LATENCIES = ("queue", "encode", "first_token", "think", "answer", "total")


class RerunLog:
    """Writes a file of rerun (.rrd). A context manager: leaving it finishes the file. To be used by one thread.

    All stands on one timeline, the clip's own clock: a picture at the stamp of its header, all else at that of the
    clip's last frame. Below the name of its recording are `cameras/NAME` (with `subjects`, `found` and `points` in its
    pixels), `clip`, `texts/TASK/...`, `scores/TASK/...`, `hazard/TASK` (0, unknown, to 4, imminent),
    `latency/TASK/...` (s) and `results`, a line each. Of several results of a task at one time, the second is at
    "TASK 2", and so on.

    Args:
        file: Where to; it is replaced.

    Raises:
        ConfigurationError: rerun is not installed, or the file cannot be written.
    """

    def __init__(self, file: Path) -> None:
        self._stream = Stream(file)
        self._places: dict[str, Place] = {}
        self._pictures: dict[str, Pictures] = {}
        self._known: dict[tuple[str, str, int], list[str]] = {}

    def show(self, recording: str, end: int, frames: Iterable[Frame], strip: bytes = b"") -> None:
        """Write the pictures of a clip, before what was found in them.

        Args:
            recording: Its name.
            end: Stamp of the clip's last frame, ns.
            frames: The last frame of each camera. One that cannot be decoded is left out.
            strip: JPEG that shows the whole clip; empty for none.
        """
        place = self._place(recording, end)
        self._pictures.setdefault(recording, Pictures(self._stream, place)).show(end, frames, strip)

    def tell(self, recording: str, result: Result) -> None:
        """Write what was asked, thought and replied, how long it took, and what was wrong."""
        source = result.provenance
        self._texts(recording, source, {"question": result.prompt, "think": result.think, "reply": result.reply})
        seconds = {name: float(getattr(source.latencies, name)) for name in _LATENCIES}
        self._plot(recording, ("latency", self._name(recording, source)), source.clip_end, seconds)
        if source.status is not Status.OK:
            self._line(recording, source, f"{source.status.name}: {source.status_text}", "WARN")

    def answer(self, recording: str, result: Result) -> None:
        """Write the answer: as text, as numbers, and in the pictures of its clip. Nothing where there is none."""
        answer, source = result.answer, result.provenance
        if answer is None:
            return
        told = lines(answer, source.clip_start)
        self._texts(recording, source, {"answer": "\n".join(told)})
        self._line(recording, source, "; ".join(told), "INFO")
        name = self._name(recording, source)
        self._plot(recording, ("scores", name), source.clip_end, scores(answer))
        if isinstance(answer, Prediction) and answer.outcomes:
            worst = max(outcome.hazard for outcome in answer.outcomes)
            self._plot(recording, ("hazard",), source.clip_end, {name: float(worst)})
        if recording in self._pictures:
            self._pictures[recording].mark(source.clip_end, answer)

    def __enter__(self) -> Self:
        self._stream.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._places:
            self._stream.arrange(layout(self._stream.rerun.blueprint, self._places.values()))
        self._stream.__exit__(kind, error, traceback)

    def _place(self, recording: str, stamp: int) -> Place:
        if recording not in self._places:
            self._places[recording] = Place(readable(recording), self._stream.path(recording), stamp)
        place = self._places[recording]
        place.start = min(place.start, stamp)
        return place

    def _name(self, recording: str, source: Provenance) -> str:
        """What a result's entities are below: its task, with a number where that was taken at this time."""
        known = self._known.setdefault((recording, source.task, source.clip_end), [])
        if source.request_id not in known:
            known.append(source.request_id)
        number = known.index(source.request_id) + 1
        return source.task if number == 1 else f"{source.task} {number}"

    def _texts(self, recording: str, source: Provenance, texts: Mapping[str, str]) -> None:
        name = self._name(recording, source)
        above = self._stream.path(recording, "texts", name)
        self._place(recording, source.clip_end).tasks[above] = name
        for name, text in texts.items():
            self._stream.text(f"{above}/{name}", source.clip_end, text)

    def _line(self, recording: str, source: Provenance, text: str, level: str) -> None:
        path = self._stream.path(recording, "results")
        self._stream.line(path, source.clip_end, f"{source.task}: {text}", level)

    def _plot(self, recording: str, above: tuple[str, ...], stamp: int, values: Mapping[str, float]) -> None:
        for name, value in values.items():
            path = self._stream.path(recording, *above, name)
            self._stream.log(path, stamp, self._stream.rerun.Scalars(value))
