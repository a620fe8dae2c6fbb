"""Image messages as frames, whichever library read them: rosbags and rclpy give the same fields."""

import re
from typing import Any, Protocol

from cosmos_reasoner.clips.frame import Frame
from cosmos_reasoner.clips.headers import compressed_size, sniff
from cosmos_reasoner.errors import FrameError

__all__ = [
    "CompressedImageMessage",
    "ImageMessage",
    "Time",
    "bytes_per_pixel",
    "compressed_frame",
    "raw_frame",
    "stamp_of",
]


class Time(Protocol):
    """builtin_interfaces/Time."""

    sec: int
    nanosec: int


class ImageMessage(Protocol):
    """sensor_msgs/Image; data is any buffer of bytes."""

    header: Any
    height: int
    width: int
    encoding: str
    is_bigendian: int
    step: int
    data: Any


class CompressedImageMessage(Protocol):
    """sensor_msgs/CompressedImage; data is any buffer of bytes."""

    header: Any
    data: Any


def stamp_of(time: Time) -> int:
    """Nanoseconds of a builtin_interfaces/Time."""
    return int(time.sec) * 1_000_000_000 + int(time.nanosec)


def bytes_per_pixel(encoding: str) -> int:
    """Bytes that one pixel takes in a row, as sensor_msgs/image_encodings.hpp names encodings; 1 for a name not known.

    >>> bytes_per_pixel("rgb8"), bytes_per_pixel("bgra16"), bytes_per_pixel("32FC1"), bytes_per_pixel("bayer_rggb8")
    (3, 8, 4, 1)
    """
    if plain := re.fullmatch(r"(\d+)[USF]C(\d+)", encoding):
        return int(plain[1]) // 8 * int(plain[2])
    if color := re.fullmatch(r"(rgb|bgr)(a?)(8|16)", encoding):
        return (4 if color[2] else 3) * int(color[3]) // 8
    if single := re.fullmatch(r"(?:mono|bayer_[rgb]{4})(8|16)", encoding):
        return int(single[1]) // 8
    return 2 if encoding.startswith(("yuv422", "uyvy", "yuyv")) else 1


def raw_frame(message: ImageMessage, camera: str) -> Frame:
    """Take a sensor_msgs/Image as a frame, without a copy: the frame looks into the message's data.

    Raises:
        FrameError: The size is zero, the step too small for a row, or the data too short for the rows.
    """
    width, height, step = int(message.width), int(message.height), int(message.step)
    data = memoryview(message.data).cast("B")
    name = f"{camera}: {message.encoding} picture of {width}x{height} px"
    row = width * bytes_per_pixel(message.encoding)
    if not row or not height:
        raise FrameError(f"{name} has no pixels")
    if step < row:
        raise FrameError(f"{name} has step {step}, but a row takes {row} bytes")
    if data.nbytes < step * (height - 1) + row:
        raise FrameError(f"{name} with step {step} is cut off: {data.nbytes} bytes of data")
    return Frame(
        camera=camera,
        stamp=stamp_of(message.header.stamp),
        width=width,
        height=height,
        encoding=message.encoding,
        data=data,
        step=step,
        big_endian=bool(message.is_bigendian),
        frame_id=message.header.frame_id,
    )


def compressed_frame(message: CompressedImageMessage, camera: str) -> Frame:
    """Take a sensor_msgs/CompressedImage as a frame, without a copy.

    The bytes say what they are; the message's `format` is not looked at, since drivers write many things there.

    Raises:
        FrameError: It is neither JPEG nor PNG, or its header is broken.
    """
    data = memoryview(message.data).cast("B")
    try:
        encoding = sniff(data)
        width, height = compressed_size(data)
    except FrameError as error:
        raise FrameError(f"{camera}: {error}") from error
    return Frame(
        camera=camera,
        stamp=stamp_of(message.header.stamp),
        width=width,
        height=height,
        encoding=encoding,
        data=data,
        frame_id=message.header.frame_id,
    )
