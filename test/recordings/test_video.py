"""Videos and pictures as recordings."""

import os
from itertools import accumulate
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from recorded import shared, write_video

from cosmos_reasoner.clips.frame import Frame
from cosmos_reasoner.errors import RecordingError
from cosmos_reasoner.recordings.open import open_recording
from cosmos_reasoner.recordings.recording import VIDEO, CameraInfo

STEADY = list(range(0, 4000, 100))
VARIABLE = [0, *accumulate([20, 50, 80, 110, 140] * 8)][:40]
MS = 1_000_000


def brightness(frame: Frame | CameraInfo) -> float:
    return float(np.mean(np.frombuffer(frame.data, np.uint8)))


def stamps_ms(path: Path) -> list[float]:
    with open_recording(path, video_start=0) as recording:
        return [frame.stamp / MS for frame in recording.frames()]


@pytest.mark.parametrize(
    ("name", "codec"),
    [
        ("a.mp4", "libx264"),
        ("a.mkv", "libx264"),
        ("a.webm", "libvpx"),
        ("a.ts", "libx264"),
        ("a.avi", "mpeg4"),
        ("b_frames.avi", "libx264"),
        ("bare.h264", "libx264"),
    ],
)
def test_every_container_gives_all_frames_in_order_at_their_times(tmp_path: Path, name: str, codec: str) -> None:
    path = write_video(tmp_path / name, STEADY, codec)
    with open_recording(path) as recording:
        (track,) = recording.cameras
        frames = list(recording.frames())
    assert (track.name, track.type, track.rate) == (path.stem, VIDEO, 10.0)
    assert [frame.stamp - recording.start for frame in frames] == [time * MS for time in STEADY]
    assert recording.end == frames[-1].stamp
    seen = [brightness(frame) for frame in frames]
    assert seen == sorted(seen)
    assert np.allclose(seen, [20 + 5 * i for i in range(40)], atol=8)
    assert {(f.width, f.height, f.encoding, f.step, f.frame_id) for f in frames} == {(64, 48, "bgr8", 192, "camera")}


@pytest.mark.parametrize("name", ["a.mp4", "a.mkv"])
def test_a_variable_frame_rate_is_honoured(tmp_path: Path, name: str) -> None:
    assert stamps_ms(write_video(tmp_path / name, VARIABLE)) == VARIABLE


