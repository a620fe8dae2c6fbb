"""Pictures of an open video file with the times at which they are shown."""

from collections.abc import Callable, Iterator
from fractions import Fraction

import av
import numpy as np
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from cosmos_reasoner.clips.frame import Bgr, Frame

__all__ = [
    "VIDEO_FRAME_ID",
    "TimedPicture",
    "bgr_frame",
    "frame_interval",
    "pixels",
    "seek",
    "stores_no_pts",
    "ticks_per_second",
    "timed_pictures",
]

VIDEO_FRAME_ID = "camera"
"""Frame in which a video's camera stands, since no file says it."""

TimedPicture = tuple[int, VideoFrame]
"""Display time in ticks of the stream's time base, and the decoded picture."""

_USUAL_RATE = Fraction(25)


def ticks_per_second(stream: VideoStream) -> Fraction:
    """Ticks of the stream's time base in one second."""
    return 1 / (stream.time_base or Fraction(1, av.time_base))


def frame_interval(container: InputContainer, stream: VideoStream) -> Fraction:
    """Mean seconds from one frame to the next; 1/25 s where the file does not say."""
    if stream.duration or container.duration:
        return 1 / (stream.average_rate or stream.guessed_rate or _USUAL_RATE)
    # A bare stream of pictures stores no times, and its average is only FFmpeg's assumption.
    return 1 / (stream.guessed_rate or _USUAL_RATE)


def seek(container: InputContainer, stream: VideoStream, ticks: int) -> bool:
    """Go to the last key picture before a time; False where the file cannot."""
    try:
        container.seek(ticks, stream=stream)
    except av.FFmpegError:
        return False
    return True


def timed_pictures(
    container: InputContainer, stream: VideoStream, on_broken: Callable[[], None]
) -> Iterator[TimedPicture]:
    """Decode from where the file stands; times always rise.

    AVI stores no display times. FFmpeg numbers its pictures in the order of decoding, which is another where there are
    B-frames; the decoding times, given to pictures as they come out, are right. A time that is missing or does not
    rise is taken to be one mean interval after the last.

    Args:
        container: The open file.
        stream: Its video stream.
        on_broken: Called for each packet that cannot be decoded.
    """
    interval = max(1, round(frame_interval(container, stream) * ticks_per_second(stream)))
    last: int | None = None
    for packet in container.demux(stream):
        try:
            pictures = packet.decode()
        except av.FFmpegError:
            on_broken()
            continue
        for picture in pictures:
            ticks = picture.dts if stores_no_pts(container) else picture.pts
            if last is not None and (ticks is None or ticks <= last):
                ticks = last + interval
            last = ticks or 0
            yield last, picture


def pixels(picture: VideoFrame) -> Bgr:
    """Picture as HxWx3 uint8 BGR, turned upright."""
    array = picture.to_ndarray(format="bgr24")
    return np.ascontiguousarray(np.rot90(array, picture.rotation // 90) if picture.rotation else array, np.uint8)


def bgr_frame(camera: str, stamp: int, array: Bgr) -> Frame:
    """Frame of HxWx3 uint8 BGR pixels."""
    height, width, channels = array.shape
    data = array.reshape(-1).data
    return Frame(camera, stamp, width, height, "bgr8", data, step=width * channels, frame_id=VIDEO_FRAME_ID)


def stores_no_pts(container: InputContainer) -> bool:
    """Whether the file says only in which order and how fast pictures are decoded."""
    return container.format.name == "avi"
