"""Results as messages. Images are in `images.py`."""

import json
import math
from typing import Any

from builtin_interfaces.msg import Duration, Time
from sensor_msgs.msg import RegionOfInterest
from std_msgs.msg import Header

from cosmos_reasoner.nodes.images import time_from_stamp
from cosmos_reasoner.reasoning.calibration import Calibration
from cosmos_reasoner.reasoning.result import (
    ChoiceAnswer,
    DataAnswer,
    Detection,
    DetectionsAnswer,
    EventsAnswer,
    Outcome,
    Prediction,
    Provenance,
    Ranking,
    Region,
    Result,
    ScoreAnswer,
    VerdictAnswer,
)
from cosmos_reasoner_msgs import msg

__all__ = [
    "action_ranking",
    "duration",
    "fill_answer",
    "header",
    "hindsight_summary",
    "nanoseconds",
    "outcome_prediction",
    "outcome_verdict",
    "provenance",
    "reasoning",
    "seconds",
]

_NS = 1_000_000_000


def duration(value: float) -> Duration:
    """s as a Duration."""
    stamp = round(value * _NS)
    return Duration(sec=stamp // _NS, nanosec=stamp % _NS)


def nanoseconds(stamp: Time) -> int:
    """A Time as ns."""
    return int(stamp.sec) * _NS + int(stamp.nanosec)


def seconds(value: Duration) -> float:
    """A Duration as s."""
    return value.sec + value.nanosec / _NS


def header(result: Result) -> Header:
    """Stamp of the clip's last frame, and the frame_id of its camera."""
    return Header(stamp=time_from_stamp(result.provenance.clip_end), frame_id=result.provenance.frame_id)


def provenance(source: Provenance) -> msg.Provenance:
    """How a result came to be."""
    latencies = source.latencies
    return msg.Provenance(
        request_id=source.request_id,
        clip_start=time_from_stamp(source.clip_start),
        clip_end=time_from_stamp(source.clip_end),
        cameras=list(source.cameras),
        frame_count=source.frame_count,
        model=source.model,
        profile=source.profile,
        task=source.task,
        prompt_hash=source.prompt_hash,
        request_count=source.request_count,
        prompt_tokens=source.prompt_tokens,
        completion_tokens=source.completion_tokens,
        queue_latency=duration(latencies.queue),
        encode_latency=duration(latencies.encode),
        first_token_latency=duration(latencies.first_token),
        think_latency=duration(latencies.think),
        answer_latency=duration(latencies.answer),
        total_latency=duration(latencies.total),
        status=int(source.status),
        status_text=source.status_text,
    )


def reasoning(result: Result) -> msg.Reasoning:
    """What the model thought and answered."""
    return msg.Reasoning(
        header=header(result),
        provenance=provenance(result.provenance),
        question=result.prompt,
        think=result.think,
        answer=result.answer.option if isinstance(result.answer, ChoiceAnswer) else result.reply,
        defects=[msg.Defect(kind=int(defect.kind), text=defect.text) for defect in result.defects],
    )


def outcome_prediction(result: Result) -> msg.OutcomePrediction:
    """A prediction; without outcomes when the result has none."""
    outcomes = result.answer.outcomes if isinstance(result.answer, Prediction) else ()
    return msg.OutcomePrediction(
        header=header(result),
        provenance=provenance(result.provenance),
        outcomes=[_outcome(outcome) for outcome in outcomes],
    )


def _outcome(outcome: Outcome) -> msg.Outcome:
    message = msg.Outcome(
        text=outcome.text,
        probability=_or_nan(outcome.probability),
        confidence_origin=int(outcome.origin),
        horizon=duration(outcome.horizon),
        hazard=int(outcome.hazard),
    )
    if outcome.subject:
        box = outcome.subject
        message.subject_camera = box.camera
        message.subject = _roi(box)
    return message


def _roi(box: Region) -> RegionOfInterest:
    return RegionOfInterest(x_offset=box.left, y_offset=box.top, width=box.width, height=box.height)


def action_ranking(result: Result) -> msg.ActionRanking:
    """A ranking; without actions when the result has none."""
    message = msg.ActionRanking(
        header=header(result),
        provenance=provenance(result.provenance),
        goal=result.question.goal,
        entropy=math.nan,
        order_sensitivity=math.nan,
    )
    if isinstance(result.answer, Ranking):
        ranking = result.answer
        message.actions = [
            msg.RankedAction(
                id=entry.action.id,
                description=entry.action.description,
                score=entry.score,
                expected_outcome=entry.expected_outcome,
                rationale=entry.rationale,
            )
            for entry in ranking.actions
        ]
        message.method = ranking.method.value
        message.score_origin = int(ranking.origin)
        message.entropy = ranking.entropy
        message.order_sensitivity = _or_nan(ranking.order_sensitivity)
        message.orderings = ranking.orderings
        message.orderings_asked = ranking.asked
    return message


def outcome_verdict(result: Result, prediction_id: str = "") -> msg.OutcomeVerdict:
    """A verdict; unclear when the result has none."""
    message = msg.OutcomeVerdict(
        header=header(result),
        provenance=provenance(result.provenance),
        prediction_id=prediction_id,
        statement=result.question.text,
        probability=math.nan,
    )
    if isinstance(result.answer, VerdictAnswer):
        message.verdict = int(result.answer.verdict)
        message.probability = _or_nan(result.answer.probability)
        message.confidence_origin = int(result.answer.origin)
    return message


def hindsight_summary(calibration: Calibration, waiting: int, newest: Header) -> msg.HindsightSummary:
    """How well predictions were borne out.

    Args:
        calibration: What was counted.
        waiting: How many predictions are still to be verified.
        newest: Header of the newest verdict.
    """
    bins = calibration.bins
    return msg.HindsightSummary(
        header=newest,
        happened=calibration.happened,
        did_not=calibration.did_not,
        unclear=calibration.unclear,
        missed=calibration.missed,
        waiting=waiting,
        brier_score=_or_nan(calibration.brier_score),
        calibration_error=_or_nan(calibration.calibration_error),
        bin_counts=[entry.count for entry in bins],
        bin_probability=[_or_nan(entry.probability) for entry in bins],
        bin_happened=[_or_nan(entry.happened) for entry in bins],
    )


def fill_answer(response: Any, result: Result) -> None:
    """Fill `option`, `option_probabilities`, `score`, `score_agreement`, `detections`, `events` and `data`."""
    answer = result.answer
    response.option = response.score = -1
    response.score_agreement = math.nan
    if isinstance(answer, ChoiceAnswer):
        response.option = answer.index
        response.option_probabilities = list(answer.probabilities)
    elif isinstance(answer, ScoreAnswer):
        response.score = answer.score
        response.score_agreement = _or_nan(answer.agreement)
    elif isinstance(answer, DetectionsAnswer):
        response.detections = [_detection(detection) for detection in answer.detections]
    elif isinstance(answer, EventsAnswer):
        response.events = [
            msg.Event(text=event.text, start=time_from_stamp(event.start), end=time_from_stamp(event.end))
            for event in answer.events
        ]
    elif isinstance(answer, DataAnswer):
        response.data = json.dumps(answer.data, ensure_ascii=False)


def _detection(detection: Detection) -> msg.Detection:
    message = msg.Detection(label=detection.label, camera=detection.camera, kind=msg.Detection.POINT)
    if box := detection.box:
        message.kind, message.box = msg.Detection.BOX, _roi(box)
        message.x, message.y = box.left + box.width // 2, box.top + box.height // 2
    if detection.point:
        message.x, message.y = detection.point
    return message


def _or_nan(value: float | None) -> float:
    return math.nan if value is None else value
