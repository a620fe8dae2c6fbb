"""What a clip takes: the small picture of the report, and the large ones that wait."""

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from pictures import SECOND, checked, jpeg_frame, plain, raw_frame

from cosmos_reasoner.clips.clip import Clip, View
from cosmos_reasoner.clips.pixels import decode
from cosmos_reasoner.evaluation.run.compact import compact
from cosmos_reasoner.evaluation.run.strips import COLUMNS, draw_strip


def clip(count: int, width: int = 64, height: int = 48) -> Clip:
    """Frames a quarter of a second apart, brighter and brighter."""
    shades = [(4 * number,) * 3 for number in range(count)]
    frames = [
        jpeg_frame(plain(width, height, shade), SECOND + number * SECOND // 4) for number, shade in enumerate(shades)
    ]
    return Clip.of(frames)


def test_a_strip_has_a_column_a_moment_with_its_time(tmp_path: Path) -> None:
    strip = draw_strip(clip(5), tmp_path / "strip.jpg")
    picture = cv2.imread(str(tmp_path / "strip.jpg"))
    assert strip.times == (0.0, 0.25, 0.5, 0.75, 1.0)
    assert picture.shape == (strip.height, 5 * strip.width, 3) == (120, 800, 3)
    assert picture[60, 80].mean() < picture[60, 720].mean()


def test_of_many_frames_some_are_chosen_first_and_last_among_them(tmp_path: Path) -> None:
    strip = draw_strip(clip(40), tmp_path / "strip.jpg")
    assert (len(strip.times), strip.times[0], strip.times[-1]) == (COLUMNS, 0.0, 9.75)


def test_each_camera_has_a_row(tmp_path: Path) -> None:
    left = clip(3).views[0]
    right = View("right", tuple(replace(frame, camera="right") for frame in left.frames))
    strip = draw_strip(Clip((left, right)), tmp_path / "strip.jpg")
    assert strip.cameras == ("front", "right")
    assert cv2.imread(str(tmp_path / "strip.jpg")).shape[0] == 2 * strip.height


def test_a_large_raw_picture_takes_little_memory_and_looks_the_same() -> None:
    large = raw_frame(checked(1280, 720))
    small = compact(large)
    assert small.nbytes < large.nbytes / 5
    assert (small.stamp, small.camera, small.width, small.height) == (large.stamp, large.camera, 1280, 720)
    assert np.abs(decode(small).astype(int) - decode(large)).mean() < 2


@pytest.mark.parametrize(
    "frame",
    [
        raw_frame(checked(320, 240)),
        jpeg_frame(checked(1280, 720)),
        replace(raw_frame(checked(1280, 720)), encoding="16UC1"),
        replace(raw_frame(checked(1280, 720)), step=7),
    ],
    ids=["small", "compressed", "depth", "broken"],
)
def test_other_pictures_stay_as_they_are(frame) -> None:
    assert compact(frame) is frame
