"""What a player is told, and the topics that follow from it."""

import math
from pathlib import Path
from typing import Any

import pytest
from recorded import write_video

from cosmos_reasoner.errors import ConfigurationError
from cosmos_reasoner.nodes.playback import Output, Playback, Summary, choose_outputs
from cosmos_reasoner.recordings.open import open_recording
from cosmos_reasoner.recordings.recording import COMPRESSED_IMAGE, IMAGE, VIDEO, CameraTrack


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"transport": "theora"}, "transport is 'theora', but must be one of recorded, raw, compressed, both"),
        ({"stamp": "later"}, "stamp is 'later', but must be one of recorded, now"),
        ({"rate": 0.0}, "rate is 0.0, but must be above 0"),
        ({"rate": math.nan}, "rate is nan"),
        ({"rate": math.inf}, "rate is inf"),
        ({"duration": 0.0}, "duration is 0.0, but must be above 0"),
        ({"start": -1.0}, "start is -1.0, but must be 0 or more"),
    ],
)
def test_values_out_of_range_are_refused(changes: dict[str, Any], problem: str) -> None:
    with pytest.raises(ConfigurationError, match=problem):
        Playback(**changes)


def test_a_camera_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with open_recording(write_video(tmp_path / "a.mp4", [0, 100])) as recording:
        assert Playback(cameras=("a",)).tracks(recording) == Playback().tracks(recording) == recording.cameras
        with pytest.raises(ConfigurationError, match="no camera b; there are a"):
            Playback(cameras=("b",)).tracks(recording)


def test_the_summary_mentions_unreadable_frames_only_when_there_are_some() -> None:
    assert str(Summary(10, 1, 0)) == "played 10 frames, 1 late"
    assert str(Summary(10, 1, 2)) == "played 10 frames, 1 late, 2 unreadable"


def track(name: str, kind: str) -> CameraTrack:
    return CameraTrack(name, kind, None, None)


def topics(transport: str, *tracks: CameraTrack) -> dict[str, str]:
    return {output.topic: output.type for output in choose_outputs(tracks, transport)}


@pytest.mark.parametrize(
    ("transport", "expected"),
    [
        ("recorded", {"camera/image_raw/compressed": COMPRESSED_IMAGE}),
        ("compressed", {"camera/image_raw/compressed": COMPRESSED_IMAGE}),
        ("raw", {"camera/image_raw": IMAGE}),
        ("both", {"camera/image_raw": IMAGE, "camera/image_raw/compressed": COMPRESSED_IMAGE}),
    ],
)
def test_a_video_is_one_camera(transport: str, expected: dict[str, str]) -> None:
    assert topics(transport, track("bouncing ball", VIDEO)) == expected


@pytest.mark.parametrize(
    ("transport", "expected"),
    [
        ("recorded", {"/a/image": IMAGE, "/b/image/compressed": COMPRESSED_IMAGE, "/c": COMPRESSED_IMAGE}),
        ("raw", {"/a/image": IMAGE, "/b/image": IMAGE, "/c/raw": IMAGE}),
        (
            "compressed",
            {
                "/a/image/compressed": COMPRESSED_IMAGE,
                "/b/image/compressed": COMPRESSED_IMAGE,
                "/c": COMPRESSED_IMAGE,
            },
        ),
    ],
)
def test_the_topics_of_a_bag_keep_their_names(transport: str, expected: dict[str, str]) -> None:
    tracks = track("/a/image", IMAGE), track("/b/image/compressed", COMPRESSED_IMAGE), track("/c", COMPRESSED_IMAGE)
    assert topics(transport, *tracks) == expected


def test_a_topic_that_was_recorded_is_not_made_from_another_one() -> None:
    tracks = track("/a", IMAGE), track("/a/compressed", COMPRESSED_IMAGE)
    assert set(choose_outputs(tracks, "both")) == {
        Output("/a", "/a", IMAGE),
        Output("/a/compressed", "/a/compressed", COMPRESSED_IMAGE),
    }
    assert choose_outputs(tracks, "raw") == (Output("/a", "/a", IMAGE),)
