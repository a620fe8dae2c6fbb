"""Which topics of a bag are cameras."""

from rosbags.interfaces import Connection, ConnectionExtRosbag2, MessageDefinition, MessageDefinitionFormat

from cosmos_reasoner.recordings.recording import COMPRESSED_IMAGE, IMAGE, CameraTrack
from cosmos_reasoner.recordings.topics import camera_tracks


def connection(topic: str, kind: str, count: int = 0, serialization: str = "cdr") -> Connection:
    definition = MessageDefinition(MessageDefinitionFormat.NONE, "")
    return Connection(1, topic, kind, definition, "", count, ConnectionExtRosbag2(serialization, []), None)


def test_both_spellings_of_a_type_are_cameras() -> None:
    connections = [connection("/b", "sensor_msgs/Image"), connection("/a", "sensor_msgs/msg/CompressedImage")]
    assert [(track.name, track.type) for track in camera_tracks(connections, 1.0)] == [
        ("/a", COMPRESSED_IMAGE),
        ("/b", IMAGE),
    ]


def test_a_topic_with_several_connections_is_one_camera() -> None:
    connections = [connection("/a", IMAGE, 4), connection("/a", IMAGE, 7)]
    assert camera_tracks(connections, 2.0) == (CameraTrack("/a", IMAGE, 11, 5.0),)


def test_depth_in_image_transports_own_format_and_foreign_encodings_are_left_out() -> None:
    connections = [
        connection("/depth/compressedDepth", COMPRESSED_IMAGE),
        connection("/a", IMAGE, serialization="protobuf"),
        connection("/camera_info", "sensor_msgs/msg/CameraInfo"),
    ]
    assert camera_tracks(connections, 1.0) == ()


def test_camera_info_is_found_beside_the_camera() -> None:
    infos = ["/left/camera_info", "/camera_info", "camera_info"]
    cameras = ["/left/image_raw", "/left/image_raw/compressed", "/right/image_raw", "/image/compressed", "image"]
    connections = [
        *(connection(topic, "sensor_msgs/msg/CameraInfo") for topic in infos),
        *(connection(topic, IMAGE) for topic in cameras),
    ]
    found = {track.name: track.info_topic for track in camera_tracks(connections, 1.0)}
    assert found == {
        "/left/image_raw": "/left/camera_info",
        "/left/image_raw/compressed": "/left/camera_info",
        "/right/image_raw": None,
        "/image/compressed": "/camera_info",
        "image": "camera_info",
    }
