import contextlib
import threading
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pictures import SECOND, frame_at

from cosmos_reasoner.clips.clip import Clip
from cosmos_reasoner.clips.rig import CameraRig
from cosmos_reasoner.errors import ClipUnavailable, InvalidRequest

START = 100 * SECOND
PERIOD = SECOND // 4


def rig_of(*cameras: str, rate: float = 4.0, seconds: float = 10.0, max_bytes: int = 10**6) -> CameraRig:
    return CameraRig(cameras, rate, seconds, max_bytes)


def feed(rig: CameraRig, camera: str, stamps: Sequence[int]) -> None:
    for stamp in stamps:
        rig.offer(frame_at(stamp, camera))


def steady(hz: float, seconds: float, offset: int = 0) -> list[int]:
    return [START + offset + round(i * SECOND / hz) for i in range(int(hz * seconds) + 1)]


def stamps(clip: Clip, camera: str) -> list[int]:
    return [frame.stamp for view in clip if view.camera == camera for frame in view.frames]


def test_one_camera_s_clip_holds_every_frame_of_the_window() -> None:
    rig = rig_of("front")
    feed(rig, "front", steady(4, 5))
    assert stamps(rig.clip(2.0), "front") == [START + 3 * SECOND + i * PERIOD for i in range(1, 9)]


def test_an_explicit_end_gives_the_past() -> None:
    rig = rig_of("front")
    feed(rig, "front", steady(4, 5))
    clip = rig.clip(1.0, end=START + 2 * SECOND)
    assert (clip.start, clip.end) == (START + SECOND + PERIOD, START + 2 * SECOND)


def test_an_end_between_two_frames_takes_the_older() -> None:
    rig = rig_of("front")
    feed(rig, "front", steady(4, 5))
    assert rig.clip(1.0, end=START + 2 * SECOND - 1).end == START + 2 * SECOND - PERIOD


@pytest.mark.parametrize("count", range(2, 9))
def test_cameras_in_step_give_views_with_the_same_instants(count: int) -> None:
    names = [f"camera{i}" for i in range(count)]
    rig = rig_of(*names)
    for name in names:
        feed(rig, name, steady(4, 5))
    clip = rig.clip(2.0)
    assert clip.cameras == tuple(names)
    assert all(stamps(clip, name) == stamps(clip, names[0]) for name in names)
    assert len(stamps(clip, names[0])) == 8


def test_cameras_of_different_rates_are_aligned_within_half_a_period() -> None:
    rig = rig_of("front", "left", "right")
    for name, hz in (("front", 30), ("left", 25), ("right", 4)):
        feed(rig, name, steady(hz, 6))
    clip = rig.clip(4.0)
    counts = [len(stamps(clip, name)) for name in clip.cameras]
    assert max(counts) - min(counts) <= 1
    assert min(counts) >= 15
    grid = [stamps(clip, "front")[-1] - k * PERIOD for k in range(20)]
    for name in clip.cameras:
        assert all(min(abs(stamp - instant) for instant in grid) <= PERIOD / 2 for stamp in stamps(clip, name))


def test_a_camera_offset_by_half_a_period_keeps_its_place_on_the_grid() -> None:
    rig = rig_of("front", "left")
    feed(rig, "front", steady(4, 5))
    feed(rig, "left", steady(4, 5, offset=-PERIOD // 2))
    clip = rig.clip(2.0)
    assert len(stamps(clip, "front")) == len(stamps(clip, "left")) == 8
    assert all(a - b == PERIOD // 2 for a, b in zip(stamps(clip, "front"), stamps(clip, "left"), strict=True))


def test_a_slow_camera_has_frames_only_where_it_took_some() -> None:
    rig = rig_of("front", "left")
    feed(rig, "front", steady(4, 5))
    feed(rig, "left", steady(1, 5))
    clip = rig.clip(3.0)
    assert stamps(clip, "left") == [START + i * SECOND for i in (3, 4, 5)]
    assert len(stamps(clip, "front")) == 12


def test_a_camera_that_stops_gives_a_shorter_view_that_ends_earlier() -> None:
    rig = rig_of("front", "left")
    feed(rig, "front", steady(4, 5))
    feed(rig, "left", steady(4, 4))
    clip = rig.clip(2.0)
    assert stamps(clip, "left")[-1] == START + 4 * SECOND
    assert stamps(clip, "front")[-1] == clip.end == START + 5 * SECOND


def test_a_camera_that_stopped_before_the_window_gives_no_view() -> None:
    rig = rig_of("front", "left")
    feed(rig, "front", steady(4, 5))
    feed(rig, "left", steady(4, 1))
    assert rig.clip(2.0).cameras == ("front",)


def test_when_the_first_camera_stops_the_others_go_on() -> None:
    rig = rig_of("front", "left")
    feed(rig, "front", steady(4, 4))
    feed(rig, "left", steady(4, 5))
    clip = rig.clip(2.0)
    assert stamps(clip, "front")[-1] == START + 4 * SECOND
    assert stamps(clip, "left")[-1] == clip.end == START + 5 * SECOND


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 6 * SECOND)), min_size=1, max_size=120),
    st.floats(0.1, 8.0),
)
@settings(deadline=None)
def test_a_clip_of_any_frames_is_in_order_in_its_window_and_takes_no_frame_twice(
    frames: list[tuple[str, int]], duration: float
) -> None:
    rig = rig_of("a", "b", "c")
    for camera, offset in frames:
        rig.offer(frame_at(START + offset, camera))
    clip = rig.clip(duration)
    assert clip.end <= rig.newest_stamp()
    for view in clip:
        times = [frame.stamp for frame in view.frames]
        assert times == sorted(set(times))
        assert times[0] > rig.newest_stamp() - round(duration * SECOND)
        assert {frame.camera for frame in view.frames} == {view.camera}


