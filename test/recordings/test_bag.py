"""Bags of every format as recordings."""

import shutil
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
import yaml
from recorded import BagBuilder, shared

from cosmos_reasoner.clips.frame import Frame
from cosmos_reasoner.clips.pixels import decode
from cosmos_reasoner.errors import RecordingError
from cosmos_reasoner.recordings.open import open_recording
from cosmos_reasoner.recordings.recording import COMPRESSED_IMAGE, IMAGE, CameraInfo

SECOND = 1_000_000_000
T0 = 1_700_000_000 * SECOND

FORMATS = [
    *[("ros1", {"compression": name}) for name in ("", "bz2", "lz4")],
    *[
        ("ros2", {"storage": storage, "compression": compression})
        for storage, compression in [
            *[("sqlite3", name) for name in ("NONE", "MESSAGE", "FILE")],
            *[("mcap", name) for name in ("NONE", "MESSAGE", "FILE", "STORAGE")],
        ]
    ],
]


def two_cameras(bag: BagBuilder) -> None:
    for i in range(4):
        bag.image("/left/image_raw", T0 + i * SECOND, stamp=T0 + i * SECOND - 7, value=i)
        bag.text("/chatter", T0 + i * SECOND)
        bag.compressed("/right/image/compressed", T0 + i * SECOND + 5, bag.picture_file(".jpg", 50 + i))


@pytest.mark.parametrize(("write", "options"), FORMATS)
def test_every_format_gives_the_same_frames(bag: BagBuilder, write: str, options: dict[str, str]) -> None:
    two_cameras(bag)
    with open_recording(getattr(bag, write)(**options)) as recording:
        frames = list(recording.frames())
        tracks = {track.name: (track.type, track.count) for track in recording.cameras}
        span = recording.start, recording.end
    assert tracks == {"/left/image_raw": (IMAGE, 4), "/right/image/compressed": (COMPRESSED_IMAGE, 4)}
    assert span == (T0 - 7, T0 + 3 * SECOND + 5)
    assert [frame.stamp for frame in frames[::2]] == [T0 + i * SECOND - 7 for i in range(4)]
    assert [frame.encoding for frame in frames] == ["rgb8", "jpeg"] * 4
    assert {(frame.width, frame.height, frame.frame_id) for frame in frames} == {(8, 6, "optical")}
    assert [int(decode(frame)[0, 0, 0]) for frame in frames[::2]] == [0, 1, 2, 3]
    assert [int(decode(frame)[0, 0, 0]) for frame in frames[1::2]] == [50, 51, 52, 53]


@pytest.mark.parametrize("storage", ["sqlite3", "mcap"])
def test_a_folder_without_metadata_and_a_lone_file_are_read(bag: BagBuilder, storage: str) -> None:
    two_cameras(bag)
    folder = bag.ros2(storage=storage)
    (folder / "metadata.yaml").unlink()
    (lone,) = folder.iterdir()
    for path in (folder, lone):
        with open_recording(path) as recording:
            assert len(list(recording.frames())) == 8


def splits(bag: BagBuilder, storage: str) -> list[Path]:
    """Two parts of one recording, the later one first by name."""
    parts = []
    for name, first in (("b_0", 0), ("a_1", 10)):
        bag.messages.clear()
        for i in range(first, first + 10):
            bag.image("/camera", T0 + i * SECOND, value=i)
        parts.append(bag.ros2(name, storage))
    return parts


@pytest.mark.parametrize("storage", ["sqlite3", "mcap"])
def test_splits_without_metadata_follow_each_other_in_time(bag: BagBuilder, tmp_path: Path, storage: str) -> None:
    together = tmp_path / "together"
    together.mkdir()
    for part in splits(bag, storage):
        shutil.copy(next(part.glob("*_?.*")), together)
    with open_recording(together) as recording:
        assert [int(frame.data[0]) for frame in recording.frames()] == list(range(20))
        part = recording.frames(start=T0 + 8 * SECOND, stop=T0 + 12 * SECOND)
        assert [int(frame.data[0]) for frame in part] == [8, 9, 10, 11]


def test_splits_with_metadata_are_all_read(bag: BagBuilder) -> None:
    first, second = splits(bag, "mcap")
    shutil.copy(second / "a_1.mcap", first)
    metadata = yaml.safe_load((first / "metadata.yaml").read_text())
    about = metadata["rosbag2_bagfile_information"]
    about["relative_file_paths"].append("a_1.mcap")
    about["duration"]["nanoseconds"] = 19 * SECOND
    (first / "metadata.yaml").write_text(yaml.safe_dump(metadata))
    with open_recording(first) as recording:
        assert [int(frame.data[0]) for frame in recording.frames()] == list(range(20))
        assert recording.end == T0 + 19 * SECOND


def test_parallel_ros1_bags_of_one_folder_are_merged_by_time(bag: BagBuilder, tmp_path: Path) -> None:
    folder = tmp_path / "drive"
    folder.mkdir()
    for name in ("left", "right"):
        bag.messages.clear()
        for i in range(5):
            bag.image(f"/{name}", T0 + i * SECOND + (name == "right"))
        bag.ros1(f"drive/{name}.bag")
    with open_recording(folder) as recording:
        assert [frame.camera for frame in recording.frames()] == ["/left", "/right"] * 5


