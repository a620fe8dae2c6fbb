"""Answers against truths, one item at a time."""

import pytest
from evaluated import ORIGIN, item, record

from cosmos_reasoner.evaluation.labels.truth import (
    EventsTruth,
    LabelledEvent,
    OptionTruth,
    OutcomeTruth,
    RankingTruth,
    ScoreTruth,
    TextTruth,
)
from cosmos_reasoner.evaluation.run.record import Live, Record
from cosmos_reasoner.evaluation.scoring.judge import judge, with_hindsight
from cosmos_reasoner.evaluation.scoring.judged import Forecast, Kind
from cosmos_reasoner.evaluation.scoring.matching import event_overlaps, same_text
from cosmos_reasoner.reasoning.result import (
    ChoiceAnswer,
    Event,
    EventsAnswer,
    Outcome,
    Prediction,
    RankedAction,
    Ranking,
    ScoreAnswer,
    TextAnswer,
    VerdictAnswer,
)
from cosmos_reasoner.replies.defects import Defect, DefectKind
from cosmos_reasoner.replies.levels import Hazard, Origin, Verdict
from cosmos_reasoner.tasks.task import Action, Question, RankingMethod

TRUTHS = [OptionTruth(0), RankingTruth(("a",)), EventsTruth(()), ScoreTruth(3), OutcomeTruth(True), TextTruth(("x",))]
CHOICE = Question("ask", "Does it fall?", ("yes", "no"))


def choice(index: int, *probabilities: float):
    return judge(
        item(truth=OptionTruth(1), question=CHOICE), record(ChoiceAnswer(index, ["yes", "no"][index], probabilities))
    )


def ranking(**scores: float) -> Ranking:
    best_first = sorted(scores, key=lambda name: -scores[name])
    actions = tuple(RankedAction(Action(name, name), scores[name]) for name in best_first)
    return Ranking("go", actions, RankingMethod.VOTE, Origin.VOTE, 0.5, None, 1, 1)


def events(*spans: tuple[float, float]) -> tuple[Event, ...]:
    return tuple(Event("", ORIGIN + round(start * 1e9), ORIGIN + round(end * 1e9)) for start, end in spans)


def labels(*spans: tuple[float, float]) -> tuple[LabelledEvent, ...]:
    return tuple(LabelledEvent(*span) for span in spans)


def test_the_right_option_is_right_and_another_is_not() -> None:
    assert [choice(0).right, choice(1).right] == [False, True]


def test_what_is_shown_of_a_choice_is_letter_and_text() -> None:
    assert (choice(0).answer, choice(0).truth) == ("A. yes", "B. no")


def test_the_probability_of_the_chosen_option_is_a_forecast_of_being_right() -> None:
    assert choice(0, 0.8, 0.2).forecasts == (Forecast(0.8, False),)


@pytest.mark.parametrize("truth", TRUTHS, ids=lambda truth: type(truth).__name__)
def test_an_unreadable_answer_is_wrong(truth) -> None:
    defects = (Defect(DefectKind.UNREADABLE, "no letter"),)
    judged = judge(item(truth=truth, question=CHOICE), record(None, defects=defects))
    assert (judged.right, judged.status, judged.defects, judged.answer) == (False, "DEFECTIVE", ("UNREADABLE",), "")


@pytest.mark.parametrize("truth", TRUTHS, ids=lambda truth: type(truth).__name__)
def test_an_answer_of_another_kind_is_wrong(truth) -> None:
    assert judge(item(truth=truth, question=CHOICE), record(Prediction(()))).right is False


def test_a_ranking_is_right_when_the_best_is_first_and_has_its_numbers() -> None:
    judged = judge(item(truth=RankingTruth(("a", "b", "c"))), record(ranking(a=0.5, c=0.3, b=0.2)))
    assert judged.right is True
    assert judged.values["top_1"] == 1.0
    assert judged.values["kendall_tau"] == pytest.approx(1 / 3)


def test_an_order_that_is_just_the_other_way_round_has_the_lowest_tau() -> None:
    judged = judge(item(truth=RankingTruth(("a", "b", "c"))), record(ranking(c=0.5, b=0.3, a=0.2)))
    assert (judged.right, judged.values["kendall_tau"]) == (False, pytest.approx(-1.0))


