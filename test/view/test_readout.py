"""Answers as lines and numbers."""

import pytest

from cosmos_reasoner.reasoning.result import (
    Answer,
    ChoiceAnswer,
    DataAnswer,
    Detection,
    DetectionsAnswer,
    Event,
    EventsAnswer,
    Outcome,
    Prediction,
    RankedAction,
    Ranking,
    Region,
    ScoreAnswer,
    TextAnswer,
    VerdictAnswer,
)
from cosmos_reasoner.replies.levels import Hazard, Origin, Verdict
from cosmos_reasoner.tasks.task import Action, RankingMethod
from cosmos_reasoner.view.rrd.readout import lines, scores

START = 5_000_000_000

_OUTCOMES = Prediction(
    (
        Outcome("it falls", 0.6, Origin.SELF_REPORTED, 2.0, Hazard.HIGH, None),
        Outcome("it stands", None, Origin.NONE, 2.0, Hazard.UNKNOWN, None),
    )
)
_ACTIONS = (
    RankedAction(Action("go", "drive on"), 0.7, "it hits", "too fast"),
    RankedAction(Action("wait", "stand"), 0.3),
)
_RANKING = Ranking("g", _ACTIONS, RankingMethod.VOTE, Origin.VOTE, 0.0, None, 1, 1)
_BOX = Detection("cup", "front", Region("front", 1, 2, 3, 4), None)
_POINT = Detection("", "front", None, (5, 6))
_EVENT = Event("it falls", START + 500_000_000, START + 1_250_000_000)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (_OUTCOMES, ["1: 60%  HIGH  it falls", "2: ?  UNKNOWN  it stands"]),
        (Prediction(()), ["no outcome"]),
        (_RANKING, ["70%  go: it hits -- too fast", "30%  wait"]),
        (ChoiceAnswer(1, "right", (0.1, 0.9)), ["90%  right"]),
        (ChoiceAnswer(1, "right"), ["right"]),
        (VerdictAnswer("it fell", Verdict.DID_NOT, 0.2, Origin.LOGPROB), ["DID_NOT (20%): it fell"]),
        (VerdictAnswer("it fell", Verdict.UNCLEAR, None, Origin.NONE), ["UNCLEAR: it fell"]),
        (ScoreAnswer(4, 0.5, 2), ["score 4, 50% of 2 samples agree"]),
        (ScoreAnswer(4), ["score 4"]),
        (DetectionsAnswer((_BOX, _POINT)), ["cup: box 1,2 3x4 in front", "unnamed: point 5,6 in front"]),
        (DetectionsAnswer(()), ["nothing found"]),
        (EventsAnswer((_EVENT,)), ["0.50 to 1.25 s  it falls"]),
        (EventsAnswer(()), ["no event"]),
        (DataAnswer({"a": "杯"}), ["{", '  "a": "杯"', "}"]),
        (TextAnswer("one\ntwo"), ["one", "two"]),
    ],
)
def test_an_answer_of_any_type_is_told_in_lines(answer: Answer, told: list[str]) -> None:
    assert lines(answer, START) == told


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        (_OUTCOMES, {"outcome 1": 0.6}),
        (_RANKING, {"go": 0.7, "wait": 0.3}),
        (ChoiceAnswer(1, "right", (0.1, 0.9)), {"option 1": 0.1, "option 2": 0.9}),
        (VerdictAnswer("it fell", Verdict.HAPPENED, 0.8, Origin.LOGPROB), {"verdict": 1.0, "verdict probability": 0.8}),
        (VerdictAnswer("it fell", Verdict.UNCLEAR, None, Origin.NONE), {}),
        (ScoreAnswer(4), {"score": 4.0}),
        (TextAnswer("one"), {}),
        (EventsAnswer((_EVENT,)), {}),
    ],
)
def test_what_is_known_in_numbers_is_there_by_name_and_nothing_else(answer: Answer, found: dict[str, float]) -> None:
    assert scores(answer) == found
