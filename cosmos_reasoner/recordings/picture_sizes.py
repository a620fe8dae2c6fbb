"""Sizes of picture files, read from their headers."""

import struct
from pathlib import Path

from cosmos_reasoner.clips.headers import compressed_size
from cosmos_reasoner.errors import FrameError

__all__ = ["picture_size"]

_HEAD = 32_768
"""Bytes in which a header usually lies; a JPEG may have a preview before it."""

_BMP_CORE = 12
_BMP_INFO = frozenset({40, 52, 56, 64, 108, 124})
"""Lengths of the headers of BMP files: the first one's sizes have 16 bits, the others' 32."""


def picture_size(file: Path) -> tuple[int, int]:
    """Width and height in px of a JPEG, PNG, WebP or BMP file.

    Raises:
        OSError: The file cannot be read.
        FrameError: The header is broken, or it is no such picture.
    """
    with file.open("rb") as opened:
        head = opened.read(_HEAD)
        try:
            return _size(head)
        except FrameError:
            rest = opened.read()
            if not rest:
                raise
            return _size(head + rest)


def _size(data: bytes) -> tuple[int, int]:
    try:
        if data.startswith(b"BM"):
            width, height = _bmp_size(data)
        elif data.startswith(b"RIFF") and data[8:12] == b"WEBP":
            width, height = _webp_size(data)
        else:
            return compressed_size(data)
    except struct.error as error:
        raise FrameError(f"broken header: the file ends inside it: {error}") from error
    if width < 1 or height < 1:
        raise FrameError(f"broken header: a picture of {width}x{height} px")
    return width, height


def _bmp_size(data: bytes) -> tuple[int, int]:
    """Width and height; Windows' BITMAPCOREHEADER and BITMAPINFOHEADER, where rows from above have a negative one."""
    (length,) = struct.unpack_from("<I", data, 14)
    if length != _BMP_CORE and length not in _BMP_INFO:
        raise FrameError("broken BMP header")
    width, height = struct.unpack_from("<HH" if length == _BMP_CORE else "<ii", data, 18)
    return width, abs(height)


def _webp_size(data: bytes) -> tuple[int, int]:
    """Width and height by the first chunk (RFC 9649, 2.5 to 2.7; for VP8 RFC 6386, 9.1)."""
    kind = data[12:16]
    if kind == b"VP8 ":
        width, height = struct.unpack_from("<HH", data, 26)
        return width & 0x3FFF, height & 0x3FFF
    if kind == b"VP8L":
        (bits,) = struct.unpack_from("<I", data, 21)
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8X":
        low, high = struct.unpack_from("<IH", data, 24)
        return (low & 0xFFFFFF) + 1, (low >> 24 | high << 8) + 1
    raise FrameError("broken WebP header")
