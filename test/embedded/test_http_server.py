"""The HTTP side: errors as vLLM gives them, limits, key, streams, and callers who hang up."""

import http.client
import json
import threading
from urllib.parse import urlsplit

import pytest
from calling import REASON, answer, events, filmed, question, refusal, send, video
from films import SECONDS
from pictures import jpeg, plain

from cosmos_reasoner.embedded.serving import EmbeddedServer, listen
from cosmos_reasoner.embedded.settings import MODEL, Settings
from cosmos_reasoner.errors import ConfigurationError

ASK = question(filmed(seconds=SECONDS[:4]), "What moves?", system=REASON)
SLOWLY = Settings(tokens_per_second=20)


def test_the_model_is_listed_with_its_context(url: str) -> None:
    status, body = send(url, path="/models")

    (model,) = json.loads(body)["data"]
    assert status == 200
    assert model["id"] == MODEL
    assert model["max_model_len"] == 65536


def test_health_and_version_answer(url: str) -> None:
    assert send(url, path="/./health") == (200, "")
    assert "version" in json.loads(send(url, path="/./version")[1])


def test_an_unknown_path_is_404_and_a_wrong_method_405(url: str) -> None:
    assert send(url, path="/embeddings", body={})[0] == 404
    assert send(url, path="/chat/completions")[0] == 405


def test_the_model_may_be_left_out_but_not_be_another(url: str) -> None:
    assert answer(url, ASK)["model"] == MODEL
    assert answer(url, {**ASK, "model": MODEL})["model"] == MODEL
    assert refusal(url, {**ASK, "model": "gpt"}) == (404, "The model `gpt` does not exist.")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"messages": []}, "messages: List should have at least 1 item"),
        ({"messages": [{"role": "tool", "content": "x"}]}, "messages.0.role"),
        ({"temperature": -1}, "temperature"),
        ({"top_p": 0}, "top_p"),
        ({"n": 2}, "n: more than one reply at temperature 0"),
        ({"top_logprobs": 3}, "top_logprobs: set logprobs"),
        ({"logprobs": True, "top_logprobs": 21}, "top_logprobs"),
        ({"max_tokens": 0}, "max_tokens"),
        ({"continue_final_message": True}, "add_generation_prompt"),
        ({"continue_final_message": True, "add_generation_prompt": False}, "the last message must be the assistant's"),
        ({"response_format": {"type": "json_schema"}}, "response_format.json_schema: missing"),
        ({"structured_outputs": {"choice": ["A"], "regex": "A"}}, "give one of"),
        ({"structured_outputs": {"regex": "("}}, "structured_outputs.regex"),
    ],
)
def test_a_wrong_request_is_refused_with_the_place(url: str, change: dict[str, object], reason: str) -> None:
    status, message = refusal(url, {**ASK, **change})

    assert status == 400
    assert reason in message


def test_a_wrong_request_for_a_stream_is_refused_before_the_stream(url: str) -> None:
    assert refusal(url, {**ASK, "stream": True, "n": 2})[0] == 400


def test_what_is_no_json_is_refused(url: str) -> None:
    assert refusal(url, b"\xff{")[0] == 400


def test_null_and_unknown_keys_are_ignored(url: str) -> None:
    said = answer(url, {**ASK, "stop": None, "seed": None, "guided_choice": ["x"], "tools": []})

    assert said["choices"][0]["finish_reason"] == "stop"


def test_a_large_body_is_refused_while_it_comes() -> None:
    with EmbeddedServer(Settings(max_body=50_000)) as server:
        status, message = refusal(server.url, ASK)

    assert status == 413
    assert "50000 bytes" in message


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        (Settings(max_frames=3), "more than 3 frames"),
        (Settings(max_pixels=320 * 240 - 1), "320x240 px; at most 76799 pixels"),
    ],
)
def test_more_frames_or_pixels_than_allowed_are_refused(settings: Settings, reason: str) -> None:
    with EmbeddedServer(settings) as server:
        status, message = refusal(server.url, ASK)

    assert status == 400
    assert reason in message


def test_a_prompt_longer_than_the_context_is_refused(url: str) -> None:
    large = jpeg(plain(756, 756))

    status, message = refusal(url, question(video([large] * 180), "What moves?"))

    assert status == 400
    assert "this model's context is 65536" in message


