"""One picture of one camera at one instant."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["COMPRESSED", "Bgr", "Frame"]

Bgr = npt.NDArray[np.uint8]
"""A decoded picture: HxWx3 uint8, channels blue, green, red."""

COMPRESSED = frozenset({"jpeg", "png"})
"""Encodings whose data is a whole compressed file."""


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One picture of one camera at one instant, in the form in which it arrived.

    Attributes:
        camera: Name of the camera.
        stamp: When the picture was taken, ns since the epoch of the recording's or robot's clock.
        width: px.
        height: px.
        encoding: "jpeg", "png", or a raw encoding of sensor_msgs/image_encodings.hpp ("rgb8", ...).
        data: The compressed file, or the rows of the raw picture.
        step: Bytes from one row to the next; 0 when compressed.
        big_endian: Byte order of 16-bit raw pixels.
        frame_id: The camera's optical frame.
        address: Where an endpoint can fetch the same picture itself; empty for nowhere, as with every camera.
    """

    camera: str
    stamp: int
    width: int
    height: int
    encoding: str
    data: bytes | memoryview
    step: int = 0
    big_endian: bool = False
    frame_id: str = ""
    address: str = ""

    @property
    def is_compressed(self) -> bool:
        """Whether `data` is a whole compressed file."""
        return self.encoding in COMPRESSED

    @property
    def nbytes(self) -> int:
        """Bytes that the picture takes in memory."""
        return memoryview(self.data).nbytes
