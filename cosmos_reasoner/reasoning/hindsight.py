"""What was predicted, until it is known what became of it."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass

from cosmos_reasoner.clips.clip import Clip
from cosmos_reasoner.clips.rig import CameraRig
from cosmos_reasoner.errors import ClipUnavailable
from cosmos_reasoner.reasoning.calibration import Calibration
from cosmos_reasoner.reasoning.hindsight_question import statement_of
from cosmos_reasoner.reasoning.result import Prediction, Result
from cosmos_reasoner.replies.levels import Verdict

__all__ = ["EXPECTED", "HELD", "Check", "Hindsight"]

HELD = 8
"""Predictions whose clips are held at most."""

EXPECTED = 256
"""Predictions whose horizon has not passed, at most: as many as a task asked each 0.05 s makes in 12 s."""

_UNSEEN = 1 / 8
"""Share of the horizon that may be unseen at its beginning."""

_SEEN = 1 / 2
"""Share of the horizon that must be seen: with a short one, the last sampled frame may come well before its end."""


@dataclass(frozen=True, slots=True, eq=False)
class Check:
    """A predicted outcome, and what the cameras saw until its horizon.

    Attributes:
        prediction_id: The prediction's request_id.
        statement: What was to happen, in one line.
        probability: That it was given, 0..1.
        horizon: s.
        clip: From the last frame that the prediction knew to the horizon.
    """

    prediction_id: str
    statement: str
    probability: float
    horizon: float
    clip: Clip


@dataclass(frozen=True, slots=True, eq=False)
class _Expected:
    """A prediction whose horizon has not passed; both stamps in ns."""

    id: str
    start: int
    end: int
    cameras: tuple[str, ...]
    outcomes: tuple[tuple[str, float], ...]


class Hindsight:
    """Holds predictions until their horizon has passed by the stamps of the frames, and then until they are verified.

    Their clips are taken as soon as the horizon has passed, for later the frames would be gone: passed by the frames of
    each of their cameras, or, as one may have stopped, by those of any camera for as long again. When the clock of the
    cameras jumps back, what is still expected will not come, and is forgotten.

    Args:
        rig: What the cameras see.
        calibration: Where verdicts are counted.
        max_bytes: What all clips that are held may hold together.
    """

    def __init__(self, rig: CameraRig, calibration: Calibration, max_bytes: int) -> None:
        self._rig = rig
        self._calibration = calibration
        self._max_bytes = max_bytes
        self._expected: deque[_Expected] = deque()
        self._due: deque[list[Check]] = deque()
        self._jumps = self._count_jumps()

    @property
    def waiting(self) -> int:
        """Predictions that wait for their horizon or for a verdict."""
        return len(self._expected) + len(self._due)

    def expect(self, result: Result) -> None:
        """Take a result: a prediction's outcomes that have a probability will be due, all else is passed over."""
        self._mind_jumps()
        prediction = _expected(result)
        if prediction is None or prediction.start > self._rig.newest_stamp():
            return  # nothing to check, or it is about a time line that has ended meanwhile
        self._expected.append(prediction)
        if len(self._expected) > EXPECTED:
            self._expected.popleft()
            self._calibration.miss()

    def look(self) -> None:
        """Take the clips of the predictions whose horizon the frames have reached."""
        self._mind_jumps()
        newest = {camera: frame.stamp if (frame := self._rig.newest(camera)) else 0 for camera in self._rig.cameras}
        due = [prediction for prediction in self._expected if _has_passed(prediction, newest)]
        self._expected = deque(prediction for prediction in self._expected if prediction not in due)
        for prediction in due:
            self._take(prediction)

    def next(self) -> Check | None:
        """What is to be verified next, of the oldest prediction that is due; None when there is nothing."""
        return self._due[0][0] if self._due else None

    def settle(self, check: Check, verdict: Verdict | None) -> bool:
        """Take what became of a check.

        Args:
            check: What `next` gave.
            verdict: None when there is none: then its prediction is given up.

        Returns:
            False when the check had been dropped meanwhile, and its verdict counts nowhere.
        """
        if not self._due or check not in self._due[0]:
            return False
        if verdict is None:
            self._drop()
            return True
        self._calibration.add(check.probability, verdict)
        self._due[0].remove(check)
        if not self._due[0]:
            self._due.popleft()
        return True

    def forget(self) -> None:
        """Let go of everything that waits."""
        self._expected.clear()
        self._due.clear()

    def _mind_jumps(self) -> None:
        before, self._jumps = self._jumps, self._count_jumps()
        if self._jumps > before:
            self._expected.clear()

    def _count_jumps(self) -> int:
        return sum(self._rig.counts(camera)["jumped_back"] for camera in self._rig.cameras)

    def _take(self, prediction: _Expected) -> None:
        clip = self._clip(prediction)
        if clip is None:
            self._calibration.miss()
            return
        seconds = (prediction.end - prediction.start) / 1e9
        self._due.append([Check(prediction.id, *outcome, seconds, clip) for outcome in prediction.outcomes])
        while len(self._due) > HELD or sum(_nbytes(checks[0].clip) for checks in self._due) > self._max_bytes:
            self._drop()

    def _clip(self, prediction: _Expected) -> Clip | None:
        """From the last frame that was known, which shows how things stood, to the horizon; None when unseen."""
        start, end = prediction.start, prediction.end
        try:
            clip = self._rig.clip((end - start + 1) / 1e9, end, prediction.cameras)
        except ClipUnavailable:
            return None
        begins = clip.start - start <= _UNSEEN * (end - start)
        return clip if begins and clip.end - start >= _SEEN * (end - start) else None

    def _drop(self) -> None:
        """Give the oldest prediction that is due up."""
        self._due.popleft()
        self._calibration.miss()


def _expected(result: Result) -> _Expected | None:
    """What of a result can be checked; None when nothing."""
    if not isinstance(result.answer, Prediction):
        return None
    given = [(entry, entry.probability) for entry in result.answer.outcomes if entry.probability is not None]
    if not given:
        return None
    source = result.provenance
    end = source.clip_end + round(max(entry.horizon for entry, _ in given) * 1e9)
    outcomes = tuple((statement_of(entry), probability) for entry, probability in given)
    return _Expected(source.request_id, source.clip_end, end, source.cameras, outcomes)


def _has_passed(prediction: _Expected, newest: Mapping[str, int]) -> bool:
    """Tell whether the horizon has passed, by the newest stamp of each camera, ns."""
    seen = min(newest[camera] for camera in prediction.cameras or newest)
    return seen >= prediction.end or max(newest.values()) >= 2 * prediction.end - prediction.start


def _nbytes(clip: Clip) -> int:
    return sum(frame.nbytes for view in clip for frame in view.frames)