def test_a_zero_header_stamp_falls_back_to_the_receive_time(bag: BagBuilder) -> None:
    bag.image("/camera", T0 + 1, stamp=0)
    with open_recording(bag.ros2()) as recording:
        assert [frame.stamp for frame in recording.frames()] == [T0 + 1] == [recording.start]


@pytest.mark.parametrize(
    "says",
    [
        *("rgb8; jpeg compressed bgr8", "bgr8; png compressed bgr8", "mono8; jpeg compressed "),
        *("jpg", "JPEG", "jpeg", "png", "", "nonsense"),
    ],
)
def test_what_a_compressed_message_says_about_its_format_does_not_matter(bag: BagBuilder, says: str) -> None:
    bag.compressed("/camera/compressed", T0, bag.picture_file(".jpg"), says=says)
    bag.compressed("/camera/compressed", T0 + 1, bag.picture_file(".png"), says=says)
    with open_recording(bag.ros2()) as recording:
        assert [frame.encoding for frame in recording.frames()] == ["jpeg", "png"]


def test_raw_frames_keep_encoding_padding_and_byte_order(bag: BagBuilder) -> None:
    data = np.arange(6 * 20, dtype=np.uint8)
    bag.image("/depth", T0, encoding="16UC1", step=20, is_bigendian=1, data=data)
    with open_recording(bag.ros2()) as recording:
        (frame,) = recording.frames()
    assert (frame.encoding, frame.step, frame.big_endian, bytes(frame.data)) == ("16UC1", 20, True, data.tobytes())


def test_unreadable_messages_are_skipped_and_counted(bag: BagBuilder) -> None:
    for i in range(3):
        bag.image("/camera", T0 + i, value=i)
        bag.broken("/camera", "sensor_msgs/msg/Image", T0 + i)
        bag.image("/camera", T0 + i, step=2)
        bag.compressed("/other", T0 + i, b"no picture")
    with open_recording(bag.ros2()) as recording:
        assert recording.skipped == 0
        assert [int(frame.data[0]) for frame in recording.frames()] == [0, 1, 2]
        assert recording.skipped == 9


def test_a_bag_without_cameras_says_what_it_has(bag: BagBuilder) -> None:
    bag.text("/chatter", T0)
    with pytest.raises(RecordingError, match=r"no camera topic .* /chatter \[std_msgs/msg/String\]"):
        open_recording(bag.ros2())


def test_a_bag_without_a_readable_picture_is_refused_with_the_reason(bag: BagBuilder) -> None:
    bag.compressed("/camera/compressed", T0, b"no picture")
    with pytest.raises(RecordingError, match=r"no readable picture on /camera/compressed: .*neither a JPEG nor a PNG"):
        open_recording(bag.ros2())


@pytest.mark.parametrize("storage", ["sqlite3", "mcap"])
@pytest.mark.parametrize("compression", ["MESSAGE", "FILE"])
def test_compressed_bags_are_read_without_their_metadata(bag: BagBuilder, storage: str, compression: str) -> None:
    two_cameras(bag)
    folder = bag.ros2(storage=storage, compression=compression)
    (folder / "metadata.yaml").unlink()
    (lone,) = folder.iterdir()
    for path in (folder, lone):
        with open_recording(path) as recording:
            assert len(list(recording.frames())) == 8
            assert recording.faults == ()


def test_of_a_file_and_its_compressed_copy_one_is_read(bag: BagBuilder) -> None:
    two_cameras(bag)
    folder = bag.ros2(compression="FILE")
    (folder / "metadata.yaml").unlink()
    (folder / "ros2.mcap").write_bytes((bag.ros2("again") / "again.mcap").read_bytes())
    with open_recording(folder) as recording:
        assert len(list(recording.frames())) == 8


def test_a_message_that_cannot_be_decompressed_is_skipped(bag: BagBuilder) -> None:
    bag.image("/camera", T0, value=1)
    bag.messages.append(("/camera", IMAGE, T0 + 1, b"\x28\xb5\x2f\xfdbroken"))
    bag.image("/camera", T0 + 2, value=2)
    with open_recording(bag.ros2()) as recording:
        assert [int(frame.data[0]) for frame in recording.frames()] == [1, 2]
        assert recording.skipped == 1


@pytest.mark.parametrize(
    ("write", "options", "name"),
    [
        ("ros1", {}, "ROS 1 bag"),
        ("ros2", {"storage": "sqlite3"}, "rosbag2 sqlite3"),
        ("ros2", {"compression": "FILE"}, "rosbag2 mcap"),
    ],
)
def test_a_bag_says_what_it_is(bag: BagBuilder, write: str, options: dict[str, str], name: str) -> None:
    two_cameras(bag)
    with open_recording(getattr(bag, write)(**options)) as recording:
        assert recording.format == name
        assert recording.faults == ()


