"""Events in the forms in which the models write them; the examples are ours."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from cosmos_reasoner.errors import UnreadableAnswer
from cosmos_reasoner.replies.events import EVENTS_SCHEMA, StatedEvent, read_events
from cosmos_reasoner.replies.listed import Listed

VALIDATOR = Draft202012Validator(EVENTS_SCHEMA)
FALLS = StatedEvent("It falls.", 1.5, 3.25)


@pytest.mark.parametrize(
    "answer",
    [
        '[{"start": 1.5, "end": 3.25, "text": "It falls."}]',
        '{"start": "1.5", "end": "3.25", "text": " It falls. "}',
        '```json\n[{"start": "00:01.50", "end": "00:03.25", "caption": "It falls."}]\n```',
        '[{"start_time": "0:00:01.5", "end_time": "0:00:03.25", "description": "It falls."}]',
        '[{"event": "It falls.", "start": "1.5s", "end": "3.25 seconds"}]',
    ],
)
def test_the_usual_forms_are_read_as_they_stand(answer: str) -> None:
    assert read_events(answer) == Listed((FALLS,), 0, mended=False)


def test_no_event_is_an_answer() -> None:
    assert read_events("[]") == Listed((), 0, mended=False)


@pytest.mark.parametrize(
    ("written", "seconds"),
    [(2, 2.0), ("2", 2.0), ("2 s", 2.0), ("01:02", 62.0), ("1:02.5", 62.5), ("1:00:02", 3602.0), ("90:00", 5400.0)],
)
def test_a_time_may_be_written_as_seconds_or_as_on_a_clock(written: object, seconds: float) -> None:
    answer = json.dumps([{"start": written, "end": written, "text": "x"}])
    assert read_events(answer).entries == (StatedEvent("x", seconds, seconds),)


@pytest.mark.parametrize(
    "changes",
    [
        {"start": 4.0},
        {"start": None},
        {"end": "later"},
        {"end": "1:2:3:4"},
        {"end": "3 min"},
        {"end": True},
        {"end": [3.0]},
        {"text": ""},
        {"text": 5},
    ],
)
def test_what_is_no_event_is_left_out_and_counted(changes: dict[str, object]) -> None:
    good = {"start": 1.5, "end": 3.25, "text": "It falls."}
    assert read_events(json.dumps([good, good | changes])) == Listed((FALLS,), 1, mended=False)
    with pytest.raises(UnreadableAnswer, match="unreadable events"):
        read_events(json.dumps([good | changes]))


@given(st.lists(st.tuples(st.floats(0, 1e5), st.floats(0, 1e5), st.text("ab c", min_size=1)), max_size=9))
def test_every_event_that_obeys_the_schema_and_has_words_comes_back(stated: list[tuple[float, float, str]]) -> None:
    entries = [{"start": min(a, b), "end": max(a, b), "text": f"x{text}x"} for a, b, text in stated]
    assert VALIDATOR.is_valid(entries)
    read = read_events(json.dumps(entries))
    assert [(e.start, e.end, e.text) for e in read.entries] == [(e["start"], e["end"], e["text"]) for e in entries]


@given(st.integers(0, 99), st.integers(0, 59), st.integers(0, 59), st.integers(0, 99))
def test_a_clock_is_read_to_the_hundredth(hours: int, minutes: int, seconds: int, hundredths: int) -> None:
    time = f"{hours}:{minutes:02}:{seconds:02}.{hundredths:02}"
    (event,) = read_events(json.dumps([{"start": time, "end": time, "text": "x"}])).entries
    assert event.start == pytest.approx(3600 * hours + 60 * minutes + seconds + hundredths / 100)
