"""The action: any task, its reasoning while it is written, and a cancel that reaches the endpoint."""

import pytest
from action_msgs.msg import GoalStatus
from builtin_interfaces.msg import Duration
from robot import Camera, active_reasoner, reasoner
from scripted_server import ScriptedServer, spoken

from cosmos_reasoner.embedded.serving import EmbeddedServer
from cosmos_reasoner.embedded.settings import Settings
from cosmos_reasoner_msgs.action import Reason
from cosmos_reasoner_msgs.msg import ActionCandidate


@pytest.fixture
def slow():
    """An endpoint that writes for many seconds."""
    with EmbeddedServer(Settings(tokens_per_second=20.0)) as server:
        yield server


@pytest.fixture(scope="module")
def endpoint():
    with EmbeddedServer() as server:
        yield server.url


class Planner:
    """Sends a goal and keeps what comes back."""

    def __init__(self, ros, **goal) -> None:
        self.ros = ros
        self.feedback: list[Reason.Feedback] = []
        client = ros.action_client(Reason, "/reasoner/reason")
        assert client.wait_for_server(10.0)
        self.handle = ros.result(client.send_goal_async(Reason.Goal(**goal), self._hear))
        assert self.handle.accepted

    def _hear(self, message) -> None:
        self.feedback.append(message.feedback)

    def result(self):
        return self.ros.result(self.handle.get_result_async(), timeout=60.0)

    def text(self, part: int) -> str:
        return "".join(piece.text for piece in self.feedback if piece.part == part)


def test_feedback_holds_the_reasoning_and_then_the_answer_as_they_are_written(ros, endpoint) -> None:
    node = active_reasoner(ros, endpoint)
    Camera(ros, node).film()
    planner = Planner(ros, question="What moves?")
    done = planner.result()
    assert done.status == GoalStatus.STATUS_SUCCEEDED
    heard, reply = (planner.text(part).strip() for part in (Reason.Feedback.THINK, Reason.Feedback.ANSWER))
    assert heard and done.result.reasoning.think.startswith(heard)
    assert done.result.reasoning.answer.startswith(reply)  # rclpy drops what it takes together with the result
    parts = [piece.part for piece in planner.feedback]
    assert parts == sorted(parts)


@pytest.mark.parametrize(
    ("goal", "filled"),
    [
        ({"task": "predict_outcome"}, lambda result: result.prediction.outcomes),
        (
            {
                "task": "rank_actions",
                "goal": "avoid a collision",
                "actions": [ActionCandidate(id="a", description="wait"), ActionCandidate(id="b", description="go on")],
            },
            lambda result: [entry.id for entry in result.ranking.actions] and result.ranking.actions,
        ),
        ({"task": "verify", "question": "something moves"}, lambda result: result.verdict.verdict),
        ({"task": "critique"}, lambda result: result.reasoning.answer in "12345"),
        ({"task": "describe"}, lambda result: result.reasoning.answer),
    ],
    ids=["predict_outcome", "rank_actions", "verify", "critique", "describe"],
)
def test_every_kind_of_task_fills_its_part_of_the_result(ros, endpoint, goal, filled) -> None:
    node = active_reasoner(ros, endpoint)
    Camera(ros, node).film()
    done = Planner(ros, **goal).result()
    assert done.status == GoalStatus.STATUS_SUCCEEDED, done.result.error_message
    assert filled(done.result)


@pytest.mark.parametrize(
    ("goal", "answer", "filled"),
    [
        ({"task": "ground", "question": "cups"}, '[{"point_2d": [5, 5]}]', lambda result: result.detections),
        ({"task": "events"}, '[{"start": 0, "end": 0, "text": "It stands."}]', lambda result: result.events),
        ({"task": "extract", "schema": '{"type": "object"}'}, "{}", lambda result: result.data == "{}"),
        ({"task": "find", "values": ["thing: cup"]}, "cup", lambda result: result.reasoning.answer == "cup"),
    ],
    ids=["ground", "events", "extract", "a task of one's own"],
)
def test_what_was_found_fills_its_part_of_the_result(ros, tmp_path, goal, answer, filled) -> None:
    (tmp_path / "find.yaml").write_text("user: Find the {thing}.")
    with ScriptedServer([spoken(f"<think>.</think><answer>{answer}</answer>")]) as server:
        node = active_reasoner(ros, server.url, task_directory=str(tmp_path))
        Camera(ros, node).film(4)
        done = Planner(ros, **goal).result()
    assert done.status == GoalStatus.STATUS_SUCCEEDED, done.result.error_message
    assert filled(done.result)


def test_a_cancel_stops_the_generation_at_the_endpoint(ros, slow) -> None:
    node = active_reasoner(ros, slow.url)
    Camera(ros, node).film()
    planner = Planner(ros, question="What moves?")
    ros.wait_for(lambda: len(planner.feedback) > 2, what="some feedback")
    ros.result(planner.handle.cancel_goal_async())
    done = planner.result()
    assert done.status == GoalStatus.STATUS_CANCELED
    assert done.result.error_code == Reason.Result.CANCELLED
    ros.wait_for(lambda: slow.activity.counts.cancelled == 1, what="the endpoint to see the disconnect")


def test_a_time_budget_ends_the_generation_too(ros, slow) -> None:
    node = active_reasoner(ros, slow.url)
    Camera(ros, node).film()
    done = Planner(ros, question="What moves?", time_budget=Duration(sec=1)).result()
    assert done.status == GoalStatus.STATUS_ABORTED
    assert done.result.error_code == Reason.Result.TIME_BUDGET
    ros.wait_for(lambda: slow.activity.counts.cancelled >= 1, what="the endpoint to see the disconnect")


def test_a_goal_that_cannot_be_answered_is_aborted_with_the_reason(ros, endpoint) -> None:
    node = active_reasoner(ros, endpoint)
    Camera(ros, node).film(4)
    done = Planner(ros, task="rank_actions", goal="g").result()
    assert done.status == GoalStatus.STATUS_ABORTED
    assert (done.result.error_code, done.result.error_message) == (1, "0 actions: give 2 to 64")


def test_a_goal_to_a_node_that_is_not_active_is_aborted(ros, endpoint) -> None:
    reasoner(ros, endpoint)
    assert Planner(ros, question="?").result().result.error_code == Reason.Result.NOT_ACTIVE


def test_deactivation_cancels_what_is_on_its_way(ros, slow) -> None:
    node = active_reasoner(ros, slow.url)
    Camera(ros, node).film()
    planner = Planner(ros, question="What moves?")
    ros.wait_for(lambda: planner.feedback, what="some feedback")
    ros.executor.create_task(node.trigger_deactivate)
    done = planner.result()
    assert done.status == GoalStatus.STATUS_ABORTED
    assert done.result.error_code == Reason.Result.CANCELLED
