"""ROS image messages in, frames out, and back."""

import array
from dataclasses import replace

import numpy as np
import simplejpeg
from builtin_interfaces.msg import Time
from sensor_msgs.msg import CompressedImage, Image

from cosmos_reasoner.clips.frame import Bgr, Frame
from cosmos_reasoner.clips.pixels import RAW_ENCODINGS, decode
from cosmos_reasoner.errors import FrameError
from cosmos_reasoner.recordings.messages import compressed_frame, raw_frame

__all__ = [
    "compressed_from_frame",
    "compressed_from_jpeg",
    "fill_header",
    "frame_from_compressed",
    "frame_from_image",
    "image_from_frame",
    "time_from_stamp",
]


def time_from_stamp(stamp: int) -> Time:
    """Make a builtin_interfaces/Time of nanoseconds."""
    seconds, nanoseconds = divmod(stamp, 1_000_000_000)
    return Time(sec=seconds, nanosec=nanoseconds)


def frame_from_image(message: Image, camera: str) -> Frame:
    """Take an Image as a frame.

    The encodings that this package decodes itself are looked into without a copy. Others go through cv_bridge and
    come out as bgr8.

    Raises:
        FrameError: Size, step and data do not fit each other, or cv_bridge cannot make colors of the encoding.
    """
    frame = raw_frame(message, camera)
    return frame if frame.encoding in RAW_ENCODINGS else _through_cv_bridge(message, frame)


def frame_from_compressed(message: CompressedImage, camera: str) -> Frame:
    """Take a CompressedImage as a frame, without a copy.

    Raises:
        FrameError: It is neither JPEG nor PNG, or its header is broken.
    """
    return compressed_frame(message, camera)


def image_from_frame(frame: Frame) -> Image:
    """Make an Image: a raw frame as it is, a compressed one decoded to bgr8.

    Raises:
        FrameError: The frame is compressed and broken.
    """
    if frame.is_compressed:
        frame = _bgr(frame, decode(frame))
    message = Image(width=frame.width, height=frame.height, encoding=frame.encoding, step=frame.step)
    message.is_bigendian = int(frame.big_endian)
    message.data = _bytes(frame.data)
    fill_header(message, frame)
    return message


def compressed_from_frame(frame: Frame, quality: int = 90) -> CompressedImage:
    """Make a CompressedImage: a compressed frame as it is, a raw one encoded to JPEG.

    Args:
        frame: The frame.
        quality: JPEG quality, 1 to 100.

    Raises:
        FrameError: The frame is broken, or of an unknown encoding.
    """
    message = CompressedImage(format=frame.encoding if frame.is_compressed else "jpeg")
    message.data = _bytes(frame.data if frame.is_compressed else _jpeg(decode(frame), quality))
    fill_header(message, frame)
    return message


def compressed_from_jpeg(jpeg: bytes, stamp: int, frame_id: str) -> CompressedImage:
    """Make a CompressedImage of a JPEG file; the stamp is in ns."""
    message = CompressedImage(format="jpeg", data=_bytes(jpeg))
    message.header.stamp = time_from_stamp(stamp)
    message.header.frame_id = frame_id
    return message


def fill_header(message: Image | CompressedImage, frame: Frame) -> None:
    """Give a message a frame's stamp and frame_id."""
    message.header.stamp = time_from_stamp(frame.stamp)
    message.header.frame_id = frame.frame_id


def _through_cv_bridge(message: Image, frame: Frame) -> Frame:
    # Imported only when a camera needs it.
    from cv_bridge import CvBridge

    try:
        pixels = CvBridge().imgmsg_to_cv2(message, "bgr8")
    # CvBridgeError, KeyError, TypeError, ...: each cv_bridge has its own way to say that it cannot.
    except Exception as error:
        why = f"cv_bridge cannot make bgr8 of it ({type(error).__name__}: {error})"
        raise FrameError(f"{frame.camera}: encoding {frame.encoding!r}: {why}; let the driver send another") from error
    return _bgr(frame, pixels)


def _bgr(frame: Frame, pixels: Bgr) -> Frame:
    """Frame with other pixels, HxWx3 uint8 BGR."""
    height, width, _ = pixels.shape
    data = np.ascontiguousarray(pixels).reshape(-1).data
    return replace(frame, width=width, height=height, encoding="bgr8", data=data, step=3 * width, big_endian=False)


def _jpeg(pixels: Bgr, quality: int) -> bytes:
    return simplejpeg.encode_jpeg(pixels, quality=quality, colorspace="BGR")


def _bytes(data: bytes | memoryview) -> array.array:
    """Copy into the one type whose elements message setters do not check one by one."""
    copy = array.array("B")
    copy.frombytes(data)
    return copy
