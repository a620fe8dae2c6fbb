"""questions.yaml: what is read, and what its author is told."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cosmos_reasoner.errors import ConfigurationError
from cosmos_reasoner.evaluation.labels.item import Item, Labels
from cosmos_reasoner.evaluation.labels.questions_file import read_questions
from cosmos_reasoner.evaluation.labels.truth import (
    EventsTruth,
    LabelledEvent,
    OptionTruth,
    OutcomeTruth,
    RankingTruth,
    ScoreTruth,
    TextTruth,
    Truth,
)
from cosmos_reasoner.tasks.library import TaskLibrary
from cosmos_reasoner.tasks.task import Action, Question

TASKS = TaskLibrary.load()
GUIDE = Path(__file__).parents[3] / "docs" / "questions.md"
CHOICE = {"recording": "walk.mp4", "question": "Where?", "options": ["left", "right"], "answer": "right"}
RANKING = {
    "recording": "walk.mp4",
    "goal": "Touch nobody.",
    "actions": {"stop": "The robot stops.", "go": "The robot goes on."},
    "ranking": ["stop", "go"],
}
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5) | st.integers(), inner, max_size=3),
    max_leaves=5,
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a recording."""
    (tmp_path / "walk.mp4").touch()
    return tmp_path


def read(folder: Path, entries: Any) -> Labels:
    file = folder / "questions.yaml"
    file.write_text(entries if isinstance(entries, str) else yaml.safe_dump(entries, sort_keys=False), encoding="utf-8")
    return read_questions(file, TASKS)


def only(labels: Labels) -> Item:
    assert labels.faults == ()
    (item,) = labels.items
    return item


def fault(folder: Path, entry: Any) -> str:
    """What is said of the entry behind a good one, without the file."""
    items, faults = read(folder, [CHOICE, entry])
    assert len(items) == 1
    (line,) = faults
    start = f"{folder / 'questions.yaml'}: entry 2: "
    assert line.startswith(start)
    return line.removeprefix(start)


def test_an_entry_becomes_an_item_with_all_that_it_says(folder: Path) -> None:
    entry = {"id": "door", "set": "office", "group": "g", "window": [1, 2.5], "cameras": ["/front"], "horizon": 3}
    assert only(read(folder, [{**CHOICE, **entry, "context": "At night."}])) == Item(
        "door",
        "office",
        folder / "walk.mp4",
        1.0,
        2.5,
        ("/front",),
        Question("ask", "Where?", ("left", "right"), context="At night.", horizon=3.0),
        OptionTruth(1),
        "g",
    )


def test_what_an_entry_leaves_out_is_filled_in(folder: Path) -> None:
    item = only(read(folder, [CHOICE]))
    assert (item.id, item.set, item.start, item.end) == ("questions 1", "questions", None, None)


