"""Sizes of compressed pictures, read from their first bytes without decoding."""

import struct

import simplejpeg

from cosmos_reasoner.errors import FrameError

__all__ = ["compressed_size", "sniff"]

_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8\xff"


def sniff(data: bytes | memoryview) -> str:
    """Tell "jpeg" from "png" by the first bytes; declared formats are often wrong.

    Raises:
        FrameError: It is neither.
    """
    start = bytes(data[:8])
    if start.startswith(_JPEG):
        return "jpeg"
    if start == _PNG:
        return "png"
    raise FrameError(f"neither a JPEG nor a PNG picture: it starts with {start.hex(' ') or 'nothing'}")


def compressed_size(data: bytes | memoryview) -> tuple[int, int]:
    """Width and height in px of a JPEG or PNG file.

    Raises:
        FrameError: The header is broken, or it is neither format.
    """
    if sniff(data) == "png":
        return _png_size(data)
    try:
        height, width, _, _ = simplejpeg.decode_jpeg_header(data)
    except ValueError as error:
        raise FrameError(f"broken JPEG header: {error}") from error
    return int(width), int(height)


def _png_size(data: bytes | memoryview) -> tuple[int, int]:
    head = bytes(data[16:24])
    if len(head) < 8:
        raise FrameError("broken PNG header: the file ends inside it")
    width, height = struct.unpack(">II", head)
    if not width or not height:
        raise FrameError(f"broken PNG header: a picture of {width}x{height} px")
    return int(width), int(height)
