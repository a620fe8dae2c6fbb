"""Any supported encoding in, BGR pixels out.

Raw encodings are those of sensor_msgs/image_encodings.hpp (REP 118 for depth). Others reach this package through
cv_bridge, which turns them into bgr8 first.
"""

from collections.abc import Callable

import cv2
import numpy as np
import simplejpeg

from cosmos_reasoner.clips.frame import Bgr, Frame
from cosmos_reasoner.errors import FrameError

__all__ = ["DEPTH_FAR_MM", "RAW_ENCODINGS", "decode"]

DEPTH_FAR_MM = 10_000
"""Depth that is drawn black; nearer is brighter. No reading (0) is black too."""


def _convert(code: int) -> Callable[[Bgr], Bgr]:
    return lambda pixels: np.asarray(cv2.cvtColor(pixels, code), np.uint8)


def _same(pixels: Bgr) -> Bgr:
    return pixels


def _mono16(pixels: Bgr) -> Bgr:
    return _gray((pixels >> 8).astype(np.uint8))


def _depth_mm(pixels: Bgr) -> Bgr:
    near = 255.0 * (1.0 - np.minimum(pixels, DEPTH_FAR_MM) / DEPTH_FAR_MM)
    return _gray(np.where(pixels == 0, 0, near).astype(np.uint8))


_gray = _convert(cv2.COLOR_GRAY2BGR)

# encoding: (channels, bytes per channel, conversion). OpenCV names a Bayer pattern by its second row.
_RAW: dict[str, tuple[int, int, Callable[[Bgr], Bgr]]] = {
    "bgr8": (3, 1, _same),
    "8UC3": (3, 1, _same),
    "rgb8": (3, 1, _convert(cv2.COLOR_RGB2BGR)),
    "bgra8": (4, 1, _convert(cv2.COLOR_BGRA2BGR)),
    "8UC4": (4, 1, _convert(cv2.COLOR_BGRA2BGR)),
    "rgba8": (4, 1, _convert(cv2.COLOR_RGBA2BGR)),
    "mono8": (1, 1, _gray),
    "8UC1": (1, 1, _gray),
    "mono16": (1, 2, _mono16),
    "16UC1": (1, 2, _depth_mm),
    "uyvy": (2, 1, _convert(cv2.COLOR_YUV2BGR_UYVY)),
    "yuv422": (2, 1, _convert(cv2.COLOR_YUV2BGR_UYVY)),
    "yuyv": (2, 1, _convert(cv2.COLOR_YUV2BGR_YUY2)),
    "yuv422_yuy2": (2, 1, _convert(cv2.COLOR_YUV2BGR_YUY2)),
    "bayer_rggb8": (1, 1, _convert(cv2.COLOR_BayerBG2BGR)),
    "bayer_bggr8": (1, 1, _convert(cv2.COLOR_BayerRG2BGR)),
    "bayer_gbrg8": (1, 1, _convert(cv2.COLOR_BayerGR2BGR)),
    "bayer_grbg8": (1, 1, _convert(cv2.COLOR_BayerGB2BGR)),
}

_SCALES = (2, 4, 8)

RAW_ENCODINGS = frozenset(_RAW)
"""Raw encodings that `decode` reads."""


def decode(frame: Frame, at_least: tuple[int, int] = (0, 0)) -> Bgr:
    """Decode a frame to BGR.

    Args:
        frame: The frame.
        at_least: Width and height in px that suffice. A JPEG may come back smaller than it was taken, never smaller
            than this; (0, 0) asks for every pixel.

    Returns:
        HxWx3 uint8 BGR.

    Raises:
        FrameError: The data is broken, or the encoding unknown.
    """
    if frame.encoding == "jpeg":
        return _decode_jpeg(frame, at_least)
    if frame.encoding == "png":
        return _decode_png(frame)
    return _decode_raw(frame)


def _decode_jpeg(frame: Frame, at_least: tuple[int, int]) -> Bgr:
    scale = _scale(frame, at_least)
    width, height = (-(-frame.width // scale), -(-frame.height // scale)) if scale > 1 else (0, 0)
    quick = frame.width > at_least[0] > 0  # what it is quick about is lost when the picture is made smaller
    try:
        pixels = simplejpeg.decode_jpeg(frame.data, "BGR", quick, quick, min_width=width, min_height=height)
    except ValueError as error:
        raise _broken(frame, str(error)) from error
    return np.asarray(pixels, np.uint8)


def _scale(frame: Frame, at_least: tuple[int, int]) -> int:
    """How many times smaller a JPEG is decoded: a power of two, as libjpeg-turbo is slower at all sizes between."""
    width, height = at_least
    fitting = [n for n in _SCALES if frame.width >= n * width and frame.height >= n * height]
    return max(fitting, default=1) if width and height else 1


def _decode_png(frame: Frame) -> Bgr:
    try:
        pixels = cv2.imdecode(np.frombuffer(frame.data, np.uint8), cv2.IMREAD_COLOR)
    except cv2.error as error:
        raise _broken(frame, f"not decodable ({error.err})") from error
    if pixels is None:
        raise _broken(frame, "not decodable")
    return np.asarray(pixels, np.uint8)


def _decode_raw(frame: Frame) -> Bgr:
    if frame.encoding not in _RAW:
        raise FrameError(f"{frame.camera}: encoding {frame.encoding!r} is not one of {', '.join(sorted(_RAW))}")
    channels, depth, convert = _RAW[frame.encoding]
    row = frame.width * channels * depth
    step = frame.step or row
    if frame.width < 1 or frame.height < 1 or step < row or frame.nbytes < step * (frame.height - 1) + row:
        raise _broken(frame, f"{frame.nbytes} bytes with step {step} do not hold its rows")
    if channels == 2 and frame.width % 2:
        raise _broken(frame, "two pixels share their colour, so that the width must be even")
    return convert(_rows(frame, step, row, depth, channels))


def _rows(frame: Frame, step: int, row: int, depth: int, channels: int) -> Bgr:
    """View the data as HxW or HxWxC pixels, whatever the padding at the end of each row."""
    flat = np.frombuffer(frame.data, np.uint8)
    rows = np.lib.stride_tricks.as_strided(flat, (frame.height, row), (step, 1), writeable=False)
    if depth == 2:
        order = ">u2" if frame.big_endian else "<u2"
        rows = np.ascontiguousarray(rows).view(order).astype(np.uint16)
    shape = (frame.height, frame.width) if channels == 1 else (frame.height, frame.width, channels)
    return np.ascontiguousarray(rows).reshape(shape)


def _broken(frame: Frame, why: str) -> FrameError:
    return FrameError(f"{frame.camera}: broken {frame.encoding} picture of {frame.width}x{frame.height} px: {why}")
