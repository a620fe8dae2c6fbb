"""The layout of Cosmos-Reason1's benchmark."""

from pathlib import Path
from typing import Any

import pytest
from labelling import touch, write_json

from cosmos_reasoner.errors import ConfigurationError
from cosmos_reasoner.evaluation.labels.cosmos_benchmark import read_cosmos_benchmark
from cosmos_reasoner.evaluation.labels.item import Item
from cosmos_reasoner.evaluation.labels.truth import OptionTruth
from cosmos_reasoner.tasks.task import Question

PAIR = {"question": "What is next?", "index2ans": {"B": "It falls.", "A": "It stands."}, "answer": "B"}


def written(root: Path, name: str, entries: Any) -> Path:
    """Write a set with one clip, and return its file."""
    touch(root, f"data/{name}/clips/one.mp4")
    return write_json(root / "data" / name / f"{name}_benchmark_qa_pairs.json", entries)


def entry(*pairs: Any, video: str = "clips/one.mp4") -> dict[str, Any]:
    return {"video": video, "qa_pairs": list(pairs)}


def test_a_pair_becomes_a_choice_with_its_options_in_the_order_of_their_letters(tmp_path: Path) -> None:
    file = written(tmp_path, "av", [{"video": "clips/one.mp4", "qa_pairs": PAIR}])
    question = Question("ask", "What is next?", ("It stands.", "It falls."))
    clip = file.parent / "clips" / "one.mp4"
    expected = Item("av 1", "av", clip, None, None, (), question, OptionTruth(1))
    assert read_cosmos_benchmark(tmp_path) == ((expected,), ())


def test_the_answer_may_be_called_correct_answer(tmp_path: Path) -> None:
    renamed = {("correct_answer" if key == "answer" else key): value for key, value in PAIR.items()}
    written(tmp_path, "av", [entry(renamed)])
    assert [item.truth for item in read_cosmos_benchmark(tmp_path).items] == [OptionTruth(1)]


def test_one_clip_may_have_several_questions(tmp_path: Path) -> None:
    written(tmp_path, "av", [entry(PAIR, {**PAIR, "answer": "A"})])
    items, faults = read_cosmos_benchmark(tmp_path)
    assert [(item.id, item.truth) for item in items] == [
        ("av 1 question 1", OptionTruth(1)),
        ("av 1 question 2", OptionTruth(0)),
    ]
    assert faults == ()


def test_all_sets_are_read(tmp_path: Path) -> None:
    for name in ("robovqa", "av"):
        written(tmp_path, name, [entry(PAIR)])
    assert [item.set for item in read_cosmos_benchmark(tmp_path).items] == ["av", "robovqa"]


@pytest.mark.parametrize("part", ["", "data", "data/av", "data/av/av_benchmark_qa_pairs.json"])
def test_any_part_of_the_layout_may_be_given(tmp_path: Path, part: str) -> None:
    written(tmp_path, "av", [entry(PAIR)])
    assert len(read_cosmos_benchmark(tmp_path / part).items) == 1


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        (entry({**PAIR, "answer": "C"}), "entry 2 question 1: answer: 'C' is none of the letters A, B"),
        (entry({"question": "What?"}), "entry 2 question 1: index2ans: is missing; answer: is missing"),
        (entry({**PAIR, "index2ans": {"A": "x"}}), "entry 2 question 1: options: there must be at least two, not 1"),
        (entry({**PAIR, "question": 3}), "entry 2 question 1: question: must be text: put it in quotes"),
        (entry(PAIR, video="clips/two.mp4"), "entry 2 question 1: video: there is no "),
        ({"qa_pairs": PAIR}, "entry 2: video: is missing"),
        ({"video": "clips/one.mp4"}, "entry 2: question: is missing; "),
    ],
)
def test_a_broken_entry_gives_one_line_and_the_rest_is_used(tmp_path: Path, broken: Any, says: str) -> None:
    file = written(tmp_path, "av", [entry(PAIR), broken])
    items, faults = read_cosmos_benchmark(tmp_path)
    assert len(items) == len(faults) == 1
    assert faults[0].startswith(f"{file}: {says}")


@pytest.mark.parametrize("broken", ["text", None, 7, [PAIR], {"video": "clips/one.mp4", "qa_pairs": ["text"]}])
def test_an_entry_of_another_shape_gives_one_line(tmp_path: Path, broken: Any) -> None:
    written(tmp_path, "av", [broken])
    items, faults = read_cosmos_benchmark(tmp_path)
    assert (len(items), len(faults)) == (0, 1)


def test_a_set_that_cannot_be_read_gives_one_line_and_the_others_are_used(tmp_path: Path) -> None:
    written(tmp_path, "av", [entry(PAIR)])
    file = written(tmp_path, "bridgev2", [])
    file.write_text("{", encoding="utf-8")
    items, (fault,) = read_cosmos_benchmark(tmp_path)
    assert [item.set for item in items] == ["av"]
    assert fault.startswith(f"labels {file}: ")


def test_a_set_called_all_is_not_taken_for_the_total(tmp_path: Path) -> None:
    written(tmp_path, "all", [entry(PAIR)])
    assert [item.set for item in read_cosmos_benchmark(tmp_path).items] == ["all_benchmark_qa_pairs.json"]


def test_a_clip_outside_the_folder_of_its_set_gives_one_line(tmp_path: Path) -> None:
    touch(tmp_path, "private.mp4")
    file = written(tmp_path, "av", [entry(PAIR, video="../../private.mp4"), entry(PAIR, video=f"{tmp_path}/private")])
    items, faults = read_cosmos_benchmark(tmp_path)
    assert items == ()
    assert [line.startswith(f"{file}: entry {number} ") for number, line in enumerate(faults, 1)] == [True, True]
    assert all("leads out of the folder of the labels" in line for line in faults)


def test_a_fault_of_a_set_whose_name_is_no_utf_8_can_be_written(tmp_path: Path) -> None:
    written(tmp_path, "bad\udcff", []).write_text("{", encoding="utf-8")
    (fault,) = read_cosmos_benchmark(tmp_path).faults
    assert rb"bad\udcff_benchmark_qa_pairs.json: " in fault.encode()


def test_a_folder_without_sets_is_no_benchmark(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="no benchmark here"):
        read_cosmos_benchmark(tmp_path)
