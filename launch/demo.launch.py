"""Footage, the embedded endpoint and the reasoner, without a GPU.

ros2 launch cosmos_reasoner demo.launch.py footage:=PATH
"""

from pathlib import Path

from launch.actions import DeclareLaunchArgument, ExecuteProcess, IncludeLaunchDescription
from launch.launch_description_sources import PythonLaunchDescriptionSource
from launch.substitutions import LaunchConfiguration
from launch_ros.actions import Node
from launch_ros.substitutions import ExecutableInPackage

from launch import LaunchDescription

HERE = Path(__file__).parent


def generate_launch_description() -> LaunchDescription:
    """Start endpoint, player and reasoner; they run until they are stopped."""
    port = LaunchConfiguration("port")
    endpoint = ExecuteProcess(
        cmd=[ExecutableInPackage("endpoint", "cosmos_reasoner"), "--port", port],
        output="screen",
    )
    player = Node(
        package="cosmos_reasoner",
        executable="player",
        arguments=[LaunchConfiguration("footage"), "--loop", "--stamp", "now", "--wait-for-subscribers"],
        output="screen",
    )
    reasoner = IncludeLaunchDescription(
        PythonLaunchDescriptionSource(str(HERE / "reasoner.launch.py")),
        launch_arguments={
            "endpoint": ["http://127.0.0.1:", port, "/v1"],
            "profile": "embedded",
            "params_file": str(HERE.parent / "config" / "demo.param.yaml"),
        }.items(),
    )
    return LaunchDescription(
        [
            DeclareLaunchArgument("footage", description="bag or video to play"),
            DeclareLaunchArgument("port", default_value="8010", description="port of the embedded endpoint"),
            DeclareLaunchArgument("camera_topics", default_value="/camera/image_raw/compressed"),
            endpoint,
            player,
            reasoner,
        ]
    )
