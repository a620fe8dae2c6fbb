"""Behaviours of py_trees: what they tell the tree, what they write down, and that they never block a tick."""

import json
import math
import time

import py_trees
import pytest
from py_trees.blackboard import Blackboard
from py_trees.common import Status
from py_trees.trees import BehaviourTree
from robot import Camera, active_reasoner
from scripted_server import Ending, ScriptedServer, chunk, spoken, stream

from cosmos_reasoner import errors
from cosmos_reasoner.embedded.serving import EmbeddedServer
from cosmos_reasoner.nodes.behaviours import GuardHazard, PredictOutcome, RankActions, Verify
from cosmos_reasoner.nodes.images import time_from_stamp
from cosmos_reasoner_msgs.msg import ActionRanking, Outcome, OutcomePrediction

ACTIONS = {"wait": "stand still", "go": "drive on"}
HELD = stream(chunk(content="<think>"), ending=Ending.HELD)
SECOND = 1_000_000_000


def verdict(letter: str, think: str = "I look.") -> object:
    return spoken(f"<think>{think}</think><answer>{letter}</answer>")


YES, NO, UNCLEAR = (verdict(letter) for letter in "ABC")


@pytest.fixture(autouse=True)
def clean_blackboard():
    yield
    Blackboard.clear()


@pytest.fixture(scope="module")
def endpoint():
    with EmbeddedServer() as server:
        yield server.url


class Planted:
    """A tree of one behaviour, in a node that spins."""

    def __init__(self, ros, behaviour) -> None:
        self.ros = ros
        self.node = ros.node("planner")
        self.behaviour = behaviour
        self.tree = BehaviourTree(behaviour)
        self.tree.setup(node=self.node)

    def tick(self) -> Status:
        self.tree.tick()
        return self.behaviour.status

    def end(self) -> Status:
        """Tick until it runs no more."""
        self.ros.wait_for(lambda: self.tick() is not Status.RUNNING, timeout=30.0, what="the behaviour's end")
        return self.behaviour.status


def seeing(ros, url: str, **parameters):
    """A reasoner that has seen something."""
    node = active_reasoner(ros, url, **parameters)
    Camera(ros, node).film(4)
    return node


def test_a_ranking_is_written_down_with_the_best_action(ros, endpoint) -> None:
    seeing(ros, endpoint)
    planted = Planted(ros, RankActions("rank", ACTIONS, "avoid a collision", budget=20.0))
    assert planted.end() is Status.SUCCESS
    ranking = Blackboard.get("/ranking")
    assert isinstance(ranking, ActionRanking)
    assert Blackboard.get("/best_action") == ranking.actions[0].id


def test_several_rankings_have_places_of_their_own(ros, endpoint) -> None:
    seeing(ros, endpoint)
    behaviour = RankActions("rank", ACTIONS, "g", budget=20.0, ranking_key="grasps", best_key="grasp")
    assert Planted(ros, behaviour).end() is Status.SUCCESS
    assert Blackboard.get("/grasp") in ACTIONS and Blackboard.get("/grasps").goal == "g"


def test_a_prediction_is_written_down(ros, endpoint) -> None:
    seeing(ros, endpoint)
    planted = Planted(ros, PredictOutcome("predict", budget=20.0, horizon=1.0))
    assert planted.end() is Status.SUCCESS
    assert Blackboard.get("/prediction").outcomes[0].horizon.sec == 1
    assert planted.behaviour.feedback_message == Blackboard.get("/prediction").outcomes[0].text


def test_without_an_answer_it_fails_and_says_why(ros) -> None:
    behaviour = PredictOutcome("predict", budget=0.1, reasoner="/nobody")
    assert Planted(ros, behaviour).end() is Status.FAILURE
    assert "/nobody/predict_outcome is not there" in behaviour.feedback_message


def test_a_tick_does_not_wait_for_the_answer(ros) -> None:
    with ScriptedServer([HELD]) as server:
        seeing(ros, server.url)
        planted = Planted(ros, PredictOutcome("predict", budget=20.0))
        planted.tick()
        ros.wait_for(lambda: server.bodies, what="the question at the endpoint")
        assert [planted.tick() for _ in range(3)] == [Status.RUNNING] * 3


