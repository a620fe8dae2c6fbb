import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cosmos_reasoner.clips.sampler import JUMP_BACK, Sampler, Verdict

SECOND = 1_000_000_000
START = 1_700_000_000 * SECOND


def stamps_of(hz: float, seconds: float, jitter: float = 0.0) -> list[int]:
    """Stamps of a camera that is early or late by up to `jitter` of its period."""
    chance = np.random.default_rng(7)
    count = int(seconds * hz)
    times = (np.arange(count) + chance.uniform(-jitter, jitter, count)) / hz
    return [START + round(time * SECOND) for time in times]


def kept(sampler: Sampler, stamps: list[int]) -> list[int]:
    return [stamp for stamp in stamps if sampler.judge(stamp) is Verdict.KEPT]


@pytest.mark.parametrize("jitter", [0.0, 0.04])
@pytest.mark.parametrize("hz", [4, 10, 15, 29.97, 30, 60, 240])
def test_the_rate_is_right_in_the_mean_for_any_faster_camera(hz: float, jitter: float) -> None:
    assert len(kept(Sampler(4.0), stamps_of(hz, 60, jitter))) == pytest.approx(240, abs=2)


@pytest.mark.parametrize("rate", [0.5, 1.0, 3.3, 10.0, 30.0])
def test_any_rate_below_the_camera_s_own_is_kept(rate: float) -> None:
    assert len(kept(Sampler(rate), stamps_of(60, 60, 0.2))) == pytest.approx(60 * rate, rel=0.01, abs=2)


@pytest.mark.parametrize("hz", [0.2, 1, 2.5, 3, 3.6])
def test_a_camera_slower_than_the_rate_loses_nothing(hz: float) -> None:
    stamps = stamps_of(hz, 120, 0.03)
    assert kept(Sampler(4.0), stamps) == stamps


@given(st.lists(st.integers(SECOND // 4, 10 * SECOND), max_size=60))
@settings(deadline=None)
def test_no_frame_is_lost_whose_gap_is_at_least_a_period(gaps: list[int]) -> None:
    stamps = [START, *(START + int(total) for total in np.cumsum(gaps, dtype=np.int64))]
    assert kept(Sampler(4.0), stamps) == stamps


@given(st.lists(st.integers(1, SECOND), min_size=1, max_size=200), st.sampled_from([1.0, 4.0, 29.97]))
@settings(deadline=None)
def test_frames_are_never_kept_faster_than_the_rate_but_for_the_first_of_a_burst(gaps: list[int], rate: float) -> None:
    stamps = [START + int(total) for total in np.cumsum(gaps, dtype=np.int64)]
    chosen = kept(Sampler(rate), stamps)
    assert len(chosen) <= (stamps[-1] - stamps[0]) / SECOND * rate + 2


def test_sampling_is_by_stamp_and_not_by_count() -> None:
    bursts = [START + second * SECOND + i * 1_000_000 for second in range(5) for i in range(20)]
    assert kept(Sampler(4.0), bursts) == [START + second * SECOND for second in range(5)]


def test_after_a_gap_the_rate_goes_on_from_the_first_new_frame() -> None:
    sampler = Sampler(4.0)
    kept(sampler, stamps_of(30, 2))
    after = [stamp + 60 * SECOND for stamp in stamps_of(30, 2)]
    chosen = kept(sampler, after)
    assert chosen[0] == after[0]
    assert len(chosen) == 8


@pytest.mark.parametrize(("interval", "early"), [(0.1, 0.05), (0.3, 0.15), (0.8, 0.25), (1.0, 0.25)])
def test_the_frame_nearest_to_the_instant_is_kept_and_none_much_too_early(interval: float, early: float) -> None:
    for offset, verdict in ((1_000_000, Verdict.KEPT), (-1_000_000, Verdict.NOT_DUE)):
        sampler = Sampler(1.0)
        stamp = START + round((1 - early) * SECOND) + offset
        before = range(stamp, START, -round(interval * SECOND))[1:]
        for earlier in (START, *reversed(before)):
            sampler.judge(earlier)
        assert sampler.judge(stamp) is verdict


@pytest.mark.parametrize("stamp", [0, -1, -SECOND])
def test_a_frame_without_a_stamp_is_not_kept_and_changes_nothing(stamp: int) -> None:
    sampler = Sampler(4.0)
    assert sampler.judge(stamp) is Verdict.NO_STAMP
    assert sampler.judge(START) is Verdict.KEPT
    assert sampler.judge(stamp) is Verdict.NO_STAMP
    assert sampler.judge(START + SECOND // 4) is Verdict.KEPT


def test_the_same_stamp_twice_is_a_duplicate_kept_or_not() -> None:
    sampler = Sampler(4.0)
    assert [sampler.judge(START), sampler.judge(START)] == [Verdict.KEPT, Verdict.DUPLICATE]
    assert [sampler.judge(START + 1), sampler.judge(START + 1)] == [Verdict.NOT_DUE, Verdict.DUPLICATE]


@pytest.mark.parametrize("behind", [1, SECOND // 2, JUMP_BACK - 1])
def test_a_stamp_a_little_older_than_the_newest_is_late(behind: int) -> None:
    sampler = Sampler(4.0)
    sampler.judge(START)
    assert sampler.judge(START - behind) is Verdict.LATE
    assert sampler.judge(START + SECOND) is Verdict.KEPT


@pytest.mark.parametrize("behind", [JUMP_BACK, JUMP_BACK + 1, START - 1])
def test_a_stamp_much_older_than_the_newest_starts_a_new_time_line(behind: int) -> None:
    sampler = Sampler(4.0)
    sampler.judge(START)
    assert sampler.judge(START - behind) is Verdict.JUMPED_BACK
    assert sampler.judge(START - behind + SECOND // 4) is Verdict.KEPT
    assert sampler.judge(START - behind + SECOND // 4 + 1) is Verdict.NOT_DUE


def test_lateness_counts_from_the_newest_stamp_seen_even_if_it_was_not_kept() -> None:
    sampler = Sampler(0.1)
    sampler.judge(START)
    sampler.judge(START + 3 * SECOND)
    assert sampler.judge(START + 2 * SECOND) is Verdict.JUMPED_BACK


def test_after_forgetting_the_next_frame_is_the_first() -> None:
    sampler = Sampler(4.0)
    sampler.judge(START)
    sampler.forget()
    assert sampler.judge(START - 10 * SECOND) is Verdict.KEPT
