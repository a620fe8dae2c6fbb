"""A recorded bag through the reasoner, under the bag's own time.

ros2 launch cosmos_reasoner replay.launch.py bag:=PATH camera_topics:=/camera/image_raw endpoint:=http://HOST:8000/v1
"""

from pathlib import Path

from launch.actions import DeclareLaunchArgument, EmitEvent, IncludeLaunchDescription, RegisterEventHandler, TimerAction
from launch.event_handlers import OnProcessExit
from launch.events import Shutdown
from launch.launch_description_sources import PythonLaunchDescriptionSource
from launch.substitutions import LaunchConfiguration
from launch_ros.actions import Node

from launch import LaunchDescription

LINGER = 5.0
"""s that the reasoner has to answer what is on its way when the bag is at its end."""


def generate_launch_description() -> LaunchDescription:
    """Start player and reasoner; end when the bag does."""
    player = Node(
        package="cosmos_reasoner",
        executable="player",
        arguments=[
            LaunchConfiguration("bag"),
            "--clock",
            "--wait-for-subscribers",
            ["--rate=", LaunchConfiguration("rate")],
        ],
        output="screen",
    )
    reasoner = IncludeLaunchDescription(
        PythonLaunchDescriptionSource(str(Path(__file__).parent / "reasoner.launch.py")),
        launch_arguments={"use_sim_time": "true"}.items(),
    )
    end = TimerAction(period=LINGER, actions=[EmitEvent(event=Shutdown(reason="the bag is at its end"))])
    return LaunchDescription(
        [
            DeclareLaunchArgument("bag", description="bag or video to play"),
            DeclareLaunchArgument("rate", default_value="1.0", description="speed of the playback"),
            reasoner,
            player,
            RegisterEventHandler(OnProcessExit(target_action=player, on_exit=[end])),
        ]
    )
