import itertools
from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st
from pictures import SECOND, frame_at

from cosmos_reasoner.clips.buffer import ClipBuffer
from cosmos_reasoner.clips.frame import Frame
from cosmos_reasoner.clips.sampler import Verdict

START = 100 * SECOND
VERDICTS = [verdict.name.lower() for verdict in Verdict]
ANY_FRAME = st.builds(
    frame_at,
    stamp=st.one_of(st.integers(-SECOND, 30 * SECOND), st.sampled_from([0, SECOND, 3 * SECOND])),
    nbytes=st.integers(0, 400),
    size=st.sampled_from([(2, 2), (2, 2), (2, 2), (4, 2)]),
)
ANY_FRAMES = st.lists(ANY_FRAME, max_size=80)


def held(buffer: ClipBuffer) -> tuple[Frame, ...]:
    return buffer.frames(-(10**18), 10**18)


def filled(*stamps: int, rate: float = 4.0, seconds: float = 5.0, max_bytes: int = 10**6) -> ClipBuffer:
    buffer = ClipBuffer(rate, seconds, max_bytes)
    for stamp in stamps:
        buffer.offer(frame_at(stamp))
    return buffer


@given(ANY_FRAMES, st.floats(0.1, 10))
@settings(deadline=None)
def test_the_bound_in_seconds_holds_for_any_stamps(frames: list[Frame], seconds: float) -> None:
    buffer = ClipBuffer(4.0, seconds, 10**9)
    for frame in frames:
        buffer.offer(frame)
        assert len(buffer) <= 1 or held(buffer)[-1].stamp - held(buffer)[0].stamp < round(seconds * SECOND)


@given(ANY_FRAMES, st.integers(0, 1000))
@settings(deadline=None)
def test_the_bound_in_bytes_holds_for_any_frames_but_a_single_one(frames: list[Frame], max_bytes: int) -> None:
    buffer = ClipBuffer(4.0, 10.0, max_bytes)
    for frame in frames:
        buffer.offer(frame)
        assert len(buffer) <= 1 or buffer.nbytes <= max_bytes


@given(ANY_FRAMES)
@settings(deadline=None)
def test_the_bytes_are_those_of_the_frames_held(frames: list[Frame]) -> None:
    buffer = ClipBuffer(4.0, 10.0, 900)
    for frame in frames:
        buffer.offer(frame)
        assert buffer.nbytes == sum(frame.nbytes for frame in held(buffer))


@given(ANY_FRAMES)
@settings(deadline=None)
def test_stamps_always_rise_and_all_frames_have_one_size(frames: list[Frame]) -> None:
    buffer = ClipBuffer(4.0, 10.0, 10**9)
    for frame in frames:
        buffer.offer(frame)
        stamps = [frame.stamp for frame in held(buffer)]
        assert all(older < newer for older, newer in itertools.pairwise(stamps))
        assert len({(frame.width, frame.height) for frame in held(buffer)}) <= 1


@given(ANY_FRAMES)
@settings(deadline=None)
def test_every_offer_is_counted_once_by_what_became_of_it(frames: list[Frame]) -> None:
    buffer = ClipBuffer(4.0, 10.0, 900)
    verdicts = Counter(buffer.offer(frame).name.lower() for frame in frames)
    assert {name: buffer.counts[name] for name in VERDICTS} == {name: verdicts[name] for name in VERDICTS}
    assert sum(buffer.counts[name] for name in VERDICTS) == len(frames)


@given(ANY_FRAMES)
@settings(deadline=None)
def test_what_is_wanted_is_the_newest_and_nothing_else_gets_in(frames: list[Frame]) -> None:
    buffer = ClipBuffer(4.0, 10.0, 900)
    for frame in frames:
        before = buffer.newest
        wanted = buffer.offer(frame) in (Verdict.KEPT, Verdict.JUMPED_BACK)
        assert buffer.newest is (frame if wanted else before)


def test_an_empty_buffer_has_no_newest_frame_and_no_bytes() -> None:
    buffer = filled()
    assert (buffer.newest, buffer.nbytes, len(buffer), buffer.seconds) == (None, 0, 0, 0.0)


def test_the_newest_frame_is_the_last_that_is_held() -> None:
    buffer = filled(START, START + SECOND, START + 2 * SECOND)
    assert buffer.newest == held(buffer)[-1]


def test_the_time_seen_counts_frames_that_were_dropped_since() -> None:
    assert filled(*(START + i * SECOND for i in range(8)), seconds=3.0).seconds == 7.0


def test_the_time_seen_begins_anew_when_the_clock_jumps_back() -> None:
    assert filled(START, START + 5 * SECOND, START + SECOND, START + 3 * SECOND).seconds == 2.0


def test_a_window_is_open_at_its_start_and_closed_at_its_end() -> None:
    buffer = filled(START, START + SECOND, START + 2 * SECOND)
    assert [frame.stamp for frame in buffer.frames(START, START + SECOND)] == [START + SECOND]


def test_frames_older_than_the_reach_are_forgotten() -> None:
    buffer = filled(*(START + i * SECOND for i in range(8)), seconds=3.0)
    assert [frame.stamp - START for frame in held(buffer)] == [5 * SECOND, 6 * SECOND, 7 * SECOND]


def test_frames_pushed_out_by_the_byte_bound_are_counted() -> None:
    buffer = filled(*(START + i * SECOND for i in range(5)), max_bytes=24)
    assert len(buffer) == 2
    assert buffer.counts["over_bytes"] == 3


def test_one_frame_is_held_whatever_its_size() -> None:
    buffer = ClipBuffer(4.0, 5.0, max_bytes=10)
    buffer.offer(frame_at(START, nbytes=1000))
    assert (len(buffer), buffer.counts["over_bytes"]) == (1, 0)


def test_a_change_of_size_forgets_the_old_frames_and_is_counted() -> None:
    buffer = filled(START, START + SECOND)
    buffer.offer(frame_at(START + 2 * SECOND, size=(4, 4)))
    assert [frame.width for frame in held(buffer)] == [4]
    assert (buffer.counts["size_changed"], buffer.counts["kept"]) == (1, 3)


def test_a_clock_that_jumps_back_forgets_the_old_frames() -> None:
    buffer = filled(START, START + SECOND, SECOND)
    assert [frame.stamp for frame in held(buffer)] == [SECOND]
    assert (buffer.counts["jumped_back"], buffer.counts["kept"]) == (1, 2)


def test_judging_counts_but_does_not_hold() -> None:
    buffer = filled()
    assert buffer.judge(START) is Verdict.KEPT
    assert (len(buffer), buffer.counts["kept"]) == (0, 1)


def test_flushing_forgets_frames_and_phase_but_not_the_counts() -> None:
    buffer = filled(START, START + SECOND)
    buffer.flush()
    assert (len(buffer), buffer.nbytes) == (0, 0)
    assert buffer.counts["kept"] == 2
    assert buffer.offer(frame_at(SECOND)) is Verdict.KEPT
