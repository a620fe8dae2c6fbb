"""Clips with scores of people, and with scores published for a model."""

from pathlib import Path

import pytest
from labelling import touch, write_json
from recorded import shared

from cosmos_reasoner.errors import ConfigurationError
from cosmos_reasoner.evaluation.labels.plausibility import SCORE_KEY, published_scores, read_plausibility
from cosmos_reasoner.evaluation.labels.truth import ScoreTruth
from cosmos_reasoner.recordings.open import open_recording
from cosmos_reasoner.tasks.task import Question

CLIP = {"video": "clips/one.mp4", SCORE_KEY: 4}


def test_a_clip_becomes_a_critique_with_its_score(tmp_path: Path) -> None:
    touch(tmp_path, "clips/one.mp4")
    (item,), faults = read_plausibility(write_json(tmp_path / "labels.json", [CLIP]))
    assert (item.id, item.recording, item.question) == ("one", tmp_path / "clips" / "one.mp4", Question("critique"))
    assert item.truth == ScoreTruth(4)
    assert faults == ()


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        ({**CLIP, SCORE_KEY: 0}, f"{SCORE_KEY}: "),
        ({**CLIP, SCORE_KEY: "4"}, f"{SCORE_KEY}: must be a whole number"),
        ({**CLIP, "video": "clips/two.mp4"}, "video: there is no "),
        ({SCORE_KEY: 4}, "video: is missing"),
        ({**CLIP, "video": "/clips/one.mp4"}, "video: '/clips/one.mp4' leads out of the folder of the labels"),
        (CLIP, "id: 'one' is the id of an earlier entry"),
    ],
)
def test_a_broken_clip_gives_one_line_and_the_rest_is_used(tmp_path: Path, broken: object, says: str) -> None:
    touch(tmp_path, "clips/one.mp4")
    file = write_json(tmp_path / "labels.json", [CLIP, broken])
    items, (fault,) = read_plausibility(file)
    assert len(items) == 1
    assert fault.startswith(f"{file}: entry 2: {says}")


def test_published_scores_are_those_of_the_model_asked_for(tmp_path: Path) -> None:
    scores = {"published_model_scores": {"before": 2, "after": 4}}
    others = [{**CLIP, "video": "two.mp4", "published_model_scores": {"before": 1}}, {**CLIP, "video": "three.mp4"}]
    file = write_json(tmp_path / "labels.json", [{**CLIP, **scores}, *others])
    assert published_scores(file, "before") == {"one": 2, "two": 1}
    assert published_scores(file, "after") == {"one": 4}
    assert published_scores(file, "none") == {}


def test_clips_of_one_name_in_different_folders_go_by_their_folders(tmp_path: Path) -> None:
    videos = ["x/s.mp4", "y/s.mp4", "y/t.mp4", "y/u.mp4", "y/u.avi"]
    touch(tmp_path, *videos)
    records = [{**CLIP, "video": video, "published_model_scores": {"one": 2}} for video in videos]
    file = write_json(tmp_path / "labels.json", records)
    items, faults = read_plausibility(file)
    assert [item.id for item in items] == list(published_scores(file, "one")) == ["x/s", "y/s", "t", "u.mp4", "u.avi"]
    assert faults == ()


def test_published_scores_of_a_broken_file_are_not_guessed(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="video: is missing"):
        published_scores(write_json(tmp_path / "labels.json", [{}]), "before")


def test_the_real_clips_can_be_read_and_opened() -> None:
    items, faults = read_plausibility(shared("plausibility/labels.json"))
    assert faults == ()
    assert [item.truth for item in items] == [ScoreTruth(score) for score in (4, 4, 2, 4, 2)]
    for item in items:
        with open_recording(item.recording) as recording:
            assert recording.end > recording.start


def test_the_real_published_scores_belong_to_items() -> None:
    file = shared("plausibility/labels.json")
    ids = {item.id for item in read_plausibility(file).items}
    scores = published_scores(file, "cosmos_reason1_zero_shot")
    assert sorted(scores.values()) == [1, 5]
    assert set(scores) < ids
