import asyncio
import gzip
import json
import socket
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import pytest
from asking import BODY, PROFILE, ask
from scripted_server import (
    Ending,
    Reply,
    ScriptedServer,
    chunk,
    event,
    json_reply,
    listing,
    spoken,
    stream,
    usage,
    whole,
)

from cosmos_reasoner.endpoints.client import ChatEndpoint, EndpointClient, ModelCard
from cosmos_reasoner.endpoints.events import Delta, Finish, Token
from cosmos_reasoner.endpoints.profile import AuthScheme, Profile
from cosmos_reasoner.errors import (
    ConfigurationError,
    EndpointError,
    EndpointFailed,
    EndpointUnreachable,
    ModelNotFound,
    ProtocolError,
    RequestRejected,
)

LOGPROBS = {
    "content": [
        {
            "token": "A",
            "logprob": -0.25,
            "top_logprobs": [{"token": "A", "logprob": -0.25}, {"token": "B", "logprob": -2}],
        },
        {"token": "\n", "logprob": 0, "top_logprobs": []},
    ]
}

HELD = stream(chunk(content="one"), ending=Ending.HELD)


def said(*chunks: dict[str, Any] | bytes) -> list[Delta | Finish]:
    """What the client makes of a stream."""
    with ScriptedServer([stream(*chunks)]) as server:
        return ask(server.url)


def headers_sent(
    monkeypatch: pytest.MonkeyPatch, auth: AuthScheme = AuthScheme.BEARER, key: str = ""
) -> list[dict[str, str]]:
    """Headers of both requests on a machine whose owner also uses OpenAI itself."""
    for name in ("OPENAI_API_KEY", "OPENAI_ADMIN_KEY", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID"):
        monkeypatch.setenv(name, "not-for-you")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "Authorization: not-for-you")
    with ScriptedServer([spoken("yes")]) as server:
        ask(server.url, profile=Profile(name="test", auth=auth), key=key)
        return server.headers


def test_the_words_come_as_they_are_written_and_the_end_last() -> None:
    with ScriptedServer([spoken("It falls down")]) as server:
        *deltas, finish = ask(server.url)
    assert deltas == [Delta("It"), Delta(" falls"), Delta(" down")]
    assert finish == Finish("stop", "scripted", completion_tokens=3)


def test_each_piece_is_passed_on_before_the_next_is_written() -> None:
    go_on = threading.Event()

    async def run(url: str) -> list[str]:
        client = EndpointClient(PROFILE, url)
        heard = []
        async for told in client.stream(BODY):
            if isinstance(told, Delta):
                heard.append(told.content)
                go_on.set()
        await client.close()
        return heard

    with ScriptedServer([stream(chunk(content="one"), go_on, chunk("stop", content=" two"))]) as server:
        assert asyncio.run(run(server.url)) == ["one", " two"]


def test_the_body_is_sent_as_it_was_built_with_the_model_added() -> None:
    extra = {"media_io_kwargs": {"video": {"fps": 1000}}}
    with ScriptedServer([spoken("yes")]) as server:
        ask(server.url, {**BODY, "extra_body": extra}, model="mine")
        assert server.bodies == [{**BODY, **extra, "model": "mine"}]


@pytest.mark.parametrize("field", ["reasoning", "reasoning_content"])
def test_the_text_of_a_server_side_reasoning_parser_is_told_apart(field: str) -> None:
    *deltas, _ = said(chunk(**{field: "because"}), chunk(content="yes"), chunk("stop"))
    assert deltas == [Delta(reasoning="because"), Delta("yes")]


def test_of_both_names_for_the_reasoning_the_newer_counts() -> None:
    assert said(chunk(reasoning="new", reasoning_content="old"))[0] == Delta(reasoning="new")


def test_the_newer_name_may_be_empty_beside_the_older() -> None:
    assert said(chunk(reasoning=None, reasoning_content="old"))[0] == Delta(reasoning="old")


