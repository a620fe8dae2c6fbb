"""Single pictures as a clip."""

import tempfile
import urllib.request
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from cosmos_reasoner.clips.clip import Clip, View
from cosmos_reasoner.clips.frame import Frame
from cosmos_reasoner.errors import RecordingError
from cosmos_reasoner.recordings.video import VideoRecording

__all__ = ["read_images"]

_LARGEST_DOWNLOAD = 20_000_000
"""Bytes; twice what hosted endpoints take."""

_DOWNLOAD_SECONDS = 20.0


def read_images(sources: Sequence[str]) -> Clip:
    """Read pictures as one frame each of the cameras image1, image2, ...; no time passes between them.

    Args:
        sources: At least one path or http(s) address of a JPEG, PNG, WebP, BMP or other picture that FFmpeg reads; of
            a GIF or video the first.

    Raises:
        RecordingError: One cannot be read.
    """
    return Clip(tuple(_view(source, f"image{number}") for number, source in enumerate(sources, 1)))


def _view(source: str, camera: str) -> View:
    is_address = source.startswith(("http://", "https://"))
    frame = _downloaded(source) if is_address else _first(Path(source))
    return View(camera, (replace(frame, camera=camera, address=source if is_address else ""),))


def _first(path: Path) -> Frame:
    if not path.is_file():
        raise RecordingError(f"{path}: no such picture")
    recording = VideoRecording(path)
    frame = next(recording.frames(), None)
    if frame is None:
        raise RecordingError("; ".join(recording.faults) or f"{path}: no picture in this file can be decoded")
    return frame


def _downloaded(address: str) -> Frame:
    try:
        with urllib.request.urlopen(address, timeout=_DOWNLOAD_SECONDS) as reply:
            data = reply.read(_LARGEST_DOWNLOAD + 1)
    except (OSError, ValueError) as error:
        raise RecordingError(f"{address}: cannot be fetched: {error}") from error
    if len(data) > _LARGEST_DOWNLOAD:
        raise RecordingError(f"{address}: more than {_LARGEST_DOWNLOAD // 1_000_000} MB")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "picture"
        file.write_bytes(data)
        try:
            return _first(file)
        except RecordingError as error:
            raise RecordingError(f"{address}: {error}") from error
