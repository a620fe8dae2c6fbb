"""`cosmos-reasoner info`: what recordings hold."""

import argparse
import json
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from cosmos_reasoner.cli.console import Console
from cosmos_reasoner.cli.text import printable
from cosmos_reasoner.errors import RecordingError
from cosmos_reasoner.recordings.find import recordings_in
from cosmos_reasoner.recordings.open import open_recording
from cosmos_reasoner.recordings.recording import VIDEO, CameraTrack, Recording

__all__ = ["add_arguments", "run"]

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_CLOCK = 1_000_000_000_000_000_000
"""ns since 1970 that a clock shows at least which somebody has set: it is 2001."""

_HEADINGS = ("camera", "type", "picture", "frames", "Hz", "CameraInfo")
_UNKNOWN = "-"

_WIDEST = 60
"""Characters of a column; what is longer runs over."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this command."""
    parser.epilog = (
        "The status is 0 when all could be read, 2 when some could not, 1 when none could. Damage in the middle of a "
        "file shows when it is read there."
    )
    parser.add_argument(
        "recordings",
        nargs="+",
        type=Path,
        metavar="RECORDING",
        help="video, ROS 1 bag, rosbag2 folder, .mcap or .db3, or a folder of pictures",
    )
    parser.add_argument("--json", action="store_true", help="print a list as JSON and nothing else")


def run(args: argparse.Namespace) -> int:
    """Print what each recording holds.

    Returns:
        0 when all could be read, 2 when some could not, 1 when none could.
    """
    console = Console(silent=args.json)
    found: list[dict[str, Any]] = []
    paths = [path for given in args.recordings for path in recordings_in(given)]
    for path in paths:
        try:
            about = _about(path)
        except (RecordingError, OSError) as error:
            print(f"cosmos-reasoner: {printable(str(error))}", file=sys.stderr)
            continue
        _show(about, console, after_another=bool(found))
        found.append(about)
    if args.json:
        print(json.dumps(found, indent=2))
    if len(found) == len(paths):
        return 0
    return 2 if found else 1


def _about(path: Path) -> dict[str, Any]:
    with open_recording(path) as recording:
        # A video has no clock, its stamps are made up; pictures in a folder may have one.
        has_clock = recording.cameras[0].type != VIDEO or recording.start >= _CLOCK
        return {
            "path": str(path),
            "format": recording.format,
            "seconds": (recording.end - recording.start) / 1e9,
            "start_ns": recording.start if has_clock else None,
            "start_utc": _utc(recording.start) if has_clock else None,
            "cameras": [_camera(recording, track) for track in recording.cameras],
            # Last, since reading finds some.
            "faults": list(recording.faults),
        }


def _camera(recording: Recording, track: CameraTrack) -> dict[str, Any]:
    first = next(recording.frames([track.name]), None)
    return {
        "name": track.name,
        "type": track.type,
        "encoding": first and first.encoding,
        "width": first and first.width,
        "height": first and first.height,
        "frames": track.count,
        "rate_hz": track.rate,
        "camera_info": track.info_topic,
    }


def _utc(stamp: int) -> str:
    seconds, nanoseconds = divmod(stamp, 1_000_000_000)
    return f"{_EPOCH + timedelta(seconds=seconds):%Y-%m-%dT%H:%M:%S}.{nanoseconds:09d}Z"


def _show(about: dict[str, Any], console: Console, *, after_another: bool) -> None:
    if after_another:
        console.line()
    start = f"from {about['start_utc']} ({about['start_ns']} ns)" if about["start_utc"] else "without a clock"
    console.line(printable(f"{about['path']}: {about['format']}"), style="cyan")
    console.line(f"  {about['seconds']:.3f} s {start}")
    rows = [_HEADINGS, *(_row(camera) for camera in about["cameras"])]
    widths = [min(_WIDEST, max(len(row[column]) for row in rows)) for column in range(len(_HEADINGS))]
    for row in rows:
        line = "  ".join(f"{cell:{width}}" for cell, width in zip(row, widths))
        console.line(f"  {line}".rstrip(), style="dim" if row is _HEADINGS else "")
    for fault in about["faults"]:
        console.line(printable(f"  fault: {fault}"), style="yellow")


def _row(camera: dict[str, Any]) -> tuple[str, ...]:
    picture = f"{camera['encoding']} {camera['width']}x{camera['height']}" if camera["encoding"] else _UNKNOWN
    frames = _UNKNOWN if camera["frames"] is None else str(camera["frames"])
    rate = _UNKNOWN if camera["rate_hz"] is None else f"{camera['rate_hz']:.4g}"
    cells = (camera["name"], camera["type"], picture, frames, rate, camera["camera_info"] or _UNKNOWN)
    return tuple(printable(cell) for cell in cells)
