"""Pictures of an open video file with the times at which they are shown."""

from collections.abc import Callable, Iterator
from fractions import Fraction

import av
import numpy as np
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from cosmos_reasoner.clips.frame import Bgr

__all__ = ["TimedPicture", "frame_interval", "length", "pixels", "ticks_per_second", "timed_pictures"]

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


def length(container: InputContainer, stream: VideoStream) -> Fraction:
    """Seconds from the first frame to the last, as the file declares; counted where it declares nothing.

    Counting reads to the end of the file.
    """
    if stream.duration:
        seconds = stream.duration / ticks_per_second(stream)
    elif container.duration:
        seconds = Fraction(container.duration, av.time_base)
    else:
        seconds = sum(1 for packet in container.demux(stream) if packet.size) * frame_interval(container, stream)
    return max(Fraction(0), seconds - frame_interval(container, stream))


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
    stores_no_pts = container.format.name == "avi"
    interval = max(1, round(frame_interval(container, stream) * ticks_per_second(stream)))
    last: int | None = None
    for packet in container.demux(stream):
        try:
            pictures = packet.decode()
        except av.FFmpegError:
            on_broken()
            continue
        for picture in pictures:
            ticks = picture.dts if stores_no_pts else picture.pts
            if last is not None and (ticks is None or ticks <= last):
                ticks = last + interval
            last = ticks or 0
            yield last, picture


def pixels(picture: VideoFrame) -> Bgr:
    """Picture as HxWx3 uint8 BGR, turned upright."""
    array = picture.to_ndarray(format="bgr24")
    return np.ascontiguousarray(np.rot90(array, picture.rotation // 90) if picture.rotation else array, np.uint8)
