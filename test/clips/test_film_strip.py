"""A clip as small pictures side by side."""

from dataclasses import replace

import numpy as np
import pytest
from pictures import SECOND, checked, jpeg_frame, plain, raw_frame

from cosmos_reasoner.clips.clip import Clip, View
from cosmos_reasoner.clips.frame import Bgr
from cosmos_reasoner.clips.strip import FilmStrip, draw_strip


def view(*seconds: float, camera: str = "front", width: int = 64, height: int = 48) -> View:
    """A camera's frames at these times, s, each as bright as its time: 10 more a second."""
    shades = [plain(width, height, (round(10 * at),) * 3) for at in seconds]
    frames = [raw_frame(shade, round(at * SECOND), camera) for at, shade in zip(seconds, shades)]
    return View(camera, tuple(frames))


def seen(*views: View, columns: int = 16, rows: int = 8) -> FilmStrip:
    """A strip of some views."""
    return draw_strip(Clip(views), columns, rows)


def times(strip: FilmStrip) -> list[float]:
    """Of the moments, s."""
    return [stamp / SECOND for stamp in strip.stamps]


def shown(strip: FilmStrip, row: int = 0) -> list[float]:
    """Of the pictures of a row the times at which they were taken, s."""
    pictures = np.hsplit(strip.rows[row], len(strip.stamps))
    return [round(float(picture.mean()) / 10, 1) for picture in pictures]


def test_it_has_a_column_a_moment() -> None:
    strip = seen(view(1.0, 2.0, 3.0))
    assert times(strip) == shown(strip) == [1.0, 2.0, 3.0]
    assert (strip.width, strip.height, strip.rows[0].shape) == (160, 120, (120, 480, 3))


@pytest.mark.parametrize(("count", "columns"), [(16, 16), (17, 16), (40, 12), (200, 16), (5, 1)])
def test_of_many_moments_some_are_chosen_evenly_first_and_last_among_them(count: int, columns: int) -> None:
    strip = seen(view(*[number / 10 for number in range(count)]), columns=columns)
    steps = np.diff(times(strip))
    assert len(strip.stamps) == columns and times(strip)[0] == 0.0
    assert times(strip)[-1] == ((count - 1) / 10 if columns > 1 else 0.0)
    assert not steps.size or steps.max() - steps.min() < 0.11


def test_each_camera_has_a_row_as_far_as_there_are_any() -> None:
    views = [view(1.0, 2.0, camera=f"camera_{number}") for number in range(9)]
    strip = seen(*views, rows=8)
    assert strip.cameras == tuple(f"camera_{number}" for number in range(8))
    assert [row.shape for row in strip.rows] == [(120, 320, 3)] * 8


def test_where_a_camera_saw_nothing_what_it_saw_nearest_to_that_is_shown() -> None:
    strip = seen(view(1.0, 2.0, 3.0, 4.0), view(1.1, 3.9, camera="rear"))
    assert [shown(strip, row) for row in (0, 1)] == [[1.0, 2.0, 3.0, 4.0], [1.1, 1.1, 3.9, 3.9]]


def test_when_the_first_camera_has_stopped_what_others_saw_since_then_is_shown() -> None:
    strip = seen(view(1.0, 2.0), view(1.0, 2.0, 3.0, 4.0, camera="rear"))
    assert times(strip) == shown(strip, 1) == [1.0, 2.0, 3.0, 4.0]


def test_pictures_of_another_size_are_made_as_large_as_those_of_the_first_camera() -> None:
    strip = seen(view(1.0, width=640, height=480), view(1.0, camera="rear", width=40, height=90))
    assert [row.shape for row in strip.rows] == [(120, 160, 3)] * 2


@pytest.mark.parametrize("size", [(2, 2000), (2000, 2), (1, 1), (4000, 3000)])
def test_pictures_of_any_shape_can_be_drawn(size: tuple[int, int]) -> None:
    strip = seen(View("front", (raw_frame(plain(*size, (50, 50, 50))),)))
    assert strip.width == 160 and 1 <= strip.height <= 480
    assert (strip.rows[0] == 50).all()


def test_a_frame_that_cannot_be_decoded_is_black_and_the_others_are_shown() -> None:
    broken = replace(jpeg_frame(plain(64, 48), 2 * SECOND), data=b"broken")
    frames = view(1.0, 2.0, 3.0).frames
    assert shown(seen(View("front", (frames[0], broken, frames[2])))) == [1.0, 0.0, 3.0]


@pytest.mark.parametrize("make", [jpeg_frame, raw_frame])
def test_pictures_look_like_what_they_show(make) -> None:
    pixels: Bgr = checked(640, 480, 80)
    small = seen(View("front", (make(pixels),))).rows[0]
    assert np.abs(small[::2, ::2].astype(int) - pixels[::8, ::8]).mean() < 20