def test_an_event_is_right_from_half_an_overlap_on() -> None:
    near = judge(item(truth=EventsTruth(labels((1, 2)))), record(EventsAnswer(events((1, 1.5)))))
    far = judge(item(truth=EventsTruth(labels((1, 2)))), record(EventsAnswer(events((1, 1.4)))))
    assert (near.right, near.ious) == (True, (pytest.approx(0.5),))
    assert (far.right, far.ious) == (False, (pytest.approx(0.4),))


@pytest.mark.parametrize(("answered", "right"), [((), True), (((0, 1),), False)])
def test_where_nothing_happens_only_no_event_is_right(answered, right) -> None:
    assert judge(item(truth=EventsTruth(())), record(EventsAnswer(events(*answered)))).right is right


def test_a_list_of_many_events_gains_nothing() -> None:
    assert event_overlaps(events((0, 1), (1, 2), (2, 3)), labels((2, 3)), ORIGIN) == (0.0,)


def test_events_are_paired_by_their_overlap_and_each_once() -> None:
    assert event_overlaps(events((0, 1), (4, 6)), labels((0, 2), (0.7, 1), (4, 6)), ORIGIN) == (
        pytest.approx(0.5),
        0.0,
        pytest.approx(1.0),
    )


@pytest.mark.parametrize(("score", "right"), [(3, True), (4, False)])
def test_a_score_is_right_when_it_is_the_same(score: int, right: bool) -> None:
    judged = judge(item(truth=ScoreTruth(3)), record(ScoreAnswer(score)))
    assert (judged.right, judged.values) == (right, {"score": score, "true_score": 3.0})


@pytest.mark.parametrize(
    ("verdict", "happened", "right"),
    [
        (Verdict.HAPPENED, True, True),
        (Verdict.HAPPENED, False, False),
        (Verdict.DID_NOT, False, True),
        (Verdict.UNCLEAR, True, False),
        (Verdict.UNCLEAR, False, False),
    ],
)
def test_a_verdict_is_right_when_it_is_so(verdict: Verdict, happened: bool, right: bool) -> None:
    answer = VerdictAnswer("it falls", verdict, 0.7, Origin.LOGPROB)
    judged = judge(item(truth=OutcomeTruth(happened)), record(answer))
    assert (judged.right, judged.forecasts) == (right, (Forecast(0.7, happened),))


@pytest.mark.parametrize("said", ["A chair.", "the  CHAIR", "chair"])
def test_words_are_the_same_whatever_their_case_and_articles(said: str) -> None:
    assert same_text(said, "a chair")


@pytest.mark.parametrize(("one", "other"), [("a chair", "two chairs"), ("a", "the"), ("", "chair")])
def test_other_words_are_not_the_same(one: str, other: str) -> None:
    assert not same_text(one, other)


@pytest.mark.parametrize(
    ("known", "status"),
    [
        (None, "MISSING"),
        (Record("k", "one", error="gone"), "FAILED"),
        (Record("k", "one", live=Live(1.0)), "DROPPED"),
    ],
)
def test_without_a_reply_it_says_why(known, status: str) -> None:
    judged = judge(item(truth=ScoreTruth(3)), known)
    assert judged.status == status
    assert (judged.note == "") is (status == "DROPPED")


def test_nothing_is_right_or_wrong_where_nobody_said_what_is() -> None:
    assert (judge(item(), record(TextAnswer("x"))).kind, judge(item(), record(TextAnswer("x"))).right) == (
        Kind.UNSCORED,
        None,
    )


def test_a_prediction_is_borne_out_by_what_was_seen_later() -> None:
    outcomes = (Outcome("it falls", 0.7, Origin.SELF_REPORTED, 2.0, Hazard.NONE, None),)
    judged = judge(item(), record(Prediction(outcomes)))
    verdicts = [Verdict.HAPPENED, Verdict.DID_NOT, Verdict.UNCLEAR]
    looks = [(0.1, record(VerdictAnswer("s", verdict, None, Origin.NONE))) for verdict in verdicts]
    seen = with_hindsight(judged, [*looks, (0.2, None)])
    assert seen.kind is Kind.PREDICTION
    assert (seen.forecasts, seen.unclear) == ((Forecast(0.1, True), Forecast(0.1, False)), 2)