def test_an_interrupted_behaviour_drops_its_call_and_asks_anew_when_it_comes_back(ros) -> None:
    with ScriptedServer([HELD, spoken("<think>x</think><answer>A</answer>")]) as server:
        seeing(ros, server.url, concurrency=2)
        planted = Planted(ros, Verify("gate", "the way is free", budget=20.0))
        planted.tick()
        ros.wait_for(lambda: server.bodies, what="the question at the endpoint")
        planted.behaviour.stop(Status.INVALID)
        dropped = planted.behaviour._call
        assert isinstance(dropped.exception(), errors.Cancelled)
        assert planted.end() is Status.SUCCESS


@pytest.mark.parametrize(("reply", "status"), [(YES, Status.SUCCESS), (NO, Status.FAILURE)], ids=["PROCEED", "ABORT"])
def test_a_gate_ends_as_the_statement_is_true_or_not(ros, reply, status) -> None:
    with ScriptedServer([reply]) as server:
        seeing(ros, server.url)
        planted = Planted(ros, Verify("gate", "the way is free", budget=20.0))
        assert planted.end() is status
    assert "I look." in planted.behaviour.feedback_message


def test_a_gate_holds_and_asks_again_until_something_is_known(ros) -> None:
    broken = spoken("<think>x</think><answer>none of them</answer>")
    with ScriptedServer([UNCLEAR, broken, YES]) as server:
        seeing(ros, server.url)
        assert Planted(ros, Verify("gate", "the way is free", budget=20.0, period=0.0)).end() is Status.SUCCESS
    assert len(server.bodies) == 3


def test_a_gate_keeps_its_period_while_it_holds(ros) -> None:
    with ScriptedServer([UNCLEAR, YES]) as server:
        seeing(ros, server.url)
        planted = Planted(ros, Verify("gate", "the way is free", budget=20.0, period=1000.0))
        ros.wait_for(
            lambda: planted.tick() and "I look." in planted.behaviour.feedback_message, what="the first answer"
        )
        assert [planted.tick() for _ in range(5)] == [Status.RUNNING] * 5
    assert len(server.bodies) == 1


def test_a_gate_with_a_statement_that_cannot_be_asked_fails(ros, endpoint) -> None:
    seeing(ros, endpoint)
    assert Planted(ros, Verify("gate", "", budget=20.0)).end() is Status.FAILURE


def test_behaviours_need_a_node() -> None:
    for behaviour in (Verify("gate", "it falls", budget=1.0), GuardHazard("guard")):
        with pytest.raises(KeyError, match=r"tree\.setup\(node=node\)"):
            BehaviourTree(behaviour).setup()


def test_a_shutdown_gives_back_what_was_made_of_the_node(ros) -> None:
    node = ros.node("planner")
    before = [len(list(each)) for each in (node.clients, node.timers, node.subscriptions)]
    root = py_trees.composites.Sequence("both", memory=False)
    root.add_children([GuardHazard("guard"), Verify("gate", "it falls", budget=1.0)])
    tree = BehaviourTree(root)
    tree.setup(node=node)
    tree.shutdown()
    assert [len(list(each)) for each in (node.clients, node.timers, node.subscriptions)] == before


class Guarded(Planted):
    """A guard that hears what the test publishes."""

    def __init__(self, ros, **options) -> None:
        super().__init__(ros, GuardHazard("guard", **options))
        self.publisher = ros.node("oracle").create_publisher(OutcomePrediction, "/reasoner/outcome", 10)
        ros.wait_for(self.publisher.get_subscription_count, what="the guard's subscription")

    def predict(self, *hazards: int, age: float = 0.0, probability: float = 0.5) -> None:
        """Publish a prediction, and wait until the guard has heard it."""
        outcomes = [Outcome(text=f"hazard {hazard}", hazard=hazard, probability=probability) for hazard in hazards]
        message = OutcomePrediction(outcomes=outcomes)
        message.header.stamp = time_from_stamp(time.time_ns() - int(age * SECOND))
        heard = []
        ear = self.node.create_subscription(OutcomePrediction, "/reasoner/outcome", heard.append, 10)
        self.ros.wait_for(lambda: self.publisher.get_subscription_count() == 2, what="the ear")
        self.publisher.publish(message)
        self.ros.wait_for(lambda: heard, what="the prediction")
        self.ros.result(self.ros.executor.create_task(lambda: None))  # what was ready with it was done before
        self.node.destroy_subscription(ear)


