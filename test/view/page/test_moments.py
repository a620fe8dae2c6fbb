"""What the page keeps of the last hour."""

import json

from view.page.kept import prediction, ranking, reasoning, verdict

from cosmos_reasoner.view.page.moments import Moment, Moments
from cosmos_reasoner.view.page.pictures import Pictures


def told(moments: Moments) -> list[str]:
    return [moment.id for moment in moments]


def test_a_moment_gathers_what_is_said_of_one_result() -> None:
    moments = Moments()
    moments.start(Moment(reasoning("one"), 0.0, 0.0))
    moments.add("outcome", prediction("one"))
    (moment,) = moments
    whole = json.loads(moment.json())
    assert whole == {"reasoning": reasoning("one"), "outcome": prediction("one"), "verdicts": []}


def test_the_list_tells_the_likeliest_outcome_and_the_worst_hazard() -> None:
    moments = Moments()
    moments.start(Moment(reasoning("one"), 0.0, 0.0))
    message = prediction("one", "It rolls on.", "It falls.")
    message["outcomes"][1]["hazard"] = "imminent"
    brief = moments.add("outcome", message).brief
    assert (brief["text"], brief["hazard"], brief["probability"]) == ("It rolls on.", "imminent", 0.5)


def test_the_list_tells_the_best_action() -> None:
    moments = Moments()
    moments.start(Moment(reasoning("one", task="rank_actions"), 0.0, 0.0))
    brief = moments.add("action_ranking", ranking("one")).brief
    assert (brief["text"], brief["probability"]) == ("wait", 0.7)


def test_a_verdict_on_the_likeliest_outcome_marks_the_prediction() -> None:
    moments = Moments()
    moments.start(Moment(reasoning("one"), 0.0, 0.0))
    moments.add("outcome", prediction("one", "It\n rolls on.", "It falls."))
    assert moments.judge(verdict("one", "It falls.")).brief["verdict"] == ""
    assert moments.judge(verdict("one", "It rolls on.", "did_not")).brief["verdict"] == "did_not"
    assert len(json.loads(moments.get("one").json())["verdicts"]) == 2


def test_what_is_older_than_an_hour_is_forgotten() -> None:
    moments = Moments(seconds=3600)
    for second in range(0, 5000, 100):
        moments.start(Moment(reasoning(str(second)), float(second), 0.0))
    assert (told(moments)[0], told(moments)[-1]) == ("1300", "4900")


def test_what_has_no_room_is_forgotten_the_oldest_first() -> None:
    moments = Moments(nbytes=1_000_000)
    forgotten = []
    for number in range(100):
        forgotten += moments.start(Moment(reasoning(str(number), think="x" * 50_000), 0.0, 0.0))
    assert moments.nbytes <= 1_000_000
    assert forgotten + told(moments) == [str(number) for number in range(100)]
    assert told(moments) == [str(number) for number in range(100 - len(moments), 100)]


def test_its_count_of_bytes_is_right_whatever_came_and_went() -> None:
    moments = Moments(nbytes=60_000)
    for number in range(40):
        name = str(number % 7)
        moments.start(Moment(reasoning(name, think="x" * 100 * number), float(number), 0.0))
        moments.add("outcome", prediction(name))
        moments.judge(verdict(str(number % 5)))
        moments.drop(str(number % 3))
    assert moments.nbytes == sum(moment.nbytes for moment in moments)


def test_what_is_said_of_a_forgotten_result_is_nothing() -> None:
    moments = Moments()
    assert moments.add("outcome", prediction("gone")) is None
    assert moments.judge(verdict("gone")) is None


def test_the_newest_pictures_are_kept_as_far_as_there_is_room() -> None:
    pictures = Pictures(nbytes=1000)
    for number in range(20):
        pictures.add(str(number), bytes(300))
    assert [name for name in map(str, range(20)) if pictures.get(name)] == ["17", "18", "19"]
    assert pictures.nbytes == 900


def test_a_picture_that_comes_twice_is_kept_once() -> None:
    pictures = Pictures()
    pictures.add("one", bytes(300))
    pictures.add("one", bytes(200))
    assert (len(pictures), pictures.nbytes) == (1, 200)
