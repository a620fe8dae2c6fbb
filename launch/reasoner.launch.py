"""The reasoner beside a robot's cameras.

ros2 launch cosmos_reasoner reasoner.launch.py camera_topics:=/front/image_raw/compressed endpoint:=http://HOST:8000/v1
"""

from ament_index_python.packages import get_package_share_directory
from launch.actions import DeclareLaunchArgument, OpaqueFunction
from launch.substitutions import LaunchConfiguration
from launch_ros.actions import LifecycleNode, Node

from cosmos_reasoner.nodes.camera_topics import CameraTopics
from launch import LaunchContext, LaunchDescription

ARGUMENTS = {
    "camera_topics": (
        "/camera/image_raw",
        "topics of 1 to 8 cameras, separated by commas; .../compressed is JPEG or PNG",
    ),
    "endpoint": ("", "address of the endpoint, ending in /v1; empty: the profile's"),
    "profile": ("cosmos_reason1", "name of a shipped profile, or path of a YAML file"),
    "model": ("", "model to ask; empty: the first that the endpoint lists"),
    "key_env": ("", "name of the environment variable that holds the endpoint's key"),
    "namespace": ("", "namespace of the node"),
    "params_file": (
        f"{get_package_share_directory('cosmos_reasoner')}/config/reasoner.param.yaml",
        "YAML file with all other parameters",
    ),
    "autostart": ("true", "configure and activate at the start"),
    "use_sim_time": ("false", "take the time from /clock"),
    "view": ("false", "serve a page on http://127.0.0.1:8020/ that shows what is seen, thought and predicted"),
}


def generate_launch_description() -> LaunchDescription:
    """Declare the arguments and start what they say."""
    declared = [
        DeclareLaunchArgument(name, default_value=default, description=text)
        for name, (default, text) in ARGUMENTS.items()
    ]
    return LaunchDescription([*declared, OpaqueFunction(function=_nodes)])


def _nodes(context: LaunchContext) -> list[Node]:
    given = {name: LaunchConfiguration(name).perform(context) for name in ARGUMENTS}
    view = [_view(given)] if _is_true(given["view"]) else []
    return [_reasoner(given), *view]


def _reasoner(given: dict[str, str]) -> LifecycleNode:
    cameras = CameraTopics.of([topic.strip() for topic in given["camera_topics"].split(",") if topic.strip()])
    parameters = {
        "cameras": list(cameras.names),
        "transports": list(cameras.transports),
        "endpoint_url": given["endpoint"],
        "profile": given["profile"],
        "model": given["model"],
        "key_env": given["key_env"],
        "autostart": _is_true(given["autostart"]),
        "use_sim_time": _is_true(given["use_sim_time"]),
    }
    return LifecycleNode(
        package="cosmos_reasoner",
        executable="reasoner",
        name="reasoner",
        namespace=given["namespace"],
        parameters=[given["params_file"], parameters],
        remappings=list(cameras.remappings),
        output="screen",
    )


def _view(given: dict[str, str]) -> Node:
    namespace = given["namespace"].strip("/")
    return Node(
        package="cosmos_reasoner",
        executable="view",
        arguments=["--node", f"/{namespace}/reasoner" if namespace else "/reasoner"],
        parameters=[{"use_sim_time": _is_true(given["use_sim_time"])}],
        output="screen",
    )


def _is_true(text: str) -> bool:
    return text.lower() == "true"