def test_asked_cameras_come_in_the_asked_order() -> None:
    rig = rig_of("front", "left", "right")
    for name in rig.cameras:
        feed(rig, name, steady(4, 1))
    assert rig.clip(1.0, cameras=["right", "front"]).cameras == ("right", "front")


def test_the_newest_frame_is_that_of_the_asked_cameras() -> None:
    rig = rig_of("front", "left")
    feed(rig, "front", steady(4, 5))
    feed(rig, "left", steady(4, 1))
    assert rig.clip(1.0, cameras=["left"]).end == START + SECOND


def test_an_unknown_camera_is_named_together_with_the_known_ones() -> None:
    with pytest.raises(InvalidRequest, match="no camera 'back': there are front, left"):
        rig_of("front", "left").clip(1.0, cameras=["back"])


def test_before_the_first_frame_no_clip_can_be_had() -> None:
    with pytest.raises(ClipUnavailable, match="no frame of front, left yet"):
        rig_of("front", "left").clip(1.0)


def test_an_empty_window_is_named_with_its_bounds() -> None:
    rig = rig_of("front")
    feed(rig, "front", steady(4, 1))
    with pytest.raises(ClipUnavailable, match=r"no frame of front between 48\.000 s and 50\.000 s"):
        rig.clip(2.0, end=50 * SECOND)


def test_a_clock_that_jumps_back_at_one_camera_flushes_all() -> None:
    rig = rig_of("front", "left")
    feed(rig, "front", steady(4, 2))
    feed(rig, "left", steady(4, 2))
    assert rig.offer(frame_at(START - 50 * SECOND, "left"))
    clip = rig.clip(100.0)
    assert (clip.cameras, clip.start, clip.end) == (("left",), START - 50 * SECOND, START - 50 * SECOND)
    assert rig.offer(frame_at(START - 50 * SECOND, "front"))
    assert rig.counts("front")["jumped_back"] == 0
    assert rig.counts("left")["jumped_back"] == 1


def test_flushing_forgets_the_frames_of_every_camera() -> None:
    rig = rig_of("front", "left")
    feed(rig, "front", steady(4, 2))
    feed(rig, "left", steady(4, 2))
    rig.flush()
    assert (rig.nbytes, rig.newest_stamp(), rig.newest("front")) == (0, 0, None)


def test_the_bytes_are_shared_among_the_cameras() -> None:
    rig = rig_of("front", "left", max_bytes=100)
    for name in rig.cameras:
        feed(rig, name, steady(4, 5))
    assert rig.nbytes <= 100
    assert rig.counts("front")["over_bytes"] == rig.counts("left")["over_bytes"] > 0


def test_frames_not_due_are_judged_away() -> None:
    rig = rig_of("front")
    assert rig.judge("front", START)
    assert not rig.judge("front", START + 1)
    assert rig.counts("front") == {"kept": 1, "not_due": 1}


def test_the_newest_frame_is_told_by_camera() -> None:
    rig = rig_of("front", "left")
    feed(rig, "front", steady(4, 1))
    newest = rig.newest("front")
    assert newest is not None
    assert newest.stamp == rig.newest_stamp() == START + SECOND
    assert rig.newest("left") is None


def test_the_time_seen_is_that_of_the_camera_that_has_seen_the_most() -> None:
    rig = rig_of("front", "left", "right")
    assert rig.seconds == 0.0
    feed(rig, "front", [START])
    assert rig.seconds == 0.0
    feed(rig, "left", [START + SECOND, START + 3 * SECOND])
    assert rig.seconds == 2.0


def test_counts_are_a_copy() -> None:
    rig = rig_of("front")
    feed(rig, "front", steady(4, 1))
    rig.counts("front").clear()
    assert rig.counts("front")["kept"] == 5


def test_clips_can_be_taken_while_another_thread_adds_and_its_clock_jumps() -> None:
    rig = rig_of("front", "left", rate=1000.0, seconds=0.05)

    def add() -> None:
        for i in range(6000):
            jump = 10 * SECOND if i % 1000 > 500 else 0
            rig.offer(frame_at(START + i * 1_000_000 - jump, "front" if i % 2 else "left"))

    adder = threading.Thread(target=add)
    adder.start()
    while adder.is_alive():
        assert rig.newest("front") is None or rig.nbytes >= 0
        with contextlib.suppress(ClipUnavailable):  # right after a jump there is none
            for view in rig.clip(0.02):
                assert all(older.stamp < newer.stamp for older, newer in pairwise(view.frames))
    assert sum(rig.counts("front")[name] for name in ("kept", "jumped_back", "not_due")) == 3000
