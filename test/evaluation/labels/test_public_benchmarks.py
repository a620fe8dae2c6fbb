"""Records of public benchmarks."""

from pathlib import Path
from typing import Any

import pytest
from labelling import touch, write_json

from cosmos_reasoner.errors import ConfigurationError
from cosmos_reasoner.evaluation.labels.item import Item
from cosmos_reasoner.evaluation.labels.public import FORMATS, format_of, read_public
from cosmos_reasoner.evaluation.labels.truth import OptionTruth, ScoreTruth, TextTruth
from cosmos_reasoner.tasks.task import Question

ERQA_TEXT = (
    "Which arrow leads behind line C. to the cup? Choices: A. Red, behind line C. or so. B. Blue. C. Green. "
    "Please answer directly with only the letter of the correct option and nothing else."
)
RECORDS: dict[str, dict[str, Any]] = {
    "physical-ai-bench": {
        "question": "What is next?",
        "index2ans": {"A": "stands", "B": "falls"},
        "answer": "B",
        "video_path": "a.mp4",
    },
    "erqa": {"question_id": 1, "question": ERQA_TEXT, "question_type": "Pointing", "images": ["a.png"], "answer": "C"},
    "mvp": {
        "question": "Where to?",
        "candidates": ["left", "right"],
        "answer": "right",
        "video_path": "/a.mp4",
        "source": "clevrer",
        "video_id": "walk_7_2",
    },
    "intphys2": {"file_name": "a.mp4", "type": "1_Impossible", "condition": "permanence", "Camera": "fixed"},
    "openeqa": {
        "question": "What is red?",
        "answer": "the chair",
        "extra_answers": ["a seat"],
        "category": "attributes",
        "question_id": "abc",
        "episode_history": "walk",
    },
    "videophy2": {"pc": 4, "sa": 2, "video_url": "https://host/x/a.mp4?v=1"},
}


def read(folder: Path, *records: Any, name: str = "labels.json") -> tuple[tuple[Item, ...], tuple[str, ...]]:
    touch(folder, "a.mp4", "a.png", "frames/walk/0.png")
    return read_public(write_json(folder / name, records))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "physical-ai-bench",
            ("a.mp4", "physical-ai-bench", Question("ask", "What is next?", ("stands", "falls")), OptionTruth(1), ""),
        ),
        (
            "erqa",
            (
                "a.png",
                "erqa Pointing",
                Question(
                    "ask",
                    "Which arrow leads behind line C. to the cup?",
                    ("Red, behind line C. or so.", "Blue.", "Green."),
                ),
                OptionTruth(2),
                "",
            ),
        ),
        ("mvp", ("a.mp4", "mvp clevrer", Question("ask", "Where to?", ("left", "right")), OptionTruth(1), "walk_7")),
        (
            "intphys2",
            (
                "a.mp4",
                "intphys2 permanence",
                Question("ask", "Is what this video shows physically possible?", ("possible", "impossible")),
                OptionTruth(1),
                "",
            ),
        ),
        (
            "openeqa",
            (
                "frames/walk",
                "openeqa attributes",
                Question("ask", "What is red?"),
                TextTruth(("the chair", "a seat")),
                "",
            ),
        ),
        ("videophy2", ("a.mp4", "videophy2", Question("critique"), ScoreTruth(4), "")),
    ],
)
def test_a_record_of_each_benchmark_becomes_an_item(tmp_path: Path, name: str, expected: tuple[Any, ...]) -> None:
    (item,), faults = read(tmp_path, RECORDS[name])
    recording = str(item.recording.relative_to(tmp_path))
    assert (recording, item.set, item.question, item.truth, item.group) == expected
    assert faults == ()


@pytest.mark.parametrize("name", FORMATS)
def test_a_record_is_known_by_its_fields(name: str) -> None:
    assert format_of([None, RECORDS[name]]) == name


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("ending", [".json", ".jsonl"])
def test_a_broken_record_gives_one_line_and_the_rest_is_used(tmp_path: Path, name: str, ending: str) -> None:
    items, faults = read(tmp_path, RECORDS[name], {"question": 3}, name=f"labels{ending}")
    assert len(items) == len(faults) == 1
    assert faults[0].startswith(f"{tmp_path / 'labels'}{ending}: entry 2: ")


def test_a_line_that_is_no_json_is_named_by_its_number(tmp_path: Path) -> None:
    touch(tmp_path, "a.mp4")
    file = write_json(tmp_path / "labels.jsonl", [RECORDS["mvp"]])
    file.write_text(file.read_text(encoding="utf-8") + "\n{half", encoding="utf-8")
    items, faults = read_public(file)
    assert len(items) == 1
    assert faults == (f"{file}: entry 2: must be a mapping of names to values",)


