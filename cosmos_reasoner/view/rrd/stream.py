"""A file of rerun, as far as it is needed here."""

from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
from typing_extensions import Self

from cosmos_reasoner.errors import ConfigurationError
from cosmos_reasoner.recordings.names import readable
from cosmos_reasoner.view.rrd.layout import CLIP_TIME

__all__ = ["Stream", "check_rerun"]

_APPLICATION = "cosmos_reasoner"

_BEGINNING = b"RRF"

_LONGEST = 20_000
"""Characters of one text; of a longer one the end is left out."""


def check_rerun(file: Path) -> None:
    """Find out, before any work is done, whether a recording can be written.

    Raises:
        ConfigurationError: rerun is not installed or switched off, the file cannot be written, or it is something else.
    """
    if not _library().RecordingStream(_APPLICATION).is_enabled():
        raise ConfigurationError("--rerun would write nothing: unset the environment variable RERUN")
    if file.is_dir() or not file.absolute().parent.is_dir():
        raise ConfigurationError(f"--rerun {file}: name a file in a folder that exists")
    if file.exists() and not _is_recording(file):
        raise ConfigurationError(f"--rerun {file}: there is a file that rerun did not write; name another")


class Stream:
    """Writes a file of rerun. A context manager: leaving it finishes the file.

    Args:
        file: Where to; it is replaced.

    Attributes:
        rerun: The library.

    Raises:
        ConfigurationError: rerun is not installed, or the file cannot be written.
    """

    def __init__(self, file: Path) -> None:
        self.rerun = _library()
        self._stream = self.rerun.RecordingStream(_APPLICATION)
        try:
            self._stream.save(file)
            self._stream.send_recording_name(readable(file.stem))
        except RuntimeError as error:
            raise ConfigurationError(f"--rerun {file}: {error}") from error

    def path(self, *parts: str) -> str:
        """Path of an entity; its parts may hold anything."""
        return str(self.rerun.new_entity_path([readable(part) for part in parts]))

    def log(self, path: str, stamp: int, what: Any) -> None:
        """Write something to an entity at a time, ns by the clip's own clock."""
        self._stream.set_time(CLIP_TIME, timestamp=np.datetime64(stamp, "ns"))
        self._stream.log(path, what)

    def text(self, path: str, stamp: int, text: str) -> None:
        """Write a text as it is: plain, so that nothing in it is a picture to be fetched or a link."""
        self.log(path, stamp, self.rerun.TextDocument(_bounded(text), media_type="text/plain"))

    def line(self, path: str, stamp: int, text: str, level: str) -> None:
        """Write a line to a list of lines; the level is INFO or WARN."""
        self.log(path, stamp, self.rerun.TextLog(" ".join(_bounded(text).split()), level=level))

    def arrange(self, layout: Any) -> None:
        """Say how the viewer is to arrange it at first."""
        self._stream.send_blueprint(layout)

    def __enter__(self) -> Self:
        self._stream.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._stream.__exit__(kind, error, traceback)
        self._stream.disconnect()


def _is_recording(file: Path) -> bool:
    """Whether it begins as files of rerun do, or is empty."""
    with file.open("rb") as opened:
        return opened.read(len(_BEGINNING)) in (b"", _BEGINNING)


def _library() -> Any:
    try:
        import rerun
        import rerun.blueprint
    except ModuleNotFoundError as error:
        raise ConfigurationError("--rerun needs rerun: pip install 'rerun-sdk>=0.26'") from error
    return rerun


def _bounded(text: str) -> str:
    left_out = len(text) - _LONGEST
    return readable(text if left_out <= 0 else f"{text[:_LONGEST]}... ({left_out} characters left out)")
