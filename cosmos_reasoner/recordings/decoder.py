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
    """Reads the camera messages of ROS 1 and ROS 2 bags; a ROS 2 message's data is looked into, not copied."""

    def __call__(self, raw_message: RawMessage) -> Frame | CameraInfo:
        """Decode an Image, CompressedImage or CameraInfo.

        A header stamp of zero means that nobody set it: the receive time stands in for it.

        Raises:
            FrameError: The message is broken.
        """
        connection, received, raw = raw_message
        kind = message_type(connection)
        try:
            if isinstance(connection.ext, ConnectionExtRosbag1):
                raw = self._types.ros1_to_cdr(raw, kind)
            message: Any = self._types.deserialize_cdr(raw, kind)
            if kind == CAMERA_INFO:
                return CameraInfo(connection.topic, stamp_of(message.header.stamp) or received, bytes(raw))
            frame = (raw_frame if kind == IMAGE else compressed_frame)(message, connection.topic)
            return frame if frame.stamp else replace(frame, stamp=received)
        except _BROKEN as error:
            raise FrameError(f"{connection.topic}: unreadable {kind} received at {received} ns: {error}") from error

    @cached_property
    def _types(self) -> Typestore:
        # The definitions of these three messages are the same in every ROS 2.
        return get_typestore(Stores.ROS2_JAZZY)
