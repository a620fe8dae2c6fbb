"""What was found out about an endpoint."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

__all__ = ["Finding", "Level"]


class Level(Enum):
    """What a finding means to whoever wants to use the endpoint."""

    OK = "ok"
    """It works, and that was seen."""

    INFO = "info"
    """Good to know; nothing needs to be done."""

    WARN = "warn"
    """It is silently ignored, or works less well than it could."""

    ERROR = "error"
    """Something that the package needs does not work."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was found out.

    Attributes:
        group: endpoint, media, answers or behaviour.
        name: What was looked at.
        level: What it means.
        text: What was found.
        advice: What to do about it; empty when there is nothing to do.
        profile: What a profile should say because of it, by dotted names: {"media.max_frames": 32}.
    """

    group: str
    name: str
    level: Level
    text: str
    advice: str = ""
    profile: Mapping[str, object] = field(default_factory=dict)
