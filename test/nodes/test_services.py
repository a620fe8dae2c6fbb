"""Planners call the services and get typed answers about what the cameras saw."""

import contextlib
import json
import math

import pytest
from builtin_interfaces.msg import Duration, Time
from robot import PERIOD, Camera, active_reasoner, frame, reasoner, stamp_of
from scripted_server import ScriptedServer, json_reply, spoken

from cosmos_reasoner.embedded.serving import EmbeddedServer
from cosmos_reasoner.embedded.settings import Settings
from cosmos_reasoner.nodes.images import compressed_from_frame
from cosmos_reasoner.nodes.services import CALLS
from cosmos_reasoner_msgs.msg import ActionCandidate, ClipWindow, Detection, OutcomeVerdict, Provenance, RankedAction
from cosmos_reasoner_msgs.srv import Ask, PredictOutcome, RankActions, Verify


@pytest.fixture(scope="module")
def endpoint():
    with EmbeddedServer() as server:
        yield server.url


def call(ros, kind, name, **request):
    client = ros.node("planner").create_client(kind, f"/reasoner/{name}")
    assert client.wait_for_service(10.0)
    return ros.result(client.call_async(kind.Request(**request)))


def meet(ros, client) -> None:
    """Call until an answer comes: DDS loses the first answers to a client that the server's side has not found yet."""
    for _ in range(10):
        greeting = client.call_async(Ask.Request())
        with contextlib.suppress(AssertionError):
            assert ros.result(greeting, timeout=2.0).error_code == Ask.Response.INVALID_REQUEST
            return
    raise AssertionError("the service does not answer")


ACTIONS = [
    ActionCandidate(id="a-1", description="wait until it has passed"),
    ActionCandidate(id="b 2", description="drive on to the right"),
    ActionCandidate(id="C", description="move to the left"),
]


def test_a_prediction_carries_the_stamps_of_what_was_seen(ros, endpoint) -> None:
    node = active_reasoner(ros, endpoint)
    last = Camera(ros, node).film(12)
    response = call(ros, PredictOutcome, "predict_outcome")
    assert response.error_code == 0, response.error_message
    prediction = response.prediction
    assert stamp_of(prediction.header.stamp) == last
    assert prediction.header.frame_id == "camera_optical"
    assert stamp_of(prediction.provenance.clip_end) == last
    assert stamp_of(prediction.provenance.clip_start) == last - 11 * 250_000_000
    assert prediction.provenance.frame_count == 12
    assert list(prediction.provenance.cameras) == ["camera"]


def test_a_prediction_tells_who_answered_and_what_it_cost(ros, endpoint) -> None:
    node = active_reasoner(ros, endpoint)
    Camera(ros, node).film()
    source = call(ros, PredictOutcome, "predict_outcome").prediction.provenance
    assert (source.model, source.profile, source.task) == ("embedded-motion", "embedded", "predict_outcome")
    assert source.status == Provenance.STATUS_OK and source.status_text == ""
    assert source.prompt_tokens > 0 and source.completion_tokens > 0
    assert len(source.prompt_hash) == 16 and len(source.request_id) == 32
    assert source.total_latency.nanosec > source.encode_latency.nanosec > 0


def test_outcomes_come_likeliest_first_with_the_asked_horizon(ros, endpoint) -> None:
    node = active_reasoner(ros, endpoint)
    Camera(ros, node).film()
    response = call(ros, PredictOutcome, "predict_outcome", horizon=Duration(sec=1), max_outcomes=2)
    outcomes = response.prediction.outcomes
    assert 1 <= len(outcomes) <= 2
    assert [o.probability for o in outcomes] == sorted((o.probability for o in outcomes), reverse=True)
    assert sum(o.probability for o in outcomes) <= 1.0 + 1e-6
    assert all(o.text and o.horizon.sec == 1 for o in outcomes)


