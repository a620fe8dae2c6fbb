"""The right reader for a file or folder."""

from pathlib import Path

from cosmos_reasoner.errors import RecordingError
from cosmos_reasoner.recordings.bag_files import is_bag
from cosmos_reasoner.recordings.recording import VIDEO_START, Recording

__all__ = ["check_openable", "open_recording"]


def open_recording(path: Path, video_start: int | None = None) -> Recording:
    """Open a bag, a video, a picture or a folder of pictures.

    Args:
        path: A ROS 1 .bag, a rosbag2 folder (with or without metadata.yaml), a single .mcap or .db3 file, a video or
            picture of any format that FFmpeg reads, or a folder with .jpg, .png, .webp or .bmp files.
        video_start: Stamp of the first frame where the recording says no time, ns; bags have their own stamps. None
            for 1 s: a stamp of 0 would mean "not set" to ROS.

    Raises:
        RecordingError: It does not exist, is neither a file nor a folder, cannot be read, or has no camera in it.
    """
    check_openable(path)
    # Each reader's library takes a while to import, and only one is needed.
    if is_bag(path):
        from cosmos_reasoner.recordings.bag import BagRecording

        return BagRecording(path)
    start = VIDEO_START if video_start is None else video_start
    if path.is_dir():
        from cosmos_reasoner.recordings.picture_folder import PictureFolder

        return PictureFolder(path, start)
    from cosmos_reasoner.recordings.video import VideoRecording

    return VideoRecording(path, start)


def check_openable(path: Path) -> None:
    """Refuse what is neither a file nor a folder: to open a pipe or device may wait forever.

    Raises:
        RecordingError: It is another thing, or does not exist.
    """
    if not path.exists():
        raise RecordingError(f"{path}: no such file or folder")
    if not path.is_file() and not path.is_dir():
        raise RecordingError(f"{path}: neither a file nor a folder; of a pipe or device, record a file first")