def test_log_probabilities_come_with_their_words() -> None:
    first = Token("A", -0.25, (("A", -0.25), ("B", -2.0)))
    assert said(chunk(content="A\n", logprobs=LOGPROBS))[0] == Delta("A\n", tokens=(first, Token("\n", 0.0)))


@pytest.mark.parametrize("delta", [{"content": ""}, {}])
def test_log_probabilities_without_words_are_passed_on(delta: dict[str, str]) -> None:
    told = said(chunk(**delta, logprobs=LOGPROBS))[0]
    assert isinstance(told, Delta)
    assert (told.content, len(told.tokens)) == ("", 2)


@pytest.mark.parametrize(
    "silent",
    [
        chunk(role="assistant"),
        chunk(content=None),
        chunk(content=""),
        chunk(content=None, reasoning=None, tool_calls=None),
        chunk(content="", logprobs={"content": None}),
        {**chunk(), "choices": []},
        {**chunk(), "choices": None},
        {**chunk(), "choices": [{"index": 0, "delta": None, "finish_reason": None}]},
        {**chunk(), "choices": [{"index": 0, "finish_reason": None}]},
        b": a comment, to keep the connection\n\n",
    ],
)
def test_a_chunk_without_words_is_passed_over(silent: dict[str, Any] | bytes) -> None:
    assert said(silent, chunk(content="yes"), silent, chunk("stop")) == [Delta("yes"), Finish("stop", "scripted")]


def test_the_usage_chunk_tells_the_tokens() -> None:
    assert said(chunk("stop", content="yes"), usage(731, 42))[-1] == Finish("stop", "scripted", 731, 42)


def test_a_usage_with_holes_counts_as_zero() -> None:
    partial = {**usage(5, 0), "usage": {"prompt_tokens": None, "completion_tokens": 7}}
    assert said(chunk("stop", content="yes"), partial)[-1] == Finish("stop", "scripted", 0, 7)


@pytest.mark.parametrize("reason", ["stop", "length", "content_filter", "abort"])
def test_the_reason_of_the_end_is_told_as_the_endpoint_says_it(reason: str) -> None:
    assert said(chunk(content="yes"), chunk(reason), usage(1, 1))[-1] == Finish(reason, "scripted", 1, 1)


def test_the_model_is_the_one_that_answered() -> None:
    assert said(chunk("stop", model="the-real-one", content="yes"))[-1] == Finish("stop", "the-real-one")


def test_a_stream_that_ends_without_a_reason_says_so() -> None:
    ended = Reply(200, {"Content-Type": "text/event-stream"}, (event(chunk(content="yes")),))
    with ScriptedServer([ended]) as server:
        assert ask(server.url) == [Delta("yes"), Finish(None, "scripted")]


def test_text_split_inside_a_character_arrives_whole() -> None:
    data = b"data: " + json.dumps(chunk(content="因为"), ensure_ascii=False).encode() + b"\n\n"
    middle = data.index("因".encode()) + 1
    assert said(data[:middle], data[middle:])[0] == Delta("因为")


def test_the_model_is_asked_for_once_and_only_when_it_is_not_named() -> None:
    async def run(url: str, model: str) -> str:
        client = EndpointClient(PROFILE, url, model)
        for _ in range(2):
            async for _ in client.stream(BODY):
                pass
        name = await client.model()
        await client.close()
        return name

    for named, asked in (("", 1), ("mine", 0)):
        with ScriptedServer([spoken("yes")] * 2, models=["first", "second"]) as server:
            assert asyncio.run(run(server.url, named)) == named or "first"
            assert server.paths.count("GET /v1/models") == asked
            assert [body["model"] for body in server.bodies] == [named or "first"] * 2


def test_an_endpoint_that_lists_no_model_is_named() -> None:
    for listed in ({"data": []}, {"data": None}, {}, {"data": [{"id": ""}, {"id": 5}]}, {"data": ["a", None]}):
        with (
            ScriptedServer(models=json_reply(listed)) as server,
            pytest.raises(ModelNotFound, match="name one") as caught,
        ):
            ask(server.url)
        assert server.url in str(caught.value)


