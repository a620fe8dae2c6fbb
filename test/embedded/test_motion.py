"""What is measured in films whose motion is known: speeds to 5 %, times to contact to 15 %, places to 4 px."""

import math

import numpy as np
import pytest
from films import HEIGHT, SECONDS, WIDTH, noisy, put, seen_by, texture, tile, watched

from cosmos_reasoner.embedded.answers.forecast import forecast

RED = tile((40, 40, 230))
BLUE = tile((230, 60, 40), seed=8)
GROUND = texture(1)
WIDE = texture(2, 3 * WIDTH, 3 * HEIGHT)
END = SECONDS[-1]


@pytest.mark.parametrize(("vx", "vy"), [(40.0, 0.0), (-30.0, 0.0), (0.0, 25.0), (20.0, -20.0)])
def test_a_moving_square_is_found_with_its_velocity_place_and_colour(vx: float, vy: float) -> None:
    view = watched(lambda t: put(GROUND, RED, 160 + vx * (t - 2), 120 + vy * (t - 2), 30))

    (mover,) = view.movers
    assert mover.own == pytest.approx((vx, vy), abs=0.05 * math.hypot(vx, vy))
    assert mover.velocity == pytest.approx((vx, vy), abs=0.05 * math.hypot(vx, vy))
    assert mover.box.centre == pytest.approx((160 + vx * (END - 2), 120 + vy * (END - 2)), abs=4)
    assert mover.colour == "red"
    assert mover.sights == mover.steady == len(SECONDS)
    assert not mover.halted
    assert mover.turns == 0
    assert view.motion is not None
    assert not view.motion.moves


def test_where_a_square_will_be_is_told_to_four_px() -> None:
    view = watched(lambda t: put(GROUND, RED, 40 + 30 * t, 120, 30))

    ahead = forecast(view, view.movers[0], 1.0)

    assert ahead.box.centre == pytest.approx((40 + 30 * (END + 1), 120), abs=4)
    assert ahead.leaves is None
    assert ahead.contact is None


def test_when_a_square_leaves_the_picture_is_told_to_a_tenth_of_a_second() -> None:
    view = watched(lambda t: put(GROUND, RED, 20 + 60 * t, 120, 30))

    ahead = forecast(view, view.movers[0], 2.0)

    assert ahead.leaves is not None
    edge, after = ahead.leaves
    assert edge == "right"
    assert after == pytest.approx((WIDTH - 20 - 60 * END) / 60, abs=0.1)


def test_two_squares_that_will_meet_are_told() -> None:
    def paint(t: float) -> np.ndarray:
        return put(put(GROUND, RED, 40 + 25 * t, 120, 30), BLUE, 280 - 25 * t, 120, 30)

    view = watched(paint)

    ahead = forecast(view, view.movers[0], 2.0)
    assert len(view.movers) == 2
    assert ahead.meets is not None
    assert ahead.meets[1] == pytest.approx((280 - 40 - 30) / 50 - END, abs=0.15)


def test_an_approaching_square_tells_its_time_to_contact() -> None:
    contact = 6.0

    view = watched(lambda t: put(GROUND, RED, 160, 120, 60 * 2.25 / (contact - t)))

    mover = view.movers[0]
    assert mover.contact == pytest.approx(contact - END, rel=0.15)
    assert mover.growth == pytest.approx(1 / (contact - END), rel=0.15)


def test_a_receding_square_is_said_to_shrink() -> None:
    view = watched(lambda t: put(GROUND, RED, 160, 120, 240 / (2 + t)))

    assert view.movers[0].growth == pytest.approx(-1 / (2 + END), rel=0.25)
    assert view.movers[0].contact is None


def test_a_square_that_speeds_up_has_its_acceleration() -> None:
    view = watched(lambda t: put(GROUND, RED, 40 + 8 * t * t, 120, 30))

    mover = view.movers[0]
    assert mover.velocity[0] == pytest.approx(16 * END, rel=0.1)
    assert mover.acceleration[0] == pytest.approx(16, rel=0.25)


def test_a_square_that_came_to_rest_is_halted() -> None:
    view = watched(lambda t: put(GROUND, RED, 60 + 60 * min(t, 2.75), 120, 30))

    assert view.movers[0].halted
    assert view.movers[0].box.centre == pytest.approx((225, 120), abs=4)


def test_a_square_that_swings_is_said_to_turn_back() -> None:
    view = watched(lambda t: put(GROUND, RED, 160 + 60 * math.cos(2 * math.pi * t / 2), 120, 30))

    assert view.movers[0].turns >= 2


def test_a_pan_moves_the_camera_and_no_thing() -> None:
    view = watched(lambda t: seen_by(WIDE, dx=-24 * t))

    assert view.motion is not None
    assert view.motion.dx == pytest.approx(-24 / WIDTH, rel=0.05)
    assert view.motion.dy == pytest.approx(0, abs=0.002)
    assert view.movers == ()


def test_a_square_before_a_pan_is_told_from_the_background() -> None:
    def paint(t: float) -> np.ndarray:
        return put(seen_by(WIDE, dx=-24 * t), RED, 100 + 20 * t, 120, 36)

    view = watched(paint)

    mover = view.movers[0]
    assert mover.velocity[0] == pytest.approx(20, abs=3)
    assert mover.own[0] == pytest.approx(44, abs=4)
    assert mover.colour == "red"


def test_going_forward_makes_the_picture_grow() -> None:
    view = watched(lambda t: seen_by(WIDE, zoom=math.exp(0.1 * t)))

    assert view.motion is not None
    assert view.motion.growth == pytest.approx(0.1, rel=0.05)
    assert view.motion.contact == pytest.approx(10, rel=0.05)
    assert view.movers == ()


def test_a_noisy_sensor_makes_nothing_move() -> None:
    view = watched(lambda t: noisy(GROUND, 8, seed=round(100 * t)))

    assert view.movers == ()
    assert view.motion is not None
    assert not view.motion.moves
    assert view.residual < 12


def test_a_change_of_light_makes_nothing_move() -> None:
    view = watched(lambda t: np.clip(GROUND + 8.0 * t, 0, 255).astype(np.uint8))

    assert view.movers == ()


def test_only_what_follows_a_cut_is_looked_at() -> None:
    other = texture(3)

    def paint(t: float) -> np.ndarray:
        return put(GROUND, RED, 300 - 100 * t, 60, 30) if t < 2 else put(other, BLUE, 20 + 40 * t, 160, 30)

    view = watched(paint)

    assert view.cut == 2.0
    assert view.seconds[0] == 2.0
    (mover,) = view.movers
    assert mover.colour == "blue"
    assert mover.own[0] == pytest.approx(40, rel=0.05)


def test_unrelated_pictures_tell_nothing() -> None:
    view = watched(lambda t: texture(round(100 + 4 * t)))

    assert view.is_still
    assert view.cut == END
    assert view.movers == ()


def test_a_plain_picture_has_nothing_to_hold_on_to() -> None:
    view = watched(lambda _: np.full((HEIGHT, WIDTH, 3), 90, np.uint8))

    assert view.motion is None
    assert view.movers == ()


def test_one_picture_is_a_still() -> None:
    view = watched(lambda _: GROUND, seconds=(0.0,))

    assert view.is_still
    assert view.motion is None
