"""Behaviours of py_trees: what they tell the tree, what they write down, and that they never block a tick."""

import json
import math
import re
import time

import py_trees
import pytest
from py_trees.blackboard import Blackboard
from py_trees.common import Status
from py_trees.trees import BehaviourTree
from rclpy.task import Future
from robot import Camera, active_reasoner
from scripted_server import Ending, ScriptedServer, chunk, spoken, stream

from cosmos_reasoner import errors
from cosmos_reasoner.embedded.serving import EmbeddedServer
from cosmos_reasoner.nodes.behaviours import GuardHazard, PredictOutcome, RankActions, Verify
from cosmos_reasoner.nodes.images import time_from_stamp
from cosmos_reasoner_msgs.msg import ActionRanking, Outcome, OutcomePrediction
from cosmos_reasoner_msgs.srv import Verify as VerifyService

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
        self.ros.wait_for(lambda: self.tick() is not Status.RUNNING, what="the behaviour's end")
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


ASKING = {
    "RankActions": (lambda: RankActions("rank", ACTIONS, "g", budget=20.0), ["/ranking", "/best_action"]),
    "PredictOutcome": (lambda: PredictOutcome("predict", budget=20.0), ["/prediction"]),
}


@pytest.mark.parametrize(("make", "keys"), ASKING.values(), ids=ASKING)
def test_an_answer_about_an_old_clip_is_no_answer(ros, endpoint, make, keys) -> None:
    node = active_reasoner(ros, endpoint)
    Camera(ros, node).film(4, end=time.time_ns() - 60 * SECOND)
    planted = Planted(ros, make())
    assert planted.end() is Status.FAILURE
    assert "max_result_age" in planted.behaviour.feedback_message
    assert not any(Blackboard.exists(key) for key in keys)


@pytest.mark.parametrize(("make", "keys"), ASKING.values(), ids=ASKING)
def test_what_an_earlier_time_wrote_down_is_gone_when_it_is_entered(ros, make, keys) -> None:
    for key in keys:
        Blackboard.set(key, "earlier")
    Planted(ros, make()).tick()
    assert not any(Blackboard.exists(key) for key in keys)


def test_what_ros_cannot_carry_fails_and_says_why(ros) -> None:
    planted = Planted(ros, Verify("gate", "the cup \ud83d stands", budget=20.0))
    assert planted.tick() is Status.FAILURE
    assert planted.behaviour.feedback_message.startswith("statement: ")


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


def test_an_interrupted_behaviour_waits_for_the_call_that_is_on_its_way(ros) -> None:
    planted, calls = Planted(ros, Verify("gate", "the way is free", budget=20.0)), set()
    for _ in range(3):
        assert planted.tick() is Status.RUNNING
        calls.add(planted.behaviour._call)
        planted.behaviour.stop(Status.INVALID)
    assert len(calls) == 1


def test_an_interrupted_behaviour_asks_anew_when_its_call_has_ended(ros) -> None:
    with ScriptedServer([NO, YES]) as server:
        seeing(ros, server.url)
        planted = Planted(ros, Verify("gate", "the way is free", budget=20.0))
        planted.tick()
        planted.behaviour.stop(Status.INVALID)
        ros.wait_for(planted.behaviour._call.done, what="an answer that nobody takes")
        assert planted.end() is Status.SUCCESS


def test_a_shutdown_drops_the_call(ros) -> None:
    planted = Planted(ros, Verify("gate", "the way is free", budget=20.0))
    planted.tick()
    planted.tree.shutdown()
    assert isinstance(planted.behaviour._call.exception(), errors.Cancelled)


class Arriving(Future):
    """A call that is answered just after somebody has looked."""

    def done(self) -> bool:
        was_done = super().done()
        if not was_done:
            self.set_result(VerifyService.Response(decision=VerifyService.Response.ABORT))
        return was_done


def test_an_answer_that_arrives_during_a_tick_is_taken_at_the_next(ros) -> None:
    planted = Planted(ros, Verify("gate", "the way is free", budget=20.0, period=0.0))
    planted.tick()
    planted.behaviour._call = Arriving()
    assert [planted.tick(), planted.tick()] == [Status.RUNNING, Status.FAILURE]


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


def test_a_second_setup_gives_back_what_the_first_made(ros) -> None:
    node = ros.node("planner")
    root = py_trees.composites.Sequence("both", memory=False)
    root.add_children([GuardHazard("guard"), Verify("gate", "it falls", budget=1.0)])
    made = []
    for _ in range(2):
        BehaviourTree(root).setup(node=node)
        made.append([len(list(each)) for each in (node.clients, node.timers, node.subscriptions)])
    assert made[0] == made[1]


