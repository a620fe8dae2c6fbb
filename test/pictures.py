"""Pictures and frames for tests."""

import cv2
import numpy as np
import simplejpeg

from cosmos_reasoner.clips.frame import Bgr, Frame

SECOND = 1_000_000_000
"""ns."""


def plain(width: int, height: int, bgr: tuple[int, int, int] = (0, 0, 0)) -> Bgr:
    """A picture of one colour."""
    return np.full((height, width, 3), bgr, np.uint8)


def checked(width: int, height: int, side: int = 16) -> Bgr:
    """A picture with something in it: a board of dark and bright fields, the left half reddish."""
    rows, columns = np.indices((height, width)) // side
    pixels = np.repeat((40 + 160 * ((rows + columns) % 2)).astype(np.uint8)[..., None], 3, axis=2)
    pixels[:, : width // 2, 2] = 230
    return pixels


def jpeg(pixels: Bgr, quality: int = 95) -> bytes:
    """A JPEG file."""
    return bytes(simplejpeg.encode_jpeg(np.ascontiguousarray(pixels), quality, "BGR", "444"))


def png(pixels: Bgr) -> bytes:
    """A PNG file."""
    return bytes(cv2.imencode(".png", pixels)[1].tobytes())


def raw_frame(pixels: Bgr, stamp: int = SECOND, camera: str = "front") -> Frame:
    """A bgr8 frame."""
    height, width = pixels.shape[:2]
    return Frame(camera, stamp, width, height, "bgr8", np.ascontiguousarray(pixels).tobytes(), 3 * width)


def jpeg_frame(pixels: Bgr, stamp: int = SECOND, camera: str = "front") -> Frame:
    """A jpeg frame."""
    height, width = pixels.shape[:2]
    return Frame(camera, stamp, width, height, "jpeg", jpeg(pixels))


def frame_at(stamp: int, camera: str = "front", nbytes: int = 12, size: tuple[int, int] = (2, 2)) -> Frame:
    """A frame of which only stamp, size and weight matter."""
    return Frame(camera, stamp, *size, "bgr8", bytes(nbytes), 3 * size[0])


def square(index: int) -> Bgr:
    """A red square of 40 px, 12 px further to the right in each picture, on a ground with some texture; 320x240 px."""
    pixels = np.random.default_rng(7).integers(90, 110, (240, 320, 3), dtype=np.uint8)
    left = 20 + 12 * index
    pixels[100:140, left : left + 40] = (30, 60, 220)
    return pixels
