"""Serialized camera messages of a bag as frames."""

import struct
from dataclasses import replace
from functools import cached_property
from typing import Any

import zstandard
from rosbags.interfaces import ConnectionExtRosbag1
from rosbags.serde import SerdeError
from rosbags.typesys import Stores, get_typestore

from cosmos_reasoner.clips.frame import Frame
from cosmos_reasoner.errors import FrameError
from cosmos_reasoner.recordings.messages import compressed_frame, raw_frame, stamp_of
from cosmos_reasoner.recordings.recording import IMAGE, CameraInfo
from cosmos_reasoner.recordings.storage import RawMessage
from cosmos_reasoner.recordings.topics import CAMERA_INFO, message_type

__all__ = ["Decoder"]

_BROKEN = (
    *(SerdeError, FrameError, zstandard.ZstdError),
    *(struct.error, ValueError, IndexError, TypeError, AssertionError),
)

_ZSTD = b"\x28\xb5\x2f\xfd"
"""Begins a compressed message (RFC 8878, 3.1.1); one that is not begins with 0, the CDR encapsulation."""


class Decoder:
    """Reads the camera messages of ROS 1 and ROS 2 bags; a picture's data is looked into, not copied.

    Messages that rosbag2 compressed one by one say so themselves, so that they are read without metadata.yaml too.
    """

    def __call__(self, raw_message: RawMessage) -> Frame | CameraInfo:
        """Decode an Image, CompressedImage or CameraInfo.

        A header stamp of zero means that nobody set it: the receive time stands in for it.

        Raises:
            FrameError: The message is broken.
        """
        connection, received, raw = raw_message
        kind = message_type(connection)
        try:
            is_ros1 = isinstance(connection.ext, ConnectionExtRosbag1)
            if not is_ros1 and bytes(raw[:4]) == _ZSTD:
                raw = zstandard.ZstdDecompressor().decompressobj().decompress(raw)
            message = self._ros1.deserialize_ros1(raw, kind) if is_ros1 else self._ros2.deserialize_cdr(raw, kind)
            if kind == CAMERA_INFO:
                data = self._ros2.ros1_to_cdr(raw, kind) if is_ros1 else raw
                return CameraInfo(connection.topic, stamp_of(message.header.stamp) or received, bytes(data))
            frame = (raw_frame if kind == IMAGE else compressed_frame)(message, connection.topic)
            return frame if frame.stamp else replace(frame, stamp=received)
        except _BROKEN as error:
            raise FrameError(f"{connection.topic}: unreadable {kind} received at {received} ns: {error}") from error

    @cached_property
    def _ros1(self) -> Any:
        return get_typestore(Stores.ROS1_NOETIC)

    @cached_property
    def _ros2(self) -> Any:
        # The definitions of these three messages are the same in every ROS 2.
        return get_typestore(Stores.ROS2_JAZZY)
