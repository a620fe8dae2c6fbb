"""What was predicted, until it is known what became of it: over the rig's own frames."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pictures import SECOND, frame_at

from cosmos_reasoner.clips.rig import CameraRig
from cosmos_reasoner.reasoning.calibration import Calibration
from cosmos_reasoner.reasoning.hindsight import EXPECTED, HELD, Check, Hindsight
from cosmos_reasoner.reasoning.result import Latencies, Outcome, Prediction, Provenance, Result, Status, TextAnswer
from cosmos_reasoner.replies.levels import Hazard, Origin, Verdict
from cosmos_reasoner.tasks.task import Question

PERIOD = SECOND // 4
NBYTES = 12
ROOMY = 1_000_000
START = 100 * SECOND


class Street:
    """A rig whose cameras film four frames a second, and the hindsight over it."""

    def __init__(self, cameras: tuple[str, ...] = ("front",), seconds: float = 10.0, max_bytes: int = ROOMY) -> None:
        self.rig = CameraRig(cameras, 4.0, seconds, ROOMY)
        self.calibration = Calibration()
        self.hindsight = Hindsight(self.rig, self.calibration, max_bytes)
        self.now = START
        self.film(0.0)

    def film(self, seconds: float, *cameras: str) -> int:
        """Film on for so long; returns the stamp of the last frame."""
        end = self.now + round(seconds * SECOND)
        while self.now <= end:
            for camera in cameras or self.rig.cameras:
                self.rig.offer(frame_at(self.now, camera, NBYTES))
            self.now += PERIOD
        return self.now - PERIOD

    def predict(self, *texts: str, horizon: float = 2.0, cameras: tuple[str, ...] = (), name: str = "id") -> int:
        """Predict outcomes after the newest frame; returns its stamp."""
        newest = self.rig.newest_stamp()
        outcomes = [outcome(text, horizon=horizon) for text in texts or ("it falls",)]
        self.hindsight.expect(result(newest, Prediction(tuple(outcomes)), cameras=cameras, name=name))
        return newest

    def look(self) -> Check | None:
        """Look whether horizons have passed; returns what is to be verified next."""
        self.hindsight.look()
        return self.hindsight.next()

    def verify_all(self, verdict: Verdict | None = Verdict.HAPPENED) -> list[Check]:
        """Give all checks the same verdict."""
        done = []
        while check := self.hindsight.next():
            assert self.hindsight.settle(check, verdict)
            done.append(check)
        return done


def outcome(text: str, probability: float | None = 0.5, horizon: float = 2.0) -> Outcome:
    return Outcome(text, probability, Origin.SELF_REPORTED, horizon, Hazard.NONE, None)


def result(clip_end: int, answer, cameras=(), name="id", status=Status.OK) -> Result:
    source = Provenance(
        request_id=name,
        clip_start=clip_end - SECOND,
        clip_end=clip_end,
        cameras=cameras,
        frame_id="",
        frame_count=4,
        model="",
        profile="",
        task="predict_outcome",
        prompt_hash="",
        request_count=1,
        prompt_tokens=0,
        completion_tokens=0,
        latencies=Latencies(),
        status=status,
    )
    return Result(Question("predict_outcome"), "", "", "", answer, (), source)


def stamps(check: Check) -> list[int]:
    return sorted({frame.stamp for view in check.clip for frame in view.frames})


def test_a_prediction_is_due_when_the_frames_have_reached_its_horizon() -> None:
    street = Street()
    street.predict("it falls")
    street.film(1.5)
    assert street.look() is None
    street.film(0.25)
    check = street.look()
    assert check is not None
    assert (check.prediction_id, check.statement, check.probability, check.horizon) == ("id", "it falls", 0.5, 2.0)


def test_its_clip_is_what_was_seen_from_its_last_frame_to_its_horizon() -> None:
    street = Street()
    made = street.predict(horizon=1.0)
    street.film(5.0)
    check = street.look()
    assert check is not None
    assert stamps(check) == [made + step * PERIOD for step in range(5)]


def test_its_clip_is_of_the_cameras_that_it_was_made_from() -> None:
    street = Street(("front", "left", "right"))
    street.predict(cameras=("left", "right"))
    street.film(2.0)
    check = street.look()
    assert check is not None and check.clip.cameras == ("left", "right")


def test_each_outcome_with_a_probability_is_a_check_and_none_without() -> None:
    street = Street()
    outcomes = (outcome("a\n b"), outcome("nobody knows how likely", None), outcome("c", 0.0))
    street.hindsight.expect(result(START, Prediction(outcomes)))
    street.film(2.0)
    street.look()
    assert [(check.statement, check.probability) for check in street.verify_all()] == [("a b", 0.5), ("c", 0.0)]


@pytest.mark.parametrize("status", [Status.OK, Status.STALE, Status.TRUNCATED_THINK])
def test_a_prediction_counts_however_it_came_to_be(status: Status) -> None:
    street = Street()
    street.hindsight.expect(result(START, Prediction((outcome("it falls"),)), status=status))
    assert street.hindsight.waiting == 1


@pytest.mark.parametrize("answer", [None, TextAnswer("it falls"), Prediction(()), Prediction((outcome("a", None),))])
def test_what_predicts_nothing_with_a_probability_is_passed_over(answer) -> None:
    street = Street()
    street.hindsight.expect(result(START, answer))
    assert (street.hindsight.waiting, street.calibration.missed) == (0, 0)


def test_verdicts_are_counted_with_the_probability_that_was_given() -> None:
    street = Street()
    street.hindsight.expect(result(START, Prediction((outcome("a", 0.8), outcome("b", 0.1)))))
    street.film(2.0)
    first = street.look()
    assert first and street.hindsight.settle(first, Verdict.HAPPENED)
    second = street.hindsight.next()
    assert second and street.hindsight.settle(second, Verdict.DID_NOT)
    assert (street.calibration.happened, street.calibration.did_not) == (1, 1)
    assert street.calibration.brier_score == pytest.approx((0.04 + 0.01) / 2)
    assert (street.hindsight.next(), street.hindsight.waiting) == (None, 0)


def test_a_check_without_a_verdict_gives_its_prediction_up() -> None:
    street = Street()
    street.predict("a", "b", name="first")
    street.predict("c", name="second")
    street.film(2.0)
    check = street.look()
    assert check and street.hindsight.settle(check, None)
    following = street.hindsight.next()
    assert following and following.prediction_id == "second"
    assert street.calibration.missed == 1


@pytest.mark.parametrize("seconds", [2.0, 4.0])
def test_a_prediction_whose_frames_are_gone_is_missed(seconds: float) -> None:
    street = Street(seconds=seconds)
    street.predict(horizon=3.0)
    street.film(8.0)
    assert street.look() is None
    assert street.calibration.missed == 1


def test_a_horizon_longer_than_the_buffers_is_missed() -> None:
    street = Street(seconds=4.0)
    street.predict(horizon=6.0)
    street.film(6.0)
    assert street.look() is None
    assert street.calibration.missed == 1


def test_a_horizon_that_its_camera_did_not_see_is_missed() -> None:
    street = Street(("front", "left"))
    street.predict(cameras=("left",), horizon=4.0)
    street.film(1.0, "left")
    street.film(8.0, "front")
    assert street.look() is None
    assert street.calibration.missed == 1


def test_a_prediction_waits_until_each_of_its_cameras_has_reached_its_horizon() -> None:
    street = Street(("front", "left", "right"))
    street.predict(cameras=("front", "left"))
    street.film(2.0, "front")
    assert street.look() is None
    street.now -= 2 * SECOND
    street.film(2.0, "left")
    check = street.look()
    assert check is not None and check.clip.cameras == ("front", "left")


def test_a_camera_that_stopped_is_waited_for_one_horizon_more() -> None:
    street = Street(("front", "left"))
    street.predict(cameras=("front", "left"))
    street.film(1.0, "left")
    street.film(2.25, "front")
    assert street.look() is None
    street.film(0.25, "front")
    assert street.look() is not None


def test_cameras_that_a_prediction_was_not_made_from_do_not_hold_it_up() -> None:
    street = Street(("front", "left"))
    street.predict(cameras=("front",))
    street.film(2.0, "front")
    assert street.look() is not None


def test_no_more_clips_are_held_than_there_is_room_for_and_the_oldest_go_first() -> None:
    street = Street()
    for index in range(HELD + 2):
        street.predict(name=str(index))
    street.film(2.0)
    street.look()
    assert street.hindsight.waiting == HELD
    assert [check.prediction_id for check in street.verify_all()] == [str(index) for index in range(2, HELD + 2)]
    assert street.calibration.missed == 2


def test_clips_are_held_up_to_so_many_bytes_together() -> None:
    street = Street(max_bytes=2 * 9 * NBYTES)
    for index in range(3):
        street.predict(name=str(index))
    street.film(2.0)
    street.look()
    assert [check.prediction_id for check in street.verify_all()] == ["1", "2"]


def test_horizons_that_never_come_take_no_more_room_than_there_is() -> None:
    street = Street()
    for _ in range(EXPECTED + 5):
        street.predict(horizon=1e6)
    assert (street.hindsight.waiting, street.calibration.missed) == (EXPECTED, 5)


def test_the_verdict_of_a_check_that_was_dropped_meanwhile_counts_nowhere() -> None:
    street = Street()
    street.predict(name="first")
    street.film(2.0)
    check = street.look()
    for _ in range(HELD):
        street.predict()
    street.film(2.0)
    street.look()
    assert check and not street.hindsight.settle(check, Verdict.HAPPENED)
    assert (street.calibration.happened, street.calibration.missed) == (0, 1)


def test_a_clock_that_jumps_back_forgets_what_is_expected() -> None:
    street = Street()
    street.predict()
    street.now = START - 50 * SECOND
    street.film(60.0)
    assert street.look() is None
    assert (street.hindsight.waiting, street.calibration.missed) == (0, 0)


def test_what_is_due_already_is_verified_though_the_clock_jumps_back() -> None:
    street = Street()
    street.predict()
    street.film(2.0)
    street.look()
    street.now = START - 50 * SECOND
    street.film(1.0)
    check = street.look()
    assert check is not None and stamps(check)[0] == START


def test_a_prediction_about_a_time_line_that_has_ended_is_not_expected() -> None:
    street = Street()
    street.now = START - 50 * SECOND
    street.film(1.0)
    street.hindsight.expect(result(START, Prediction((outcome("it falls"),))))
    assert street.hindsight.waiting == 0


def test_forgetting_leaves_nothing_and_misses_nothing() -> None:
    street = Street()
    street.predict()
    street.film(2.0)
    street.look()
    street.predict()
    street.hindsight.forget()
    assert (street.hindsight.waiting, street.hindsight.next(), street.calibration.missed) == (0, None, 0)


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("predict"), st.integers(1, 3)),
        st.tuples(st.just("film"), st.integers(1, 12)),
        st.tuples(st.just("settle"), st.sampled_from([*Verdict, None])),
    ),
    max_size=60,
)


@given(STEPS)
def test_every_prediction_waits_or_is_missed_or_has_all_its_verdicts(steps: list[tuple[str, int]]) -> None:
    street = Street()
    predicted: dict[str, int] = {}
    verdicts: dict[str, int] = {}
    given_up = 0
    for what, number in steps:
        if what == "predict":
            name = str(len(predicted))
            predicted[name] = number
            street.predict(*"abc"[:number], name=name)
        elif what == "film":
            street.film(number * PERIOD / SECOND)
            street.look()
        elif check := street.hindsight.next():
            assert street.hindsight.settle(check, number)
            if number is None:
                given_up += 1
            else:
                verdicts[check.prediction_id] = verdicts.get(check.prediction_id, 0) + 1
    calibration = street.calibration
    whole = sum(count == predicted[name] for name, count in verdicts.items())
    assert street.hindsight.waiting + calibration.missed + whole == len(predicted)
    assert calibration.happened + calibration.did_not + calibration.unclear == sum(verdicts.values())
    assert calibration.missed >= given_up
