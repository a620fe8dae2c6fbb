"""A planner asks in two lines, in whatever executor, and is never left hanging."""

import subprocess
import sys
import threading
import time

import pytest
import rclpy
from builtin_interfaces.msg import Duration
from rclpy.context import Context
from rclpy.executors import MultiThreadedExecutor, SingleThreadedExecutor
from rclpy.node import Node
from rclpy.task import Future
from robot import Camera, active_reasoner, frame, reasoner
from scripted_server import Ending, ScriptedServer, chunk, spoken, stream
from sensor_msgs.msg import Image

from cosmos_reasoner import errors
from cosmos_reasoner.embedded.serving import EmbeddedServer
from cosmos_reasoner.nodes.images import image_from_frame
from cosmos_reasoner.nodes.planner_client import PlannerClient
from cosmos_reasoner.nodes.services import CALLS
from cosmos_reasoner.tasks.task import Action
from cosmos_reasoner_msgs.msg import ClipWindow
from cosmos_reasoner_msgs.srv import Ask, Verify

ACTIONS = {"a-1": "wait until it has passed", "b 2": "drive on to the right"}
HELD = stream(chunk(content="<think>"), ending=Ending.HELD)


@pytest.fixture(scope="module")
def endpoint():
    with EmbeddedServer() as server:
        yield server.url


@pytest.fixture
def filmed(ros, endpoint):
    """A reasoner that has seen something."""
    Camera(ros, active_reasoner(ros, endpoint)).film()


@pytest.fixture
def client(ros):
    return PlannerClient(ros.node("planner"))


def failure(client: PlannerClient, start) -> Exception:
    """The error in which a call ends."""
    with pytest.raises(errors.CosmosReasonerError) as caught:
        client.wait(start())
    return caught.value


@pytest.mark.usefixtures("filmed")
def test_a_ranking_holds_the_ids_of_a_mapping(client) -> None:
    ranking = client.wait(client.rank(ACTIONS, "avoid a collision", budget=20.0))
    assert sorted(entry.id for entry in ranking.actions) == ["a-1", "b 2"]
    assert ranking.goal == "avoid a collision"


@pytest.mark.usefixtures("filmed")
def test_actions_of_ours_are_ranked_too(client) -> None:
    actions = [Action(name, text) for name, text in ACTIONS.items()]
    ranking = client.wait(client.rank(actions, "avoid a collision", budget=20.0))
    assert {entry.id: entry.description for entry in ranking.actions} == ACTIONS


@pytest.mark.usefixtures("filmed")
def test_a_prediction_looks_as_far_ahead_as_asked(client) -> None:
    prediction = client.wait(client.predict(horizon=1.0, max_outcomes=1, budget=20.0))
    assert [outcome.horizon.sec for outcome in prediction.outcomes] == [1]


@pytest.mark.usefixtures("filmed")
def test_a_gate_brings_its_decision_and_the_verdict(client) -> None:
    gate = client.wait(client.verify("something moves to the right", budget=20.0))
    assert gate.decision == Verify.Response.PROCEED
    assert gate.verdict.statement == "something moves to the right"


@pytest.mark.usefixtures("filmed")
def test_a_question_is_answered_by_one_of_its_options(client) -> None:
    question = "Where does the thing move?"
    answer = client.wait(client.ask(question, ["to the left", "to the right"], budget=20.0))
    assert (answer.option, answer.reasoning.answer) == (1, "to the right")


@pytest.fixture(params=[SingleThreadedExecutor, MultiThreadedExecutor])
def planner(request, ros):
    """A node in an executor of its own."""
    node, end = Node("planner", context=ros.context), Future()
    executor = request.param(context=ros.context)
    executor.add_node(node)
    thread = threading.Thread(target=executor.spin_until_future_complete, args=(end,))
    thread.start()
    yield node
    end.set_result(None)
    executor.wake()
    thread.join(10.0)
    executor.shutdown()
    node.destroy_node()
    assert not thread.is_alive()


@pytest.mark.usefixtures("filmed")
def test_a_callback_awaits_in_the_node_s_own_callback_group(ros, planner) -> None:
    client, ranked = PlannerClient(planner), []

    async def tick() -> None:
        timer.cancel()
        ranked.extend([await client.rank(ACTIONS, "avoid a collision", budget=20.0) for _ in range(3)])

    timer = planner.create_timer(0.01, tick)
    ros.wait_for(lambda: len(ranked) == 3, timeout=60.0, what="three rankings, one after the other")


