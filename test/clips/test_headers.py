import struct

import cv2
import pytest
from pictures import jpeg, plain, png

from cosmos_reasoner.clips.headers import compressed_size, sniff
from cosmos_reasoner.errors import FrameError


def test_a_jpeg_and_a_png_are_told_by_their_first_bytes() -> None:
    assert sniff(jpeg(plain(8, 8))) == "jpeg"
    assert sniff(memoryview(png(plain(8, 8)))) == "png"


@pytest.mark.parametrize("data", [b"GIF89a..", b"\x00" * 8, b"\x89PNG", b"\xff\xd8"])
def test_anything_else_is_refused_with_its_first_bytes(data: bytes) -> None:
    with pytest.raises(FrameError, match=f"starts with {data[:8].hex(' ')}"):
        sniff(data)


def test_no_data_at_all_is_refused() -> None:
    with pytest.raises(FrameError, match="starts with nothing"):
        sniff(b"")


@pytest.mark.parametrize("size", [(64, 48), (1, 1), (641, 479), (48, 1000)])
def test_the_size_is_read_from_the_header(size: tuple[int, int]) -> None:
    assert compressed_size(jpeg(plain(*size))) == size
    assert compressed_size(memoryview(png(plain(*size)))) == size


def test_the_size_of_a_progressive_jpeg_is_read() -> None:
    data = cv2.imencode(".jpg", plain(40, 30), [cv2.IMWRITE_JPEG_PROGRESSIVE, 1])[1].tobytes()
    assert compressed_size(data) == (40, 30)


@pytest.mark.parametrize("length", [3, 10, 20])
def test_a_jpeg_cut_off_in_its_header_is_broken(length: int) -> None:
    with pytest.raises(FrameError, match="broken JPEG header"):
        compressed_size(jpeg(plain(64, 48))[:length])


@pytest.mark.parametrize("length", [8, 16, 23])
def test_a_png_cut_off_in_its_header_is_broken(length: int) -> None:
    with pytest.raises(FrameError, match="broken PNG header"):
        compressed_size(png(plain(64, 48))[:length])


@pytest.mark.parametrize("size", [(0, 48), (64, 0)])
def test_a_png_without_extent_is_broken(size: tuple[int, int]) -> None:
    data = bytearray(png(plain(64, 48)))
    data[16:24] = struct.pack(">II", *size)
    with pytest.raises(FrameError, match="broken PNG header"):
        compressed_size(bytes(data))
