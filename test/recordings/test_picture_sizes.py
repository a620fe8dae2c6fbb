"""Sizes of picture files."""

from contextlib import suppress
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from recorded import BagBuilder

from cosmos_reasoner.errors import FrameError
from cosmos_reasoner.recordings.picture_sizes import _size, picture_size

LOSSY, LOSSLESS = [cv2.IMWRITE_WEBP_QUALITY, 50], [cv2.IMWRITE_WEBP_QUALITY, 101]


def noise(channels: int) -> np.ndarray:
    """A picture of 321x77 px."""
    return np.random.default_rng(0).integers(0, 256, (77, 321, channels), np.uint8)


@pytest.mark.parametrize(
    ("ending", "channels", "options"),
    [
        (".jpg", 3, []),
        (".png", 4, []),
        (".bmp", 1, []),
        (".bmp", 3, []),
        (".webp", 3, LOSSY),
        (".webp", 3, LOSSLESS),
        (".webp", 4, LOSSY),
    ],
)
def test_every_kind_of_file_says_its_size(tmp_path: Path, ending: str, channels: int, options: list[int]) -> None:
    assert cv2.imwrite(str(tmp_path / f"a{ending}"), noise(channels), options)
    assert picture_size(tmp_path / f"a{ending}") == (321, 77)


def test_a_bmp_whose_rows_come_from_above_has_the_same_size(tmp_path: Path) -> None:
    data = BagBuilder.picture_file(".bmp")
    (tmp_path / "a.bmp").write_bytes(data[:22] + (-6).to_bytes(4, "little", signed=True) + data[26:])
    assert picture_size(tmp_path / "a.bmp") == (8, 6)


def test_a_preview_may_come_before_the_header_of_a_jpeg(tmp_path: Path) -> None:
    data = BagBuilder.picture_file(".jpg")
    preview = b"\xff\xe1\xff\xff" + bytes(65_533)
    (tmp_path / "a.jpg").write_bytes(data[:2] + preview + data[2:])
    assert picture_size(tmp_path / "a.jpg") == (8, 6)


@pytest.mark.parametrize("start", [b"", b"BM", b"RIFF????WEBPVP8 ", b"RIFF????WEBPVP8L", b"RIFF????WEBPVP8X"])
@given(rest=st.binary(max_size=40))
def test_whatever_a_file_holds_there_is_a_size_or_a_frame_error(start: bytes, rest: bytes) -> None:
    with suppress(FrameError):
        assert min(_size(start + rest)) > 0
