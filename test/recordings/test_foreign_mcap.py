"""MCAP files of other recorders: without an index, without chunks, compressed by lz4, with ROS 1's names of types."""

import sqlite3
import tracemalloc
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from mcap.writer import CompressionType, IndexType, Writer
from recorded import BagBuilder, header, picture
from rosbags.typesys import Stores, get_typestore

from cosmos_reasoner.errors import RecordingError
from cosmos_reasoner.recordings.open import open_recording
from cosmos_reasoner.recordings.recording import IMAGE

SECOND = 1_000_000_000
T0 = 1_700_000_000 * SECOND
STORE = get_typestore(Stores.ROS2_JAZZY)

WITHOUT_INDEX: dict[str, Any] = {"index_types": IndexType.NONE, "repeat_channels": False, "repeat_schemas": False}


@cache
def image(received: int, value: int) -> bytes:
    """A sensor_msgs/Image of 8x6 px in CDR."""
    kind = STORE.types[IMAGE]
    message = kind(header(STORE, received, None), 6, 8, "rgb8", 0, 24, picture(value).reshape(-1))
    return bytes(STORE.serialize_cdr(message, IMAGE))


def write_mcap(path: Path, seconds: list[int], kind: str = IMAGE, *, finish: bool = True, **options: Any) -> Path:
    """Write one picture for each time, in this order; its pixels are the time."""
    with path.open("wb") as file:
        writer = Writer(file, **options)
        writer.start("ros2")
        schema = writer.register_schema(kind, "ros2msg", b"")
        channel = writer.register_channel("/camera", "cdr", schema)
        for second in seconds:
            received = T0 + second * SECOND
            writer.add_message(channel, received, image(received, second), received)
        if finish:
            writer.finish()
    return path


@pytest.mark.parametrize("compression", list(CompressionType))
@pytest.mark.parametrize(
    "options",
    [{}, WITHOUT_INDEX, {"index_types": IndexType.CHUNK}, {"use_statistics": False}, {"use_chunking": False}],
    ids=["index", "no index", "chunks only", "no statistics", "no chunks"],
)
def test_every_layout_is_read(tmp_path: Path, compression: CompressionType, options: dict[str, Any]) -> None:
    path = write_mcap(tmp_path / "a.mcap", list(range(100)), compression=compression, chunk_size=1_000, **options)
    with open_recording(path) as recording:
        assert [int(frame.data[0]) for frame in recording.frames()] == list(range(100))
        assert (recording.end, recording.cameras[0].count, recording.faults) == (T0 + 99 * SECOND, 100, ())


def test_messages_out_of_order_are_no_reason_to_end(tmp_path: Path) -> None:
    path = write_mcap(tmp_path / "a.mcap", [0, 2, 1, 3], use_chunking=False)
    with open_recording(path) as recording:
        assert sorted(int(frame.data[0]) for frame in recording.frames()) == [0, 1, 2, 3]
        assert recording.faults == ()


@pytest.mark.parametrize("chunks", [True, False])
def test_a_file_that_was_never_closed_is_read_and_says_so(tmp_path: Path, chunks: bool) -> None:
    path = write_mcap(tmp_path / "a.mcap", [0, 1, 2, 3], finish=False, use_chunking=chunks, chunk_size=100)
    with open_recording(path) as recording:
        assert [int(frame.data[0]) for frame in recording.frames()] == [0, 1, 2, 3]
        assert recording.faults == (f"{path}: was not closed and ends after 3.0 s: what comes before it was used",)


def test_memory_does_not_grow_with_an_unfinished_files_length(tmp_path: Path) -> None:
    path = write_mcap(tmp_path / "a.mcap", [*range(100)] * 200, finish=False, use_chunking=False)
    tracemalloc.start()
    with open_recording(path) as recording:
        frames = sum(1 for _ in recording.frames(start=T0 + 50 * SECOND, stop=T0 + 51 * SECOND))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert frames == 200
    assert peak < 2_000_000 < path.stat().st_size


@pytest.mark.parametrize("kind", ["sensor_msgs/Image", "sensor_msgs/msg/Image"])
def test_both_spellings_of_a_type_are_read_from_mcap(tmp_path: Path, kind: str) -> None:
    with open_recording(write_mcap(tmp_path / "a.mcap", [1, 2], kind)) as recording:
        assert [(track.name, track.type) for track in recording.cameras] == [("/camera", IMAGE)]
        assert [int(frame.data[0]) for frame in recording.frames()] == [1, 2]


def test_both_spellings_of_a_type_are_read_from_sqlite3(bag: BagBuilder) -> None:
    bag.image("/raw", T0, value=1)
    bag.compressed("/small", T0 + 1, bag.picture_file(".jpg"))
    path = bag.ros2(storage="sqlite3")
    with closing(sqlite3.connect(path / "ros2.db3")) as database:
        database.execute("UPDATE topics SET type = replace(type, '/msg/', '/')")
        database.commit()
    metadata = path / "metadata.yaml"
    metadata.write_text(metadata.read_text().replace("sensor_msgs/msg/", "sensor_msgs/"))
    with open_recording(path) as recording:
        assert [frame.encoding for frame in recording.frames()] == ["rgb8", "jpeg"]


def test_an_mcap_without_messages_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match=r"a.mcap: this bag cannot be read: there is no message in it"):
        open_recording(write_mcap(tmp_path / "a.mcap", []))


def test_a_message_as_large_as_a_picture_is_whole(tmp_path: Path) -> None:
    path = write_mcap(tmp_path / "a.mcap", [7], finish=False, use_chunking=False)
    with open_recording(path) as recording:
        (frame,) = recording.frames()
    assert np.array_equal(np.frombuffer(frame.data, np.uint8), picture(7).reshape(-1))
