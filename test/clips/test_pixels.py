import array
import contextlib
import struct

import cv2
import numpy as np
import numpy.typing as npt
import pytest
from pictures import checked, jpeg, jpeg_frame, plain, png

from cosmos_reasoner.clips.frame import Frame
from cosmos_reasoner.clips.pixels import DEPTH_FAR_MM, RAW_ENCODINGS, decode
from cosmos_reasoner.errors import FrameError

ORANGE = (20, 130, 240)
"""Blue, green, red."""


def raw(encoding: str, rows: npt.NDArray[np.generic], width: int, **more: object) -> Frame:
    height = rows.shape[0]
    return Frame("front", 1, width, height, encoding, rows.tobytes(), rows.nbytes // height, **more)  # type: ignore[arg-type]


def mosaic(first: str, second: str, side: int = 8) -> npt.NDArray[np.uint8]:
    """An orange surface as a sensor sees it through colour filters, named row by row."""
    level = dict(zip("bgr", ORANGE, strict=True))
    tile = [[level[filter_] for filter_ in row] for row in (first, second)]
    return np.tile(np.array(tile, np.uint8), (side // 2, side // 2))


ORANGE_AS = {
    "bgr8": [20, 130, 240],
    "8UC3": [20, 130, 240],
    "rgb8": [240, 130, 20],
    "bgra8": [20, 130, 240, 7],
    "8UC4": [20, 130, 240, 7],
    "rgba8": [240, 130, 20, 7],
}
GRAY_AS = {
    "mono8": [200],
    "8UC1": [200],
    "mono16": [0x12, 200],
    "uyvy": [128, 188] * 2,
    "yuv422": [128, 188] * 2,
    "yuyv": [188, 128] * 2,
    "yuv422_yuy2": [188, 128] * 2,
}
BAYER = {"bayer_rggb8": "rggb", "bayer_bggr8": "bggr", "bayer_gbrg8": "gbrg", "bayer_grbg8": "grbg"}


def test_this_module_tests_every_raw_encoding() -> None:
    assert {*ORANGE_AS, *GRAY_AS, *BAYER, "16UC1"} == RAW_ENCODINGS


@pytest.mark.parametrize("encoding", ORANGE_AS)
def test_the_channels_of_a_colour_encoding_come_out_as_blue_green_red(encoding: str) -> None:
    pixel = np.array(ORANGE_AS[encoding], np.uint8)
    assert decode(raw(encoding, np.tile(pixel, (4, 6)), 6)) == pytest.approx(plain(6, 4, ORANGE))


@pytest.mark.parametrize("encoding", GRAY_AS)
def test_gray_comes_out_as_three_equal_channels(encoding: str) -> None:
    pair = np.array(GRAY_AS[encoding], np.uint8)
    repeats = 6 // 2 if len(pair) == 4 else 6
    assert decode(raw(encoding, np.tile(pair, (4, repeats)), 6)) == pytest.approx(plain(6, 4, (200, 200, 200)), abs=1)


@pytest.mark.parametrize(
    ("encoding", "pair"),
    [
        ("uyvy", [90, 81, 240, 81]),
        ("yuv422", [90, 81, 240, 81]),
        ("yuyv", [81, 90, 81, 240]),
        ("yuv422_yuy2", [81, 90, 81, 240]),
    ],
)
def test_red_in_video_levels_comes_out_red_in_both_orders(encoding: str, pair: list[int]) -> None:
    rows = np.tile(np.array(pair, np.uint8), (4, 3))
    assert decode(raw(encoding, rows, 6)) == pytest.approx(plain(6, 4, (0, 0, 255)), abs=2)


@pytest.mark.parametrize("encoding", BAYER)
def test_a_bayer_pattern_is_named_by_its_first_row_and_then_its_second(encoding: str) -> None:
    pattern = BAYER[encoding]
    pixels = decode(raw(encoding, mosaic(pattern[:2], pattern[2:]), 8))
    assert pixels[2:-2, 2:-2] == pytest.approx(plain(4, 4, ORANGE))


def test_the_order_of_16_bit_bytes_is_respected() -> None:
    little = raw("mono16", np.full((2, 3), 0x80FF, "<u2"), 3)
    big = raw("mono16", np.full((2, 3), 0x80FF, ">u2"), 3, big_endian=True)
    assert (decode(little) == 0x80).all()
    assert (decode(big) == 0x80).all()


@pytest.mark.parametrize("big_endian", [False, True])
def test_depth_is_brighter_the_nearer_and_black_without_a_reading_or_far_away(big_endian: bool) -> None:
    depths = np.array([[0, 1, DEPTH_FAR_MM // 2, DEPTH_FAR_MM, 65535]], ">u2" if big_endian else "<u2")
    pixels = decode(raw("16UC1", depths, 5, big_endian=big_endian))
    assert pixels[0, :, 0].tolist() == [0, 254, 127, 0, 0]
    assert (pixels == pixels[..., :1]).all()


@pytest.mark.parametrize(("encoding", "bytes_a_pixel"), [("bgr8", 3), ("mono8", 1), ("mono16", 2), ("uyvy", 2)])
def test_padding_at_the_end_of_the_rows_is_skipped(encoding: str, bytes_a_pixel: int) -> None:
    rows = np.random.default_rng(3).integers(0, 256, (4, 6 * bytes_a_pixel), np.uint8)
    padded = np.hstack([rows, np.full((4, 5), 255, np.uint8)])
    assert (decode(raw(encoding, padded, 6)) == decode(raw(encoding, rows, 6))).all()


def test_the_last_row_needs_no_padding() -> None:
    pixels = checked(6, 4, 2)
    padded = np.hstack([pixels.reshape(4, 18), np.zeros((4, 6), np.uint8)]).tobytes()[:-6]
    assert (decode(Frame("front", 1, 6, 4, "bgr8", padded, 24)) == pixels).all()


def test_a_step_of_zero_means_rows_without_padding() -> None:
    pixels = checked(6, 4, 2)
    assert (decode(Frame("front", 1, 6, 4, "bgr8", pixels.tobytes())) == pixels).all()


def test_data_is_read_from_any_buffer() -> None:
    pixels = checked(6, 4, 2)
    data = memoryview(array.array("B", pixels.tobytes()))
    assert (decode(Frame("front", 1, 6, 4, "bgr8", data, 18)) == pixels).all()


@pytest.mark.parametrize(
    ("width", "height", "step", "nbytes"),
    [(6, 4, 18, 71), (6, 4, 17, 72), (6, 4, 24, 89), (0, 4, 18, 72), (6, 0, 18, 72), (6, 4, 18, 0)],
)
def test_data_that_does_not_hold_its_rows_is_broken(width: int, height: int, step: int, nbytes: int) -> None:
    with pytest.raises(FrameError, match=f"front: broken bgr8 picture of {width}x{height} px: {nbytes} bytes"):
        decode(Frame("front", 1, width, height, "bgr8", bytes(nbytes), step))


@pytest.mark.parametrize("encoding", ["uyvy", "yuv422", "yuyv", "yuv422_yuy2"])
def test_a_yuv_picture_of_odd_width_is_broken(encoding: str) -> None:
    with pytest.raises(FrameError, match=f"broken {encoding} picture of 5x4 px"):
        decode(raw(encoding, np.zeros((4, 10), np.uint8), 5))


@pytest.mark.parametrize("encoding", sorted(RAW_ENCODINGS))
@pytest.mark.parametrize("size", [(1, 1), (2, 1), (1, 2), (3, 3)])
def test_tiny_pictures_are_decoded_or_broken_but_never_crash(encoding: str, size: tuple[int, int]) -> None:
    width, height = size
    with contextlib.suppress(FrameError):
        assert decode(Frame("front", 1, width, height, encoding, bytes(64))).shape == (height, width, 3)


def test_an_unknown_encoding_is_named_with_the_known_ones() -> None:
    with pytest.raises(FrameError, match=r"front: encoding 'nv21' is not one of .*bgr8.*yuyv"):
        decode(Frame("front", 1, 2, 2, "nv21", bytes(6)))


def test_a_jpeg_is_decoded_to_every_pixel_when_nothing_else_is_asked() -> None:
    pixels = decode(jpeg_frame(plain(67, 45, ORANGE)))
    assert pixels.shape == (45, 67, 3)
    assert pixels == pytest.approx(plain(67, 45, ORANGE), abs=3)


@pytest.mark.parametrize("at_least", [(320, 240), (321, 240), (100, 90), (40, 31), (1, 1), (640, 480), (641, 481)])
def test_a_jpeg_is_scaled_while_it_is_decoded_but_never_below_what_suffices(at_least: tuple[int, int]) -> None:
    height, width, _ = decode(jpeg_frame(checked(640, 480)), at_least).shape
    assert width >= min(640, at_least[0])
    assert height >= min(480, at_least[1])
    assert width / height == pytest.approx(640 / 480, rel=0.02)


def test_a_jpeg_asked_for_at_half_its_size_comes_at_half_its_size() -> None:
    assert decode(jpeg_frame(checked(640, 480)), (320, 240)).shape == (240, 320, 3)


def test_a_gray_jpeg_comes_out_with_three_channels() -> None:
    data = cv2.imencode(".jpg", np.full((16, 16), 90, np.uint8))[1].tobytes()
    assert decode(Frame("front", 1, 16, 16, "jpeg", data)) == pytest.approx(plain(16, 16, (90, 90, 90)), abs=2)


def test_a_png_is_decoded_without_loss() -> None:
    pixels = checked(21, 13, 4)
    assert (decode(Frame("front", 1, 21, 13, "png", memoryview(png(pixels)))) == pixels).all()


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("channels", [1, 3, 4])
def test_pngs_of_any_depth_and_channels_come_out_as_bgr(dtype: type, channels: int) -> None:
    full = np.iinfo(dtype).max
    data = cv2.imencode(".png", np.full((4, 5, channels), full, dtype))[1].tobytes()
    assert (decode(Frame("front", 1, 5, 4, "png", data)) == plain(5, 4, (255, 255, 255))).all()


def broken(encoding: str, data: bytes) -> Frame:
    return Frame("front", 1, 64, 48, encoding, data)


def huge_png() -> bytes:
    data = bytearray(png(plain(64, 48)))
    data[16:24] = struct.pack(">II", 2**31 - 1, 2**31 - 1)
    return bytes(data)


@pytest.mark.parametrize(
    "frame",
    [
        broken("jpeg", b""),
        broken("jpeg", b"\xff\xd8\xff"),
        broken("jpeg", jpeg(checked(64, 48))[:200]),
        broken("jpeg", png(plain(64, 48))),
        broken("png", b""),
        broken("png", png(checked(64, 48))[:30]),
        broken("png", b"no picture at all"),
        broken("png", huge_png()),
    ],
)
def test_a_broken_file_is_named_with_its_camera(frame: Frame) -> None:
    with pytest.raises(FrameError, match=f"front: broken {frame.encoding} picture of 64x48 px"):
        decode(frame)


def test_what_is_decoded_from_a_message_cannot_change_the_message() -> None:
    message = np.frombuffer(bytearray(checked(6, 4, 2).tobytes()), np.uint8)
    pixels = decode(Frame("front", 1, 6, 4, "bgr8", memoryview(message), 18))
    assert not pixels.flags.writeable or not np.shares_memory(pixels, message)
