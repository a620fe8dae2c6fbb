"""Several runs, and many latencies."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosmos_reasoner.evaluation.metrics.spread import Percentiles, Spread, percentile, percentiles, spread

NUMBERS = st.floats(-1e6, 1e6)
SEVERAL = st.lists(NUMBERS, min_size=1, max_size=40)


def test_the_spread_of_three_runs() -> None:
    assert spread([0.5, 0.6, 0.7]) == Spread(3, pytest.approx(0.6), pytest.approx(0.1))


def test_one_run_says_nothing_about_the_spread() -> None:
    assert spread([0.5]) == Spread(1, 0.5, None)


def test_no_run_has_no_mean() -> None:
    assert spread([]) == Spread(0, None, None)


@given(NUMBERS, st.integers(2, 9))
def test_runs_that_agree_have_no_spread(value: float, runs: int) -> None:
    assert spread([value] * runs) == Spread(runs, value, 0.0)


@given(st.lists(NUMBERS, min_size=2, max_size=20))
def test_the_spread_is_numpys_with_one_degree_of_freedom_less(values: list[float]) -> None:
    done = spread(values)
    assert done.mean == pytest.approx(np.mean(values), abs=1e-6)
    assert done.deviation == pytest.approx(np.std(values, ddof=1), abs=1e-6)


@pytest.mark.parametrize(
    ("count", "p50", "p90", "p99"), [(1, 1, 1, 1), (2, 1, 2, 2), (10, 5, 9, 10), (100, 50, 90, 99), (101, 51, 91, 100)]
)
def test_percentiles_of_the_first_whole_numbers(count: int, p50: float, p90: float, p99: float) -> None:
    assert percentiles([*range(count, 0, -1)]) == Percentiles(p50, p90, p99)


def test_without_values_there_are_no_percentiles() -> None:
    assert percentiles([]) == Percentiles(None, None, None)


@pytest.mark.parametrize("percent", [0, -1, 101])
def test_there_is_no_percentile_beyond_the_first_and_the_last(percent: int) -> None:
    with pytest.raises(ValueError, match=f"no percentile {percent}"):
        percentile([1.0], percent)


@pytest.mark.parametrize("metric", [spread, percentiles])
def test_a_latency_that_is_no_number_is_refused(metric) -> None:
    with pytest.raises(ValueError, match="value 1 of 2 is inf"):
        metric([0.5, math.inf])


@given(SEVERAL, st.integers(1, 100))
def test_enough_values_lie_at_or_below_a_percentile_and_no_smaller_one_would_do(values: list[float], percent: int):
    value = percentile(values, percent)
    assert value in values
    assert 100 * sum(each <= value for each in values) >= percent * len(values)
    assert 100 * sum(each < value for each in values) < percent * len(values)


@given(SEVERAL, st.sampled_from([25, 50, 75, 100]))  # these are exact as floats too
def test_the_nearest_rank_is_numpys_inverted_distribution(values: list[float], percent: int) -> None:
    pytest.importorskip("numpy", "1.22")  # older ones have no methods to choose from
    assert percentile(values, percent) == np.percentile(values, percent, method="inverted_cdf")
