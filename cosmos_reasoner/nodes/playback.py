"""What a camera player is told to do, and what it did."""

import math
from dataclasses import dataclass

from cosmos_reasoner.errors import ConfigurationError
from cosmos_reasoner.recordings.recording import COMPRESSED_IMAGE, IMAGE, VIDEO, CameraTrack, Recording

__all__ = ["STAMPS", "TRANSPORTS", "Output", "Playback", "Summary", "choose_outputs"]

TRANSPORTS = ("recorded", "raw", "compressed", "both")
"""Ways in which pictures may be published."""

STAMPS = ("recorded", "now")
"""Stamps that they may have."""

_VIDEO_TOPIC = "camera/image_raw"
_COMPRESSED = "/compressed"


@dataclass(frozen=True, slots=True)
class Playback:
    """How to play a recording.

    Attributes:
        transport: "raw" for Image, "compressed" for CompressedImage, "both", or "recorded": as a bag has it, and
            compressed for a video.
        stamp: "recorded" keeps the recorded stamps, "now" shifts all alike so that the first is the present time; None
            for "recorded" with a bag and "now" with a video, whose stamps mean nothing.
        rate: Seconds of the recording per second.
        loop: Begin again at the end. Stamps go on rising: each pass follows one frame interval after the last.
        clock: Publish /clock.
        start: Where to begin, s from the start of the recording.
        duration: How much to play, s; None for all.
        wait_for_subscribers: Begin only when every picture topic has a subscriber.
        cameras: Names of the tracks to play; none for all.

    Raises:
        ConfigurationError: A value out of its range.
    """

    transport: str = "recorded"
    stamp: str | None = None
    rate: float = 1.0
    loop: bool = False
    clock: bool = False
    start: float = 0.0
    duration: float | None = None
    wait_for_subscribers: bool = False
    cameras: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.transport not in TRANSPORTS:
            raise ConfigurationError(f"transport is {self.transport!r}, but must be one of {', '.join(TRANSPORTS)}")
        if self.stamp not in (None, *STAMPS):
            raise ConfigurationError(f"stamp is {self.stamp!r}, but must be one of {', '.join(STAMPS)}")
        for name, value in (("rate", self.rate), ("duration", self.duration)):
            if value is not None and not (value > 0 and math.isfinite(value)):
                raise ConfigurationError(f"{name} is {value}, but must be above 0")
        if not (self.start >= 0 and math.isfinite(self.start)):
            raise ConfigurationError(f"start is {self.start}, but must be 0 or more")

    def tracks(self, recording: Recording) -> tuple[CameraTrack, ...]:
        """Cameras of a recording that are played.

        Raises:
            ConfigurationError: It has no such camera.
        """
        known = [track.name for track in recording.cameras]
        if unknown := set(self.cameras).difference(known):
            raise ConfigurationError(f"{recording.path}: no camera {', '.join(unknown)}; there are {', '.join(known)}")
        return tuple(track for track in recording.cameras if not self.cameras or track.name in self.cameras)


@dataclass(frozen=True, slots=True)
class Summary:
    """What was played.

    Attributes:
        frames: Frames published.
        late: Of these, published noticeably after their time.
        unreadable: Frames that were left out.
    """

    frames: int
    late: int
    unreadable: int

    def __str__(self) -> str:
        unreadable = f", {self.unreadable} unreadable" if self.unreadable else ""
        return f"played {self.frames} frames, {self.late} late{unreadable}"


@dataclass(frozen=True, slots=True)
class Output:
    """One picture topic that a player publishes.

    Attributes:
        track: Name of the recording's track that it shows.
        topic: Its name before remapping.
        type: IMAGE or COMPRESSED_IMAGE.
    """

    track: str
    topic: str
    type: str


def choose_outputs(tracks: tuple[CameraTrack, ...], transport: str) -> tuple[Output, ...]:
    """Choose the picture topics for a recording's cameras.

    Topics of a bag keep their names; a video is camera/image_raw. What is not in the bag gets the name that
    image_transport gives it: `/compressed` behind the raw topic. A topic that the bag has is never made a second time
    from another one.
    """
    wanted = {"raw": {IMAGE}, "compressed": {COMPRESSED_IMAGE}, "both": {IMAGE, COMPRESSED_IMAGE}}.get(transport)
    recorded = [Output(track.name, track.name, track.type) for track in tracks if track.type != VIDEO]
    outputs = {output.topic: output for output in recorded if wanted is None or output.type in wanted}
    for track in tracks:
        default = {COMPRESSED_IMAGE} if track.type == VIDEO else set()
        for kind in sorted(default if wanted is None else wanted - {track.type}):
            topic = _topic(track, kind)
            outputs.setdefault(topic, Output(track.name, topic, kind))
    return tuple(outputs.values())


def _topic(track: CameraTrack, kind: str) -> str:
    name = _VIDEO_TOPIC if track.type == VIDEO else track.name
    if kind == COMPRESSED_IMAGE:
        return name + _COMPRESSED
    if track.type == COMPRESSED_IMAGE:
        return name.removesuffix(_COMPRESSED) if name.endswith(_COMPRESSED) else f"{name}/raw"
    return name
