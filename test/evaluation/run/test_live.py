"""A simulated robot: an answer is there only when it is there, and what is overtaken is dropped."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from evaluated import item, record
from recorded import picture, write_video

from cosmos_reasoner.endpoints.client import EndpointClient
from cosmos_reasoner.endpoints.profile import Profile
from cosmos_reasoner.evaluation.labels.item import Item
from cosmos_reasoner.evaluation.run.asking import Asker
from cosmos_reasoner.evaluation.run.live import Robot
from cosmos_reasoner.evaluation.run.record import Live, Record
from cosmos_reasoner.reasoning.reasoner import Reasoner
from cosmos_reasoner.reasoning.result import TextAnswer
from cosmos_reasoner.tasks.library import TaskLibrary

NOBODY = EndpointClient(Profile(name="test"), "http://127.0.0.1:9/v1", "model")


@pytest.fixture
def video(tmp_path: Path) -> Path:
    return write_video(tmp_path / "ball.mp4", [i * 100 for i in range(80)], pixels=lambda i: picture(i, 64, 48))


def play(video: Path, dues: list[float], *seconds: float) -> dict[str, Live | None]:
    """Ask at some times what took so many seconds each in an earlier run; the times of all by their number."""
    items = {str(number): item(str(number), recording=video, window=(due - 1, due)) for number, due in enumerate(dues)}
    known = {key: record(TextAnswer("x"), key, total=took) for key, took in zip(items, seconds)}
    taken = played(video, items, known)
    return {key: taken[key].live for key in sorted(taken)}


def played(video: Path, items: dict[str, Item], known: dict[str, Record]) -> dict[str, Record]:
    """Play items of which some are known."""
    asker = Asker(Reasoner([NOBODY], TaskLibrary.load()), 4.0, 1, 5.0, video.parent)
    taken: dict[str, Record] = {}
    asyncio.run(Robot(asker, known, lambda one: taken.update({one.key: one}), pytest.fail).play(items))
    return taken


def test_an_answer_is_there_when_it_is_due_and_as_long_as_it_took_later(video: Path) -> None:
    assert play(video, [2.0, 4.0], 0.5, 0.5) == {"0": Live(2.0, 2.0, 2.5), "1": Live(4.0, 4.0, 4.5)}


def test_what_comes_while_it_is_busy_waits(video: Path) -> None:
    assert play(video, [2.0, 3.0], 1.5, 0.5) == {"0": Live(2.0, 2.0, 3.5), "1": Live(3.0, 3.5, 4.0)}


def test_of_two_that_wait_the_older_is_dropped(video: Path) -> None:
    assert play(video, [2.0, 3.0, 4.0], 2.5, 0.5, 0.5) == {
        "0": Live(2.0, 2.0, 4.5),
        "1": Live(3.0),
        "2": Live(4.0, 4.5, 5.0),
    }


def test_who_waits_is_asked_before_what_comes_later(video: Path) -> None:
    assert play(video, [2.0, 3.0, 4.0, 5.0], 1.5, 1.0, 0.1, 0.1) == {
        "0": Live(2.0, 2.0, 3.5),
        "1": Live(3.0, 3.5, 4.5),
        "2": Live(4.0, 4.5, pytest.approx(4.6)),
        "3": Live(5.0, 5.0, pytest.approx(5.1)),
    }


def test_an_item_that_fails_has_no_answer(video: Path) -> None:
    assert play(video, [2.0, 100.0])["1"] == Live(100.0, 100.0)


def test_an_answer_is_kept_when_the_item_is_dropped_the_next_time(video: Path) -> None:
    items = {str(due): item(str(due), recording=video, window=(0.0, float(due))) for due in (2, 3, 4)}
    known = {key: record(TextAnswer("x"), key, total=2.5) for key in items}
    dropped = played(video, items, known)["3"]
    assert dropped.is_dropped and dropped.is_final
    assert dropped.result and dropped.answered is None


def test_each_of_several_runs_is_a_robot_of_its_own(video: Path) -> None:
    items = {
        f"{run} {due}": replace(item(recording=video, window=(0.0, due)), run=run) for run in (0, 1) for due in (2, 3)
    }
    known = {key: record(TextAnswer("x"), key, total=0.5) for key in items}
    assert not any(one.is_dropped for one in played(video, items, known).values())


def test_a_second_robot_does_just_the_same(video: Path) -> None:
    dues, seconds = [1.0 + 0.5 * number for number in range(12)], [0.3, 1.2, 0.7] * 4
    assert play(video, dues, *seconds) == play(video, dues, *seconds)