@pytest.mark.parametrize(
    ("name", "change", "says"),
    [
        ("physical-ai-bench", {"answer": "C"}, "answer: 'C' is none of the letters A, B"),
        ("physical-ai-bench", {"video_path": "b.mp4"}, "video_path: there is no "),
        ("erqa", {"images": ["a.png", "b.png"]}, "images: there are 2, and only one can be shown"),
        ("erqa", {"images": []}, "images: "),
        ("erqa", {"question": "What is red?"}, "options: there must be at least two, not 0"),
        ("mvp", {"candidates": ["left"]}, "candidates: there must be two texts, one of them the answer"),
        ("mvp", {"candidates": "[left, right"}, "candidates: there must be two texts, one of them the answer"),
        ("mvp", {"answer": "up"}, "candidates: there must be two texts, one of them the answer"),
        ("intphys2", {"type": "other"}, "type: 'other' says neither possible nor impossible"),
        ("openeqa", {"answer": ""}, "answer: must not be empty"),
        ("videophy2", {"pc": 6}, "pc: "),
        ("videophy2", {"pc": 4.5}, "pc: must be a whole number"),
        ("videophy2", {"video_url": ""}, "video_path: is missing"),
        ("videophy2", {"video_url": "https://host/"}, "video_url: there is no "),
    ],
)
def test_a_fault_is_named_with_its_field(tmp_path: Path, name: str, change: dict[str, Any], says: str) -> None:
    items, (fault,) = read(tmp_path, {**RECORDS[name], **change})
    assert items == ()
    assert fault.startswith(f"{tmp_path / 'labels.json'}: entry 1: {says}")


@pytest.mark.parametrize(
    "text",
    ["{[]: 1}", "[0x" + "f" * 5000 + ", 'right']", "[" * 90 + "]" * 90, "-" * 100_000 + "1", "(" * 100_000, "\0"],
)
def test_candidates_of_any_form_give_one_line(tmp_path: Path, text: str) -> None:
    items, (fault,) = read(tmp_path, {**RECORDS["mvp"], "candidates": text})
    assert items == ()
    assert fault.endswith("candidates: there must be two texts, one of them the answer")


def test_candidates_can_be_written_whatever_they_are(tmp_path: Path) -> None:
    (item,), _ = read(tmp_path, {**RECORDS["mvp"], "candidates": r"['\ud800', 'right']"})
    assert item.question.options[0].encode() == rb"\ud800"


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("physical-ai-bench", {"video_path": "../private.mp4"}),
        ("erqa", {"images": ["/private.mp4"]}),
        ("mvp", {"video_path": "/../private.mp4"}),
        ("intphys2", {"file_name": "../private.mp4"}),
        ("openeqa", {"episode_history": "../private"}),
        ("videophy2", {"video_path": "../private.mp4"}),
    ],
)
def test_a_record_reaches_no_file_outside_its_folder(tmp_path: Path, name: str, change: dict[str, Any]) -> None:
    touch(tmp_path, "private.mp4")
    items, (fault,) = read(tmp_path / "benchmark", {**RECORDS[name], **change})
    assert items == ()
    assert "leads out of the folder of the labels" in fault


def test_candidates_may_be_written_as_the_text_of_a_list(tmp_path: Path) -> None:
    (item,), _ = read(tmp_path, {**RECORDS["mvp"], "candidates": "['left', 'right']"})
    assert item.question.options == ("left", "right")


def test_what_is_possible_is_not_taken_for_impossible(tmp_path: Path) -> None:
    (item,), _ = read(tmp_path, {**RECORDS["intphys2"], "type": "2_Possible"})
    assert item.truth == OptionTruth(0)


def test_two_items_of_a_pair_have_one_group(tmp_path: Path) -> None:
    items, _ = read(tmp_path, RECORDS["mvp"], {**RECORDS["mvp"], "video_id": "walk_7_1", "answer": "left"})
    assert [item.group for item in items] == ["walk_7", "walk_7"]


@pytest.mark.parametrize("records", [[], [{}], [{"question": "What?"}], ["text"]])
def test_records_of_no_known_form_cannot_be_used(tmp_path: Path, records: list[Any]) -> None:
    with pytest.raises(ConfigurationError, match="none of physical-ai-bench, erqa,"):
        read(tmp_path, *records)


@pytest.mark.parametrize("text", ["{", '{"a": 1}', "[" * 200_000, "\udcff"])
def test_a_file_that_is_no_list_cannot_be_used(tmp_path: Path, text: str) -> None:
    (tmp_path / "labels.json").write_bytes(text.encode(errors="surrogateescape"))
    with pytest.raises(ConfigurationError, match=r"labels\.json"):
        read_public(tmp_path / "labels.json")
