"""A file of rerun, read back: what was seen, thought and predicted, at its time and in the right pixels."""

from contextlib import suppress
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from evaluated import ORIGIN, result
from rerun_file import CLIP_TIME, entities, needs_rerun, origins, rows, timelines, values

from cosmos_reasoner.clips.frame import Frame
from cosmos_reasoner.errors import ConfigurationError
from cosmos_reasoner.reasoning.result import (
    Answer,
    Detection,
    DetectionsAnswer,
    Outcome,
    Prediction,
    RankedAction,
    Ranking,
    Region,
    Result,
    TextAnswer,
    VerdictAnswer,
)
from cosmos_reasoner.replies.levels import Hazard, Origin, Verdict
from cosmos_reasoner.tasks.task import Action, RankingMethod
from cosmos_reasoner.view.rrd.log import RerunLog
from cosmos_reasoner.view.rrd.stream import check_rerun

needs_rerun()

END = ORIGIN + 2_000_000_000
"""Where the clip of `evaluated.result` ends, ns."""

LATER = END + 1_000_000_000
FACT = "Scalars:scalars"
TEXT = "TextDocument:text"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "run.rrd"


def jpeg(width: int, height: int, value: int = 90) -> bytes:
    return cv2.imencode(".jpg", np.full((height, width, 3), value, np.uint8))[1].tobytes()


def frame(stamp: int = END, width: int = 640, height: int = 480, camera: str = "ball") -> Frame:
    return Frame(camera, stamp, width, height, "jpeg", jpeg(width, height))


def outcome(probability: float | None = 0.5, subject: Region | None = None, hazard: Hazard = Hazard.LOW) -> Outcome:
    return Outcome("it falls", probability, Origin.SELF_REPORTED, 2.0, hazard, subject)


def write(file: Path, *results: Result, frames: tuple[Frame, ...] = ()) -> None:
    """Write a clip of the recording "bag", and results about it."""
    with RerunLog(file) as log:
        log.show("bag", END, frames)
        for one in results:
            log.tell("bag", one)
            log.answer("bag", one)


def answer(file: Path, *answers: Answer, frames: tuple[Frame, ...] = ()) -> None:
    write(file, *(result(one) for one in answers), frames=frames)


def numbers(file: Path, path: str) -> list[tuple[int, float]]:
    return [(stamp, pytest.approx(value)) for stamp, value in values(file, path, FACT)]


def boxes(file: Path, name: str = "subjects") -> list[tuple[int, list[tuple[float, ...]]]]:
    """Left, top, width and height of boxes, each with the stamp at which they stand; () where they are taken away."""
    found: list[tuple[int, list[Any]]] = []
    for stamp, row in rows(file, f"/bag/cameras/ball/{name}"):
        centers, halves = row.get("Boxes2D:centers"), row.get("Boxes2D:half_sizes")
        pairs = zip(centers or (), halves or ())
        found.append((stamp, [(x - w, y - h, 2 * w, 2 * h) for (x, y), (w, h) in pairs]))
    return found


def test_a_picture_stands_at_the_stamp_of_its_header_as_it_was_taken(file: Path) -> None:
    taken = frame(END - 5)
    write(file, frames=(taken,))
    ((stamp, blob),) = values(file, "/bag/cameras/ball", "EncodedImage:blob")
    assert (stamp, bytes(blob)) == (END - 5, taken.data)


def test_results_stand_at_the_clips_last_frame_on_the_clips_own_clock(file: Path) -> None:
    answer(file, Prediction((outcome(),)))
    assert numbers(file, r"/bag/scores/ask/outcome\ 1") == [(END, 0.5)]
    assert timelines(file) - {"log_time", "log_tick"} == {CLIP_TIME}


def test_boxes_stand_in_the_pixels_that_the_picture_has(file: Path) -> None:
    answer(file, Prediction((outcome(subject=Region("ball", 100, 200, 50, 20)),)), frames=(frame(),))
    assert boxes(file)[-1] == (END, [(100.0, 200.0, 50.0, 20.0)])


def test_a_large_picture_is_made_smaller_and_its_boxes_with_it(file: Path) -> None:
    large = frame(width=1920, height=1080)
    answer(file, Prediction((outcome(subject=Region("ball", 100, 200, 50, 20)),)), frames=(large,))
    ((_, blob),) = values(file, "/bag/cameras/ball", "EncodedImage:blob")
    assert cv2.imdecode(np.array(blob, np.uint8), cv2.IMREAD_COLOR).shape == (540, 960, 3)
    assert boxes(file)[-1] == (END, [(50.0, 100.0, 25.0, 10.0)])


def test_a_raw_picture_is_shown_in_its_colours(file: Path) -> None:
    red = np.full((48, 64, 3), (200, 10, 10), np.uint8)
    write(file, frames=(Frame("ball", END, 64, 48, "rgb8", red.tobytes()),))
    ((_, blob),) = values(file, "/bag/cameras/ball", "EncodedImage:blob")
    blue, green, red_ = cv2.imdecode(np.array(blob, np.uint8), cv2.IMREAD_COLOR)[24, 32]
    assert red_ > 190 and max(blue, green) < 30


