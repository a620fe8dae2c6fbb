"""Image messages as frames."""

from contextlib import suppress
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cosmos_reasoner.errors import FrameError
from cosmos_reasoner.recordings.messages import bytes_per_pixel, compressed_frame, raw_frame


def message(**changes: Any) -> Any:
    header = SimpleNamespace(stamp=SimpleNamespace(sec=12, nanosec=34), frame_id="optical")
    fields = {"height": 4, "width": 6, "encoding": "rgb8", "is_bigendian": 0, "step": 18, "data": bytes(72)}
    return SimpleNamespace(header=header, **fields | changes)


@pytest.mark.parametrize(
    ("encoding", "size"),
    [
        ("mono8", 1),
        ("mono16", 2),
        ("rgb8", 3),
        ("bgra8", 4),
        ("bgr16", 6),
        ("rgba16", 8),
        ("8UC3", 3),
        ("16UC1", 2),
        ("32FC1", 4),
        ("64FC2", 16),
        ("16SC4", 8),
        ("bayer_grbg8", 1),
        ("bayer_grbg16", 2),
        ("yuv422", 2),
        ("yuv422_yuy2", 2),
        ("uyvy", 2),
        ("yuyv", 2),
        ("nv21", 1),
        ("a new one", 1),
    ],
)
def test_pixels_have_the_size_of_their_encoding(encoding: str, size: int) -> None:
    assert bytes_per_pixel(encoding) == size


def test_a_raw_frame_looks_into_the_message() -> None:
    data = np.arange(72, dtype=np.uint8)
    frame = raw_frame(message(data=data), "front")
    data[5] = 200
    assert frame.data[5] == 200
    assert (frame.camera, frame.stamp, frame.frame_id) == ("front", 12_000_000_034, "optical")


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"width": 0}, "front: rgb8 picture of 0x4 px has no pixels"),
        ({"height": 0}, "has no pixels"),
        ({"step": 17}, "has step 17, but a row takes 18 bytes"),
        ({"encoding": "32FC1"}, "has step 18, but a row takes 24 bytes"),
        ({"data": bytes(71)}, "is cut off: 71 bytes of data"),
        ({"data": b""}, "is cut off: 0 bytes of data"),
    ],
)
def test_what_does_not_fit_is_refused_with_the_reason(changes: dict[str, Any], problem: str) -> None:
    with pytest.raises(FrameError, match=problem):
        raw_frame(message(**changes), "front")


def test_the_last_row_may_lack_its_padding() -> None:
    assert raw_frame(message(step=20, data=bytes(3 * 20 + 18)), "front").step == 20


@settings(deadline=None)
@given(st.integers(0, 9), st.integers(0, 9), st.integers(0, 60), st.integers(0, 99), st.text(max_size=6))
def test_any_message_gives_a_frame_or_a_frame_error(width: int, height: int, step: int, size: int, name: str) -> None:
    with suppress(FrameError):
        raw_frame(message(width=width, height=height, step=step, data=bytes(size), encoding=name), "front")


@settings(deadline=None)
@given(st.binary(max_size=40), st.sampled_from([b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"]))
def test_any_compressed_data_gives_a_frame_or_a_frame_error(data: bytes, start: bytes) -> None:
    with suppress(FrameError):
        compressed_frame(message(data=start + data), "front")
