import asyncio
import json
import socket
import traceback
from importlib import import_module
from typing import Any

import openai
import pytest
from asking import ask
from scripted_server import Ending, Reply, ScriptedServer, chunk, event, json_reply, stream

from cosmos_reasoner.endpoints.failures import translated
from cosmos_reasoner.errors import (
    AccessDenied,
    AuthenticationFailed,
    Cancelled,
    EndpointError,
    EndpointFailed,
    EndpointOverloaded,
    EndpointUnreachable,
    ModelNotFound,
    ProtocolError,
    QuotaExhausted,
    RateLimited,
    RequestRejected,
)

httpx = import_module(openai.Timeout.__init__.__module__.partition(".")[0])
SECRET = "s3cr3t-k3y"
HTML = Reply(200, {"Content-Type": "text/html"}, (b"<html><body>Please log in.</body></html>",))


def failure(reply: Reply, key: str = "") -> EndpointError:
    """The error that a reply causes."""
    with ScriptedServer([reply]) as server, pytest.raises(EndpointError) as caught:
        ask(server.url, key=key)
    assert server.url in str(caught.value)
    assert len(server.bodies) == 1, "it was asked again"
    return caught.value


def every(kind: type[Exception]) -> list[type[Exception]]:
    """A class of exceptions with all that is below it."""
    return [kind, *(deeper for below in kind.__subclasses__() for deeper in every(below))]


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, RequestRejected),
        (401, AuthenticationFailed),
        (402, QuotaExhausted),
        (403, AccessDenied),
        (404, ModelNotFound),
        (405, ModelNotFound),
        (408, EndpointOverloaded),
        (409, RequestRejected),
        (413, RequestRejected),
        (418, RequestRejected),
        (422, RequestRejected),
        (429, RateLimited),
        (500, EndpointFailed),
        (501, EndpointFailed),
        (502, EndpointOverloaded),
        (503, EndpointOverloaded),
        (504, EndpointOverloaded),
        (529, EndpointOverloaded),
        (599, EndpointFailed),
    ],
)
def test_every_status_has_its_error_with_the_endpoint_s_own_words(status: int, kind: type[EndpointError]) -> None:
    error = failure(json_reply({"error": {"message": "It is like this.", "code": status}}, status))
    assert type(error) is kind
    assert f"answered {status}: It is like this." in str(error)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"error": "Unauthorized"}, "Unauthorized"),
        ({"detail": [{"loc": ["body", "messages"], "msg": "at most 5 images"}]}, "at most 5 images"),
        ({"message": "too long"}, "too long"),
        ({"error": {"message": None, "type": "BadRequest"}}, "BadRequest"),
        (["odd"], "odd"),
        ({}, "Error code: 422"),
    ],
)
def test_whatever_form_the_reason_has_it_is_passed_on(body: Any, words: str) -> None:
    assert words in str(failure(json_reply(body, 422)))


def test_a_refused_key_says_where_to_look() -> None:
    assert "is the key right" in str(failure(json_reply({"error": "Unauthorized"}, 401)))


def test_a_denied_key_says_that_the_account_may_not_be_verified() -> None:
    assert "ModelScope says so" in str(failure(json_reply({"error": "Forbidden"}, 403)))


def test_an_address_that_has_moved_is_no_refusal_of_the_request() -> None:
    assert type(failure(Reply(304))) is ProtocolError


def test_an_unknown_model_or_address_says_where_to_look() -> None:
    assert "the model's name right" in str(failure(json_reply({"detail": "Not Found"}, 404)))


def test_a_page_of_html_behind_an_error_is_quoted() -> None:
    error = failure(Reply(502, {"Content-Type": "text/html"}, (b"<h1>Bad\n  Gateway</h1>",)))
    assert "answered 502: <h1>Bad Gateway</h1>" in str(error)


def test_an_endless_reason_is_cut_short() -> None:
    assert len(str(failure(json_reply({"error": {"message": "x" * 10_000}}, 400)))) < 400


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("You have exceeded today's quota, please try again tomorrow", QuotaExhausted),
        ("Rate limit reached: 1000 requests per day", QuotaExhausted),
        ("Daily limit exceeded", QuotaExhausted),
        ("Too many requests, slow down", RateLimited),
        ("60 requests per minute", RateLimited),
    ],
)
def test_a_quota_of_the_day_is_known_by_its_words_where_no_header_tells(words: str, kind: type[EndpointError]) -> None:
    assert type(failure(json_reply({"error": {"message": words}}, 429))) is kind


