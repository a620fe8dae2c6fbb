"""Which topics of a bag are cameras."""

from collections.abc import Collection, Iterable

from rosbags.interfaces import Connection

from cosmos_reasoner.recordings.recording import COMPRESSED_IMAGE, IMAGE, CameraTrack

__all__ = ["CAMERA_INFO", "camera_connections", "camera_tracks", "message_type"]

CAMERA_INFO = "sensor_msgs/msg/CameraInfo"
"""Type of what a driver says about its camera's optics."""


def message_type(connection: Connection) -> str:
    """Type of a connection in the ROS 2 spelling; "" when its messages are not in a ROS encoding."""
    if getattr(connection.ext, "serialization_format", "cdr") != "cdr":
        return ""
    package, _, name = connection.msgtype.rpartition("/")
    return f"{package.removesuffix('/msg')}/msg/{name}"


def camera_connections(connections: Iterable[Connection], topics: Collection[str]) -> list[Connection]:
    """Choose the connections that carry pictures or CameraInfo on some topics."""
    kinds = (IMAGE, COMPRESSED_IMAGE, CAMERA_INFO)
    return [each for each in connections if each.topic in topics and message_type(each) in kinds]


def camera_tracks(connections: Iterable[Connection], seconds: float) -> tuple[CameraTrack, ...]:
    """Find the cameras among the connections of a bag.

    Topics of image_transport's compressedDepth are left out: their messages are no pictures as they stand.

    Args:
        connections: All of the bag; one topic may have several.
        seconds: Duration of the bag.

    Returns:
        One track per topic, by name.
    """
    connections = list(connections)
    infos = {connection.topic for connection in connections if message_type(connection) == CAMERA_INFO}
    types: dict[str, str] = {}
    counts: dict[str, int] = {}
    for connection in connections:
        kind = message_type(connection)
        if kind in (IMAGE, COMPRESSED_IMAGE) and not connection.topic.endswith("/compressedDepth"):
            types.setdefault(connection.topic, kind)
            counts[connection.topic] = counts.get(connection.topic, 0) + connection.msgcount
    return tuple(
        CameraTrack(topic, types[topic], counts[topic], _rate(counts[topic], seconds), _info_topic(topic, infos))
        for topic in sorted(types)
    )


def _rate(count: int, seconds: float) -> float | None:
    return (count - 1) / seconds if count > 1 and seconds > 0 else None


def _info_topic(topic: str, infos: set[str]) -> str | None:
    """Find camera_info beside the image topic, where image_transport places it; a transport's suffix does not count."""
    namespace = topic.removesuffix("/compressed").rpartition("/")[0]
    info = f"{namespace}/camera_info" if namespace or topic.startswith("/") else "camera_info"
    return info if info in infos else None
