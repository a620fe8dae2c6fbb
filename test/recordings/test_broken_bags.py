"""Bags that are not whole: what can be read is read, and one line says what was not."""

import shutil
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

import numpy as np
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from recorded import BagBuilder, shared

from cosmos_reasoner.errors import RecordingError
from cosmos_reasoner.recordings.open import open_recording

SECOND = 1_000_000_000
T0 = 1_700_000_000 * SECOND


def noise(bag: BagBuilder, count: int = 40) -> None:
    """One picture of 120 kB a second, which do not compress; their first bytes are their numbers."""
    random = np.random.default_rng(0)
    for i in range(count):
        data = random.integers(0, 256, 120_000, np.uint8)
        data[0] = i
        bag.image("/camera", T0 + i * SECOND, width=200, height=200, step=600, data=data)


def read(path: Path) -> tuple[list[int], tuple[str, ...]]:
    """Numbers of the pictures of a recording, and its faults."""
    with open_recording(path) as recording:
        numbers = [int(frame.data[0]) for frame in recording.frames()]
        return numbers, recording.faults


def three_splits(bag: BagBuilder, storage: str) -> Path:
    """Folder with three files of ten pictures each, and metadata.yaml that names them."""
    folder = bag.folder / "drive"
    folder.mkdir()
    ending = {"mcap": ".mcap", "sqlite3": ".db3"}[storage]
    names = [f"drive_{number}{ending}" for number in range(3)]
    for number, name in enumerate(names):
        bag.messages.clear()
        for i in range(10 * number, 10 * number + 10):
            bag.image("/camera", T0 + i * SECOND, value=i)
        written = bag.ros2(f"part{number}", storage)
        shutil.copy(next(written.glob(f"*{ending}")), folder / name)
        shutil.copy(written / "metadata.yaml", folder)
    metadata = yaml.safe_load((folder / "metadata.yaml").read_text())
    metadata["rosbag2_bagfile_information"]["relative_file_paths"] = names
    (folder / "metadata.yaml").write_text(yaml.safe_dump(metadata))
    return folder


@pytest.mark.parametrize("storage", ["mcap", "sqlite3"])
def test_a_missing_split_is_named_and_the_others_are_read(bag: BagBuilder, storage: str) -> None:
    folder = three_splits(bag, storage)
    (missing,) = folder.glob("drive_1.*")
    missing.unlink()
    numbers, (fault,) = read(folder)
    assert numbers == [*range(10), *range(20, 30)]
    first, last = (f"drive_{number}{missing.suffix}" for number in (0, 2))
    assert fault == f"{folder}: {missing.name} is missing, which metadata.yaml names; {first}, {last} used"


def test_a_bag_of_which_only_the_metadata_is_left_is_refused_with_the_names(bag: BagBuilder) -> None:
    folder = three_splits(bag, "mcap")
    for file in folder.glob("*.mcap"):
        file.unlink()
    with pytest.raises(RecordingError, match=r"drive: drive_0.mcap, drive_1.mcap, drive_2.mcap is missing"):
        open_recording(folder)


@pytest.mark.parametrize("content", ["", "[", "rosbag2_bagfile_information: 7", "a: &a [*a]", "\x00"])
def test_metadata_that_cannot_be_read_is_a_fault_and_every_file_is_used(bag: BagBuilder, content: str) -> None:
    folder = three_splits(bag, "mcap")
    (folder / "metadata.yaml").write_text(content)
    numbers, (fault,) = read(folder)
    assert numbers == list(range(30))
    assert fault.startswith(f"{folder}/metadata.yaml: cannot be read (") and "\n" not in fault


def test_metadata_cannot_name_files_outside_of_the_folder(bag: BagBuilder) -> None:
    folder = three_splits(bag, "mcap")
    content = (folder / "metadata.yaml").read_text().replace("drive_1.mcap", "../part0/part0.mcap")
    (folder / "metadata.yaml").write_text(content)
    numbers, (fault,) = read(folder)
    assert numbers == [*range(10), *range(20, 30)]
    assert "part0.mcap is missing" in fault


@pytest.mark.parametrize("storage", ["mcap", "sqlite3"])
@pytest.mark.parametrize("with_metadata", [True, False])
def test_one_broken_file_among_several_is_a_fault(bag: BagBuilder, storage: str, with_metadata: bool) -> None:
    folder = three_splits(bag, storage)
    (broken,) = folder.glob("drive_1.*")
    broken.write_bytes(b"no bag")
    if not with_metadata:
        (folder / "metadata.yaml").unlink()
    numbers, (fault,) = read(folder)
    assert numbers == [*range(10), *range(20, 30)]
    assert fault.startswith(f"{broken}: cannot be read (") and fault.endswith(f"drive_2{broken.suffix} used")