def test_a_wait_of_seconds_is_no_quota_of_the_day_whatever_the_words_say() -> None:
    assert type(failure(json_reply({"error": "1000 requests per day"}, 429, Retry_After="2"))) is RateLimited


def test_nothing_left_of_this_minute_is_not_nothing_left_of_today() -> None:
    left = {"x_ratelimit_remaining_requests": "0", "x_ratelimit_reset_requests": "1s"}
    assert type(failure(json_reply({"error": "slow down"}, 429, **left))) is RateLimited


def test_an_address_that_leads_elsewhere_than_to_http_is_not_asked_again() -> None:
    error = failure(Reply(307, {"Location": "ftp://127.0.0.1/"}))
    assert type(error) is ProtocolError
    assert "leads nowhere" in str(error)


NOW = "Wed, 21 Oct 2015 07:28:00 GMT"


@pytest.mark.parametrize(
    ("asked", "seconds"),
    [
        ("7", 7.0),
        ("1.5", 1.5),
        ("-3", 0.0),
        ("1e9", 86400.0),
        ("Wed, 21 Oct 2015 07:28:30 GMT", 30.0),
        ("Wed, 21 Oct 2015 07:27:00 GMT", 0.0),
        ("Wed, 21 Oct 2099 07:28:00 GMT", 86400.0),
    ],
)
@pytest.mark.parametrize(("status", "kind"), [(429, RateLimited), (503, EndpointOverloaded)])
def test_the_wait_that_a_gateway_asks_for_is_told(
    asked: str, seconds: float, status: int, kind: type[EndpointError]
) -> None:
    error = failure(Reply(status, {"Retry-After": asked, "Date": NOW}, (b"slow down",)))
    assert type(error) is kind
    assert error.retry_after == seconds


FAR = "Mon, 01 Jan 2026 09:09:09 +9999999999999"


@pytest.mark.parametrize(
    "asked", ["", "soon", "nan", "inf", "Wed, 21 Oct 2015 07:28:30 -0000", "Wed, 99 Oct 2015", FAR]
)
def test_a_wait_that_cannot_be_read_is_none(asked: str) -> None:
    assert failure(Reply(429, {"Retry-After": asked, "Date": NOW}, (b"slow down",))).retry_after is None


@pytest.mark.parametrize(
    ("error", "kind", "words"),
    [
        ({"message": "engine died", "type": "InternalServerError", "code": 500}, EndpointFailed, "engine died"),
        ({"message": "too long", "type": "BadRequestError", "code": 400}, RequestRejected, "too long"),
        ({"message": "slow down", "code": 429}, RateLimited, "slow down"),
        ({"message": "engine died", "code": "internal"}, EndpointFailed, "engine died"),
        ({"message": "engine died", "code": 7}, EndpointFailed, "engine died"),
        ("engine died", EndpointFailed, "engine died"),
    ],
)
def test_an_error_inside_a_stream_is_one(error: Any, kind: type[EndpointError], words: str) -> None:
    caught = failure(stream(chunk(content="It"), {"error": error}))
    assert type(caught) is kind
    assert f"broke off its answer: {words}" in str(caught)


@pytest.mark.parametrize(
    "reply",
    [
        HTML,
        Reply(200, {"Content-Type": "text/event-stream"}),
        stream(),
        json_reply({"id": "1", "object": "chat.completion", "choices": [{"message": {"content": "not streamed"}}]}),
        stream({**chunk(), "choices": []}),
        stream({"object": "error", "message": "an older server's error", "code": 400}),
    ],
)
def test_a_reply_without_any_chunk_is_no_answer(reply: Reply) -> None:
    error = failure(reply)
    assert type(error) is ProtocolError
    assert "no chunk of a chat completion" in str(error)


def test_html_instead_of_a_list_of_models_is_no_answer() -> None:
    with ScriptedServer(models=HTML) as server, pytest.raises(ProtocolError, match="something else than the chat API"):
        ask(server.url)


