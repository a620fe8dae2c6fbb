"""Results about old clips, marked as such."""

from dataclasses import replace

import pytest
from pictures import SECOND

from cosmos_reasoner.endpoints.profile_files import load_profile
from cosmos_reasoner.nodes.publishers import marked_stale
from cosmos_reasoner.reasoning.assembly import failure
from cosmos_reasoner.reasoning.result import Result, Status
from cosmos_reasoner.tasks.task import Question


def result(status: Status, text: str = "") -> Result:
    """A result about a clip that ended at 1 s."""
    made = failure(Question(), load_profile("embedded"), Exception(text), 0.0)
    return replace(made, provenance=replace(made.provenance, clip_end=SECOND, status=status))


@pytest.mark.parametrize("status", [Status.OK, Status.TRUNCATED_THINK])
def test_an_answer_about_an_old_clip_is_stale_however_it_came_to_be(status: Status) -> None:
    source = marked_stale(result(status, "2 of 4 orderings were not answered"), 4 * SECOND, 2.0).provenance
    assert source.status is Status.STALE
    assert source.status_text.startswith("the clip ended 3.0 s before the time asked about")
    assert source.status_text.endswith("; 2 of 4 orderings were not answered")


@pytest.mark.parametrize("status", [Status.OK, Status.TRUNCATED_THINK])
def test_an_answer_about_a_new_clip_stays_as_it_is(status: Status) -> None:
    fresh = result(status)
    assert marked_stale(fresh, 3 * SECOND, 2.0) is fresh


def test_an_answer_from_a_clock_that_is_ahead_is_stale_too() -> None:
    source = marked_stale(result(Status.OK), 0, 0.5).provenance
    assert source.status is Status.STALE
    assert source.status_text.startswith("the clip ended 1.0 s after the time asked about")


@pytest.mark.parametrize("status", [Status.DEFECTIVE, Status.FAILED])
def test_what_has_no_answer_is_not_stale(status: Status) -> None:
    old = result(status)
    assert marked_stale(old, 9 * SECOND, 2.0) is old
