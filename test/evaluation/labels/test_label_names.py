"""Names of items and sets, made of paths."""

from pathlib import Path, PurePath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosmos_reasoner.evaluation.labels.names import TOTAL, set_name, short_names
from cosmos_reasoner.evaluation.scoring.tables import ALL
from cosmos_reasoner.recordings.names import readable

PATHS = st.lists(st.text("ab/.", min_size=1, max_size=8).map(PurePath), unique=True, max_size=8)


@pytest.mark.parametrize(
    ("paths", "names"),
    [
        (["/x/A/s.mp4"], ["s.mp4"]),
        (["/x/A/s.mp4", "/x/B/t.mp4"], ["s.mp4", "t.mp4"]),
        (["/x/A/s.mp4", "/x/B/s.mp4"], ["A/s.mp4", "B/s.mp4"]),
        (["/x/A/c/s.mp4", "/x/B/c/s.mp4", "/x/t.mp4"], ["A/c/s.mp4", "B/c/s.mp4", "t.mp4"]),
        (["s.mp4", "A/s.mp4"], ["s.mp4", "A/s.mp4"]),
    ],
)
def test_a_path_is_named_by_its_shortest_end_that_no_other_has(paths: list[str], names: list[str]) -> None:
    assert list(short_names(map(PurePath, paths)).values()) == names


@given(PATHS)
def test_no_two_paths_have_one_name(paths: list[PurePath]) -> None:
    assert len(set(short_names(paths).values())) == len(paths)


def test_a_name_that_is_no_utf_8_can_be_written_and_others_stay() -> None:
    assert readable("bad\udcff.mp4").encode() == rb"bad\udcff.mp4"
    assert readable("été 1.mp4") == "été 1.mp4"


def test_two_names_that_are_no_utf_8_stay_apart() -> None:
    names = short_names([Path("bad\udcff.mp4"), Path("bad\udcfe.mp4")])
    assert len(set(names.values())) == 2


def test_no_set_has_the_name_of_the_total() -> None:
    assert TOTAL == ALL
    assert (set_name("all", "all.yaml"), set_name("allied", "allied.yaml")) == ("all.yaml", "allied")
