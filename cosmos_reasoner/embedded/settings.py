"""What the embedded endpoint may be set to."""

from dataclasses import dataclass

__all__ = ["MAX_MODEL_LEN", "MODEL", "Settings"]

MODEL = "embedded-motion"
"""The only model that this server has."""

MAX_MODEL_LEN = 65_536
"""Tokens of prompt and reply together; a clip of 128 frames of the largest size fits."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the embedded endpoint may be set to.

    Attributes:
        key: What callers must send as Bearer token; empty for no key.
        fps: Rate of frame sequences that come without times, and rate at which mp4 files are sampled, Hz.
        tokens_per_second: Pace of the replies; 0 for as fast as possible.
        max_body: Bytes of a request.
        max_frames: Frames of a request, all views together.
        max_pixels: Pixels of one frame.
        max_waiting: Requests that may be in work when another comes; more are sent away.
    """

    key: str = ""
    fps: float = 4.0
    tokens_per_second: float = 0.0
    max_body: int = 64 * 1024 * 1024
    max_frames: int = 256
    max_pixels: int = 4096 * 4096
    max_waiting: int = 32