def test_an_endpoint_that_lists_no_model_is_asked_again_the_next_time() -> None:
    async def run(url: str) -> None:
        client = EndpointClient(PROFILE, url)
        for _ in range(2):
            with pytest.raises(ModelNotFound):
                await client.model()
        await client.close()

    with ScriptedServer(models=[]) as server:
        asyncio.run(run(server.url))
        assert server.paths.count("GET /v1/models") == 2


@pytest.mark.parametrize("listed", [[], "models", 5, None, {"data": 5}])
def test_a_listing_of_another_form_is_a_protocol_error(listed: Any) -> None:
    with ScriptedServer(models=json_reply(listed)) as server, pytest.raises(EndpointError) as caught:
        ask(server.url)
    assert isinstance(caught.value, ProtocolError)


@pytest.mark.parametrize(("auth", "value"), [(AuthScheme.BEARER, "Bearer my-key"), (AuthScheme.PLAIN, "my-key")])
def test_the_key_travels_as_the_profile_wants_it(monkeypatch: pytest.MonkeyPatch, auth: AuthScheme, value: str) -> None:
    assert [headers["authorization"] for headers in headers_sent(monkeypatch, auth, "my-key")] == [value, value]


@pytest.mark.parametrize("auth", AuthScheme)
def test_without_a_key_nothing_is_sent_that_could_be_one(monkeypatch: pytest.MonkeyPatch, auth: AuthScheme) -> None:
    assert not any("authorization" in headers for headers in headers_sent(monkeypatch, auth))