def test_the_next_picture_takes_the_boxes_of_the_one_before_away(file: Path) -> None:
    with RerunLog(file) as log:
        log.show("bag", END, [frame()])
        log.answer("bag", result(Prediction((outcome(subject=Region("ball", 1, 2, 3, 4)),))))
        log.show("bag", LATER, [frame(LATER)])
    assert boxes(file) == [(END, []), (END, [(1.0, 2.0, 3.0, 4.0)]), (LATER, [])]


def test_two_results_about_one_clip_leave_each_others_boxes(file: Path) -> None:
    found = DetectionsAnswer((Detection("cup", "ball", Region("ball", 5, 6, 7, 8), None),))
    answer(file, Prediction((outcome(subject=Region("ball", 1, 2, 3, 4)),)), found, frames=(frame(),))
    assert boxes(file)[-1] == (END, [(1.0, 2.0, 3.0, 4.0)])
    assert boxes(file, "found")[-1] == (END, [(5.0, 6.0, 7.0, 8.0)])


def test_outcomes_about_the_same_thing_share_its_box(file: Path) -> None:
    here = Region("ball", 1, 2, 3, 4)
    answer(file, Prediction((outcome(0.6, here), outcome(0.3), outcome(None, here))), frames=(frame(),))
    assert values(file, "/bag/cameras/ball/subjects", "Boxes2D:labels") == [(END, "1: 60%, 3: ?")]


def test_a_point_stands_in_the_middle_of_its_pixel(file: Path) -> None:
    answer(file, DetectionsAnswer((Detection("cup", "ball", None, (10, 20)),)), frames=(frame(),))
    assert values(file, "/bag/cameras/ball/points", "Points2D:positions") == [(END, [10.5, 20.5])]


def test_a_box_in_a_picture_that_is_not_there_is_left_out(file: Path) -> None:
    broken = Frame("ball", END, 64, 48, "png", b"no picture")
    answer(file, Prediction((outcome(subject=Region("ball", 1, 2, 3, 4)),)), frames=(broken, frame(camera="other")))
    assert {path for path in entities(file) if "cameras" in path and "other" not in path} == set()


def strips(file: Path) -> list[tuple[int, np.ndarray]]:
    found = values(file, "/bag/clip", "EncodedImage:blob")
    return [(stamp, cv2.imdecode(np.array(blob, np.uint8), cv2.IMREAD_COLOR)) for stamp, blob in found]


def test_a_clip_is_shown_once_a_time(file: Path) -> None:
    with RerunLog(file) as log:
        log.show("bag", END, [], jpeg(320, 60, 50))
        log.show("bag", END, [], jpeg(160, 60, 200))
    ((stamp, strip),) = strips(file)
    assert (stamp, strip[30, 80, 0]) == (END, pytest.approx(50, abs=2))


def test_the_strips_of_clips_of_any_length_have_one_size(file: Path) -> None:
    sizes = ((320, 60), (480, 60), (4000, 60), (320, 120))
    with RerunLog(file) as log:
        for number, (width, height) in enumerate(sizes):
            log.show("bag", END + number, [], jpeg(width, height, 50))
    shown = [strip for _, strip in strips(file)]
    assert {strip.shape for strip in shown} == {(60, 1920, 3)}
    bright = [(strip[..., 0] > 25).sum() for strip in shown]
    assert bright == pytest.approx([320 * 60, 480 * 60, 1920 * 29, 160 * 60], rel=0.01)


def test_a_strip_that_is_no_picture_is_left_out(file: Path) -> None:
    with RerunLog(file) as log:
        log.show("bag", END, [frame()], b"no picture")
    assert "/bag/clip" not in entities(file)


def test_question_think_reply_and_answer_are_there_as_plain_text(file: Path) -> None:
    hostile = "![x](http://example.org/x.png) <script>"
    answer(file, TextAnswer(hostile))
    for name, text in {"question": "What moves?", "think": "I look.", "reply": "It.", "answer": hostile}.items():
        path = f"/bag/texts/ask/{name}"
        assert values(file, path, TEXT) == [(END, text)]
        assert values(file, path, "TextDocument:media_type") == [(END, "text/plain")]


def test_a_text_without_end_is_cut(file: Path) -> None:
    answer(file, TextAnswer("x" * 1_000_000))
    ((_, text),) = values(file, "/bag/texts/ask/answer", TEXT)
    assert len(text) < 21_000 and text.endswith("x... (980000 characters left out)")


def test_text_that_is_no_unicode_is_written_out(file: Path) -> None:
    answer(file, TextAnswer("a\ud800b"))
    assert values(file, "/bag/texts/ask/answer", TEXT) == [(END, r"a\ud800b")]


