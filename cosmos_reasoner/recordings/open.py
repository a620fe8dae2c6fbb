"""The right reader for a file or folder."""

from pathlib import Path

from cosmos_reasoner.errors import RecordingError
from cosmos_reasoner.recordings.recording import BAG_SUFFIXES, Recording

__all__ = ["open_recording"]


def open_recording(path: Path, video_start: int | None = None) -> Recording:
    """Open a bag, a video or a picture.

    Args:
        path: A ROS 1 .bag, a rosbag2 folder (with or without metadata.yaml), a single .mcap or .db3 file, or a video
            or picture of any format that FFmpeg reads.
        video_start: Stamp of a video's first frame, ns; bags have their own stamps. None for 1 s: a stamp of 0 would
            mean "not set" to ROS.

    Raises:
        RecordingError: It does not exist, cannot be read, or has no camera in it.
    """
    if not path.exists():
        raise RecordingError(f"{path}: no such file or folder")
    if path.suffix in (".zstd", ".zst"):
        raise RecordingError(f"{path}: a compressed part of a bag; give the folder that holds it and its metadata.yaml")
    # Each reader's library takes a while to import, and only one is needed.
    if path.is_dir() or path.suffix in BAG_SUFFIXES:
        from cosmos_reasoner.recordings.bag import BagRecording

        return BagRecording(path)
    from cosmos_reasoner.recordings.video import VIDEO_START, VideoRecording

    return VideoRecording(path, VIDEO_START if video_start is None else video_start)