def test_a_subject_is_boxed_in_pixels_of_the_picture_as_taken(ros, endpoint) -> None:
    node = active_reasoner(ros, endpoint)
    Camera(ros, node).film(12)
    outcome = call(ros, PredictOutcome, "predict_outcome").prediction.outcomes[0]
    left, right = outcome.subject.x_offset, outcome.subject.x_offset + outcome.subject.width
    top, bottom = outcome.subject.y_offset, outcome.subject.y_offset + outcome.subject.height
    square = (20 + 12 * 11, 100, 20 + 12 * 11 + 40, 140)
    assert outcome.subject_camera == "camera"
    assert (left, top, right, bottom) == pytest.approx(square, abs=15)


def test_a_ranking_holds_each_of_the_callers_ids_once_with_scores_that_sum_to_one(ros, endpoint) -> None:
    node = active_reasoner(ros, endpoint)
    Camera(ros, node).film()
    response = call(ros, RankActions, "rank_actions", actions=ACTIONS, goal="avoid a collision with what moves")
    assert response.error_code == 0, response.error_message
    ranked: list[RankedAction] = response.ranking.actions
    assert sorted(entry.id for entry in ranked) == ["C", "a-1", "b 2"]
    assert sum(entry.score for entry in ranked) == pytest.approx(1.0, abs=1e-5)
    assert [entry.score for entry in ranked] == sorted((entry.score for entry in ranked), reverse=True)


def test_a_ranking_is_asked_in_several_orderings_and_tells_how_much_they_matter(ros, endpoint) -> None:
    node = active_reasoner(ros, endpoint, orderings=3)
    Camera(ros, node).film()
    ranking = call(ros, RankActions, "rank_actions", actions=ACTIONS, goal="avoid a collision").ranking
    assert ranking.orderings == 3 and ranking.provenance.request_count == 3
    assert ranking.score_origin == ranking.ORIGIN_LOGPROB
    assert 0.0 <= ranking.order_sensitivity < 0.05
    assert 0.0 <= ranking.entropy <= 1.0


def test_a_question_with_options_is_answered_by_one_of_them(ros, endpoint) -> None:
    node = active_reasoner(ros, endpoint)
    Camera(ros, node).film()
    response = call(ros, Ask, "ask", question="Where does the thing move?", options=["to the left", "to the right"])
    assert response.error_code == 0, response.error_message
    assert (response.option, response.reasoning.answer) == (1, "to the right")
    assert sum(response.option_probabilities) == pytest.approx(1.0, abs=1e-5)


def test_a_question_in_words_is_answered_in_words_with_the_reasoning(ros, endpoint) -> None:
    node = active_reasoner(ros, endpoint)
    Camera(ros, node).film()
    response = call(ros, Ask, "ask", question="What moves?")
    assert response.option == -1
    assert response.reasoning.answer and response.reasoning.think and not response.reasoning.defects
    assert "What moves?" in response.reasoning.question


def test_a_statement_is_judged_with_a_probability(ros, endpoint) -> None:
    node = active_reasoner(ros, endpoint)
    Camera(ros, node).film()
    request = {"statement": "something moves to the right", "prediction_id": "p1"}
    verdict = call(ros, Verify, "verify", **request).verdict
    assert verdict.verdict == OutcomeVerdict.HAPPENED
    assert 0.5 < verdict.probability <= 1.0
    assert (verdict.prediction_id, verdict.statement) == ("p1", "something moves to the right")


def test_an_answer_in_chinese_is_chinese(ros, endpoint) -> None:
    node = active_reasoner(ros, endpoint, answer_language="Chinese")
    Camera(ros, node).film()
    answer = call(ros, Ask, "ask", question="What moves?").reasoning.answer
    assert any("\u4e00" <= letter <= "\u9fff" for letter in answer), answer