NONE, LOW, HIGH, IMMINENT, UNKNOWN = (
    Outcome.HAZARD_NONE,
    Outcome.HAZARD_LOW,
    Outcome.HAZARD_HIGH,
    Outcome.HAZARD_IMMINENT,
    Outcome.HAZARD_UNKNOWN,
)


@pytest.mark.parametrize(
    ("hazards", "status"),
    [
        ((NONE, LOW), Status.SUCCESS),
        ((NONE, HIGH), Status.FAILURE),
        ((IMMINENT,), Status.FAILURE),
        ((UNKNOWN, HIGH), Status.FAILURE),
        ((NONE, UNKNOWN), Status.RUNNING),
        ((), Status.RUNNING),
    ],
)
def test_a_guard_tells_what_is_predicted(ros, hazards, status) -> None:
    guarded = Guarded(ros)
    guarded.predict(*hazards)
    assert guarded.tick() is status


@pytest.mark.parametrize(
    ("probability", "status"), [(0.1, Status.SUCCESS), (0.3, Status.FAILURE), (math.nan, Status.FAILURE)]
)
def test_a_guard_passes_over_a_danger_that_is_unlikely_enough(ros, probability, status) -> None:
    guarded = Guarded(ros, probability=0.2)
    guarded.predict(HIGH, probability=probability)
    assert guarded.tick() is status


def test_a_guard_that_has_heard_nothing_runs(ros) -> None:
    guarded = Guarded(ros)
    assert guarded.tick() is Status.RUNNING
    assert "no prediction on /reasoner/outcome" in guarded.behaviour.feedback_message


def test_a_guard_names_the_hazard(ros) -> None:
    guarded = Guarded(ros)
    guarded.predict(NONE, HIGH)
    guarded.tick()
    assert guarded.behaviour.feedback_message == f"hazard {HIGH}"


@pytest.mark.parametrize("age", [6.0, -6.0], ids=["old", "from a clock that jumped back"])
def test_a_prediction_that_is_not_about_the_present_counts_no_more(ros, age) -> None:
    guarded = Guarded(ros, max_age=5.0)
    guarded.predict(HIGH, age=age)
    assert guarded.tick() is Status.RUNNING


def test_an_answer_about_the_past_and_a_failure_hide_no_hazard(ros) -> None:
    guarded = Guarded(ros, max_age=60.0)
    guarded.predict(HIGH)
    guarded.predict(NONE, age=5.0)
    guarded.predict()
    assert guarded.tick() is Status.FAILURE


def test_a_hazard_that_has_passed_lets_the_branch_go_on(ros) -> None:
    guarded = Guarded(ros)
    guarded.predict(HIGH)
    guarded.predict(NONE)
    assert guarded.tick() is Status.SUCCESS


def test_a_guard_hears_the_reasoner_s_own_predictions(ros) -> None:
    outcome = {"text": "It falls.", "probability": 0.9, "hazard": "IMMINENT", "subject": None, "camera": None}
    reply = spoken(f"<think>x</think><answer>{json.dumps({'outcomes': [outcome]})}</answer>")
    with ScriptedServer([reply]) as server:
        planted = Planted(ros, GuardHazard("guard"))
        seeing(ros, server.url, periodic=["predict_outcome 0.1"], clip_duration=1.0)
        assert planted.end() is Status.FAILURE
    assert planted.behaviour.feedback_message == "It falls."
