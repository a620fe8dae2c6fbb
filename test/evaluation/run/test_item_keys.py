"""Keys: what changes an answer changes the key, and nothing else does."""

from dataclasses import replace
from pathlib import Path

import pytest
from evaluated import item
from recorded import picture, write_video

from cosmos_reasoner.endpoints.profile import Profile
from cosmos_reasoner.endpoints.profile_files import load_profile
from cosmos_reasoner.errors import InvalidRequest
from cosmos_reasoner.evaluation.labels.truth import OptionTruth
from cosmos_reasoner.evaluation.run.keys import Keys
from cosmos_reasoner.tasks.library import TaskLibrary
from cosmos_reasoner.tasks.task import Action, Question

TASKS = TaskLibrary.load()
PROFILE = Profile(name="test")
KEYS = Keys(TASKS, PROFILE, "model", 4.0)


@pytest.fixture
def video(tmp_path: Path) -> Path:
    return write_video(tmp_path / "ball.mp4", [0, 100, 200])


@pytest.mark.parametrize(
    "keys",
    [
        replace(KEYS, model="other"),
        replace(KEYS, rate=2.0),
        replace(KEYS, live=True),
        replace(KEYS, profile=load_profile("qwen3_vl")),
    ],
    ids=["model", "rate", "live", "profile"],
)
def test_another_way_of_asking_has_another_key(video: Path, keys: Keys) -> None:
    assert keys.of(item(recording=video)) != KEYS.of(item(recording=video))


@pytest.mark.parametrize(
    "change",
    [
        {"start": 0.5},
        {"end": None},
        {"cameras": ("front",)},
        {"question": Question("ask", "What stands?")},
        {"question": Question("ask", "What moves?", sample=1)},
        {"question": Question("describe")},
    ],
    ids=str,
)
def test_another_question_has_another_key(video: Path, change: dict) -> None:
    one = item(recording=video)
    assert KEYS.of(replace(one, **change)) != KEYS.of(one)


def test_a_changed_prompt_has_another_key(video: Path, tmp_path: Path) -> None:
    (tmp_path / "ask.yaml").write_text("user: 'Now {question}'")
    assert replace(KEYS, tasks=TaskLibrary.load(tmp_path)).of(item(recording=video)) != KEYS.of(item(recording=video))


def test_other_pictures_have_another_key(video: Path, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    other = write_video(tmp_path / "other" / "ball.mp4", [0, 100, 200], pixels=lambda i: picture(200 - i, 64, 48))
    assert KEYS.of(item(recording=other)) != KEYS.of(item(recording=video))


def test_the_same_recording_at_another_place_has_the_same_key(video: Path, tmp_path: Path) -> None:
    (tmp_path / "copy").mkdir()
    copy = tmp_path / "copy" / video.name
    copy.write_bytes(video.read_bytes())
    assert KEYS.of(item(recording=copy)) == KEYS.of(item(recording=video))


@pytest.mark.parametrize("change", [{"id": "two"}, {"set": "other"}, {"group": "pair"}, {"truth": OptionTruth(1)}])
def test_what_only_counts_in_the_report_does_not_change_the_key(video: Path, change: dict) -> None:
    one = item(recording=video)
    assert KEYS.of(replace(one, **change)) == KEYS.of(one)


def test_how_many_are_asked_at_once_does_not_change_the_key(video: Path) -> None:
    slower = replace(KEYS, profile=PROFILE.model_copy(update={"concurrency": 1}))
    assert slower.of(item(recording=video)) == KEYS.of(item(recording=video))


def test_a_ranking_of_more_actions_than_letters_has_a_key(video: Path) -> None:
    actions = tuple(Action(f"a{number}", f"go to {number}") for number in range(40))
    question = Question("rank_actions", actions=actions, goal="arrive")
    fewer = replace(question, actions=actions[:39])
    assert KEYS.of(item(recording=video, question=question)) != KEYS.of(item(recording=video, question=fewer))


def test_a_question_that_does_not_fit_its_task_has_no_key(video: Path) -> None:
    with pytest.raises(InvalidRequest):
        KEYS.of(item(recording=video, question=Question("verify")))


@pytest.mark.parametrize("changed", ["samples: 5", "frames: newest", "reasoning: false"])
def test_a_task_that_is_asked_otherwise_has_another_key(video: Path, tmp_path: Path, changed: str) -> None:
    keys = []
    for more in ("", changed):
        said = ["user: How sound is it?", "answer: score", "options: ['1', '2']", more]
        (tmp_path / "mine.yaml").write_text("\n".join(said))
        tasks = TaskLibrary.load(tmp_path)
        keys.append(replace(KEYS, tasks=tasks).of(item(recording=video, question=Question("mine"))))
    assert keys[0] != keys[1]