@pytest.mark.parametrize("compression", ["NONE", "MESSAGE", "STORAGE"])
def test_an_mcap_that_is_cut_off_in_a_chunk_is_read_to_the_chunk_before(bag: BagBuilder, compression: str) -> None:
    noise(bag)
    (folder := bag.ros2(compression=compression)).joinpath("metadata.yaml").unlink()
    path = folder / "ros2.mcap"
    path.write_bytes(path.read_bytes()[:3_000_000])
    numbers, faults = read(path)
    assert numbers == list(range(18))
    assert faults == (f"{path}: ends in the middle of a chunk after 17.0 s: what comes before it was used",)


def test_a_part_of_an_unfinished_mcap_is_what_the_whole_has_there(bag: BagBuilder) -> None:
    noise(bag, 80)
    path = bag.ros2() / "ros2.mcap"
    path.write_bytes(path.read_bytes()[:-1_000])
    with open_recording(path) as recording:
        part = recording.frames(start=T0 + 38 * SECOND, stop=T0 + 42 * SECOND)
        assert [int(frame.data[0]) for frame in part] == [38, 39, 40, 41]
        assert (recording.start, recording.end) == (T0, T0 + 79 * SECOND)
        assert recording.cameras[0].count == 80


@pytest.mark.parametrize("left", [0, 1, 8, 100])
def test_an_mcap_that_ends_before_its_first_message_is_refused(bag: BagBuilder, left: int) -> None:
    noise(bag, 2)
    path = bag.ros2() / "ros2.mcap"
    path.write_bytes(path.read_bytes()[:left])
    with pytest.raises(RecordingError, match=r"ros2.mcap: this bag cannot be read: "):
        open_recording(path)


@pytest.mark.parametrize("storage", ["mcap", "sqlite3"])
def test_a_compressed_file_that_is_cut_off_is_read_as_far_as_it_goes(bag: BagBuilder, storage: str) -> None:
    noise(bag)
    folder = bag.ros2(storage=storage, compression="FILE")
    (path,) = folder.glob("*.zstd")
    path.write_bytes(path.read_bytes()[:3_000_000])
    numbers, faults = read(folder)
    assert numbers == list(range(len(numbers))) and 15 < len(numbers) < 25
    assert len(faults) == 1 and faults[0].startswith(f"{path}: ") and faults[0].endswith("before it was used")


def test_a_db3_that_is_cut_off_is_read_as_far_as_it_goes(bag: BagBuilder) -> None:
    noise(bag)
    path = bag.ros2(storage="sqlite3") / "ros2.db3"
    path.write_bytes(path.read_bytes()[:3_000_000])
    numbers, (fault,) = read(path)
    assert numbers == list(range(len(numbers))) and 20 < len(numbers) < 25
    assert fault.startswith(f"{path}: is broken (") and fault.endswith(" s: what comes before it was used")


def crashed(path: Path, folder: Path, *pragmas: str, commit: bool) -> Path:
    """Write the pictures of a db3 a second time, a minute later, and copy what is on the disk before it is closed."""
    with closing(sqlite3.connect(path)) as database:
        for pragma in pragmas:
            database.execute(f"PRAGMA {pragma}").fetchall()
        database.execute(
            "INSERT INTO messages (topic_id, timestamp, data) SELECT topic_id, timestamp + ?, data FROM messages",
            (60 * SECOND,),
        )
        if commit:
            database.commit()
        shutil.copytree(path.parent, folder)
        database.rollback()
    return folder / path.name


def test_what_stands_in_the_wal_beside_a_db3_is_read(bag: BagBuilder, tmp_path: Path) -> None:
    noise(bag, 5)
    path = bag.ros2(storage="sqlite3") / "ros2.db3"
    left = crashed(path, tmp_path / "left", "journal_mode=WAL", commit=True)
    assert left.with_name("ros2.db3-wal").stat().st_size > 0
    before = {file.name: file.read_bytes() for file in left.parent.iterdir()}
    numbers, faults = read(left)
    assert numbers == [0, 1, 2, 3, 4] * 2
    assert faults == (f"{left}: was not closed by its recorder: what had been written until then was used",)
    assert {file.name: file.read_bytes() for file in left.parent.iterdir()} == before


def test_a_transaction_that_was_not_finished_is_undone(bag: BagBuilder, tmp_path: Path) -> None:
    noise(bag, 5)
    path = bag.ros2(storage="sqlite3") / "ros2.db3"
    left = crashed(path, tmp_path / "left", "journal_mode=DELETE", "cache_size=1", commit=False)
    assert left.with_name("ros2.db3-journal").stat().st_size > 0
    assert read(left)[0] == [0, 1, 2, 3, 4]


