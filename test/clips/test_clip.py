import dataclasses

import pytest
from pictures import SECOND, frame_at, jpeg_frame, plain

from cosmos_reasoner.clips.clip import Clip, View
from cosmos_reasoner.clips.frame import COMPRESSED, Frame


def two_views() -> Clip:
    front = View("front", (frame_at(2 * SECOND), frame_at(5 * SECOND)))
    left = View("left", (frame_at(SECOND, "left"), frame_at(5 * SECOND, "left"), frame_at(6 * SECOND, "left")))
    return Clip((front, left))


def test_a_view_without_frames_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="front needs at least one frame"):
        View("front", ())


def test_a_clip_without_views_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="at least one view"):
        Clip(())


def test_a_clip_of_one_camera_s_frames_has_one_view() -> None:
    clip = Clip.of([frame_at(SECOND), frame_at(3 * SECOND)])
    assert (clip.cameras, clip.frame_count, clip.start, clip.end) == (("front",), 2, SECOND, 3 * SECOND)


def test_a_clip_lasts_from_its_earliest_to_its_latest_frame_of_any_view() -> None:
    clip = two_views()
    assert (clip.start, clip.end, clip.frame_count, clip.cameras) == (SECOND, 6 * SECOND, 5, ("front", "left"))


def test_the_newest_frame_is_of_the_view_that_ends_last() -> None:
    assert two_views().newest.camera == "left"


def test_of_views_that_end_together_the_first_has_the_newest_frame() -> None:
    clip = Clip((View("front", (frame_at(SECOND),)), View("left", (frame_at(SECOND, "left"),))))
    assert clip.newest.camera == "front"


def test_times_count_from_the_clip_s_start_and_not_from_the_view_s() -> None:
    clip = two_views()
    assert [clip.seconds(frame) for view in clip for frame in view.frames] == [1.0, 4.0, 0.0, 4.0, 5.0]


def test_a_frame_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        frame_at(SECOND).stamp = 0  # type: ignore[misc]


def test_compressed_frames_are_told_from_raw_ones() -> None:
    assert jpeg_frame(plain(8, 8)).is_compressed
    assert not frame_at(SECOND).is_compressed
    assert {"jpeg", "png"} == COMPRESSED


def test_the_bytes_of_a_view_into_memory_are_those_it_spans() -> None:
    wide = memoryview(bytes(24)).cast("H")
    assert Frame("front", SECOND, 2, 2, "mono16", wide, 4).nbytes == 24
