"""Many planners ask at once, with little time: each call gets exactly one response, and old clips are marked."""

import pytest
from planner_load import Planner, SlowModel
from robot import Camera, active_reasoner
from scripted_server import ScriptedServer

from cosmos_reasoner.embedded.serving import EmbeddedServer
from cosmos_reasoner_msgs.msg import Provenance

CALLS, PLANNERS = 80, 8
BUDGETS = (0.1, 1.0)
MAX_AGE = 0.5


def slow() -> ScriptedServer:
    return ScriptedServer([SlowModel((0.02, 0.3), seed=1)] * 10 * CALLS)


@pytest.fixture(scope="module", params=[EmbeddedServer, slow], ids=["embedded", "slow"])
def planners(request):
    """Eight planners after ten calls each; the camera stood still meanwhile, so that its clip grew old."""
    from ros_graph import Ros, claim_domain, domain_of

    with claim_domain() as lock, request.param() as server:
        ros = Ros(domain_of(lock))
        node = active_reasoner(ros, server.url, max_result_age=MAX_AGE)
        planners = [Planner(ros.node(f"planner_{seed}"), seed) for seed in range(PLANNERS)]
        Camera(ros, node).film(8)
        threads = [planner.start(CALLS // PLANNERS, BUDGETS) for planner in planners]
        for thread in threads:
            thread.join()
        yield planners
        ros.close()


def made(planners):
    return [call for planner in planners for call in planner.made]


def test_every_call_gets_exactly_one_response(planners) -> None:
    counts = [count for planner in planners for count in planner.responses.values()]
    assert counts == [1] * CALLS


def test_every_response_is_an_answer_or_an_error(planners) -> None:
    assert [call for call in made(planners) if call.is_answered == bool(call.error_code)] == []


def test_no_answer_about_an_old_clip_goes_unmarked(planners) -> None:
    assert [call for call in made(planners) if call.is_unmarked(MAX_AGE)] == []


def test_some_answers_came_and_some_were_old(planners) -> None:
    assert {Provenance.STATUS_STALE} <= {call.status for call in made(planners)}