@pytest.mark.usefixtures("filmed")
def test_tasks_await_side_by_side(ros, planner) -> None:
    client, answers = PlannerClient(planner), []

    async def ask(index: int) -> None:
        answers.append((index, await client.ask("What moves?", budget=20.0)))

    for index in range(8):
        planner.executor.create_task(ask, index)
    ros.wait_for(lambda: len(answers) == 8, timeout=60.0, what="all answers")
    assert {index for index, _ in answers} == set(range(8))


@pytest.mark.usefixtures("filmed")
def test_threads_wait_side_by_side(planner) -> None:
    client, answers = PlannerClient(planner), []
    threads = [
        threading.Thread(target=lambda: answers.append(client.wait(client.ask("What moves?", budget=20.0))))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60.0)
    assert [answer.reasoning.answer != "" for answer in answers] == [True] * 4


@pytest.mark.usefixtures("filmed")
def test_an_error_is_raised_where_it_is_awaited(ros, planner) -> None:
    client, caught = PlannerClient(planner), []

    async def tick() -> None:
        timer.cancel()
        try:
            await client.rank({}, "g", budget=20.0)
        except errors.InvalidRequest as error:
            caught.append(str(error))

    timer = planner.create_timer(0.01, tick)
    ros.wait_for(lambda: caught, what="the error")
    assert "0 actions" in caught[0]


def test_a_callback_may_not_block(ros, planner) -> None:
    client, caught = PlannerClient(planner), []

    def tick() -> None:
        timer.cancel()
        try:
            client.wait(client.predict(budget=20.0))
        except errors.InvalidRequest as error:
            caught.append(str(error))

    timer = planner.create_timer(0.01, tick)
    ros.wait_for(lambda: caught, what="the refusal")
    assert "await" in caught[0]


def test_a_call_waits_for_a_reasoner_that_is_just_starting(ros, endpoint, client) -> None:
    call = client.predict(budget=20.0)
    reasoner(ros, endpoint)
    assert isinstance(failure(client, lambda: call), errors.NotActive)
    assert "configure and activate" in str(call.exception())


def test_a_reasoner_that_is_not_there_is_an_error(ros) -> None:
    client = PlannerClient(ros.node("planner"), "/nobody", grace=0.1)
    error = failure(client, lambda: client.predict(budget=0.1))
    assert isinstance(error, errors.NotActive) and "/nobody/predict_outcome is not there" in str(error)


def test_a_reasoner_that_dies_in_mid_call_is_an_error(ros, client) -> None:
    camera = ros.node("driver").create_publisher(Image, "camera/image_raw", 10)
    with ScriptedServer([HELD]) as server:
        words = ["autostart:=true", "profile:=embedded", f"endpoint_url:={server.url}", "periodic:=['']"]
        command = [sys.executable, "-m", "cosmos_reasoner.cli.reasoner", "--ros-args"]
        command += [part for word in words for part in ("-p", word)]
        process = subprocess.Popen(command, env=ros.environment)
        try:
            call = held_call(ros, client, camera, server)
        finally:
            process.kill()
            process.wait()
    assert isinstance(failure(client, lambda: call), errors.NotActive | errors.TimeBudgetExceeded)


def held_call(ros, client, camera, server):
    """A call whose question is at the endpoint; there is none before the reasoner has seen a frame."""
    while not server.bodies:
        camera.publish(image_from_frame(frame(0, time.time_ns())))
        call = client.predict(budget=3.0)
        ros.wait_for(lambda: call.done() or server.bodies)
        call.exception()
    return call


def test_a_node_that_nobody_spins_is_an_error(ros) -> None:
    node = Node("alone", context=ros.context)
    client = PlannerClient(node, grace=0.0)
    error = failure(client, lambda: client.predict(budget=0.1))
    node.destroy_node()
    assert isinstance(error, errors.TimeBudgetExceeded) and "spins" in str(error)


@pytest.mark.parametrize("budget", [0.0, -1.0, float("nan"), float("inf")])
def test_a_call_without_an_end_is_refused(client, budget) -> None:
    with pytest.raises(errors.InvalidRequest, match="budget"):
        client.predict(budget=budget)


