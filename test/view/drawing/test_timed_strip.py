"""A clip as one picture with times."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
from pictures import SECOND, jpeg_frame, plain, raw_frame

from cosmos_reasoner.clips.clip import Clip, View
from cosmos_reasoner.clips.frame import Bgr
from cosmos_reasoner.view.drawing.lettering import lettering
from cosmos_reasoner.view.drawing.palette import QUIET, WHITE, Color
from cosmos_reasoner.view.drawing.strip import draw_timed_strip

GRAY = (100, 100, 100)
TIMES, HEIGHT, WIDTH = 24, 120, 160


def view(*seconds: float, camera: str = "front", color: Color = GRAY, size: tuple[int, int] = (64, 48)) -> View:
    """Frames of one colour at these times, s."""
    return View(camera, tuple(raw_frame(plain(*size, color), round(at * SECOND), camera) for at in seconds))


def drawn(*views: View) -> Bgr:
    """The strip of a clip."""
    jpeg = draw_timed_strip(Clip(views))
    assert jpeg[:2] == b"\xff\xd8"
    return np.asarray(cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR), np.uint8)


def written(text: str, color: Color, ground: int = 0) -> Bgr:
    """A text as high as the row of times."""
    cell = plain(WIDTH, TIMES, (ground,) * 3)
    lettering().draw(cell, text, (4, 17), 15, color)
    return cell


def difference(one: Bgr, other: Bgr) -> float:
    """Mean difference of pixels, 0..255; JPEG changes them a little."""
    return float(np.abs(one.astype(int) - other).mean())


def ink(pixels: Bgr) -> float:
    """The brightest pixel."""
    return float(pixels.max())


def test_it_has_a_column_a_moment_a_row_a_camera_and_a_row_of_times() -> None:
    picture = drawn(view(1.0, 2.0, 3.0), view(1.0, 2.0, 3.0, camera="rear", color=(200, 200, 200)))
    assert picture.shape == (2 * HEIGHT + TIMES, 3 * WIDTH, 3)
    assert difference(picture[30:HEIGHT, WIDTH:], np.full(3, 100, np.uint8)) < 2
    assert difference(picture[HEIGHT + 30 : -TIMES, WIDTH:], np.full(3, 200, np.uint8)) < 2


@pytest.mark.parametrize("count", [17, 100])
def test_of_many_moments_sixteen_are_shown(count: int) -> None:
    assert drawn(view(*[number / 4 for number in range(count)])).shape[1] == 16 * WIDTH


def test_below_each_moment_stands_how_long_before_the_last_it_was() -> None:
    times = drawn(view(1.0, 3.25, 5.0))[-TIMES:]
    cells = np.hsplit(times, 3)
    said = [("-4.00 s", QUIET), ("-1.75 s", QUIET), ("0.00 s", WHITE)]
    for cell, (text, color) in zip(cells, said):
        assert difference(cell, written(text, color)) < 3 < difference(cell, written("-9.99 s", color))


def test_the_last_moment_stands_out() -> None:
    before, last = np.hsplit(drawn(view(1.0, 1.25))[-TIMES:], 2)
    assert ink(last) > ink(before) > 100


def test_a_single_camera_is_not_named() -> None:
    assert difference(drawn(view(1.0))[:HEIGHT], np.full(3, 100, np.uint8)) < 2


def test_of_several_cameras_each_is_named_in_its_first_picture_on_a_dark_ground() -> None:
    picture = drawn(view(1.0, 2.0), view(1.0, 2.0, camera="rear"))
    rows = {"front": picture[:HEIGHT], "rear": picture[HEIGHT : 2 * HEIGHT]}
    for name, row in rows.items():
        unlike = {other: difference(row[:TIMES, :30], written(other, WHITE, 25)[:, :30]) for other in rows}
        assert min(unlike, key=lambda other: unlike[other]) == name and unlike[name] < 10
        assert difference(row[:, WIDTH + 8 :], np.full(3, 100, np.uint8)) < 2


@pytest.mark.parametrize("name", ["x" * 200, "Ж" * 200, "前方摄像头" * 40, "a\u0301\ud800\n\x1b[31m\u202e" * 30, ""])
def test_any_name_stays_in_the_first_picture(name: str) -> None:
    picture = drawn(view(1.0, 2.0, camera=name), view(1.0, 2.0, camera="rear"))
    assert picture.shape == (2 * HEIGHT + TIMES, 2 * WIDTH, 3)
    assert difference(picture[:HEIGHT, WIDTH + 8 :], np.full(3, 100, np.uint8)) < 2
    assert difference(picture[TIMES + 8 : HEIGHT], np.full(3, 100, np.uint8)) < 2


def test_of_more_than_eight_cameras_eight_are_shown() -> None:
    assert drawn(*[view(1.0, camera=f"camera_{number}") for number in range(10)]).shape[0] == 8 * HEIGHT + TIMES


@pytest.mark.parametrize("size", [(2000, 2), (2, 2000), (1, 1)])
def test_frames_of_any_shape_can_be_drawn(size: tuple[int, int]) -> None:
    picture = drawn(view(1.0, 2.0, size=size), view(1.0, camera="rear", size=size))
    assert picture.shape[1] == 2 * WIDTH and TIMES < picture.shape[0] <= 2 * 480 + TIMES


def test_a_frame_that_cannot_be_decoded_is_black() -> None:
    broken = replace(jpeg_frame(plain(64, 48, GRAY), 2 * SECOND), data=b"broken")
    picture = drawn(View("front", (*view(1.0).frames, broken)))
    assert difference(picture[:HEIGHT, : WIDTH - 8], np.full(3, 100, np.uint8)) < 2
    assert ink(picture[:HEIGHT, WIDTH + 8 :]) < 10