def test_a_recording_may_lie_elsewhere(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("bags")
    assert only(read(folder, [{**CHOICE, "recording": str(elsewhere)}])).recording == elsewhere


@pytest.mark.parametrize(
    ("says", "task", "truth"),
    [
        ({"question": "Where?", "options": ["left", "right"], "answer": "B"}, "ask", OptionTruth(1)),
        ({"question": "Which?", "options": ["B", "A"], "answer": "A"}, "ask", OptionTruth(1)),
        ({"question": "Who?", "answer": "a cat"}, "ask", TextTruth(("a cat",))),
        ({"task": "describe", "answer": "It falls."}, "describe", TextTruth(("It falls.",))),
        ({"score": 4}, "critique", ScoreTruth(4)),
        ({"question": "It falls.", "outcome": True}, "verify", OutcomeTruth(True)),
        ({"question": "It falls.", "outcome": False}, "verify", OutcomeTruth(False)),
        ({"events": []}, "events", EventsTruth(())),
        (
            {"window": [1, 9], "events": [{"start": 5, "end": 6.5, "text": "hit"}, {"start": 1, "end": 1}]},
            "events",
            EventsTruth((LabelledEvent(1.0, 1.0), LabelledEvent(5.0, 6.5, "hit"))),
        ),
    ],
)
def test_each_label_has_its_truth_and_its_task(folder: Path, says: dict[str, Any], task: str, truth: Truth) -> None:
    item = only(read(folder, [{"recording": "walk.mp4", **says}]))
    assert (item.question.task, item.truth) == (task, truth)


def test_actions_keep_their_order_and_the_ranking_its_own(folder: Path) -> None:
    text = "[{recording: walk.mp4, goal: g, actions: {b: Go., a: Stop., c: Turn.}, ranking: [a, c, b]}]"
    item = only(read(folder, text))
    assert item.question.actions == (Action("b", "Go."), Action("a", "Stop."), Action("c", "Turn."))
    assert item.truth == RankingTruth(("a", "c", "b"))


def test_yes_and_no_in_quotes_are_texts(folder: Path) -> None:
    text = "[{recording: walk.mp4, question: Does it move, options: ['yes', 'no'], answer: 'no'}]"
    assert only(read(folder, text)).truth == OptionTruth(1)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"option": ["a"]}, "unknown key 'option', did you mean 'options'?"),
        ({"zzz": 1}, "unknown key 'zzz': there are recording, window, task,"),
        ({"recording": "gone.mp4"}, "recording: there is no "),
        ({"recording": 3}, "recording: must be text: put it in quotes"),
        ({"recording": "a\0b"}, "recording: "),
        ({"window": [2, 1]}, "window: write [start, end] in seconds, the start before the end"),
        ({"window": [1]}, "window: write [start, end] in seconds"),
        ({"window": ["1", 2]}, "window 1: must be a number"),
        ({"window": [0, float("inf")]}, "window 2: must be a finite number"),
        ({"window": 3}, "window: must be a list"),
        ({"options": [True, "right"]}, "options 1: must be text: put it in quotes"),
        ({"options": "left"}, "options: must be a list"),
        ({"options": ["right", "right"]}, "options: two of them are the same"),
        ({"options": ["right"]}, "1 options: give 2 to 26"),
        ({"answer": "C"}, "answer: 'C' is neither the text nor the letter of an option"),
        ({"answer": None}, "give exactly one of answer, ranking, events, score or outcome: there is none"),
        ({"score": 3}, "give exactly one of answer, ranking, events, score or outcome: there is answer and score"),
        ({"answer": None, "score": 6}, "score: 6 is none of 1, 2, 3, 4, 5, the levels of 'critique'"),
        ({"answer": None, "score": 3.5}, "score: must be a whole number"),
        ({"answer": None, "score": True}, "score: must be a whole number"),
        ({"answer": None, "outcome": "yes"}, "outcome: must be true or false"),
        ({"task": "asc"}, "task: no task 'asc': did you mean 'ask'?"),
        ({"task": "critique"}, "task: 'critique' has no answer that answer could judge, as ask, describe, "),
        ({"question": ""}, "task 'ask' needs a question"),
        ({"horizon": 0}, "horizon: "),
        ({"set": " all "}, "set: 'all' is the name of the total"),
        ({3: "x"}, "key 3: must be text: put it in quotes"),
        ({"actions": {True: "Go."}}, "actions key True: must be text: put it in quotes"),
        ({"actions": {"go": 7}}, "actions go: must be text: put it in quotes"),
    ],
)
def test_a_fault_is_named_with_its_field(folder: Path, change: dict[str, Any], says: str) -> None:
    assert fault(folder, {**CHOICE, "id": "other", **change}).startswith(says)


@pytest.mark.parametrize(
    ("events", "says"),
    [
        ([{"start": 3, "end": 2}], "events 1: it ends at 2 s, before it starts at 3 s"),
        ([{"start": 1}], "events 1 end: is missing"),
        ([{"start": 1, "end": 2}, {"start": 1, "ends": 2}], "events 2 end: is missing; events 2: unknown key 'ends'"),
        ([{"start": 1, "end": 7}], "events: 1 to 7 s is not inside the window"),
        ([{"start": -1, "end": 1}], "events 1 start: "),
    ],
)
def test_a_fault_of_an_event_is_named_with_its_number(folder: Path, events: list[Any], says: str) -> None:
    assert fault(folder, {"recording": "walk.mp4", "window": [0, 5], "events": events}).startswith(says)


