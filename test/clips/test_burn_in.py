import numpy as np
import pytest
from pictures import checked

from cosmos_reasoner.clips.burn_in import STRIP_HEIGHT, burn_in
from cosmos_reasoner.clips.frame import Bgr

SIZES = [(644, 476), (1008, 560), (112, 84), (56, 56), (28, 280)]


def strip(pixels: Bgr) -> Bgr:
    return pixels[-STRIP_HEIGHT:]


def bright_columns(pixels: Bgr) -> list[int]:
    return list(np.flatnonzero(strip(pixels).max(axis=(0, 2)) > 60))


@pytest.mark.parametrize("size", SIZES)
def test_the_pixels_above_the_strip_are_untouched(size: tuple[int, int]) -> None:
    pixels = checked(*size)
    marked = burn_in(pixels, 1.25, 0)
    assert marked.shape == (size[1] + STRIP_HEIGHT, size[0], 3)
    assert (marked[:-STRIP_HEIGHT] == pixels).all()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("seconds", [0.0, 1.25, 99.99, 3601.5])
def test_even_frames_have_the_time_in_the_left_half_and_odd_ones_in_the_right(
    size: tuple[int, int], seconds: float
) -> None:
    left, right = (bright_columns(burn_in(checked(*size), seconds, index)) for index in (4, 7))
    assert left
    assert max(left) < size[0] // 2
    assert right
    assert min(right) >= size[0] // 2


def test_the_strip_is_black_with_white_writing() -> None:
    marked = strip(burn_in(checked(644, 476), 1.25, 0))
    assert marked.max() == 255
    assert np.median(marked) == 0
    assert (marked == marked[..., :1]).all()


def test_the_time_is_written_with_two_decimals() -> None:
    pixels = checked(644, 476)
    assert (burn_in(pixels, 1.2512, 0) == burn_in(pixels, 1.25, 0)).all()
    assert (burn_in(pixels, 1.26, 0) != burn_in(pixels, 1.25, 0)).any()


def test_the_writing_never_touches_the_picture_nor_the_lower_edge() -> None:
    marked = strip(burn_in(checked(644, 476), 1234.56, 0))
    assert marked[0].max() == 0
    assert marked[-1].max() == 0


def test_the_picture_given_is_not_changed() -> None:
    pixels = checked(112, 84)
    before = pixels.copy()
    burn_in(pixels, 1.0, 0)
    assert (pixels == before).all()
