"""A player publishes recordings as if their cameras were there."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rclpy.node import Node
from rclpy.parameter import Parameter
from rclpy.qos import QoSProfile, qos_profile_sensor_data
from recorded import BagBuilder, shared, write_video
from ros_graph import Ros
from rosgraph_msgs.msg import Clock
from sensor_msgs.msg import CameraInfo, CompressedImage, Image

from cosmos_reasoner.errors import ConfigurationError, RecordingError
from cosmos_reasoner.nodes.images import frame_from_compressed
from cosmos_reasoner.nodes.playback import Playback, Summary
from cosmos_reasoner.nodes.player import CLOCK_PERIOD, CameraPlayer
from cosmos_reasoner.recordings.messages import stamp_of
from cosmos_reasoner.recordings.open import open_recording

MS = 1_000_000
SECOND = 1_000 * MS
T0 = 1_700_000_000 * SECOND
VARIABLE = [0, 20, 70, 150, 260, 400]

Play = Callable[..., CameraPlayer]
RELIABLE = QoSProfile(depth=100)


@pytest.fixture
def play(ros: Ros) -> Iterator[Play]:
    """Give a function (path, values of Playback) that makes a player, not yet started."""
    with ExitStack() as stack:

        def make(path: Path, **playback: Any) -> CameraPlayer:
            recording = stack.enter_context(open_recording(path))
            values = {"wait_for_subscribers": True, **playback}
            player = CameraPlayer(recording, Playback(**values), context=ros.context)
            stack.callback(player.destroy_node)
            return ros.spin(player)

        yield make


class Listener:
    """Everything that is published on some topics."""

    def __init__(self, ros: Ros, topics: dict[str, type], qos: QoSProfile = RELIABLE) -> None:
        self.messages: dict[str, list[Any]] = {topic: [] for topic in topics}
        self.order: list[tuple[str, int]] = []
        self.node: Node = ros.node("listener")
        for topic, kind in topics.items():
            self.node.create_subscription(kind, topic, lambda message, topic=topic: self._hear(topic, message), qos)

    def _hear(self, topic: str, message: Any) -> None:
        self.messages[topic].append(message)
        stamp = message.clock if isinstance(message, Clock) else message.header.stamp
        self.order.append((topic, stamp_of(stamp)))

    def stamps(self, topic: str) -> list[int]:
        """Stamps of what was heard on a topic, ns."""
        return [stamp for name, stamp in self.order if name == topic]


def heard(ros: Ros, listener: Listener, topic: str, count: int) -> list[int]:
    ros.wait_for(lambda: len(listener.messages[topic]) >= count, what=f"{count} messages on {topic}")
    return listener.stamps(topic)


def three_frames(tmp_path: Path) -> BagBuilder:
    bag = BagBuilder(tmp_path)
    for i in range(3):
        bag.image("/camera/image_raw", T0 + i * 50 * MS, stamp=T0 + i * 50 * MS - 7, value=i)
        bag.camera_info("/camera/camera_info", T0 + i * 50 * MS, 500.0 + i)
    return bag


def test_a_bag_is_played_as_it_was_recorded(ros: Ros, play: Play, tmp_path: Path) -> None:
    player = play(three_frames(tmp_path).ros2())
    listener = Listener(ros, {"/camera/image_raw": Image, "/camera/camera_info": CameraInfo})
    player.start()
    assert ros.result(player.finished) == Summary(3, player.summary.late, 0)
    expected = [T0 + i * 50 * MS for i in range(3)]
    assert heard(ros, listener, "/camera/image_raw", 3) == [stamp - 7 for stamp in expected]
    assert heard(ros, listener, "/camera/camera_info", 3) == expected
    images, infos = listener.messages["/camera/image_raw"], listener.messages["/camera/camera_info"]
    assert [(i.encoding, i.width, i.height, i.header.frame_id, i.data[0]) for i in images] == [
        ("rgb8", 8, 6, "optical", value) for value in range(3)
    ]
    assert [info.k[0] for info in infos] == [500.0, 501.0, 502.0]


def test_ros1_bags_and_their_camera_infos_are_played(ros: Ros, play: Play, tmp_path: Path) -> None:
    player = play(three_frames(tmp_path).ros1())
    listener = Listener(ros, {"/camera/image_raw": Image, "/camera/camera_info": CameraInfo})
    player.start()
    ros.result(player.finished)
    heard(ros, listener, "/camera/image_raw", 3)
    heard(ros, listener, "/camera/camera_info", 3)
    assert listener.messages["/camera/camera_info"][2].k[0] == 502.0


def test_a_video_is_played_now_with_its_own_intervals(ros: Ros, play: Play, tmp_path: Path) -> None:
    player = play(write_video(tmp_path / "a.mp4", VARIABLE))
    listener = Listener(ros, {"/camera/image_raw/compressed": CompressedImage})
    before = time.time_ns()
    player.start()
    ros.result(player.finished)
    stamps = heard(ros, listener, "/camera/image_raw/compressed", 6)
    assert [(stamp - stamps[0]) // MS for stamp in stamps] == VARIABLE
    assert before <= stamps[0] <= time.time_ns()
    (first, *_) = listener.messages["/camera/image_raw/compressed"]
    assert (first.format, first.header.frame_id) == ("jpeg", "camera")
    assert (frame_from_compressed(first, "camera").width, frame_from_compressed(first, "camera").height) == (64, 48)


def test_frames_come_at_their_time_and_not_before(ros: Ros, play: Play, tmp_path: Path) -> None:
    player = play(write_video(tmp_path / "a.mp4", VARIABLE), rate=2.0)
    arrivals: list[float] = []
    ros.node("eye").create_subscription(
        CompressedImage, "/camera/image_raw/compressed", lambda _: arrivals.append(time.monotonic()), RELIABLE
    )
    started = time.monotonic()
    player.start()
    ros.result(player.finished)
    ros.wait_for(lambda: len(arrivals) == 6)
    assert all(arrival - started >= due / 2000 for arrival, due in zip(arrivals, VARIABLE, strict=True))


@pytest.mark.parametrize(
    ("stamp", "first"), [("recorded", lambda stamp: stamp == T0 - 7), ("now", lambda stamp: stamp > T0 + SECOND)]
)
def test_stamps_are_recorded_or_shifted_to_now(
    ros: Ros, play: Play, tmp_path: Path, stamp: str, first: Callable[[int], bool]
) -> None:
    player = play(three_frames(tmp_path).ros2(), stamp=stamp)
    listener = Listener(ros, {"/camera/image_raw": Image})
    player.start()
    ros.result(player.finished)
    stamps = heard(ros, listener, "/camera/image_raw", 3)
    assert first(stamps[0])
    assert [each - stamps[0] for each in stamps] == [0, 50 * MS, 100 * MS]


def test_both_transports_show_the_same_pictures(ros: Ros, play: Play, tmp_path: Path) -> None:
    player = play(three_frames(tmp_path).ros2(), transport="both")
    raw, packed = "/camera/image_raw", "/camera/image_raw/compressed"
    listener = Listener(ros, {raw: Image, packed: CompressedImage})
    player.start()
    ros.result(player.finished)
    assert heard(ros, listener, raw, 3) == heard(ros, listener, packed, 3)


def test_a_loop_goes_on_and_its_stamps_rise_by_the_same_steps(ros: Ros, play: Play, tmp_path: Path) -> None:
    player = play(three_frames(tmp_path).ros2(), loop=True)
    listener = Listener(ros, {"/camera/image_raw": Image})
    player.start()
    stamps = heard(ros, listener, "/camera/image_raw", 8)
    assert not player.finished.done()
    assert np.diff(stamps[:8]).tolist() == [50 * MS] * 7


def test_the_clock_runs_ahead_of_every_frame_and_often(ros: Ros, play: Play, tmp_path: Path) -> None:
    bag = BagBuilder(tmp_path)
    for i in (0, 1, 8):
        bag.image("/camera/image_raw", T0 + i * 50 * MS)
    player = play(bag.ros2(), clock=True)
    listener = Listener(ros, {"/camera/image_raw": Image, "/clock": Clock})
    player.start()
    ros.result(player.finished)
    heard(ros, listener, "/camera/image_raw", 3)
    ros.wait_for(lambda: listener.stamps("/clock") and listener.stamps("/clock")[-1] >= T0 + 400 * MS)
    clock = listener.stamps("/clock")
    assert clock == sorted(clock)
    assert clock[0] >= T0
    assert len(clock) >= 400 * MS / CLOCK_PERIOD / 4


def test_a_node_on_sim_time_sees_the_time_of_the_recording(ros: Ros, play: Play, tmp_path: Path) -> None:
    sleeper = ros.node("sleeper", parameter_overrides=[Parameter("use_sim_time", value=True)])
    player = play(three_frames(tmp_path).ros2(), clock=True, loop=True, wait_for_subscribers=False)
    player.start()
    ros.wait_for(lambda: sleeper.get_clock().now().nanoseconds > T0 + 150 * MS)
    assert sleeper.get_clock().now().nanoseconds < T0 + 3600 * SECOND


def test_it_waits_for_subscribers_with_the_clock_standing(ros: Ros, play: Play, tmp_path: Path) -> None:
    player = play(three_frames(tmp_path).ros2(), clock=True)
    listener = Listener(ros, {"/clock": Clock})
    player.start()
    assert heard(ros, listener, "/clock", 3)[:3] == [T0 - 7] * 3
    assert player.summary.frames == 0
    eye = Listener(ros, {"/camera/image_raw": Image})
    ros.result(player.finished)
    assert len(heard(ros, eye, "/camera/image_raw", 3)) == 3


def test_only_the_chosen_cameras_are_played_and_waited_for(ros: Ros, play: Play, tmp_path: Path) -> None:
    bag = BagBuilder(tmp_path)
    for camera in ("/left", "/right"):
        bag.image(camera, T0)
    player = play(bag.ros2(), cameras=("/right",))
    listener = Listener(ros, {"/left": Image, "/right": Image})
    player.start()
    assert ros.result(player.finished).frames == 1
    heard(ros, listener, "/right", 1)
    assert player.topics == ["/right"]
    assert listener.messages["/left"] == []


def test_topics_are_remapped_the_usual_way(ros: Ros, tmp_path: Path) -> None:
    with open_recording(write_video(tmp_path / "a.mp4", [0, 100])) as recording:
        arguments = ["--ros-args", "-r", "__ns:=/robot", "-r", "camera/image_raw/compressed:=front"]
        player = CameraPlayer(recording, Playback(), context=ros.context, cli_args=arguments)
        assert ros.spin(player).topics == ["/robot/front"]


def test_best_effort_subscribers_are_served(ros: Ros, play: Play, tmp_path: Path) -> None:
    player = play(three_frames(tmp_path).ros2(), loop=True)
    listener = Listener(ros, {"/camera/image_raw": Image}, qos_profile_sensor_data)
    player.start()
    heard(ros, listener, "/camera/image_raw", 3)


def test_frames_that_cannot_be_made_are_counted_and_nothing_else_suffers(ros: Ros, play: Play, tmp_path: Path) -> None:
    bag = three_frames(tmp_path)
    bag.image("/depth", T0, encoding="32FC1", width=6)
    bag.broken("/camera/image_raw", "sensor_msgs/msg/Image", T0)
    player = play(bag.ros2(), transport="compressed", wait_for_subscribers=False)
    player.start()
    summary = ros.result(player.finished)
    assert (summary.frames, summary.unreadable) == (3, 2)


def test_samples_out_of_order_are_played_at_once(ros: Ros, play: Play, tmp_path: Path) -> None:
    bag = BagBuilder(tmp_path)
    for i, stamp in enumerate((0, 100, 40, 120)):
        bag.image("/camera", T0 + i * 10 * MS, stamp=T0 + stamp * MS)
    player = play(bag.ros2())
    listener = Listener(ros, {"/camera": Image})
    player.start()
    assert ros.result(player.finished).frames == 4
    assert [(stamp - T0) // MS for stamp in heard(ros, listener, "/camera", 4)] == [0, 100, 40, 120]


@pytest.mark.parametrize("jump", [-3600 * SECOND, 50 * 365 * 24 * 3600 * SECOND])
def test_a_clock_that_was_set_is_neither_waited_for_nor_raced_through(
    ros: Ros, play: Play, tmp_path: Path, jump: int
) -> None:
    stamps = [T0 - jump, T0 - jump + 100 * MS, T0, T0 + 100 * MS]
    bag = BagBuilder(tmp_path)
    for i, stamp in enumerate(stamps):
        bag.image("/camera", T0 + i * 100 * MS, stamp=stamp)
    player = play(bag.ros2())
    listener = Listener(ros, {"/camera": Image})
    started = time.monotonic()
    player.start()
    ros.result(player.finished)
    assert time.monotonic() - started >= 0.2
    assert heard(ros, listener, "/camera", 4) == stamps


def test_a_recording_that_breaks_ends_with_its_error(ros: Ros, play: Play, tmp_path: Path) -> None:
    player = play(write_video(tmp_path / "a.mp4", [0, 100]), start=5.0)
    player.start()
    ros.wait_for(player.finished.done)
    with pytest.raises(RecordingError, match="no frame from 5 s on"):
        player.finished.result()


def test_a_topic_that_ros2_does_not_allow_is_refused(play: Play, tmp_path: Path) -> None:
    bag = BagBuilder(tmp_path)
    bag.image("/3d-camera/image", T0)
    with pytest.raises(ConfigurationError, match=r"topic /3d-camera/image cannot be played"):
        play(bag.ros1())


@pytest.mark.parametrize("frames", [0, 1, 5])
def test_destroying_the_player_stops_it_wherever_it_is(ros: Ros, play: Play, tmp_path: Path, frames: int) -> None:
    bag = BagBuilder(tmp_path)
    for i in (0, 300):
        bag.image("/camera", T0 + i * SECOND)
    player = play(bag.ros2() if frames < 2 else three_frames(tmp_path).ros2("three"), loop=True)
    listener = Listener(ros, dict.fromkeys(player.topics, Image) if frames else {})
    player.start()
    ros.wait_for(lambda: player.summary.frames >= frames)
    ros.executor.remove_node(player)
    player.destroy_node()
    assert player.finished.result() == player.summary
    assert len(listener.order) <= player.summary.frames


def test_a_shutdown_under_the_player_ends_it_without_an_error(ros: Ros, play: Play, tmp_path: Path) -> None:
    player = play(three_frames(tmp_path).ros2(), loop=True, wait_for_subscribers=False)
    player.start()
    ros.wait_for(lambda: player.summary.frames > 2)
    ros.context.try_shutdown()
    ros.wait_for(player.finished.done)
    assert player.finished.exception() is None


def test_the_office_doorway_is_played(ros: Ros, play: Play) -> None:
    player = play(shared("bags/office_doorway_db3"), rate=20.0)
    listener = Listener(ros, {"/camera/image_raw": Image})
    player.start()
    assert ros.result(player.finished).frames == 75
    stamps = heard(ros, listener, "/camera/image_raw", 75)
    assert (stamps[0], stamps[-1]) == (T0, T0 + 4_938_266_624)


def test_the_three_cameras_of_a_robot_episode_are_played(ros: Ros, play: Play) -> None:
    player = play(shared("bags/bridge_put_carrot_on_plate"), rate=10.0)
    listener = Listener(ros, {f"/image_{i}/compressed": CompressedImage for i in range(3)})
    player.start()
    assert ros.result(player.finished).frames == 30
    assert [len(heard(ros, listener, f"/image_{i}/compressed", 10)) for i in range(3)] == [10, 10, 10]