def test_an_empty_wal_is_no_fault() -> None:
    with pytest.raises(RecordingError, match="no camera topic") as refused:
        open_recording(shared("bags/rosbag2_official/ros2bag/test/resources/empty_bag"))
    assert "closed" not in str(refused.value)


@pytest.mark.parametrize("name", ["run #3", "50%20", "which?"])
def test_a_db3_may_be_anywhere(bag: BagBuilder, name: str) -> None:
    noise(bag, 2)
    assert read(bag.ros2(storage="sqlite3").rename(bag.folder / name)) == ([0, 1], ())


def damage(path: Path, place: int) -> None:
    content = bytearray(path.read_bytes())
    content[place : place + 1000] = bytes(1000)
    path.write_bytes(content)


def test_a_ros1_bag_that_is_damaged_inside_ends_there_with_a_fault(bag: BagBuilder) -> None:
    noise(bag)
    path = bag.ros1(compression="bz2")
    damage(path, 3_000_000)
    numbers, (fault,) = read(path)
    assert numbers == list(range(len(numbers))) and 15 < len(numbers) < 25
    assert fault.startswith(f"{path}: broken after {numbers[-1]}.0 s (")
    assert fault.endswith("): what comes before it was used")


def test_an_mcap_that_is_damaged_inside_ends_there_with_a_fault(bag: BagBuilder) -> None:
    noise(bag)
    path = bag.ros2(compression="STORAGE") / "ros2.mcap"
    content = path.read_bytes()
    chunks = [i for i in range(len(content)) if content.startswith(b"\x28\xb5\x2f\xfd", i)]
    damage(path, chunks[2])
    numbers, (fault,) = read(path)
    assert numbers == list(range(18))
    assert fault.startswith(f"{path}: broken after 17.0 s (") and fault.endswith("): what comes before it was used")


def test_a_fault_is_said_once_however_often_the_bag_is_read(bag: BagBuilder) -> None:
    noise(bag)
    path = bag.ros1(compression="bz2")
    damage(path, 3_000_000)
    with open_recording(path) as recording:
        assert recording.faults == ()
        for _ in range(3):
            list(recording.frames())
        assert len(recording.faults) == 1


def unindexed(path: Path) -> Path:
    """A ROS 1 bag as its recorder leaves it when it is killed: no index, and the header knows of none."""
    content = bytearray(path.read_bytes())
    place = content.index(b"index_pos=") + len(b"index_pos=")
    content[place : place + 8] = bytes(8)
    active = path.with_suffix(".bag.active")
    active.write_bytes(content)
    path.unlink()
    return active


def test_a_ros1_bag_without_an_index_is_refused_with_the_remedy(bag: BagBuilder) -> None:
    noise(bag, 2)
    with pytest.raises(RecordingError, match=r"ros1.bag.active: this bag cannot be read: .*reindex before reading"):
        open_recording(unindexed(bag.ros1()))


def test_a_ros1_bag_without_an_index_does_not_keep_its_neighbours_from_being_read(bag: BagBuilder) -> None:
    (bag.folder / "drive").mkdir()
    noise(bag, 2)
    unindexed(bag.ros1("drive/a_1.bag"))
    bag.ros1("drive/a_0.bag")
    numbers, (fault,) = read(bag.folder / "drive")
    assert numbers == [0, 1]
    assert "a_1.bag.active: cannot be read" in fault and fault.endswith("; a_0.bag used")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """One small bag in every format, as bytes by ending."""
    bag = BagBuilder(tmp_path_factory.mktemp("whole"))
    for i in range(100):
        bag.image("/camera", T0 + i * SECOND, value=i)
    mcap, db3 = bag.ros2("m") / "m.mcap", bag.ros2("d", "sqlite3") / "d.db3"
    return {path.suffix: path.read_bytes() for path in (bag.ros1(compression="lz4"), mcap, db3)}


@pytest.mark.parametrize("ending", [".bag", ".mcap", ".db3"])
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_is_done_to_a_bag_it_is_read_or_refused(
    whole: dict[str, bytes], tmp_path: Path, ending: str, data: st.DataObject
) -> None:
    content = bytearray(whole[ending])
    for _ in range(data.draw(st.integers(0, 3), "places")):
        place = data.draw(st.integers(0, len(content) - 1), "place")
        content[place : place + 4] = data.draw(st.binary(min_size=4, max_size=4), "bytes")
    path = tmp_path / f"damaged{ending}"
    path.write_bytes(content[: data.draw(st.integers(0, len(content)), "length")])
    with suppress(RecordingError), open_recording(path) as recording:
        assert recording.end
        list(recording.frames())
