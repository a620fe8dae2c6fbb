"""Videos whose headers say something wrong, or nothing, about times."""

import struct
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from recorded import write_video

from cosmos_reasoner.errors import RecordingError
from cosmos_reasoner.recordings.open import open_recording
from cosmos_reasoner.recordings.recording import Recording

MS = 1_000_000
STEADY = list(range(0, 4000, 100))
VARIABLE = [0, 20, 70, 150, 260, 400, 420, 470, 1470, 1500]


def check_times(recording: Recording, times: list[int]) -> None:
    """The frames have these times in ms, and the end is known without reading them."""
    assert recording.end == times[-1] * MS
    assert [frame.stamp for frame in recording.frames()] == [time * MS for time in times]


def write_gif(path: Path, times: list[int]) -> Path:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("gif", rate=100)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "gray"
        for i, time in enumerate(times):
            frame = av.VideoFrame.from_ndarray(np.full((48, 64), 20 * i, np.uint8), format="gray")
            frame.pts, frame.time_base = time // 10, Fraction(1, 100)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


def copy(source: Path, target: Path, options: dict[str, str]) -> Path:
    """Copy the pictures of a video into another container."""
    with av.open(str(source)) as read, av.open(str(target), "w", options=options) as written:
        stream = written.add_stream_from_template(read.streams.video[0])
        for packet in read.demux(read.streams.video[0]):
            if packet.size:
                packet.stream = stream
                written.mux(packet)
    return target


def test_a_gif_keeps_the_times_of_its_pictures(tmp_path: Path) -> None:
    with open_recording(write_gif(tmp_path / "a.gif", VARIABLE), video_start=0) as recording:
        check_times(recording, VARIABLE)
        assert recording.cameras[0].count == 10 and recording.cameras[0].rate == 6.0


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("live.mkv", {"live": "1"}),
        ("live.flv", {"flvflags": "no_duration_filesize"}),
        ("parts.mp4", {"movflags": "frag_keyframe+empty_moov"}),
    ],
)
def test_a_video_without_a_duration_in_its_header_has_its_end(
    tmp_path: Path, name: str, options: dict[str, str]
) -> None:
    path = copy(write_video(tmp_path / "source.mkv", VARIABLE), tmp_path / name, options)
    with open_recording(path, video_start=0) as recording:
        check_times(recording, VARIABLE)
        assert recording.cameras[0].rate == pytest.approx(9.0, abs=4.0)
        assert recording.faults == ()


@pytest.mark.parametrize("interval_ns", [1_000_000, 1_000_000_000])
def test_a_wrong_frame_rate_in_the_header_changes_nothing(tmp_path: Path, interval_ns: int) -> None:
    path = write_video(tmp_path / "a.mkv", STEADY)
    content = bytearray(path.read_bytes())
    place = content.index(b"\x23\xe3\x83\x84") + 4  # DefaultDuration (RFC 9559, 5.1.4.1.13), four bytes
    content[place : place + 4] = interval_ns.to_bytes(4, "big")
    path.write_bytes(content)
    with open_recording(path, video_start=0) as recording:
        check_times(recording, STEADY)
        assert recording.cameras[0].rate == pytest.approx(10.0)


@pytest.mark.parametrize(("scale", "rate"), [(1, 0), (0, 10), (0, 0)])
def test_a_frame_rate_of_zero_in_the_header_is_made_good(tmp_path: Path, scale: int, rate: int) -> None:
    path = write_video(tmp_path / "a.avi", STEADY, "mpeg4")
    content = bytearray(path.read_bytes())
    struct.pack_into("<II", content, content.index(b"strh") + 28, scale, rate)
    path.write_bytes(content)
    with open_recording(path, video_start=0) as recording:
        check_times(recording, STEADY)


def test_a_video_of_an_unknown_codec_is_refused(tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.mkv", STEADY)
    path.write_bytes(path.read_bytes().replace(b"V_MPEG4/ISO/AVC", b"V_NOT/KNOWN/HERE"[:15]))
    with pytest.raises(RecordingError, match=r"a.mkv: nothing here can decode this video: its codec is not known"):
        open_recording(path)


def cut(path: Path, share: float) -> Path:
    path.write_bytes(path.read_bytes()[: round(path.stat().st_size * share)])
    return path


def noisy(seed: int) -> Callable[[int], np.ndarray]:
    pictures = np.random.default_rng(seed).integers(0, 256, (40, 48, 64, 3), np.uint8)
    return lambda i: pictures[i]


def test_a_video_that_was_not_copied_to_its_end_is_read_and_says_so(tmp_path: Path) -> None:
    source = write_video(tmp_path / "source.mp4", STEADY, pixels=noisy(0))
    path = cut(copy(source, tmp_path / "a.mp4", {"movflags": "faststart"}), 0.5)
    with open_recording(path, video_start=0) as recording:
        (fault,) = recording.faults
        assert fault.startswith(f"{path}: ends after ") and fault.endswith(" of 4.0 s: what is there was used")
        assert 1_000 * MS < recording.end < 3_000 * MS
        frames = list(recording.frames())
        assert 10 < len(frames) < 30


@pytest.mark.parametrize(("name", "codec"), [("a.mkv", "libx264"), ("a.avi", "mjpeg"), ("a.ts", "libx264")])
@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_whatever_is_left_of_a_stream_is_read(tmp_path: Path, name: str, codec: str, share: float) -> None:
    path = cut(write_video(tmp_path / name, STEADY, codec, noisy(0)), share)
    with open_recording(path, video_start=0) as recording:
        stamps = [frame.stamp for frame in recording.frames()]
        assert 40 * share - 10 < len(stamps) < 40
        assert abs(recording.end - stamps[-1]) <= 500 * MS


def test_a_video_that_goes_away_while_it_is_read_ends_with_a_fault(tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.mp4", STEADY)
    with open_recording(path) as recording:
        path.unlink()
        assert list(recording.frames()) == []
        (fault,) = recording.faults
    assert fault.startswith(f"{path}: ") and "No such file" in fault
    with pytest.raises(RecordingError, match="no such file"):
        open_recording(path)