def test_a_window_in_the_past_is_answered_from_the_frames_of_then(ros, endpoint) -> None:
    node = active_reasoner(ros, endpoint)
    last = Camera(ros, node).film(12)
    end = last - 1_000_000_000
    window = ClipWindow(end=Time(sec=end // 10**9, nanosec=end % 10**9), duration=Duration(sec=1))
    source = call(ros, PredictOutcome, "predict_outcome", window=window).prediction.provenance
    assert stamp_of(source.clip_end) == end
    assert source.frame_count == 4


def test_the_nodes_parameters_fill_what_a_caller_leaves_out(ros, endpoint) -> None:
    node = active_reasoner(ros, endpoint, horizon=3.0, clip_duration=1.0, max_outcomes=1)
    Camera(ros, node).film(12)
    prediction = call(ros, PredictOutcome, "predict_outcome").prediction
    assert len(prediction.outcomes) == 1 and prediction.outcomes[0].horizon.sec == 3
    assert prediction.provenance.frame_count == 4


@pytest.mark.parametrize(
    ("kind", "name", "request_", "code", "words"),
    [
        (RankActions, "rank_actions", {"actions": ACTIONS[:1], "goal": "g"}, 1, "2 to 64"),
        (RankActions, "rank_actions", {"actions": [ACTIONS[0], ACTIONS[0]], "goal": "g"}, 1, "'a-1'"),
        (RankActions, "rank_actions", {"actions": ACTIONS}, 1, "goal"),
        (Ask, "ask", {"task": "asc", "question": "?"}, 1, "'ask'"),
        (Ask, "ask", {}, 1, "question"),
        (Ask, "ask", {"task": "predict_outcome"}, 1, "~/predict_outcome"),
        (Ask, "ask", {"question": "?", "options": ["one"]}, 1, "options"),
        (Ask, "ask", {"question": "?", "time_budget": Duration(sec=-1)}, 1, "negative"),
        (Ask, "ask", {"question": "?", "window": ClipWindow(duration=Duration(sec=100))}, 1, "buffer_seconds"),
        (Ask, "ask", {"question": "?", "window": ClipWindow(cameras=["rear"])}, 1, "'rear'"),
        (Ask, "ask", {"question": "?", "window": ClipWindow(end=Time(sec=1))}, 4, "no frame"),
        (Ask, "ask", {"question": "?", "time_budget": Duration(nanosec=1)}, 5, "time budget"),
    ],
)
def test_what_cannot_be_answered_gets_a_code_and_a_reason(ros, endpoint, kind, name, request_, code, words) -> None:
    node = active_reasoner(ros, endpoint)
    Camera(ros, node).film(4)
    response = call(ros, kind, name, **request_)
    assert response.error_code == code, response.error_message
    assert words in response.error_message


def test_every_call_of_a_burst_is_answered_or_refused(ros, endpoint) -> None:
    node = active_reasoner(ros, endpoint, queue_size=4)
    Camera(ros, node).film(8)
    # Every client's reader holds the answers to all of them until they are taken: ten, by default, of thirty.
    callers = [
        ros.node(f"caller_{index}").create_client(Ask, "/reasoner/ask", qos_profile=CALLS) for index in range(10)
    ]
    assert all(client.wait_for_service(10.0) for client in callers)
    for client in callers:
        meet(ros, client)
    calls = [client.call_async(Ask.Request(question="What moves?")) for client in callers for _ in range(3)]
    codes = {ros.result(call, timeout=60.0).error_code for call in calls}
    assert codes == {Ask.Response.NONE, Ask.Response.BUSY}


def test_a_request_that_cannot_be_answered_does_not_wait_its_turn(ros) -> None:
    with EmbeddedServer(Settings(tokens_per_second=5.0)) as slow:
        node = active_reasoner(ros, slow.url, concurrency=1)
        Camera(ros, node).film(8)
        client = ros.node("busy").create_client(Ask, "/reasoner/ask")
        assert client.wait_for_service(10.0)
        client.call_async(Ask.Request(question="What moves?"))
        ros.wait_for(lambda: node.desk().engine.scheduler.running == 1, what="the first call's turn")
        assert call(ros, Ask, "ask").error_code == Ask.Response.INVALID_REQUEST
        ros.transition(node.trigger_deactivate)  # the server would have to break the first call off itself


def test_a_score_is_a_number_in_the_response(ros, endpoint) -> None:
    node = active_reasoner(ros, endpoint)
    Camera(ros, node).film()
    response = call(ros, Ask, "ask", task="critique")
    assert 1 <= response.score <= 5 and response.option == -1
    assert math.isnan(response.score_agreement)  # it would say the same again, and is asked once


def test_a_window_in_the_past_is_not_stale_for_being_old(ros, endpoint) -> None:
    node = active_reasoner(ros, endpoint, max_result_age=0.1)
    end = Camera(ros, node).film(12) - 1_000_000_000
    window = ClipWindow(end=Time(sec=end // 10**9, nanosec=end % 10**9))
    source = call(ros, PredictOutcome, "predict_outcome", window=window).prediction.provenance
    assert source.status == Provenance.STATUS_OK


def test_a_broken_frame_inside_a_clip_is_left_out(ros, endpoint) -> None:
    node = active_reasoner(ros, endpoint, transports=["compressed"])
    camera = Camera(ros, node, compressed=True)
    last = camera.film(6)
    half = compressed_from_frame(frame(6, last + PERIOD))
    half.data = half.data[: len(half.data) // 2]
    camera.publisher.publish(half)
    ros.wait_for(lambda: node.desk().engine.rig.newest_stamp() == last + PERIOD, what="the broken frame")
    response = call(ros, Ask, "ask", question="What moves?")
    assert response.error_code == 0, response.error_message


def test_a_node_that_is_not_active_says_so(ros, endpoint) -> None:
    reasoner(ros, endpoint)
    assert call(ros, Ask, "ask", question="?").error_code == Ask.Response.NOT_ACTIVE


def test_a_node_without_frames_says_so(ros, endpoint) -> None:
    active_reasoner(ros, endpoint)
    assert call(ros, Ask, "ask", question="?").error_code == Ask.Response.NO_CLIP


def test_an_endpoint_that_is_not_there_is_named(ros) -> None:
    node = active_reasoner(ros, "http://127.0.0.1:9/v1", time_budget=1.0)
    Camera(ros, node).film(4)
    response = call(ros, Ask, "ask", question="?")
    assert response.error_code == Ask.Response.ENDPOINT
    assert "127.0.0.1:9" in response.error_message
    assert response.reasoning.answer == ""


def test_the_node_goes_on_after_every_error(ros, endpoint) -> None:
    node = active_reasoner(ros, endpoint)
    Camera(ros, node).film(8)
    assert call(ros, Ask, "ask").error_code == Ask.Response.INVALID_REQUEST
    assert call(ros, Ask, "ask", question="What moves?").error_code == Ask.Response.NONE


def test_several_cameras_are_seen_together_and_named(ros, endpoint) -> None:
    node = active_reasoner(ros, endpoint, cameras=["left", "right"], transports=["raw", "compressed"])
    left, right = Camera(ros, node, "left"), Camera(ros, node, "right", compressed=True)
    last = left.film(8)
    right.film(8, end=last - 20_000_000)
    source = call(ros, PredictOutcome, "predict_outcome").prediction.provenance
    assert list(source.cameras) == ["left", "right"]
    assert source.frame_count == 16


def test_an_unknown_probability_is_nan_and_not_zero(ros) -> None:
    node = active_reasoner(ros, "http://127.0.0.1:9/v1", time_budget=1.0)
    Camera(ros, node).film(4)
    response = call(ros, Verify, "verify", statement="it moves")
    assert response.error_code == Verify.Response.ENDPOINT
    assert not math.isnan(response.verdict.probability) or response.verdict.verdict == OutcomeVerdict.UNCLEAR


def test_things_are_found_in_pixels_of_the_newest_picture(ros) -> None:
    answer = [
        {"bbox_2d": [20, 30, 41, 50], "label": "cup"},
        {"point_2d": [7, 8], "label": "rim"},
        {"bbox_2d": [20, 30, 41, 50], "point_2d": [25, 35], "label": "both"},
    ]
    with ScriptedServer([spoken(json.dumps(answer)), spoken("[]")]) as server:
        node = active_reasoner(ros, server.url, profile="qwen3_vl")
        last = Camera(ros, node).film(4)
        response = call(ros, Ask, "ask", task="ground", question="cups")
        nothing = call(ros, Ask, "ask", task="ground", question="cups")
    assert response.error_code == 0, response.error_message
    assert stamp_of(response.reasoning.header.stamp) == last
    assert response.reasoning.provenance.frame_count == 1
    cup, rim, both = response.detections
    assert (cup.label, cup.camera, cup.kind, cup.x, cup.y) == ("cup", "camera", Detection.BOX, 9, 9)
    assert (cup.box.x_offset, cup.box.y_offset, cup.box.width, cup.box.height) == (6, 7, 7, 5)
    assert (rim.kind, rim.x, rim.y, rim.box.width) == (Detection.POINT, 2, 2, 0)
    assert (both.kind, both.x, both.y, both.box.width) == (Detection.BOX, 8, 8, 7)
    assert (nothing.error_code, list(nothing.detections)) == (0, [])


def test_events_have_the_times_of_the_robot_s_clock(ros) -> None:
    answer = '<think>.</think><answer>[{"start": 0.25, "end": 0.5, "text": "It slides."}]</answer>'
    with ScriptedServer([spoken(answer)]) as server:
        node = active_reasoner(ros, server.url)
        last = Camera(ros, node).film(4)
        response = call(ros, Ask, "ask", task="events")
    assert response.error_code == 0, response.error_message
    (event,) = response.events
    assert (event.text, stamp_of(event.start), stamp_of(event.end)) == ("It slides.", last - 2 * PERIOD, last - PERIOD)


def test_data_comes_back_as_json_that_obeys_the_request_s_schema(ros) -> None:
    schema = json.dumps({"type": "object", "required": ["color"]})
    with ScriptedServer([spoken('{"color": "rot"}'), spoken("{}")]) as server:
        node = active_reasoner(ros, server.url)
        Camera(ros, node).film(4)
        response = call(ros, Ask, "ask", task="extract", schema=schema)
        broken = call(ros, Ask, "ask", task="extract", schema=schema)
    assert (response.error_code, json.loads(response.data)) == (0, {"color": "rot"})
    assert (broken.error_code, broken.data) == (Ask.Response.UNREADABLE, "")


def test_values_fill_the_words_of_a_task_of_one_s_own(ros, tmp_path) -> None:
    (tmp_path / "find.yaml").write_text("user: Where is the {thing}?\nreasoning: false\n")
    with ScriptedServer([spoken("There.")]) as server:
        node = active_reasoner(ros, server.url, task_directory=str(tmp_path))
        Camera(ros, node).film(4)
        response = call(ros, Ask, "ask", task="find", values=["thing: red cup"])
    assert response.reasoning.answer == "There."
    assert server.bodies[0]["messages"][-1]["content"][-1]["text"] == "Where is the red cup?"


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        ({"question": "?", "values": ["nocolon"]}, "'nocolon'"),
        ({"question": "?", "values": ["thing: cup"]}, "takes no value for the word 'thing'"),
        ({"task": "extract", "schema": "{"}, "not JSON"),
        ({"task": "extract", "schema": '{"type": "thing"}'}, "not a JSON schema"),
        ({"task": "extract"}, "needs a schema"),
        ({"question": "?", "schema": '{"type": "object"}'}, "takes no schema"),
    ],
)
def test_values_and_schemas_that_cannot_be_used_are_refused_with_the_reason(ros, endpoint, request_, words) -> None:
    node = active_reasoner(ros, endpoint)
    Camera(ros, node).film(4)
    response = call(ros, Ask, "ask", **request_)
    assert response.error_code == Ask.Response.INVALID_REQUEST
    assert words in response.error_message


@pytest.mark.parametrize("status", [400, 500])
def test_half_a_character_in_an_endpoint_s_error_does_not_end_the_node(ros, status) -> None:
    with ScriptedServer([json_reply({"error": {"message": "no \ud83d way"}}, status)] * 9) as server:
        node = active_reasoner(ros, server.url, periodic=["describe 0.1"], clip_duration=1.0, time_budget=1.0)
        Camera(ros, node).film(4)
        ros.wait_for(lambda: node.periodic_counts["asked"], what="a periodic question")
        response = call(ros, Ask, "ask", question="What moves?", time_budget=Duration(sec=1))
    assert response.error_code == Ask.Response.ENDPOINT
    assert "no \ufffd way" in response.error_message
