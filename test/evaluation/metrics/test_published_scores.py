"""The plausibility scores published for Cosmos-Reason1 beside those of people, by hand and by the metrics."""

import json
import math

import pytest
from recorded import shared

from cosmos_reasoner.evaluation.metrics.proportions import Proportion
from cosmos_reasoner.evaluation.metrics.scores import exact, pearson, spearman, within_1

MODELS = ("cosmos_reason1_before_sft", "after_sft", "cosmos_reason1_zero_shot")


@pytest.fixture
def published() -> tuple[list[int], list[int]]:
    """Every published score with the one that people gave to the clip, model by model."""
    clips = json.loads(shared("plausibility/labels.json").read_text(encoding="utf-8"))
    pairs = [
        (clip["published_model_scores"][model], clip["human_physical_plausibility_1to5"])
        for model in MODELS
        for clip in clips
        if model in clip["published_model_scores"]
    ]
    return [score for score, _ in pairs], [human for _, human in pairs]


def test_the_published_scores_are_those_that_were_worked_by_hand(published: tuple[list[int], list[int]]) -> None:
    assert published == ([2, 4, 1, 5], [4, 4, 2, 4])


def test_one_of_four_is_exact_and_three_are_within_1(published: tuple[list[int], list[int]]) -> None:
    assert (exact(*published), within_1(*published)) == (Proportion(1, 4), Proportion(3, 4))


def test_their_intervals_are_as_wide_as_four_scores_leave_them(published: tuple[list[int], list[int]]) -> None:
    assert exact(*published).interval == pytest.approx((0.0456, 0.6994), abs=5e-5)
    assert within_1(*published).interval == pytest.approx((0.3006, 0.9544), abs=5e-5)


def test_their_correlations_equal_a_hand_computation(published: tuple[list[int], list[int]]) -> None:
    # deviations -1, 1, -2, 2 and 0.5, 0.5, -1.5, 0.5: 4 / sqrt(10 * 3)
    assert pearson(*published) == pytest.approx(4 / math.sqrt(30))
    # ranks 2, 3, 1, 4 and 3, 3, 1, 3; deviations -0.5, 0.5, -1.5, 1.5 and 0.5, 0.5, -1.5, 0.5: 3 / sqrt(5 * 3)
    assert spearman(*published) == pytest.approx(3 / math.sqrt(15))


def test_zero_shot_both_scores_miss_by_1_in_the_right_order(published: tuple[list[int], list[int]]) -> None:
    scores, people = published[0][2:], published[1][2:]
    assert (exact(scores, people), within_1(scores, people)) == (Proportion(0, 2), Proportion(2, 2))
    assert (pearson(scores, people), spearman(scores, people)) == (pytest.approx(1.0), pytest.approx(1.0))