def test_the_worst_hazard_of_a_prediction_is_a_number(file: Path) -> None:
    answer(file, Prediction((outcome(hazard=Hazard.NONE), outcome(hazard=Hazard.IMMINENT))))
    assert numbers(file, "/bag/hazard/ask") == [(END, 4.0)]


def test_a_ranking_has_a_score_for_each_action_by_its_id(file: Path) -> None:
    actions = (RankedAction(Action("go/left", "x"), 0.75), RankedAction(Action("wait", "y"), 0.25))
    answer(file, Ranking("g", actions, RankingMethod.VOTE, Origin.VOTE, 0.0, None, 1, 1))
    assert numbers(file, r"/bag/scores/ask/go\/left") == [(END, 0.75)]
    assert numbers(file, "/bag/scores/ask/wait") == [(END, 0.25)]


@pytest.mark.parametrize(
    ("verdict", "told"), [(Verdict.HAPPENED, [1.0]), (Verdict.DID_NOT, [0.0]), (Verdict.UNCLEAR, [])]
)
def test_a_verdict_is_one_or_nought_and_nothing_where_it_is_unclear(file: Path, verdict: Verdict, told: list) -> None:
    answer(file, VerdictAnswer("it fell", verdict, 0.5, Origin.LOGPROB))
    assert [value for _, value in numbers(file, "/bag/scores/ask/verdict")] == told
    assert numbers(file, r"/bag/scores/ask/verdict\ probability") == [(END, 0.5)]


def test_latencies_are_there_in_seconds(file: Path) -> None:
    answer(file, TextAnswer("a"))
    names = ("queue", "encode", "first_token", "think", "answer", "total")
    found = [numbers(file, f"/bag/latency/ask/{name}") for name in names]
    assert found == [[(END, value)] for value in (0.1, 0.2, 0.3, 0.1, 0.3, 1.0)]


def test_each_result_of_a_task_at_one_time_has_a_place_of_its_own(file: Path) -> None:
    write(file, *(result(TextAnswer(name), request_id=name) for name in "ab"))
    assert values(file, "/bag/texts/ask/answer", TEXT) == [(END, "a")]
    assert values(file, r"/bag/texts/ask\ 2/answer", TEXT) == [(END, "b")]


def test_every_result_is_a_line_and_trouble_is_a_warning(file: Path) -> None:
    write(file, result(TextAnswer("a\nb")), result(None))
    told = [(row["TextLog:level"], row["TextLog:text"]) for _, row in rows(file, "/bag/results")]
    assert told == [(["INFO"], ["ask: a; b"]), (["WARN"], ["ask: DEFECTIVE: why"])]


def test_names_with_slashes_are_one_part_of_a_path(file: Path) -> None:
    with RerunLog(file) as log:
        log.show("a/b", END, [frame(camera="/cam/image raw")])
    assert r"/a\/b/cameras/\/cam\/image\ raw" in entities(file)


def test_the_viewer_is_told_to_show_pictures_texts_and_plots(file: Path) -> None:
    answer(file, Prediction((outcome(),)), frames=(frame(),))
    shown = {"cameras/ball", "scores", "hazard", "latency", "results"}
    shown |= {f"texts/ask/{name}" for name in ("question", "think", "answer")}
    assert origins(file) == {f"/bag/{name}" for name in shown}


def test_a_file_without_results_can_be_read(file: Path) -> None:
    with RerunLog(file):
        pass
    assert entities(file) == set()


def test_an_older_file_is_replaced(file: Path) -> None:
    answer(file, TextAnswer("old"))
    answer(file, TextAnswer("new"))
    assert values(file, "/bag/texts/ask/answer", TEXT) == [(END, "new")]


def test_what_was_written_before_an_error_is_there(file: Path) -> None:
    with suppress(KeyboardInterrupt), RerunLog(file) as log:
        log.answer("bag", result(TextAnswer("a")))
        raise KeyboardInterrupt
    assert values(file, "/bag/texts/ask/answer", TEXT) == [(END, "a")]


def test_a_folder_or_a_file_in_no_folder_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none" / "run.rrd"):
        with pytest.raises(ConfigurationError, match="name a file in a folder that exists"):
            check_rerun(path)


def test_a_file_that_rerun_did_not_write_is_not_destroyed(file: Path, tmp_path: Path) -> None:
    answer(file, TextAnswer("old"))
    check_rerun(file)
    film = tmp_path / "film.mp4"
    film.write_bytes(b"a film")
    with pytest.raises(ConfigurationError, match="a file that rerun did not write"):
        check_rerun(film)


def test_a_file_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="--rerun "):
        RerunLog(tmp_path)


def test_rerun_that_is_switched_off_is_told(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RERUN", "off")
    with pytest.raises(ConfigurationError, match="unset the environment variable RERUN"):
        check_rerun(file)
