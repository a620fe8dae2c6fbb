"""Boxes and points in the forms in which Qwen2.5-VL and Qwen3-VL write them; the examples are ours."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from cosmos_reasoner.errors import UnreadableAnswer
from cosmos_reasoner.replies.detections import DETECTIONS_SCHEMA, StatedDetection, read_detections
from cosmos_reasoner.replies.listed import Listed

VALIDATOR = Draft202012Validator(DETECTIONS_SCHEMA)
CUP = StatedDetection("cup", (10.0, 20.0, 30.0, 40.0), None, None)
HANDLE = StatedDetection("handle", None, (12.0, 34.0), None)

LAID_OUT = """```json
[
\t{"bbox_2d": [10, 20, 30, 40], "label": "cup"},
\t{"point_2d": [12, 34], "label": "handle"}
]
```"""


@pytest.mark.parametrize(
    ("answer", "entries"),
    [
        (LAID_OUT, (CUP, HANDLE)),
        ('[{"bbox_2d": [10, 20, 30, 40], "label": "cup"}]', (CUP,)),
        ('[{"label": "cup", "bbox": [10.0, 20, 30, 40]}]', (CUP,)),
        ('```json\n{"bbox_2d": [10, 20, 30, 40], "label": "cup"}\n```', (CUP,)),
        ('{"point": [12, 34], "label": " handle "}', (HANDLE,)),
        ("[]", ()),
        ("```json\n[]\n```", ()),
    ],
)
def test_the_usual_forms_are_read_as_they_stand(answer: str, entries: tuple[StatedDetection, ...]) -> None:
    assert read_detections(answer) == Listed(entries, 0, mended=False)


def test_a_box_a_point_and_a_camera_may_stand_together() -> None:
    answer = '[{"bbox_2d": [10, 20, 30, 40], "point_2d": [12, 34], "label": "cup", "camera": "wrist"}]'
    assert read_detections(answer).entries == (StatedDetection("cup", CUP.box, HANDLE.point, "wrist"),)


def test_what_was_found_needs_no_label() -> None:
    assert read_detections('[{"bbox_2d": [10, 20, 30, 40]}]').entries[0].label == ""


@pytest.mark.parametrize(
    "entry",
    [
        {"bbox_2d": [30, 20, 10, 40]},
        {"bbox_2d": [10, 40, 30, 40]},
        {"bbox_2d": [10, 20, 30]},
        {"bbox_2d": [10, 20, 30, "40"]},
        {"bbox_2d": [10, 20, 30, True]},
        {"bbox_2d": [10, 20, 30, 1e7]},
        {"bbox_2d": {"left": 10}},
        {"bbox_2d": None},
        {"point_2d": [1, 2, 3]},
        {"label": "cup"},
        [10, 20, 30, 40],
        "cup",
    ],
)
def test_what_is_no_place_is_left_out_and_counted(entry: object) -> None:
    answer = json.dumps([entry, {"bbox_2d": [10, 20, 30, 40], "label": "cup"}])
    assert read_detections(answer) == Listed((CUP,), 1, mended=False)
    with pytest.raises(UnreadableAnswer, match="unreadable detections"):
        read_detections(json.dumps([entry]))


def test_words_around_the_list_and_python_s_quotes_are_mended_and_said_so() -> None:
    assert read_detections("I see one: [{'bbox_2d': [10, 20, 30, 40], 'label': 'cup'},]") == Listed((CUP,), 0, True)


@pytest.mark.parametrize(
    "answer", ["There is no cup.", "", '[{"bbox_2d": [10, 20, 30, 40], "lab', "(10, 20), (30, 40)"]
)
def test_an_answer_without_a_whole_list_is_unreadable(answer: str) -> None:
    with pytest.raises(UnreadableAnswer):
        read_detections(answer)


@given(
    st.lists(st.tuples(st.integers(0, 999), st.integers(0, 999), st.integers(1, 999), st.integers(1, 999)), max_size=9)
)
def test_every_box_that_obeys_the_schema_comes_back(boxes: list[tuple[int, int, int, int]]) -> None:
    stated = [{"bbox_2d": [x, y, x + width, y + height], "label": "thing"} for x, y, width, height in boxes]
    assert VALIDATOR.is_valid(stated)
    read = read_detections(json.dumps(stated))
    assert [entry.box for entry in read.entries] == [tuple(map(float, entry["bbox_2d"])) for entry in stated]


@pytest.mark.parametrize("broken", [[{"label": "cup"}], [{"bbox_2d": [1, 2, 3]}], [{"bbox_2d": [1, 2, 3, 4]}], {}])
def test_the_schema_allows_nothing_that_is_not_asked_for(broken: object) -> None:
    assert not VALIDATOR.is_valid(broken)