def test_a_key_is_asked_for_where_there_is_one() -> None:
    with EmbeddedServer(Settings(key="secret")) as server:
        assert send(server.url, path="/models") == (401, '{"error":"Unauthorized"}')
        assert send(server.url, ASK, headers={"Authorization": "secret"})[0] == 401
        assert send(server.url, ASK, headers={"Authorization": "Bearer secret"})[0] == 200
        assert send(server.url, path="/./health")[0] == 200


def test_a_stream_says_token_by_token_what_the_whole_answer_says(url: str) -> None:
    whole = answer(url, ASK)

    chunks = events(url, {**ASK, "stream_options": {"include_usage": True}})

    first, *middle, last, usage = chunks
    assert first["choices"][0]["delta"] == {"role": "assistant", "content": ""}
    assert (
        "".join(chunk["choices"][0]["delta"]["content"] for chunk in middle)
        == (whole["choices"][0]["message"]["content"])
    )
    assert last["choices"][0]["finish_reason"] == "stop"
    assert usage["choices"] == []
    assert usage["usage"] == whole["usage"]
    assert usage["usage"]["completion_tokens"] == len(middle)
    assert {chunk["object"] for chunk in chunks} == {"chat.completion.chunk"}
    assert len({chunk["id"] for chunk in chunks}) == 1


def test_usage_is_streamed_only_when_asked_for(url: str) -> None:
    assert all(chunk["choices"] for chunk in events(url, ASK))


def test_a_limit_of_tokens_cuts_the_reply(url: str) -> None:
    cut = answer(url, {**ASK, "max_tokens": 12})

    assert cut["choices"][0]["finish_reason"] == "length"
    assert cut["usage"]["completion_tokens"] == 12
    whole = answer(url, ASK)["choices"][0]["message"]["content"]
    assert whole.startswith(cut["choices"][0]["message"]["content"])
    assert events(url, {**ASK, "max_completion_tokens": 12})[-1]["choices"][0]["finish_reason"] == "length"


def test_a_stop_text_ends_the_reply_before_it(url: str) -> None:
    said = answer(url, {**ASK, "stop": ["</think>"]})["choices"][0]

    assert said["finish_reason"] == "stop"
    assert said["message"]["content"].startswith("<think>")
    assert "</think>" not in said["message"]["content"]


@pytest.mark.parametrize("stream", [True, False])
def test_a_caller_who_hangs_up_ends_the_generation(stream: bool) -> None:
    with EmbeddedServer(SLOWLY) as server:
        connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=30)
        connection.request("POST", "/v1/chat/completions", json.dumps({**ASK, "stream": stream}))
        if stream:
            connection.getresponse().read1(50)
        else:
            assert server.activity.wait_for("received", 1, timeout=30)
        connection.sock.close() if stream else connection.close()
        connection.close()

        assert server.activity.wait_for("cancelled", 1, timeout=30)
        assert server.activity.counts.running == 0
        assert server.activity.counts.finished == 0


def test_paced_tokens_come_one_after_the_other() -> None:
    with EmbeddedServer(SLOWLY) as server:
        said = events(server.url, {**ASK, "max_tokens": 5})

    assert len(said) == 1 + 5 + 1


def test_callers_are_served_side_by_side(server: EmbeddedServer) -> None:
    before, replies = server.activity.counts.finished, []
    threads = [threading.Thread(target=lambda: replies.append(answer(server.url, ASK))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len({reply["choices"][0]["message"]["content"] for reply in replies}) == 1
    assert server.activity.counts.finished == before + 6


def test_too_many_waiting_callers_are_sent_away() -> None:
    with EmbeddedServer(Settings(tokens_per_second=2, max_waiting=1)) as server:
        connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=30)
        connection.request("POST", "/v1/chat/completions", json.dumps({**ASK, "stream": True}))
        connection.getresponse().read1(50)

        status, message = refusal(server.url, ASK)
        connection.close()

    assert status == 503
    assert "ask again later" in message


def test_a_port_that_is_taken_is_said(server: EmbeddedServer) -> None:
    port = urlsplit(server.url).port

    with pytest.raises(ConfigurationError, match=f"cannot listen on 127.0.0.1:{port}"):
        listen("127.0.0.1", port or 0)
