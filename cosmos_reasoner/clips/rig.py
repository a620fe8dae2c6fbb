"""Several cameras, their clips aligned on one time grid."""

import threading
from collections import Counter
from collections.abc import Mapping, Sequence

from cosmos_reasoner.clips.buffer import ClipBuffer
from cosmos_reasoner.clips.clip import Clip, View
from cosmos_reasoner.clips.frame import Frame
from cosmos_reasoner.clips.sampler import Verdict
from cosmos_reasoner.errors import ClipUnavailable, InvalidRequest

__all__ = ["CameraRig"]


class CameraRig:
    """One buffer a camera. Frames may be added by one thread while another takes clips.

    When the clock of one camera jumps back, all buffers are flushed: a clip never mixes two time lines.

    Args:
        cameras: Names, the most important first.
        rate: Frames to keep a second and camera, Hz.
        seconds: How far back the buffers reach, s.
        max_bytes: What all buffers together may hold.
    """

    def __init__(self, cameras: Sequence[str], rate: float, seconds: float, max_bytes: int) -> None:
        self._rate = rate
        self._buffers = {name: ClipBuffer(rate, seconds, max_bytes // len(cameras)) for name in cameras}
        self._lock = threading.Lock()

    @property
    def cameras(self) -> tuple[str, ...]:
        """Names, the most important first."""
        return tuple(self._buffers)

    def judge(self, camera: str, stamp: int) -> bool:
        """Say whether a frame is to be added, and count it. Ask once a frame, before copying it.

        Args:
            camera: Name of the camera.
            stamp: ns.
        """
        with self._lock:
            verdict = self._buffers[camera].judge(stamp)
            if verdict is Verdict.JUMPED_BACK:
                for name, buffer in self._buffers.items():
                    if name != camera:
                        buffer.flush()
        return verdict in (Verdict.KEPT, Verdict.JUMPED_BACK)

    def add(self, frame: Frame) -> None:
        """Add a frame that `judge` wanted kept."""
        with self._lock:
            self._buffers[frame.camera].add(frame)

    def offer(self, frame: Frame) -> bool:
        """Judge a frame, add it if it is to be kept, and say whether it was."""
        keep = self.judge(frame.camera, frame.stamp)
        if keep:
            self.add(frame)
        return keep

    def clip(self, duration: float, end: int | None = None, cameras: Sequence[str] = ()) -> Clip:
        """Take the frames of a stretch of time.

        With several cameras, the frames are those nearest to instants that lie one sampling period apart, on a grid on
        which the first camera's last frame lies; where a camera has no frame within half a period of an instant, its
        view has none. A camera without any frame in the window gives no view.

        Args:
            duration: s.
            end: Last instant, ns; None for the newest frame.
            cameras: Names; empty for all.

        Raises:
            InvalidRequest: There is no camera of that name.
            ClipUnavailable: No camera has a frame in the window.
        """
        with self._lock:
            chosen = self._chosen(cameras)
            stop = end if end is not None else self._newest(chosen)
            start = stop - round(duration * 1e9)
            found = {name: buffer.frames(start, stop) for name, buffer in chosen.items()}
        views = {name: frames for name, frames in found.items() if frames}
        if not views:
            raise ClipUnavailable(f"no frame of {', '.join(found)} between {start / 1e9:.3f} s and {stop / 1e9:.3f} s")
        if len(views) > 1:
            views = _aligned(views, round(1e9 / self._rate))
        return Clip(tuple(View(name, frames) for name, frames in views.items()))

    def newest(self, camera: str) -> Frame | None:
        """The last frame of a camera; None when it has none."""
        with self._lock:
            return self._buffers[camera].newest

    def newest_stamp(self) -> int:
        """Stamp of the newest frame of all cameras, ns; 0 when there is none."""
        with self._lock:
            return max((buffer.newest.stamp for buffer in self._buffers.values() if buffer.newest), default=0)

    @property
    def seconds(self) -> float:
        """How long the present time line has been seen, s."""
        with self._lock:
            return max(buffer.seconds for buffer in self._buffers.values())

    def counts(self, camera: str) -> Counter[str]:
        """A copy of a camera's counters: see `ClipBuffer.counts`."""
        with self._lock:
            return Counter(self._buffers[camera].counts)

    @property
    def nbytes(self) -> int:
        """Bytes that all buffers hold."""
        with self._lock:
            return sum(buffer.nbytes for buffer in self._buffers.values())

    def flush(self) -> None:
        """Forget every frame: the clock jumped."""
        with self._lock:
            for buffer in self._buffers.values():
                buffer.flush()

    def _chosen(self, cameras: Sequence[str]) -> dict[str, ClipBuffer]:
        unknown = [name for name in cameras if name not in self._buffers]
        if unknown:
            raise InvalidRequest(f"no camera {unknown[0]!r}: there are {', '.join(self._buffers)}")
        return {name: self._buffers[name] for name in cameras or self._buffers}

    def _newest(self, buffers: Mapping[str, ClipBuffer]) -> int:
        stamps = [buffer.newest.stamp for buffer in buffers.values() if buffer.newest]
        if not stamps:
            raise ClipUnavailable(f"no frame of {', '.join(buffers)} yet")
        return max(stamps)


def _aligned(views: Mapping[str, tuple[Frame, ...]], period: int) -> dict[str, tuple[Frame, ...]]:
    reference = next(iter(views.values()))
    last = reference[-1].stamp
    earliest = min(frames[0].stamp for frames in views.values())
    latest = max(frames[-1].stamp for frames in views.values())
    first, final = round((earliest - last) / period), round((latest - last) / period)
    instants = [last + k * period for k in range(first, final + 1)]
    nearest = {name: _nearest(frames, instants, period) for name, frames in views.items()}
    return {name: frames for name, frames in nearest.items() if frames}


def _nearest(frames: tuple[Frame, ...], instants: list[int], period: int) -> tuple[Frame, ...]:
    """For each instant the frame nearest to it, if within half a period; no frame twice."""
    chosen: dict[int, Frame] = {}
    for instant in instants:
        frame = min(frames, key=lambda candidate: abs(candidate.stamp - instant))
        if 2 * abs(frame.stamp - instant) <= period:
            chosen[frame.stamp] = frame
    return tuple(chosen.values())
