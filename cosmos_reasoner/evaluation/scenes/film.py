"""A scene as a video file."""

from fractions import Fraction
from pathlib import Path

import av

from cosmos_reasoner.errors import ConfigurationError
from cosmos_reasoner.evaluation.scenes.arena import FPS
from cosmos_reasoner.evaluation.scenes.looks import Noise
from cosmos_reasoner.evaluation.scenes.scene import SIZE, Scene

__all__ = ["film"]


def film(scene: Scene, path: Path) -> None:
    """Write a scene as H.264, unless the file is there; it gets its name when it is whole.

    Raises:
        ConfigurationError: It cannot be written.
    """
    if path.exists():
        return
    unfinished = path.with_name(f"{path.name}.part")
    try:
        _write(scene, unfinished)
        unfinished.replace(path)
    except OSError as error:
        raise ConfigurationError(f"the scene {path} cannot be written: {error}") from error


def _write(scene: Scene, path: Path) -> None:
    noise = Noise(scene.seed, SIZE)
    with av.open(str(path), "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=FPS)
        stream.width, stream.height = SIZE
        stream.pix_fmt = "yuv420p"
        stream.thread_count = 1
        stream.options = {"preset": "ultrafast", "crf": "24"}
        for number in range(scene.frames):
            frame = av.VideoFrame.from_ndarray(noise.on(scene.paint(number)), format="bgr24")
            frame.pts, frame.time_base = number, Fraction(1, FPS)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