def test_cameras_are_chosen_by_name(bag: BagBuilder) -> None:
    two_cameras(bag)
    with open_recording(bag.ros2()) as recording:
        assert {frame.camera for frame in recording.frames(["/left/image_raw"])} == {"/left/image_raw"}
        assert list(recording.frames([])) == []
        with pytest.raises(RecordingError, match="no camera /front; there are /left/image_raw, /right"):
            recording.frames(["/front"])


@pytest.mark.parametrize("pace", [1.0, 0.5, 2.0])
@pytest.mark.parametrize("epoch", [0, 1_000 * SECOND, T0])
def test_a_part_is_chosen_by_header_stamp_whatever_clock_the_recorder_used(
    bag: BagBuilder, pace: float, epoch: int
) -> None:
    for i in range(60):
        bag.image("/camera", T0 + i * SECOND, stamp=epoch + int((1 + i * pace) * SECOND), value=i)
    with open_recording(bag.ros2()) as recording:
        every = list(recording.frames())
        start, stop = every[20].stamp, every[40].stamp
        assert [int(frame.data[0]) for frame in recording.frames(start=start, stop=stop)] == list(range(20, 40))
        assert (recording.start, recording.end) == (every[0].stamp, every[-1].stamp)


def test_the_end_is_the_last_frame_though_the_bag_goes_on(bag: BagBuilder) -> None:
    two_cameras(bag)
    bag.text("/chatter", T0 + 3600 * SECOND)
    with open_recording(bag.ros2()) as recording:
        assert recording.end == T0 + 3 * SECOND + 5


def test_samples_have_the_camera_infos_of_the_chosen_cameras(bag: BagBuilder) -> None:
    for i in range(3):
        bag.image("/left/image_raw", T0 + i)
        bag.camera_info("/left/camera_info", T0 + i, 500.0)
        bag.image("/right/image_raw", T0 + i)
        bag.camera_info("/right/camera_info", T0 + i, 600.0)
    with open_recording(bag.ros2()) as recording:
        assert [track.info_topic for track in recording.cameras] == ["/left/camera_info", "/right/camera_info"]
        samples = list(recording.samples(["/left/image_raw"]))
        assert all(isinstance(sample, Frame) for sample in recording.frames())
    infos = [sample for sample in samples if isinstance(sample, CameraInfo)]
    assert [(info.topic, info.stamp) for info in infos] == [("/left/camera_info", T0 + i) for i in range(3)]
    assert len(samples) == 6


def test_the_camera_infos_of_ros1_become_ros2_messages(bag: BagBuilder) -> None:
    bag.image("/camera/image_raw", T0)
    bag.camera_info("/camera/camera_info", T0, 500.0)
    both = []
    for path in (bag.ros1(), bag.ros2()):
        with open_recording(path) as recording:
            both.append([bytes(s.data) for s in recording.samples() if isinstance(s, CameraInfo)])
    assert both[0] == both[1] != []


@pytest.mark.parametrize(("write", "options"), [("ros1", {}), ("ros2", {"storage": "sqlite3"}), ("ros2", {})])
def test_memory_does_not_grow_with_the_length(bag: BagBuilder, write: str, options: dict[str, str]) -> None:
    data = np.zeros(100 * 100 * 3, np.uint8)
    for i in range(1000):
        bag.image("/camera", T0 + i * SECOND, width=100, height=100, step=300, data=data)
    with open_recording(getattr(bag, write)(**options)) as recording:
        tracemalloc.start()
        assert sum(frame.nbytes for frame in recording.frames()) == 30_000_000
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert peak < 10_000_000


def test_the_office_doorway_is_read() -> None:
    with open_recording(shared("bags/office_doorway_db3")) as recording:
        frames = list(recording.frames())
    assert len(frames) == 75
    assert {(f.encoding, f.width, f.height, f.frame_id) for f in frames} == {("rgb8", 320, 180, "camera_optical")}
    stamps = [frame.stamp for frame in frames]
    assert stamps == sorted(set(stamps))


def test_a_robot_episode_without_metadata_has_three_cameras() -> None:
    with open_recording(shared("bags/bridge_put_carrot_on_plate")) as recording:
        assert [track.count for track in recording.cameras] == [10, 10, 10]
        assert [decode(frame).shape for frame in recording.frames()] == [(64, 64, 3)] * 30


def test_a_bag_of_all_types_has_camera_info() -> None:
    with open_recording(shared("bags/humble_all_types")) as recording:
        kinds = [sample.topic if isinstance(sample, CameraInfo) else sample.camera for sample in recording.samples()]
    assert sorted(set(kinds)) == ["/camera_info", "/compressed_image", "/image"]


@pytest.mark.parametrize("name", ["rosbag2_py/test/resources/mcap/wbag", "ros2bag/test/resources/empty_bag"])
def test_real_bags_without_cameras_are_refused(name: str) -> None:
    with pytest.raises(RecordingError, match="no camera topic"):
        open_recording(shared(f"bags/rosbag2_official/{name}"))
