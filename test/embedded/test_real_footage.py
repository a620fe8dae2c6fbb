"""Real recordings: what is certain about them is found."""

from collections.abc import Iterator

import av
import cv2
import numpy as np
import pytest
from recorded import shared

from cosmos_reasoner.clips.pixels import decode
from cosmos_reasoner.embedded.intake.footage import Footage
from cosmos_reasoner.embedded.intake.media import LONGEST_SIDE, Film
from cosmos_reasoner.embedded.sight.facts import ViewFacts
from cosmos_reasoner.embedded.sight.scene import observe
from cosmos_reasoner.recordings.open import open_recording


def frames(path: str, start: float, end: float, rate: float) -> Iterator[tuple[float, np.ndarray]]:
    """Frames of a video between two times, sampled."""
    due = start
    with av.open(str(shared(path))) as container:
        for frame in container.decode(video=0):
            if frame.time is not None and due <= frame.time <= end:
                due = frame.time + 0.9 / rate
                yield frame.time, frame.to_ndarray(format="bgr24")


def seen(taken: list[tuple[float, np.ndarray]]) -> ViewFacts:
    """What the endpoint measures in frames."""
    height, width = taken[0][1].shape[:2]
    shrink = max(1.0, max(width, height) / LONGEST_SIDE)
    size = (round(width / shrink), round(height / shrink))
    pictures = tuple(np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)) for _, pixels in taken)
    return observe([Footage("", Film(tuple(time for time, _ in taken), pictures, (width, height)))]).views[0]


def watched(path: str, start: float, end: float, rate: float = 4.0) -> ViewFacts:
    """What is measured in a part of a video."""
    return seen(list(frames(path, start, end, rate)))


def test_a_free_puck_keeps_its_velocity_after_the_cut() -> None:
    view = watched("videos/Principe_inertie.avi", 0, 2, 12)

    puck = view.movers[0]
    assert view.cut == pytest.approx(0.2, abs=0.09)
    assert puck.own[0] > 300
    assert abs(puck.own[1]) < 0.1 * puck.own[0]
    assert puck.acceleration == (0, 0)


def test_a_puck_under_a_constant_force_speeds_up() -> None:
    puck = watched("videos/Force_constante.avi", 0, 2, 12).movers[0]

    assert puck.own[0] > 300
    assert puck.acceleration[0] > 200


def test_a_bouncing_ball_is_found_and_has_turned_back() -> None:
    view = watched("videos/balle-jbart.mp4", 2, 6)

    assert view.movers[0].colour == "yellow"
    assert view.movers[0].turns >= 1
    assert view.motion is not None
    assert not view.motion.moves


def test_pedestrians_move_before_a_camera_that_stands_still() -> None:
    view = watched("videos/vtest.avi", 10, 14)

    assert len(view.movers) >= 4
    assert view.motion is not None
    assert not view.motion.moves


def test_a_car_that_goes_forward_makes_no_thing_move() -> None:
    view = watched("videos/dashcam_sample.mp4", 0, 3)

    assert view.motion is not None
    assert view.motion.growth > 0.03
    assert view.parallax
    assert view.movers == ()


def test_a_robot_that_turns_left_makes_no_thing_move() -> None:
    with open_recording(shared("bags/office_doorway_db3")) as recording:
        taken = [(frame.stamp / 1e9, decode(frame)) for frame in recording.frames()][::4]

    view = seen(taken)
    assert view.motion is not None
    assert view.motion.dx > 0.1
    assert view.parallax
    assert view.movers == ()
