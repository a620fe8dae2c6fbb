"""Small bags and videos for tests, and where the real ones are."""

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest
from rosbags.rosbag1 import Writer as Ros1Writer
from rosbags.rosbag2 import CompressionFormat, CompressionMode, StoragePlugin
from rosbags.rosbag2 import Writer as Ros2Writer
from rosbags.typesys import Stores, get_typestore

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
STORAGES = {"sqlite3": StoragePlugin.SQLITE3, "mcap": StoragePlugin.MCAP}
ROS1_COMPRESSIONS = {"bz2": Ros1Writer.CompressionFormat.BZ2, "lz4": Ros1Writer.CompressionFormat.LZ4}

Build = Callable[[Any], Any]
"""Makes a message with the types of a store."""


def shared(name: str) -> Path:
    """Path of a real recording; the test is skipped where there is none."""
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"the real recording ../shared/data/{name} is not on this machine")
    return path


def picture(value: int = 0, width: int = 8, height: int = 6) -> np.ndarray:
    """Plain picture, HxWx3 uint8."""
    return np.full((height, width, 3), value, np.uint8)


@dataclass
class BagBuilder:
    """Collects messages, then writes them in the format of choice."""

    folder: Path
    messages: list[tuple[str, str, int, Build | bytes]] = field(default_factory=list)

    def image(self, topic: str, received: int, *, stamp: int | None = None, value: int = 0, **changes: Any) -> None:
        """Add an Image of 8x6 px rgb8; its header stamp is the receive time unless said otherwise."""

        def build(store: Any) -> Any:
            fields = {"height": 6, "width": 8, "encoding": "rgb8", "is_bigendian": 0, "step": 24}
            fields |= {"data": picture(value).reshape(-1)} | changes
            return store.types["sensor_msgs/msg/Image"](header=header(store, received, stamp), **fields)

        self.messages.append((topic, "sensor_msgs/msg/Image", received, build))

    def compressed(self, topic: str, received: int, data: bytes, *, stamp: int | None = None, says: str = "") -> None:
        """Add a CompressedImage whose format field says anything."""

        def build(store: Any) -> Any:
            kind = store.types["sensor_msgs/msg/CompressedImage"]
            return kind(header=header(store, received, stamp), format=says, data=np.frombuffer(data, np.uint8))

        self.messages.append((topic, "sensor_msgs/msg/CompressedImage", received, build))

    @staticmethod
    def picture_file(ending: str, value: int = 0) -> bytes:
        """Compress a plain picture as files with this ending are."""
        return cv2.imencode(ending, picture(value))[1].tobytes()

    def camera_info(self, topic: str, received: int, focal_length: float) -> None:
        """Add a CameraInfo."""

        def build(store: Any) -> Any:
            kind = store.types["sensor_msgs/msg/CameraInfo"]
            region = store.types["sensor_msgs/msg/RegionOfInterest"](0, 0, 0, 0, False)
            k, r, p = np.zeros(9), np.eye(3).reshape(-1), np.zeros(12)
            k[0] = k[4] = focal_length
            return kind(header(store, received, None), 6, 8, "plumb_bob", np.zeros(5), k, r, p, 0, 0, region)

        self.messages.append((topic, "sensor_msgs/msg/CameraInfo", received, build))

    def text(self, topic: str, received: int) -> None:
        """Add a message that is no picture."""
        build: Build = lambda store: store.types["std_msgs/msg/String"](data="hello")  # noqa: E731
        self.messages.append((topic, "std_msgs/msg/String", received, build))

    def broken(self, topic: str, kind: str, received: int) -> None:
        """Add a message that cannot be deserialized."""
        self.messages.append((topic, kind, received, b"\x00\x01\x00\x00broken"))

    def ros1(self, name: str = "ros1.bag", compression: str = "") -> Path:
        """Write a ROS 1 bag; compression is "", "bz2" or "lz4"."""
        store = get_typestore(Stores.ROS1_NOETIC)
        writer = Ros1Writer(self.folder / name)
        if compression:
            writer.set_compression(ROS1_COMPRESSIONS[compression])
        with writer:
            self._write(writer, store, store.serialize_ros1)
        return self.folder / name

    def ros2(self, name: str = "ros2", storage: str = "mcap", compression: str = "NONE") -> Path:
        """Write a rosbag2 folder; compression is NONE, MESSAGE, FILE or STORAGE."""
        store = get_typestore(Stores.ROS2_JAZZY)
        writer = Ros2Writer(self.folder / name, version=9, storage_plugin=STORAGES[storage])
        if compression != "NONE":
            writer.set_compression(CompressionMode[compression], CompressionFormat.ZSTD)
        with writer:
            self._write(writer, store, store.serialize_cdr)
        return self.folder / name

    def _write(self, writer: Any, store: Any, serialize: Callable[[Any, str], Any]) -> None:
        connections: dict[str, Any] = {}
        for topic, kind, received, build in self.messages:
            if topic not in connections:
                connections[topic] = writer.add_connection(topic, kind, typestore=store)
            data = build if isinstance(build, bytes) else serialize(build(store), kind)
            writer.write(connections[topic], received, data)


def header(store: Any, received: int, stamp: int | None) -> Any:
    """std_msgs/Header of either ROS."""
    seconds, nanoseconds = divmod(received if stamp is None else stamp, 1_000_000_000)
    time = store.types["builtin_interfaces/msg/Time"](sec=seconds, nanosec=nanoseconds)
    kind = store.types["std_msgs/msg/Header"]
    ros1 = {"seq": 0} if "seq" in kind.__dataclass_fields__ else {}
    return kind(stamp=time, frame_id="optical", **ros1)


def write_video(
    path: Path, times_ms: list[int], codec: str = "libx264", pixels: Callable[[int], np.ndarray] | None = None
) -> Path:
    """Write a video of 64x48 px whose picture i has brightness 20 + 5 * i, unless `pixels` makes it.

    Args:
        path: Its ending says the container.
        times_ms: When each picture is shown.
        codec: Of FFmpeg.
        pixels: HxWx3 uint8 BGR of picture i.
    """
    pixels = pixels or (lambda i: picture(20 + 5 * i, 64, 48))
    height, width, _ = pixels(0).shape
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=10)
        stream.width, stream.height = width, height
        stream.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
        stream.codec_context.gop_size = 8
        if times_ms != [i * 100 for i in range(len(times_ms))]:
            stream.codec_context.time_base = Fraction(1, 1000)
        for i, time in enumerate(times_ms):
            frame = av.VideoFrame.from_ndarray(pixels(i), format="bgr24")
            frame.time_base = stream.codec_context.time_base or Fraction(1, 10)
            frame.pts = round(Fraction(time, 1000) / frame.time_base)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path
