"""Serialized camera messages of a bag as frames."""

import struct
from dataclasses import replace
from functools import cached_property
from typing import Any

from rosbags.interfaces import ConnectionExtRosbag1
from rosbags.serde import SerdeError
from rosbags.typesys import Stores, get_typestore
from rosbags.typesys.store import Typestore

from cosmos_reasoner.clips.frame import Frame
from cosmos_reasoner.errors import FrameError
from cosmos_reasoner.recordings.messages import compressed_frame, raw_frame, stamp_of
from cosmos_reasoner.recordings.recording import IMAGE, CameraInfo
from cosmos_reasoner.recordings.storage import RawMessage
from cosmos_reasoner.recordings.topics import CAMERA_INFO, message_type

__all__ = ["Decoder"]

_BROKEN = (SerdeError, FrameError, struct.error, ValueError, IndexError, TypeError, AssertionError)


class Decoder:
    """Reads the camera messages of ROS 1 and ROS 2 bags; a message's data is looked into, not copied."""

    def __call__(self, raw_message: RawMessage) -> Frame | CameraInfo:
        """Decode an Image, CompressedImage or CameraInfo.

        A header stamp of zero means that nobody set it: the receive time stands in for it.

        Raises:
            FrameError: The message is broken.
        """
        connection, received, raw = raw_message
        kind, is_ros1 = message_type(connection), isinstance(connection.ext, ConnectionExtRosbag1)
        try:
            message = self._deserialize(raw, kind, is_ros1)
            if kind == CAMERA_INFO:
                data = bytes(self._ros1.ros1_to_cdr(raw, kind)) if is_ros1 else raw
                return CameraInfo(connection.topic, stamp_of(message.header.stamp) or received, data)
            frame = raw_frame if kind == IMAGE else compressed_frame
            return _stamped(frame(message, connection.topic), received)
        except _BROKEN as error:
            raise FrameError(f"{connection.topic}: unreadable {kind} received at {received} ns: {error}") from error

    def _deserialize(self, raw: bytes, kind: str, is_ros1: bool) -> Any:
        if is_ros1:
            return self._ros1.deserialize_ros1(raw, kind)
        return self._ros2.deserialize_cdr(raw, kind)

    @cached_property
    def _ros1(self) -> Typestore:
        return get_typestore(Stores.ROS1_NOETIC)

    @cached_property
    def _ros2(self) -> Typestore:
        return get_typestore(Stores.ROS2_JAZZY)


def _stamped(frame: Frame, received: int) -> Frame:
    return frame if frame.stamp else replace(frame, stamp=received)