TEXTS = {
    "statement": lambda client, text: client.verify(text, budget=20.0),
    "question": lambda client, text: client.ask(text, budget=20.0),
    "option": lambda client, text: client.ask("?", ["yes", text], budget=20.0),
    "action id": lambda client, text: client.rank({"a": "b", text: "c"}, "g", budget=20.0),
    "action description": lambda client, text: client.rank({"a": "b", "c": text}, "g", budget=20.0),
    "goal": lambda client, text: client.rank(ACTIONS, text, budget=20.0),
    "method": lambda client, text: client.rank(ACTIONS, "g", method=text, budget=20.0),
    "context": lambda client, text: client.predict(context=text, budget=20.0),
}


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("text", ["the cup \ud83d stands", "a\0b", 1, None, b"cup"], ids=ascii)
def test_a_text_that_ros_cannot_carry_is_refused_at_once(client, name, text) -> None:
    with pytest.raises(errors.InvalidRequest, match=f"^{name}: "):
        TEXTS[name](client, text)


@pytest.mark.parametrize("horizon", [-1.0, 1e10, float("nan"), float("inf")])
def test_a_horizon_out_of_range_is_refused_at_once(client, horizon) -> None:
    with pytest.raises(errors.InvalidRequest, match="horizon: "):
        client.predict(horizon=horizon, budget=20.0)


@pytest.mark.parametrize("count", [-1, 256, 300, 2.5, "3"])
def test_a_number_of_outcomes_out_of_range_is_refused_at_once(client, count) -> None:
    with pytest.raises(errors.InvalidRequest, match="max_outcomes: "):
        client.predict(max_outcomes=count, budget=20.0)


@pytest.mark.usefixtures("filmed")
def test_a_call_that_cannot_be_sent_ends_in_that_error_and_stops_no_other(ros, client) -> None:
    ros.wait_for(client._clients[Verify].service_is_ready, what="the service")
    call = client._start(Verify, Verify.Request(statement="the cup \ud83d stands"), 20.0, None)
    assert isinstance(call.exception(), UnicodeEncodeError)
    client.wait(client.predict(budget=20.0))


def test_a_burst_of_calls_loses_no_answer(ros) -> None:
    answered, alone = [], Node("alone", context=ros.context)
    server = ros.node("server")
    server.create_service(Ask, "/reasoner/ask", lambda _, response: answered.append(1) or response, qos_profile=CALLS)
    client = PlannerClient(alone)
    ros.wait_for(client._clients[Ask].service_is_ready, what="the service")
    calls = [client.ask("?", budget=60.0) for _ in range(600)]
    ros.wait_for(lambda: len(answered) == 600, what="all answers on their way")
    ros.spin(alone)
    ros.wait_for(lambda: all(call.done() for call in calls), what="all answers")


@pytest.mark.usefixtures("filmed")
def test_a_budget_that_is_over_before_the_question_is_sent_has_been_exceeded(ros) -> None:
    client = PlannerClient(ros.node("planner"), grace=0.1)
    ros.wait_for(client._clients[Ask].service_is_ready, what="the service")
    error = failure(client, lambda: client.ask("?", budget=1e-4))
    assert isinstance(error, errors.TimeBudgetExceeded) and "before /reasoner/ask could be asked" in str(error)


@pytest.mark.usefixtures("filmed")
def test_a_window_says_which_clip_is_meant(client) -> None:
    newest = client.wait(client.predict(budget=20.0)).provenance.clip_end
    window = ClipWindow(end=newest, duration=Duration(nanosec=600_000_000))
    seen = client.wait(client.predict(budget=20.0, window=window)).provenance
    assert (seen.clip_end, seen.frame_count) == (newest, 3)


@pytest.mark.usefixtures("filmed")
def test_a_dropped_call_ends_at_once_and_stays_so(client) -> None:
    call = client.predict(budget=20.0)
    call.cancel()
    assert isinstance(call.exception(), errors.Cancelled)
    client.wait(client.predict(budget=20.0))
    assert isinstance(call.exception(), errors.Cancelled)


def test_closing_drops_what_is_on_its_way_and_leaves_nothing(ros) -> None:
    node = ros.node("planner")
    before = [len(list(each)) for each in (node.clients, node.timers)]
    client = PlannerClient(node)
    call = client.predict(budget=20.0)
    client.close()
    assert isinstance(call.exception(), errors.Cancelled)
    assert [len(list(each)) for each in (node.clients, node.timers)] == before


def test_a_closed_client_can_be_asked_nothing_more_and_closed_again(client) -> None:
    client.close()
    client.close()
    with pytest.raises(errors.Cancelled, match="closed"):
        client.predict(budget=20.0)