class Guarded(Planted):
    """A guard that hears what the test publishes."""

    def __init__(self, ros, **options) -> None:
        super().__init__(ros, GuardHazard("guard", **options))
        self.publisher = ros.node("oracle").create_publisher(OutcomePrediction, "/reasoner/outcome", 10)
        ros.wait_for(self.publisher.get_subscription_count, what="the guard's subscription")

    def predict(
        self,
        *hazards: int,
        age: float = 0.0,
        probability: float = 0.5,
        cameras: tuple[str, ...] = ("front",),
        stamp: int | None = None,
    ) -> int:
        """Publish a prediction, and wait until the guard has heard it. Returns its stamp, ns."""
        outcomes = [Outcome(text=f"hazard {hazard}", hazard=hazard, probability=probability) for hazard in hazards]
        message = OutcomePrediction(outcomes=outcomes)
        message.provenance.cameras = cameras
        stamp = time.time_ns() - int(age * SECOND) if stamp is None else stamp
        message.header.stamp = time_from_stamp(stamp)
        heard = []
        ear = self.node.create_subscription(OutcomePrediction, "/reasoner/outcome", heard.append, 10)
        self.ros.wait_for(lambda: self.publisher.get_subscription_count() == 2, what="the ear")
        self.publisher.publish(message)
        self.ros.wait_for(lambda: heard, what="the prediction")
        self.ros.result(self.ros.executor.create_task(lambda: None))  # what was ready with it was done before
        self.node.destroy_subscription(ear)
        return stamp


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
    assert guarded.behaviour.feedback_message == "no prediction on /reasoner/outcome yet"


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


def test_a_guard_says_how_old_the_last_prediction_is(ros) -> None:
    guarded = Guarded(ros, max_age=5.0)
    guarded.predict(NONE, age=60.0)
    guarded.tick()
    said = r"the last prediction is 6\d\.\d s old by this node's clock"
    assert re.fullmatch(said, guarded.behaviour.feedback_message)


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


@pytest.mark.parametrize("first", [HIGH, NONE])
def test_of_the_same_frames_the_danger_counts_whoever_was_asked_first(ros, first) -> None:
    guarded = Guarded(ros)
    stamp = guarded.predict(first)
    guarded.predict(NONE if first == HIGH else HIGH, stamp=stamp)
    assert guarded.tick() is Status.FAILURE


@pytest.mark.parametrize("cameras", [("rear",), (), ("rear", "arm")])
def test_a_danger_is_not_lifted_by_who_looked_elsewhere(ros, cameras) -> None:
    guarded = Guarded(ros)
    guarded.predict(HIGH)
    guarded.predict(NONE, cameras=cameras)
    assert guarded.tick() is Status.FAILURE


def test_a_danger_is_lifted_by_who_saw_more(ros) -> None:
    guarded = Guarded(ros)
    guarded.predict(HIGH)
    guarded.predict(NONE, cameras=("rear", "front"))
    assert guarded.tick() is Status.SUCCESS


def test_each_danger_is_lifted_for_itself(ros) -> None:
    guarded = Guarded(ros)
    guarded.predict(HIGH, cameras=("front",))
    guarded.predict(IMMINENT, cameras=("rear",))
    guarded.predict(NONE, cameras=("rear",))
    assert guarded.tick() is Status.FAILURE
    assert guarded.behaviour.feedback_message == f"hazard {HIGH}"


def test_a_danger_of_the_past_that_has_been_lifted_stays_so(ros) -> None:
    guarded = Guarded(ros, max_age=60.0)
    guarded.predict(NONE)
    guarded.predict(HIGH, age=5.0)
    assert guarded.tick() is Status.SUCCESS


def test_a_guard_hears_the_reasoner_s_own_predictions(ros) -> None:
    outcome = {"text": "It falls.", "probability": 0.9, "hazard": "IMMINENT", "subject": None, "camera": None}
    reply = spoken(f"<think>x</think><answer>{json.dumps({'outcomes': [outcome]})}</answer>")
    with ScriptedServer([reply]) as server:
        planted = Planted(ros, GuardHazard("guard"))
        seeing(ros, server.url, periodic=["predict_outcome 0.1"], clip_duration=1.0)
        assert planted.end() is Status.FAILURE
    assert planted.behaviour.feedback_message == "It falls."
