"""Pictures as a video file."""

import io
import math
from fractions import Fraction
from itertools import accumulate

import av

from cosmos_reasoner.clips.frame import Bgr

__all__ = ["mp4_file"]


def mp4_file(pictures: list[Bgr], seconds: tuple[float, ...], server_rate: float) -> bytes:
    """Make an H.264 file that shows each picture at its true time, to the millisecond, and of which vLLM drops none.

    vLLM takes an even number of frames, at its own rate. So the last of an odd number is shown twice, as the models'
    processors do too, and frames that come up to a tenth faster than that rate are slowed down to it.

    Args:
        pictures: HxWx3 uint8 BGR each, all of one size; H and W even.
        seconds: Time of each, s, not falling; times that do not rise are moved by a millisecond.
        server_rate: Frames a second that the endpoint reads.

    Returns:
        The file.
    """
    times = _timeline(seconds, server_rate)
    memory = io.BytesIO()
    with av.open(memory, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=Fraction(1000 * (len(times) - 1), times[-1] - times[0]))
        stream.height, stream.width = pictures[0].shape[:2]
        stream.pix_fmt = "yuv420p"
        stream.options = {"preset": "veryfast", "tune": "zerolatency", "crf": "20"}
        stream.codec_context.time_base = Fraction(1, 1000)
        for index, time in enumerate(times):
            frame = av.VideoFrame.from_ndarray(pictures[min(index, len(pictures) - 1)], format="bgr24")
            frame.pts, frame.time_base = time, Fraction(1, 1000)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return memory.getvalue()


def _timeline(seconds: tuple[float, ...], server_rate: float) -> list[int]:
    """Times in ms at which the file shows its frames."""
    times = list(accumulate((round(second * 1000) for second in seconds), lambda last, time: max(time, last + 1)))
    step = (times[-1] - times[0]) / (len(times) - 1) if len(times) > 1 else 1000 / server_rate
    slowest = 1000 / server_rate
    if step < slowest <= 1.1 * step:
        times, step = [math.ceil(time * slowest / step) for time in times], slowest
    return times if len(times) % 2 == 0 else [*times, times[-1] + math.ceil(step)]