def test_nothing_can_be_asked_after_ros_is_shut_down(ros) -> None:
    context = Context()
    rclpy.init(args=[], context=context, domain_id=ros.domain_id)
    node = Node("planner", context=context)
    client = PlannerClient(node)
    context.shutdown()
    with pytest.raises(errors.Cancelled, match="shut down"):
        client.predict(budget=20.0)
    node.destroy_node()


def provoke_no_clip(ros, endpoint):
    active_reasoner(ros, endpoint)


def provoke_not_active(ros, endpoint):
    reasoner(ros, endpoint)


def provoke_internal(ros, endpoint):
    node = active_reasoner(ros, endpoint)
    Camera(ros, node).film(4)
    node.desk().engine.rig.clip = None  # nothing but a question takes clips here


def provoke_endpoint(ros, _):
    Camera(ros, active_reasoner(ros, "http://127.0.0.1:9/v1")).film(4)


@pytest.mark.parametrize(
    ("provoke", "kind", "code"),
    [
        (provoke_no_clip, errors.ClipUnavailable, "NO_CLIP"),
        (provoke_not_active, errors.NotActive, "NOT_ACTIVE"),
        (provoke_internal, errors.CosmosReasonerError, "INTERNAL"),
        (provoke_endpoint, errors.EndpointError, "ENDPOINT"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_wrong_with_the_node_has_an_error_of_its_own(ros, endpoint, client, provoke, kind, code) -> None:
    provoke(ros, endpoint)
    raw = ros.node("raw").create_client(Ask, "/reasoner/ask")
    assert raw.wait_for_service(10.0)
    response = ros.result(raw.call_async(Ask.Request(question="?", time_budget=Duration(sec=1))), 10.0)
    assert response.error_code == getattr(Ask.Response, code)
    error = failure(client, lambda: client.ask("?", budget=2.0))
    assert type(error) is kind and str(error)


@pytest.mark.usefixtures("filmed")
def test_what_cannot_be_asked_is_an_invalid_request(client) -> None:
    error = failure(client, lambda: client.ask("", budget=20.0))
    assert type(error) is errors.InvalidRequest and "question" in str(error)


def test_what_cannot_be_read_is_an_unreadable_answer(ros, client) -> None:
    with ScriptedServer([spoken("<think>x</think><answer>none of them</answer>")]) as server:
        Camera(ros, active_reasoner(ros, server.url)).film(4)
        assert type(failure(client, lambda: client.verify("it falls", budget=20.0))) is errors.UnreadableAnswer


def test_what_takes_too_long_has_exceeded_its_budget(ros, client) -> None:
    with ScriptedServer([HELD, HELD]) as server:
        Camera(ros, active_reasoner(ros, server.url)).film(4)
        error = failure(client, lambda: client.ask("?", budget=0.5))
    assert type(error) is errors.TimeBudgetExceeded and "time budget" in str(error)


def test_a_full_queue_is_busy_while_the_others_still_wait(ros, client) -> None:
    with ScriptedServer([HELD] * 4) as server:
        node = active_reasoner(ros, server.url, concurrency=1, queue_size=1)
        Camera(ros, node).film(4)
        scheduler = node.desk().engine.scheduler
        first = client.ask("?", budget=20.0)
        ros.wait_for(lambda: scheduler.running == 1, what="the turn of the first")
        second = client.ask("?", budget=20.0)
        ros.wait_for(lambda: scheduler.waiting == 1, what="the place of the second")
        assert type(failure(client, lambda: client.ask("?", budget=20.0))) is errors.Busy
        assert not first.done() and not second.done()


def test_a_node_that_is_put_to_rest_cancels_the_call(ros, client) -> None:
    with ScriptedServer([HELD] * 4) as server:
        node = active_reasoner(ros, server.url)
        Camera(ros, node).film(4)
        call = client.ask("?", budget=20.0)
        ros.wait_for(lambda: server.bodies, what="the question at the endpoint")
        ros.executor.create_task(node.trigger_deactivate)
        assert type(failure(client, lambda: call)) is errors.Cancelled


@pytest.mark.usefixtures("filmed")
def test_the_method_of_a_ranking_is_the_callers(client) -> None:
    assert client.wait(client.rank(ACTIONS, "go on", method="vote", budget=20.0)).method == "vote"


@pytest.mark.usefixtures("filmed")
def test_a_method_that_does_not_exist_is_an_invalid_request(client) -> None:
    error = failure(client, lambda: client.rank(ACTIONS, "go on", method="lottery", budget=20.0))
    assert type(error) is errors.InvalidRequest and "self_reported" in str(error)
