"""Cameras of every temper: what is kept, what is counted, and what diagnostics say."""

import time

import pytest
from diagnostic_msgs.msg import DiagnosticArray, DiagnosticStatus
from robot import PERIOD, Camera, active_reasoner, frame
from rosgraph_msgs.msg import Clock
from sensor_msgs.msg import CompressedImage, Image

from cosmos_reasoner.embedded.serving import EmbeddedServer
from cosmos_reasoner.nodes.images import image_from_frame


@pytest.fixture(scope="module")
def endpoint():
    with EmbeddedServer() as server:
        yield server.url


class Doctor:
    """Keeps the newest status of each part."""

    def __init__(self, ros) -> None:
        self.statuses: dict[str, DiagnosticStatus] = {}
        self._ros = ros
        ros.node("doctor").create_subscription(DiagnosticArray, "/diagnostics", self._hear, 10)

    def _hear(self, message: DiagnosticArray) -> None:
        self.statuses |= {status.name: status for status in message.status}

    def wait_for(self, name: str, condition) -> DiagnosticStatus:
        def holds() -> bool:
            return name in self.statuses and condition(self.statuses[name])

        self._ros.wait_for(holds, timeout=15.0, what=f"{name}: {self.statuses.get(name)}")
        return self.statuses[name]


def values(status: DiagnosticStatus) -> dict[str, str]:
    return {pair.key: pair.value for pair in status.values}


def test_frames_are_kept_at_the_sample_rate_and_not_at_the_cameras(ros, endpoint) -> None:
    node = active_reasoner(ros, endpoint, sample_rate=2.0)
    camera = Camera(ros, node)
    rig, start = node.desk().engine.rig, time.time_ns()
    for index in range(20):
        camera.publisher.publish(image_from_frame(frame(index % 12, start + index * 100_000_000)))
        judged = index + 1
        ros.wait_for(lambda: sum(rig.counts("camera").values()) == judged, what="the frame to be judged")
    assert rig.counts("camera")["kept"] == 4


def test_a_frame_without_a_stamp_is_counted_and_never_used(ros, endpoint) -> None:
    node = active_reasoner(ros, endpoint)
    doctor = Doctor(ros)
    Camera(ros, node).publisher.publish(image_from_frame(frame(0, 0)))
    status = doctor.wait_for("reasoner: camera camera", lambda status: status.level == DiagnosticStatus.WARN)
    assert "stamp" in status.message and values(status)["no_stamp"] == "1"
    assert node.desk().engine.rig.newest_stamp() == 0


def test_a_clock_that_jumps_back_starts_a_new_time_line(ros, endpoint) -> None:
    node = active_reasoner(ros, endpoint)
    camera = Camera(ros, node)
    last = camera.film(8)
    camera.film(3, end=last - 60_000_000_000)
    rig = node.desk().engine.rig
    assert rig.clip(20.0).frame_count == 3
    assert rig.counts("camera")["jumped_back"] == 1


def test_a_size_that_changes_in_mid_stream_starts_a_new_clip(ros, endpoint) -> None:
    node = active_reasoner(ros, endpoint)
    camera = Camera(ros, node)
    last = camera.film(4)
    other = Image(width=16, height=16, encoding="mono8", step=16, data=bytes(256))
    other.header.stamp.sec, other.header.stamp.nanosec = divmod(last + PERIOD, 1_000_000_000)
    camera.publisher.publish(other)
    rig = node.desk().engine.rig
    ros.wait_for(lambda: rig.newest_stamp() == last + PERIOD)
    assert rig.clip(20.0).frame_count == 1
    assert rig.counts("camera")["size_changed"] == 1


@pytest.mark.parametrize(
    ("message", "words"),
    [
        (Image(width=8, height=8, encoding="bgr8", step=24, data=bytes(10)), "10 bytes"),
        (Image(width=0, height=0, encoding="bgr8"), "0x0"),
        (Image(width=8, height=8, encoding="nonsense", step=8, data=bytes(64)), "nonsense"),
    ],
    ids=["too short", "no size", "unknown encoding"],
)
def test_a_broken_picture_is_named_and_the_next_good_one_is_used(ros, endpoint, message, words) -> None:
    node = active_reasoner(ros, endpoint)
    doctor = Doctor(ros)
    camera = Camera(ros, node)
    message.header.stamp.sec = 1_600_000_000
    camera.publisher.publish(message)
    status = doctor.wait_for("reasoner: camera camera", lambda status: status.level == DiagnosticStatus.WARN)
    assert words in status.message and values(status)["broken"] == "1"
    camera.film(2)


def test_a_corrupt_jpeg_is_named(ros, endpoint) -> None:
    node = active_reasoner(ros, endpoint, transports=["compressed"])
    doctor = Doctor(ros)
    camera = Camera(ros, node, compressed=True)
    message = CompressedImage(format="jpeg", data=b"\xff\xd8\xff not a picture")
    message.header.stamp.sec = 1_600_000_000
    camera.publisher.publish(message)
    status = doctor.wait_for("reasoner: camera camera", lambda status: status.level == DiagnosticStatus.WARN)
    assert "JPEG" in status.message


def test_a_camera_that_never_came_is_an_error_and_names_its_topic(ros, endpoint) -> None:
    active_reasoner(ros, endpoint, camera_timeout=0.2)
    doctor = Doctor(ros)
    status = doctor.wait_for("reasoner: camera camera", lambda status: status.level == DiagnosticStatus.ERROR)
    assert "/camera/image_raw (0 publishers)" in status.message


def test_a_camera_that_stops_is_stale(ros, endpoint) -> None:
    node = active_reasoner(ros, endpoint, camera_timeout=0.2)
    doctor = Doctor(ros)
    Camera(ros, node).film(2)
    doctor.wait_for("reasoner: camera camera", lambda status: status.level == DiagnosticStatus.STALE)


def test_a_camera_that_delivers_is_well(ros, endpoint) -> None:
    node = active_reasoner(ros, endpoint, camera_timeout=60.0)
    doctor = Doctor(ros)
    Camera(ros, node).film(4)
    status = doctor.wait_for("reasoner: camera camera", lambda status: values(status).get("kept") == "4")
    assert status.level == DiagnosticStatus.OK
    assert doctor.statuses["reasoner: queue"].level == DiagnosticStatus.OK


def test_under_sim_time_nothing_happens_before_the_first_clock(ros, endpoint) -> None:
    node = active_reasoner(ros, endpoint, use_sim_time=True, periodic=["predict_outcome 0.5"])
    camera = Camera(ros, node)
    camera.film(12, end=100 * 10**9)
    assert node.periodic_counts == {}
    clock = ros.node("clock").create_publisher(Clock, "/clock", 10)
    ros.wait_for(clock.get_subscription_count, what="a subscription to /clock")
    message = Clock()

    def tick() -> bool:
        message.clock.nanosec = 0
        message.clock.sec += 1
        clock.publish(message)
        return node.periodic_counts["asked"] > 0

    message.clock.sec = 100
    ros.wait_for(tick, what="the first question")