@pytest.mark.parametrize(
    "piece",
    [
        b'data: {"choices": [{"index": 0, "del\n\n',
        b"data: <html>\n\n",
        b'data: {"choices": "\xff\xfe"}\n\n',
        event(5),
        event(None),
        event([]),
        event({"choices": "abc"}),
        event({"choices": [None]}),
        event({"choices": [{"delta": "yes"}]}),
        event(chunk(content=5)),
        event(chunk(content=["yes"])),
        event(chunk(reasoning={"why": "so"})),
        event(chunk(content="A", logprobs=5)),
        event(chunk(content="A", logprobs={"content": [{"token": "A"}]})),
        event({**chunk(content="A"), "usage": 5}),
    ],
)
def test_a_chunk_of_another_form_is_a_protocol_error(piece: bytes) -> None:
    assert type(failure(stream(chunk(content="It"), piece, chunk(content=" falls")))) is ProtocolError


@pytest.mark.parametrize("ending", [Ending.CUT_OFF, Ending.RESET])
@pytest.mark.parametrize("chunks", [[], [chunk(content="It")]])
def test_a_connection_that_breaks_in_mid_reply_is_an_error(ending: Ending, chunks: list[dict[str, Any]]) -> None:
    error = failure(stream(*chunks, ending=ending))
    assert type(error) is EndpointUnreachable
    assert "the connection broke: " in str(error)
    assert not str(error).endswith(": ")


def test_an_endpoint_that_is_not_there_is_named() -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{nobody.getsockname()[1]}/v1"
        with pytest.raises(EndpointUnreachable, match=f"{url} cannot be reached"):
            ask(url)


@pytest.mark.parametrize(
    "reply",
    [
        json_reply({"error": f"no such key: {SECRET}"}, 401),
        json_reply({"error": {"message": f"no such key: {SECRET}"}}, 400),
        json_reply({"detail": {"header": f"Bearer {SECRET}"}}, 422),
        Reply(502, {"Content-Type": "text/html"}, (b"x" * 295 + SECRET.encode(),)),
        stream(chunk(content="It"), {"error": {"message": f"no such key: {SECRET}"}}),
    ],
)
def test_a_key_that_the_endpoint_repeats_is_in_no_message_and_no_trace(reply: Reply) -> None:
    error: BaseException | None = failure(reply, key=SECRET)
    assert SECRET not in "".join(traceback.format_exception(error))
    assert SECRET[:5] not in str(error)
    while error is not None:
        assert SECRET not in repr(error)
        error = error.__cause__ or error.__context__


def test_the_cause_is_kept_for_the_log_where_it_holds_no_key() -> None:
    assert isinstance(failure(json_reply({}, 400), key=SECRET).__cause__, openai.APIStatusError)


REQUEST = httpx.Request("POST", "http://robot/v1")


def foreign(kind: type[Exception]) -> Exception:
    """An exception of a library, as the library would make it."""
    if issubclass(kind, openai.APIStatusError):
        return kind("no", response=httpx.Response(418, request=REQUEST), body=None)
    if issubclass(kind, openai.APIResponseValidationError):
        return kind(response=httpx.Response(200, request=REQUEST), body=None)
    if issubclass(kind, openai.APIConnectionError):
        return kind(request=REQUEST)
    if kind is openai.APIError:
        return kind("no", request=REQUEST, body=None)  # type: ignore[call-arg]
    return kind.__new__(kind, "no")


@pytest.mark.parametrize(
    "kind",
    [*every(openai.OpenAIError), *every(httpx.HTTPError), json.JSONDecodeError, UnicodeDecodeError],
    ids=lambda kind: kind.__name__,
)
def test_every_exception_of_the_libraries_becomes_one_of_ours(kind: type[Exception]) -> None:
    with pytest.raises(EndpointError, match="robot"), translated("robot"):
        raise foreign(kind)


def test_silence_becomes_an_error_that_says_so() -> None:
    with pytest.raises(EndpointUnreachable, match="robot did not answer in time"), translated("robot"):
        raise openai.APITimeoutError(request=REQUEST)


@pytest.mark.parametrize("error", [Cancelled("by the caller"), asyncio.CancelledError(), KeyboardInterrupt()])
def test_what_is_no_failure_of_the_endpoint_passes_through(error: BaseException) -> None:
    with pytest.raises(type(error)) as caught, translated("robot"):
        raise error
    assert caught.value is error
