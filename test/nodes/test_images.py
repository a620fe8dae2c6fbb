"""Image messages in and out."""

import array
from typing import Any

import numpy as np
import pytest
from builtin_interfaces.msg import Time
from hypothesis import given, settings
from hypothesis import strategies as st
from sensor_msgs.msg import CompressedImage, Image
from std_msgs.msg import Header

from cosmos_reasoner.clips.frame import Frame
from cosmos_reasoner.clips.pixels import decode
from cosmos_reasoner.errors import FrameError
from cosmos_reasoner.nodes.images import (
    compressed_from_frame,
    frame_from_compressed,
    frame_from_image,
    image_from_frame,
    time_from_stamp,
)
from cosmos_reasoner.recordings.messages import stamp_of

STAMP = 1_700_000_000_123_456_789


def image(encoding: str = "rgb8", width: int = 8, height: int = 6, size: int = 3, **changes: Any) -> Image:
    data = array.array("B", bytes(i % 251 for i in range(width * height * size)))
    header = Header(stamp=time_from_stamp(STAMP), frame_id="optical")
    fields = {"header": header, "width": width, "height": height, "step": width * size, "data": data}
    return Image(encoding=encoding, **fields | changes)


def frame(encoding: str = "bgr8", value: int = 90) -> Frame:
    return Frame("front", STAMP, 8, 6, encoding, bytes([value]) * 144, 24, frame_id="optical")


def test_a_raw_image_becomes_a_frame_that_shares_its_memory() -> None:
    message = image()
    taken = frame_from_image(message, "front")
    message.data[0] = 222
    assert taken.data[0] == 222
    assert (taken.camera, taken.stamp, taken.frame_id, taken.encoding) == ("front", STAMP, "optical", "rgb8")
    assert decode(taken).shape == (6, 8, 3)


def test_a_frame_outlives_its_message() -> None:
    message = image()
    expected = bytes(message.data)
    taken = frame_from_image(message, "front")
    del message
    assert bytes(taken.data) == expected


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"width": 0}, "no pixels"),
        ({"step": 23}, "step 23"),
        ({"data": array.array("B", bytes(143))}, "cut off: 143 bytes"),
        ({"data": array.array("B")}, "cut off: 0 bytes"),
    ],
)
def test_an_image_that_does_not_fit_itself_is_a_frame_error(changes: dict[str, Any], problem: str) -> None:
    with pytest.raises(FrameError, match=f"front: .*{problem}"):
        frame_from_image(image(**changes), "front")


@pytest.mark.parametrize(("encoding", "size"), [("rgb16", 6), ("bayer_rggb16", 2), ("64FC1", 8), ("a new one", 1)])
def test_other_encodings_become_bgr8_through_cv_bridge_or_a_frame_error(encoding: str, size: int) -> None:
    try:
        taken = frame_from_image(image(encoding, size=size), "front")
    except FrameError as error:
        assert f"front: encoding '{encoding}': cv_bridge cannot make bgr8 of it" in str(error)  # noqa: PT017
    else:
        assert (taken.encoding, taken.step, taken.width, taken.height, taken.nbytes) == ("bgr8", 24, 8, 6, 144)


def test_a_compressed_image_is_told_by_its_bytes() -> None:
    sent = compressed_from_frame(frame())
    sent.format = "bgr8; png compressed"
    taken = frame_from_compressed(sent, "front")
    assert (taken.encoding, taken.width, taken.height, taken.stamp) == ("jpeg", 8, 6, STAMP)
    assert np.allclose(decode(taken), 90, atol=2)


def test_a_compressed_image_of_something_else_is_a_frame_error() -> None:
    with pytest.raises(FrameError, match="front: neither a JPEG nor a PNG"):
        frame_from_compressed(CompressedImage(format="jpeg", data=array.array("B", b"GIF89a")), "front")


@pytest.mark.parametrize(
    ("encoding", "size"), [("mono8", 1), ("16UC1", 2), ("bgr8", 3), ("bgra8", 4), ("32FC1", 4), ("yuv422_yuy2", 2)]
)
def test_a_raw_frame_goes_out_as_it_came_in(encoding: str, size: int) -> None:
    sent = image(encoding, size=size, is_bigendian=1)
    taken = Frame("front", STAMP, 8, 6, encoding, memoryview(sent.data), 8 * size, big_endian=True, frame_id="optical")
    assert image_from_frame(taken) == sent


def test_a_compressed_frame_goes_out_as_it_is_or_decoded() -> None:
    jpeg = frame_from_compressed(compressed_from_frame(frame()), "front")
    assert bytes(compressed_from_frame(jpeg).data) == bytes(jpeg.data)
    assert compressed_from_frame(jpeg).format == "jpeg"
    raw = image_from_frame(jpeg)
    assert (raw.encoding, raw.width, raw.height, raw.step, len(raw.data)) == ("bgr8", 8, 6, 24, 144)
    assert (stamp_of(raw.header.stamp), raw.header.frame_id) == (STAMP, "optical")


def test_quality_decides_about_the_size() -> None:
    noise = np.random.default_rng(0).integers(0, 256, (60, 80, 3), np.uint8)
    noisy = Frame("front", STAMP, 80, 60, "bgr8", noise.tobytes(), 240)
    assert len(compressed_from_frame(noisy, 20).data) < len(compressed_from_frame(noisy, 95).data) / 3


def test_a_frame_of_an_unknown_encoding_cannot_be_compressed() -> None:
    with pytest.raises(FrameError, match="a new one"):
        compressed_from_frame(frame("a new one"))


@settings(deadline=None)
@given(st.integers(0, (2**31 - 1) * 1_000_000_000 + 999_999_999))
def test_stamps_are_exact_both_ways(stamp: int) -> None:
    time = time_from_stamp(stamp)
    assert isinstance(time, Time)
    assert stamp_of(time) == stamp