@pytest.mark.parametrize("key", ["", "my-key"])
def test_nothing_of_the_machine_s_openai_settings_is_sent_to_another_endpoint(
    monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    for headers in headers_sent(monkeypatch, key=key):
        assert "not-for-you" not in "".join(headers.values())


def test_the_address_is_the_profile_s_unless_another_is_given() -> None:
    assert EndpointClient(PROFILE).base_url == PROFILE.base_url
    assert EndpointClient(PROFILE, "http://robot:9/v1").base_url == "http://robot:9/v1"


@pytest.mark.parametrize(
    "url", ["robot", "robot:8000/v1", "ftp://robot/v1", "http:///v1", "http://h:99999/v1", "http://[::1/v1"]
)
def test_an_address_that_is_none_is_refused_at_once(url: str) -> None:
    with pytest.raises(ConfigurationError, match="give one like http://127"):
        EndpointClient(PROFILE, url)


def test_a_trailing_slash_in_the_address_does_no_harm() -> None:
    with ScriptedServer([spoken("yes")]) as server:
        assert ask(server.url + "/")[0] == Delta("yes")


def test_a_client_can_stand_where_an_endpoint_is_wanted() -> None:
    endpoint: ChatEndpoint = EndpointClient(PROFILE)
    assert endpoint.profile is PROFILE


@pytest.mark.parametrize("politely", [False, True])
def test_leaving_the_iteration_early_closes_the_connection(politely: bool) -> None:
    async def run(server: ScriptedServer) -> bool:
        client = EndpointClient(PROFILE, server.url)
        events = client.stream(BODY)
        async for _ in events:
            break
        if politely:
            await events.aclose()  # type: ignore[attr-defined]
        del events
        left = await asyncio.to_thread(server.disconnected.wait, 10)
        await client.close()
        return left

    with ScriptedServer([HELD]) as server:
        assert asyncio.run(run(server))


@pytest.mark.parametrize("pieces", [0, 1])
def test_cancelling_the_task_closes_the_connection_whether_or_not_words_have_come(pieces: int) -> None:
    arrived = threading.Event()

    def reply(_: Any) -> Reply:
        arrived.set()
        return stream(*[chunk(content="one")] * pieces, ending=Ending.HELD)

    async def run(server: ScriptedServer) -> bool:
        client = EndpointClient(PROFILE, server.url)
        heard = asyncio.Event()

        async def listen() -> None:
            async for _ in client.stream(BODY):
                heard.set()

        task = asyncio.create_task(listen())
        await (heard.wait() if pieces else asyncio.to_thread(arrived.wait, 10))
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        left = await asyncio.to_thread(server.disconnected.wait, 10)
        await client.close()
        return left

    with ScriptedServer([reply]) as server:
        assert asyncio.run(run(server))


def test_cancelling_before_the_endpoint_says_anything_closes_the_connection() -> None:
    arrived, go_on = threading.Event(), threading.Event()

    def reply(_: Any) -> Reply:
        arrived.set()
        go_on.wait(10)
        return HELD

    async def run(server: ScriptedServer) -> bool:
        client = EndpointClient(PROFILE, server.url)
        task = asyncio.ensure_future(anext(client.stream(BODY)))  # type: ignore[arg-type]
        await asyncio.to_thread(arrived.wait, 10)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        go_on.set()
        left = await asyncio.to_thread(server.disconnected.wait, 10)
        await client.close()
        return left

    with ScriptedServer([reply]) as server:
        assert asyncio.run(run(server))


def test_after_a_reply_was_left_the_next_is_heard_in_full() -> None:
    async def run(url: str) -> list[Delta | Finish]:
        client = EndpointClient(PROFILE, url)
        async for _ in client.stream(BODY):
            break
        heard = [event async for event in client.stream(BODY)]
        await client.close()
        return heard

    with ScriptedServer([HELD, spoken("two")]) as server:
        assert asyncio.run(run(server.url))[0] == Delta("two")


@pytest.mark.parametrize("model", ["mine", ""], ids=["named", "to be found"])
def test_a_connection_that_is_never_made_is_given_up_soon(monkeypatch: pytest.MonkeyPatch, model: str) -> None:
    """A server whose queue of connections is full does not answer the next one."""
    monkeypatch.setattr("cosmos_reasoner.endpoints.client._CONNECT_SECONDS", 0.3)
    began = time.monotonic()
    with socket.socket() as deaf, ExitStack() as queue:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(0)
        for _ in range(2):
            waiting = queue.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(deaf.getsockname())
        with pytest.raises(EndpointUnreachable, match="did not answer in time"):
            ask(f"http://127.0.0.1:{deaf.getsockname()[1]}/v1", model=model)
    assert time.monotonic() - began < 9.0


def told_at_once(reply: Reply) -> list[Delta | Finish]:
    """What the client makes of a reply that is not streamed."""
    with ScriptedServer([reply]) as server:
        return ask(server.url, {**BODY, "stream": False})


def test_a_reply_that_comes_at_once_is_one_piece_and_its_end() -> None:
    assert told_at_once(whole("It falls")) == [Delta("It falls"), Finish("stop", "scripted", 100, 3)]


@pytest.mark.parametrize("field", ["reasoning", "reasoning_content"])
def test_a_reply_that_comes_at_once_may_have_its_reasoning_apart(field: str) -> None:
    assert told_at_once(whole("yes", **{field: "because"}))[0] == Delta("yes", "because")


def test_a_reply_that_comes_at_once_may_have_no_content() -> None:
    assert told_at_once(whole(None, "length", reasoning="becau"))[0] == Delta(reasoning="becau")
    assert told_at_once(whole(None, "length")) == [Finish("length", "scripted", 100, 3)]


def test_a_reply_that_comes_at_once_has_its_log_probabilities() -> None:
    delta = told_at_once(whole("A\n", logprobs=LOGPROBS))[0]
    assert isinstance(delta, Delta)
    assert [token.text for token in delta.tokens] == ["A", "\n"]


def test_no_stream_is_asked_for_where_none_is_wanted() -> None:
    with ScriptedServer([whole("yes")]) as server:
        ask(server.url, {**BODY, "stream": False})
        assert server.bodies[0]["stream"] is False


def test_a_reply_that_holds_an_error_instead_of_choices_is_one() -> None:
    with pytest.raises(EndpointFailed, match="broke off its answer: engine died"):
        told_at_once(json_reply({"error": {"message": "engine died"}}))
    with pytest.raises(RequestRejected, match="too long"):
        told_at_once(json_reply({"error": {"message": "too long", "code": 400}}))


@pytest.mark.parametrize(
    "reply",
    [
        Reply(200, {"Content-Type": "text/html"}, (b"<html>Please log in</html>",)),
        Reply(200, {"Content-Type": "application/json"}, (b'{"choices": [',)),
        json_reply({"choices": []}),
        json_reply({"choices": None}),
        json_reply({"choices": [None]}),
        json_reply({"choices": [{"message": {"content": 5}}]}),
        json_reply([]),
        json_reply(None),
        stream(chunk(content="streamed all the same")),
        Reply(200, {"Content-Type": "application/json", "Content-Encoding": "gzip"}, (gzip.compress(b"{}")[:9],)),
        Reply(200, {"Content-Type": "application/json", "Content-Encoding": "gzip"}, (b"no gzip at all",)),
    ],
)
def test_a_reply_at_once_of_another_form_is_a_protocol_error(reply: Reply) -> None:
    with pytest.raises(ProtocolError):
        told_at_once(reply)


ZIPPED = {"Content-Type": "text/event-stream", "Content-Encoding": "gzip"}


def test_compression_is_not_asked_for() -> None:
    with ScriptedServer([spoken("yes")]) as server:
        ask(server.url)
        assert {headers["accept-encoding"] for headers in server.headers} == {"identity"}


def test_a_compressed_stream_is_understood_all_the_same() -> None:
    zipped = gzip.compress(event(chunk("stop", content="yes")) + b"data: [DONE]\n\n")
    with ScriptedServer([Reply(200, ZIPPED, (zipped,))]) as server:
        assert ask(server.url) == [Delta("yes"), Finish("stop", "scripted")]


@pytest.mark.parametrize(
    "sent", [gzip.compress(event(chunk("stop", content="yes")))[:-60], b"no gzip at all"], ids=["cut off", "none"]
)
def test_a_compressed_stream_that_is_cut_off_or_none_is_a_protocol_error(sent: bytes) -> None:
    with ScriptedServer([Reply(200, ZIPPED, (sent,))]) as server, pytest.raises(ProtocolError):
        ask(server.url)


NESTED = b"[" * 200_000


@pytest.mark.parametrize("streaming", [True, False])
def test_a_reply_nested_without_end_is_a_protocol_error(streaming: bool) -> None:
    sent = b"data: " + NESTED + b"\n\n" if streaming else NESTED
    kind = "text/event-stream" if streaming else "application/json"
    with ScriptedServer([Reply(200, {"Content-Type": kind}, (sent,))]) as server, pytest.raises(ProtocolError):
        ask(server.url, {**BODY, "stream": streaming})


@pytest.mark.parametrize("odd", ["5", [5], {}, 1.5])
def test_counts_and_reasons_of_another_type_are_unknown(odd: Any) -> None:
    end = chunk(["stop"])  # type: ignore[arg-type]
    counted = {**chunk(), "choices": [], "usage": {"prompt_tokens": odd, "completion_tokens": odd}}
    with ScriptedServer([stream(chunk(content="yes"), end, counted)]) as server:
        finish = ask(server.url)[-1]
    assert isinstance(finish, Finish)
    assert (finish.reason, finish.prompt_tokens, finish.completion_tokens) == (None, 0, 0)


def test_a_page_where_the_models_should_be_listed_says_where_to_look() -> None:
    page = Reply(200, {"Content-Type": "text/html"}, (b"<html>welcome</html>",))
    with ScriptedServer(models=page) as server, pytest.raises(ProtocolError, match="does the address end in /v1"):
        ask(server.url)


MEGABYTE = b"x" * 1_000_000


@pytest.mark.parametrize(
    "reply",
    [
        Reply(200, {"Content-Type": "text/event-stream"}, (b"data: ", *[MEGABYTE] * 100)),
        Reply(200, {"Content-Type": "text/event-stream"}, (MEGABYTE,) * 100),
        Reply(200, {"Content-Type": "text/html"}, (MEGABYTE,) * 100),
    ],
    ids=["a chunk", "a line", "a page"],
)
@pytest.mark.parametrize("streaming", [True, False])
def test_a_reply_without_end_is_ended(reply: Reply, streaming: bool) -> None:
    with ScriptedServer([reply]) as server, pytest.raises(ProtocolError, match="more than 64 MB"):
        ask(server.url, {**BODY, "stream": streaming})


def test_a_model_that_does_not_stop_writing_is_stopped() -> None:
    with (
        ScriptedServer([stream(*[chunk(content="x" * 100_000)] * 50)]) as server,
        pytest.raises(ProtocolError, match="does not stop writing"),
    ):
        ask(server.url)


def test_an_error_of_100_megabytes_is_ended_too() -> None:
    with ScriptedServer([Reply(500, {}, (MEGABYTE,) * 100)]) as server, pytest.raises(EndpointError) as caught:
        ask(server.url)
    assert len(str(caught.value)) < 500


@pytest.mark.parametrize("reason", ["eos", "tool_calls", "因"])
def test_a_reason_for_the_end_that_nobody_knows_is_passed_on(reason: str) -> None:
    assert said(chunk(reason, content="yes"))[-1] == Finish(reason, "scripted")


def test_a_model_is_described_as_the_endpoint_lists_it() -> None:
    async def run(url: str, model: str) -> ModelCard:
        client = EndpointClient(PROFILE, url, model)
        card = await client.describe()
        await client.close()
        return card

    for named, card in (
        ("", ModelCard("first", 8192)),
        ("second", ModelCard("second", 8192)),
        ("not listed", ModelCard("not listed")),
    ):
        with ScriptedServer(models=listing("first", "second", max_model_len=8192)) as server:
            assert asyncio.run(run(server.url, named)) == card


@pytest.mark.parametrize("length", [None, 0, -1, "8192", 8192.5, [8192]])
def test_a_length_that_is_none_is_unknown(length: Any) -> None:
    async def run(url: str) -> int | None:
        client = EndpointClient(PROFILE, url)
        card = await client.describe()
        await client.close()
        return card.max_model_len

    with ScriptedServer(models=listing("first", max_model_len=length)) as server:
        assert asyncio.run(run(server.url)) is None


def held_listing() -> tuple[Reply, threading.Event]:
    """A list of models that waits for the test."""
    go_on = threading.Event()
    ready = listing("first")
    return Reply(200, ready.headers, (go_on, *ready.pieces)), go_on


def test_many_first_requests_ask_for_the_models_once() -> None:
    reply, go_on = held_listing()

    async def run(url: str) -> list[str]:
        client = EndpointClient(PROFILE, url)
        asked = [asyncio.ensure_future(client.model()) for _ in range(5)]
        await asyncio.sleep(0)
        go_on.set()
        names = await asyncio.gather(*asked)
        await client.close()
        return names

    with ScriptedServer(models=reply) as server:
        assert asyncio.run(run(server.url)) == ["first"] * 5
        assert server.paths == ["GET /v1/models"]


def test_a_first_request_that_is_cancelled_leaves_the_second_its_answer() -> None:
    reply, go_on = held_listing()

    async def run(url: str) -> str:
        client = EndpointClient(PROFILE, url)
        first, second = asyncio.ensure_future(client.model()), asyncio.ensure_future(client.model())
        await asyncio.sleep(0)
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
        go_on.set()
        name = await second
        await client.close()
        return name

    with ScriptedServer(models=reply) as server:
        assert asyncio.run(run(server.url)) == "first"
        assert server.paths == ["GET /v1/models"]


def test_a_client_that_is_closed_while_it_looks_for_the_model_leaves_nothing_behind() -> None:
    reply, go_on = held_listing()

    async def run(url: str) -> None:
        client = EndpointClient(PROFILE, url)
        asked = asyncio.ensure_future(client.model())
        await asyncio.sleep(0)
        asked.cancel()
        await client.close()
        go_on.set()

    with ScriptedServer(models=reply) as server:
        asyncio.run(run(server.url))


GONE = json_reply({"error": {"message": "The model does not exist."}}, 404)


def lists(*names: str) -> Callable[[], Reply]:
    """A server that has another model each time."""
    left = iter(names)
    return lambda: listing(next(left))


def test_a_model_that_was_found_and_is_gone_is_looked_for_once_more() -> None:
    with ScriptedServer([GONE, spoken("yes")], lists("old", "new")) as server:
        assert ask(server.url)[0] == Delta("yes")
        assert [body["model"] for body in server.bodies] == ["old", "new"]


def test_a_model_that_is_gone_though_it_is_listed_is_asked_once() -> None:
    with ScriptedServer([GONE] * 2, lists("same", "same")) as server, pytest.raises(ModelNotFound):
        ask(server.url)
    assert len(server.bodies) == 1


def test_a_second_model_that_is_gone_is_the_end() -> None:
    with ScriptedServer([GONE] * 3, lists("one", "two", "three")) as server, pytest.raises(ModelNotFound):
        ask(server.url)
    assert [body["model"] for body in server.bodies] == ["one", "two"]


def test_a_model_that_was_named_is_not_replaced() -> None:
    with ScriptedServer([GONE]) as server, pytest.raises(ModelNotFound):
        ask(server.url, model="mine")
    assert server.paths == ["POST /v1/chat/completions"]


def counts(server: ScriptedServer, times: int = 1, key: str = "") -> list[int | None]:
    """What an endpoint counts."""

    async def run() -> list[int | None]:
        client = EndpointClient(PROFILE, server.url, "mine", key)
        counted = [await client.count_tokens(BODY["messages"]) for _ in range(times)]
        await client.close()
        return counted

    return asyncio.run(run())


TOKENIZE = "POST /tokenize"


def test_an_endpoint_that_can_counts_the_tokens_of_a_prompt() -> None:
    with ScriptedServer(others={TOKENIZE: json_reply({"count": 731, "tokens": []})}) as server:
        assert counts(server, key="my-key") == [731]
        assert server.headers[-1]["authorization"] == "Bearer my-key"


@pytest.mark.parametrize("status", [401, 403, 404, 405, 501])
def test_an_endpoint_that_does_not_count_for_us_is_asked_once(status: int) -> None:
    with ScriptedServer(others={TOKENIZE: json_reply({"error": "no"}, status)}) as server:
        assert counts(server, times=3) == [None] * 3
        assert server.paths == [TOKENIZE]


@pytest.mark.parametrize(
    "reply",
    [
        json_reply({"error": "busy"}, 503),
        json_reply({"error": "too long"}, 400),
        json_reply({}),
        json_reply([]),
        json_reply({"count": "731"}),
        Reply(200, {}, (NESTED,)),
        Reply(200, {}, (b"<html>",)),
        Reply(200, {}, (b'{"count"',), Ending.CUT_OFF),
        Reply(200, {}, (MEGABYTE,) * 100),
    ],
)
def test_a_count_that_fails_is_none_and_may_be_asked_for_again(reply: Reply) -> None:
    with ScriptedServer(others={TOKENIZE: reply}) as server:
        assert counts(server, times=2) == [None, None]
        assert server.paths == [TOKENIZE] * 2


def test_a_count_that_takes_too_long_is_none() -> None:
    with ScriptedServer(others={TOKENIZE: Reply(200, {}, (), Ending.HELD)}) as server:
        assert counts(server) == [None]
        assert server.disconnected.wait(10)


def test_where_nobody_is_nothing_is_counted() -> None:
    async def run() -> int | None:
        client = EndpointClient(PROFILE, "http://127.0.0.1:9/v1")
        counted = await client.count_tokens(BODY["messages"])
        await client.close()
        return counted

    assert asyncio.run(run()) is None


def test_an_address_with_a_password_is_refused_without_it() -> None:
    with pytest.raises(ConfigurationError, match="it holds a user or password") as caught:
        EndpointClient(PROFILE, "http://me:s3cr3t@robot:8000/v1")
    assert "s3cr3t" not in str(caught.value)
