"""Only wanted frames are made."""

from collections.abc import Callable
from pathlib import Path

import cv2
import pytest
from recorded import BagBuilder, picture, write_video

from cosmos_reasoner.recordings import video as video_module
from cosmos_reasoner.recordings.open import open_recording

SECOND = 1_000_000_000
T0 = 1_700_000_000 * SECOND


def every_tenth() -> tuple[list[tuple[str, int]], Callable[[str, int], bool]]:
    """Ask for every tenth frame; what was asked about is listed."""
    asked: list[tuple[str, int]] = []

    def wanted(camera: str, stamp: int) -> bool:
        asked.append((camera, stamp))
        return len(asked) % 10 == 1

    return asked, wanted


def a_video(folder: Path) -> Path:
    return write_video(folder / "a.mp4", [i * 100 for i in range(40)])


def a_bag(folder: Path) -> Path:
    bag = BagBuilder(folder)
    for i in range(20):
        bag.image("/left", T0 + i * SECOND)
        bag.compressed("/right", T0 + i * SECOND + 1, bag.picture_file(".jpg"))
    return bag.ros2()


def a_ros1_bag(folder: Path) -> Path:
    bag = BagBuilder(folder)
    for i in range(40):
        bag.image("/left", T0 + i * SECOND)
    return bag.ros1()


def a_folder(folder: Path) -> Path:
    for i in range(40):
        cv2.imwrite(str(folder / f"{i}.png"), picture(i))
    return folder


@pytest.mark.parametrize("written", [a_video, a_bag, a_ros1_bag, a_folder])
def test_every_frame_is_asked_about_once_in_order_and_only_wanted_ones_come(
    tmp_path: Path, written: Callable[[Path], Path]
) -> None:
    asked, wanted = every_tenth()
    with open_recording(written(tmp_path)) as recording:
        every = [(frame.camera, frame.stamp) for frame in recording.frames()]
        chosen = [(frame.camera, frame.stamp) for frame in recording.frames(wanted=wanted)]
    assert asked == every and len(every) == 40
    assert chosen == every[::10]


@pytest.mark.parametrize("written", [a_video, a_bag, a_folder])
def test_only_frames_of_the_chosen_part_and_cameras_are_asked_about(
    tmp_path: Path, written: Callable[[Path], Path]
) -> None:
    asked, wanted = every_tenth()
    with open_recording(written(tmp_path)) as recording:
        camera = [recording.cameras[0].name]
        middle = (recording.start + recording.end) // 2
        part = [(frame.camera, frame.stamp) for frame in recording.frames(camera, middle)]
        list(recording.frames(camera, middle, None, wanted))
    assert asked == part and 0 < len(part) < 40


def test_pictures_of_a_video_that_are_not_wanted_are_not_converted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    converted = []
    convert = video_module.pixels
    monkeypatch.setattr(video_module, "pixels", lambda picture: converted.append(picture) or convert(picture))
    _, wanted = every_tenth()
    with open_recording(a_video(tmp_path)) as recording:
        assert len(list(recording.frames(wanted=wanted))) == 4
    assert len(converted) == 4


def test_files_of_pictures_that_are_not_wanted_are_not_even_read(tmp_path: Path) -> None:
    _, wanted = every_tenth()
    with open_recording(a_folder(tmp_path)) as recording:
        for path in tmp_path.iterdir():
            if int(path.stem) % 10:
                path.unlink()
        assert len(list(recording.frames(wanted=wanted))) == 4
        assert recording.skipped == 0


def test_frames_of_a_bag_look_into_the_message_that_was_read(tmp_path: Path) -> None:
    for path in (a_bag(tmp_path), a_ros1_bag(tmp_path)):
        with open_recording(path) as recording:
            frame = next(recording.frames())
        assert isinstance(frame.data, memoryview) and frame.data.readonly
