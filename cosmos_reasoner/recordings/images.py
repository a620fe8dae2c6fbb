"""Single pictures as a clip."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from cosmos_reasoner.clips.clip import Clip, View
from cosmos_reasoner.errors import RecordingError
from cosmos_reasoner.recordings.video import VideoRecording

__all__ = ["read_images"]


def read_images(paths: Sequence[Path]) -> Clip:
    """Read pictures as one frame each of the cameras image1, image2, ...; no time passes between them.

    Args:
        paths: At least one JPEG, PNG, WebP, BMP or other picture that FFmpeg reads; of a GIF or video the first.

    Raises:
        RecordingError: One cannot be read.
    """
    return Clip(tuple(_view(path, f"image{number}") for number, path in enumerate(paths, 1)))


def _view(path: Path, camera: str) -> View:
    if not path.is_file():
        raise RecordingError(f"{path}: no such picture")
    frame = next(VideoRecording(path).frames())
    return View(camera, (replace(frame, camera=camera),))