def test_the_first_stamp_is_not_zero_unless_asked_for(tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.mp4", STEADY)
    with open_recording(path) as usual, open_recording(path, video_start=7) as chosen:
        assert (usual.start, next(iter(usual.frames())).stamp) == (1_000 * MS, 1_000 * MS)
        assert (chosen.start, next(iter(chosen.frames())).stamp) == (7, 7)


@pytest.mark.parametrize(
    ("name", "times"),
    [("a.mp4", VARIABLE), ("a.mkv", VARIABLE), ("a.ts", VARIABLE), ("a.avi", STEADY), ("bare.h264", STEADY)],
)
def test_a_part_is_what_the_whole_has_there(tmp_path: Path, name: str, times: list[int]) -> None:
    path = write_video(tmp_path / name, times)

    with open_recording(path, video_start=0) as recording:
        whole = [(frame.stamp, round(brightness(frame))) for frame in recording.frames()]

        @settings(deadline=None)
        @given(st.integers(-100, 4_500), st.integers(-100, 4_500))
        def check(start: int, stop: int) -> None:
            part = recording.frames(start=start * MS, stop=stop * MS)
            expected = [each for each in whole if start * MS <= each[0] < stop * MS]
            assert [(frame.stamp, round(brightness(frame))) for frame in part] == expected

        check()


def test_pictures_are_turned_upright(tmp_path: Path) -> None:
    path = tmp_path / "portrait.mp4"
    lying = np.zeros((48, 64, 3), np.uint8)
    lying[:, 48:] = 255
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        stream.set_display_rotation(90)
        container.mux(stream.encode(av.VideoFrame.from_ndarray(lying, format="bgr24")))
        container.mux(stream.encode())
    with open_recording(path) as recording:
        (frame,) = recording.frames()
    pixels = np.frombuffer(frame.data, np.uint8).reshape(frame.height, frame.width, 3)
    assert (frame.width, frame.height) == (48, 64)
    assert pixels[:14].mean() > 230
    assert pixels[18:].mean() < 30


@pytest.mark.parametrize("ending", [".jpg", ".png", ".gif", ".webp", ".bmp"])
def test_a_picture_is_a_recording_of_one_frame(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"still{ending}"
    assert cv2.imwrite(str(path), np.full((30, 40, 3), 128, np.uint8))
    with open_recording(path) as recording:
        (frame,) = recording.frames()
        assert recording.start == recording.end == frame.stamp
        assert recording.cameras[0].rate is None
    assert (frame.width, frame.height, round(brightness(frame))) == (40, 30, 128)


def damaged_video(tmp_path: Path, pictures: slice) -> Path:
    """Video of 40 pictures, some of which cannot be decoded."""
    noise = np.random.default_rng(0).integers(0, 256, (40, 48, 64, 3), np.uint8)
    path = write_video(tmp_path / "a.avi", STEADY, "mjpeg", lambda i: noise[i])
    content = bytearray(path.read_bytes())
    starts = [i for i in range(len(content)) if content.startswith(b"\xff\xd8\xff", i)]
    for start in starts[pictures]:
        content[start : start + 700] = bytes(700)
    path.write_bytes(content)
    return path


def test_packets_that_cannot_be_decoded_are_skipped_and_counted(tmp_path: Path) -> None:
    with open_recording(damaged_video(tmp_path, slice(5, 7))) as recording:
        assert len(list(recording.frames())) == 38
        assert recording.skipped == 2


def test_a_video_without_one_good_picture_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="no picture in this file can be decoded"):
        open_recording(damaged_video(tmp_path, slice(0, 40)))


def test_the_camera_is_the_file_name(tmp_path: Path) -> None:
    with open_recording(write_video(tmp_path / "kitchen.mp4", STEADY)) as recording:
        assert len(list(recording.samples(["kitchen"]))) == 40
        assert list(recording.frames([])) == []
        with pytest.raises(RecordingError, match="no camera hall; there is kitchen"):
            recording.frames(["hall"])


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("empty.mp4", b"", "neither a bag nor a video"),
        ("notes.txt", b"hello\n" * 20, "neither a bag nor a video"),
        ("notes.nfo", b"hello\n" * 20, "no video"),
        ("part.mcap.zstd", b"", "this bag cannot be read"),
        ("empty.bag", b"", "this bag cannot be read"),
        ("empty.mcap", b"", "this bag cannot be read"),
        ("empty.db3", b"", "this bag cannot be read"),
    ],
)
def test_what_is_no_recording_is_refused(tmp_path: Path, name: str, content: bytes, problem: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(RecordingError, match=f"{name}: .*{problem}"):
        open_recording(tmp_path / name)


def test_a_video_that_is_cut_off_before_its_index_is_refused(tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.mp4", STEADY)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(RecordingError, match="neither a bag nor a video that can be read"):
        open_recording(path)


def test_sound_without_pictures_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "sound.wav"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("pcm_s16le", rate=8000)
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 800), np.int16), layout="mono")
        frame.rate = 8000
        container.mux(stream.encode(frame))
    with pytest.raises(RecordingError, match="no video in this file"):
        open_recording(path)


def test_missing_files_and_empty_folders_are_refused(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="no such file"):
        open_recording(tmp_path / "nowhere.mp4")
    with pytest.raises(RecordingError, match=r"no recording here: the folder has no bag files .* and no pictures"):
        open_recording(tmp_path)


@pytest.mark.parametrize("name", ["2024-01-01T10:00:00.mp4", "http:a.mp4", "file:a.mp4", "concat:a.mp4", "data:,a.mp4"])
def test_a_relative_name_with_a_colon_is_a_file_and_no_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    write_video(tmp_path / "a.mp4", STEADY).rename(tmp_path / name)
    monkeypatch.chdir(tmp_path)
    with open_recording(Path(name)) as recording:
        assert len(list(recording.frames())) == 40


@pytest.mark.parametrize("name", ["endless.mp4", "endless.mcap", "endless.png", "endless"])
def test_pipes_and_devices_are_refused(tmp_path: Path, name: str) -> None:
    os.mkfifo(tmp_path / name)
    for path in (tmp_path / name, Path("/dev/zero")):
        with pytest.raises(RecordingError, match=f"^{path}: neither a file nor a folder.*$"):
            open_recording(path)


@pytest.mark.parametrize(
    ("name", "count", "rate"),
    [
        ("dashcam_sample.mp4", 10, 4),
        ("vtest.avi", 795, 10),
        ("balle-jbart.mp4", 255, 25),
        ("Principe_inertie.avi", 28, 25),
        ("Force_constante.avi", 26, 25),
    ],
)
def test_real_videos_have_even_stamps(name: str, count: int, rate: int) -> None:
    assert stamps_ms(shared(f"videos/{name}")) == [i * 1000 / rate for i in range(count)]