def test_an_event_does_not_begin_before_the_recording(folder: Path) -> None:
    entry = {"recording": "walk.mp4", "events": [{"start": -1, "end": 1}]}
    assert fault(folder, entry).startswith("events 1 start: ")


@pytest.mark.parametrize("ranking", [["stop"], ["stop", "stop"], ["stop", "go", "fly"], []])
def test_a_ranking_names_each_action_once(folder: Path, ranking: list[str]) -> None:
    says = "ranking: it must name each action once, best first: stop, go"
    assert fault(folder, {**RANKING, "ranking": ranking}) == says


def test_a_ranking_needs_a_goal(folder: Path) -> None:
    assert fault(folder, {**RANKING, "goal": ""}) == "task 'rank_actions' needs a goal"


def test_all_faults_of_an_entry_stand_in_one_line(folder: Path) -> None:
    assert fault(folder, {**CHOICE, "goal": 3, "window": [2, 1]}).count("; ") == 1


@pytest.mark.parametrize("entry", ["text", 3, None, ["recording"]])
def test_an_entry_that_is_no_mapping_is_named(folder: Path, entry: Any) -> None:
    assert "mapping" in fault(folder, entry) or "dictionary" in fault(folder, entry)


def test_the_second_of_two_equal_ids_is_left_out(folder: Path) -> None:
    items, faults = read(folder, [{**CHOICE, "id": "x"}, {**CHOICE, "id": "x", "answer": "left"}])
    assert [item.truth for item in items] == [OptionTruth(1)]
    assert faults == (f"{folder / 'questions.yaml'}: entry 2: id: 'x' is the id of an earlier entry",)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("- recording: a\n  task: ask\n  recording: b", "line 3: 'recording' is said twice"),
        ("- [", "line 1: "),
        ("recording: walk.mp4", "a list of entries is needed"),
        ("", "a list of entries is needed"),
        ("- !!python/object/apply:os.getcwd []", "line 1: could not determine a constructor"),
    ],
)
def test_a_file_that_is_no_list_of_entries_cannot_be_used(folder: Path, text: str, says: str) -> None:
    with pytest.raises(ConfigurationError, match=says.replace("[", r"\[")) as error:
        read(folder, text)
    assert str(folder / "questions.yaml") in str(error.value)


def test_a_file_called_all_is_not_taken_for_the_total(folder: Path) -> None:
    file = folder / "all.yaml"
    file.write_text(yaml.safe_dump([CHOICE]), encoding="utf-8")
    assert only(read_questions(file, TASKS)).set == "all.yaml"


def test_a_file_whose_name_is_no_utf_8_has_names_and_faults_that_can_be_written(folder: Path) -> None:
    file = folder / "bad\udcff.yaml"
    file.write_text(yaml.safe_dump([CHOICE, {**CHOICE, "recording": "gone"}]), encoding="utf-8")
    (item,), (line,) = read_questions(file, TASKS)
    assert (item.id.encode(), item.set.encode()) == (rb"bad\udcff 1", rb"bad\udcff")
    assert rb"bad\udcff.yaml: entry 2: " in line.encode()


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"none\.yaml"):
        read_questions(tmp_path / "none.yaml", TASKS)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.sampled_from([CHOICE, RANKING]), st.sampled_from(sorted({*CHOICE, *RANKING, "window", "events"})), ANYTHING)
def test_whatever_stands_in_a_field_gives_an_item_or_one_line(
    folder: Path, entry: dict[str, Any], field: str, value: Any
) -> None:
    items, faults = read(folder, [{**entry, field: value}])
    assert len(items) + len(faults) == 1
    assert not any("\n" in line for line in faults)


def test_the_example_of_the_guide_can_be_read(tmp_path: Path) -> None:
    example = GUIDE.read_text(encoding="utf-8").split("```yaml\n")[1].split("```")[0]
    for entry in yaml.safe_load(example):
        (tmp_path / entry["recording"]).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / entry["recording"]).touch()
    items, faults = read(tmp_path, example)
    assert faults == ()
    assert {type(item.truth) for item in items} == set(Truth.__args__)
