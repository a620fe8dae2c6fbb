"""A key is in nothing that comes out of a question: no exception, cause, trace, log, state or result."""

import asyncio
import logging
import socket
import traceback
from dataclasses import astuple

import pytest
from pictures import raw_frame, square
from scripted_server import Ending, Reply, ScriptedServer, chunk, json_reply, spoken, stream

from cosmos_reasoner.clips.clip import Clip
from cosmos_reasoner.endpoints.client import EndpointClient
from cosmos_reasoner.endpoints.profile import AuthScheme
from cosmos_reasoner.endpoints.profile_files import load_profile
from cosmos_reasoner.errors import EndpointError
from cosmos_reasoner.reasoning.reasoner import Reasoner
from cosmos_reasoner.reasoning.time_budget import TimeBudget
from cosmos_reasoner.tasks.library import TaskLibrary
from cosmos_reasoner.tasks.task import Question

SECRET = "s3cr3t-k3y"
CLIP = Clip.of([raw_frame(square(0))])
REPEATED = f"no such key: {SECRET}"

REPLIES = {
    "an answer": spoken("<think>I look.</think><answer>yes</answer>"),
    "401": json_reply({"error": REPEATED}, 401),
    "400": json_reply({"error": {"message": REPEATED}}, 400),
    "422": json_reply({"detail": {"header": f"Bearer {SECRET}"}}, 422),
    "429": json_reply({"error": {"message": REPEATED}}, 429, Retry_After="60"),
    "500": Reply(500, {"Content-Type": "text/html"}, (REPEATED.encode(),)),
    "inside a stream": stream(chunk(content="<think>I"), {"error": {"message": REPEATED}}),
    "no chunk": stream({"choices": [{"delta": {"content": {"key": SECRET}}}]}),
    "a page": Reply(200, {"Content-Type": "text/html"}, (REPEATED.encode(),)),
    "a broken connection": stream(ending=Ending.RESET),
}


def everything(error: BaseException) -> str:
    """An exception as any program could print it, with all that led to it."""
    told = "".join(traceback.format_exception(error))
    while error is not None:
        told += f"{error} {error!r} {getattr(error, 'body', '')}"
        error = error.__cause__ or error.__context__
    return told


def outcome(*urls: str, auth: AuthScheme = AuthScheme.BEARER) -> str:
    """All that one question leaves behind, as text."""
    profile = load_profile("embedded").model_copy(update={"auth": auth})

    async def ask() -> str:
        clients = [EndpointClient(profile, url, "m", SECRET) for url in urls]
        reasoner = Reasoner(clients, TaskLibrary.load())
        try:
            told = repr(astuple(await reasoner.reason(Question(text="?"), CLIP, TimeBudget(20.0))))
        except EndpointError as error:
            told = everything(error)
        finally:
            for client in clients:
                await client.close()
        return told + "".join(route.name + route.breaker.reason for route in reasoner.failover.routes)

    return asyncio.run(ask())


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """The log of everything, at its most talkative."""
    caplog.set_level(logging.DEBUG)
    for library in ("openai", "httpx", "httpx2", "httpcore"):
        caplog.set_level(logging.DEBUG, library)
    return caplog


@pytest.mark.parametrize("reply", REPLIES.values(), ids=REPLIES)
@pytest.mark.parametrize("auth", AuthScheme)
def test_an_endpoint_that_repeats_the_key_does_not_spread_it(
    reply: Reply, auth: AuthScheme, logged: pytest.LogCaptureFixture
) -> None:
    with ScriptedServer([reply] * 3) as first, ScriptedServer([reply] * 3) as second:
        told = outcome(first.url, second.url, auth=auth)
        assert SECRET in first.headers[-1]["authorization"]
    assert told
    assert SECRET not in told
    assert logged.records
    assert SECRET not in logged.text + "".join(repr(vars(record)) for record in logged.records)


@pytest.mark.parametrize("reply", [REPLIES["401"], REPLIES["a page"]], ids=["401", "a page"])
def test_a_list_of_models_that_repeats_the_key_does_not_spread_it(reply: Reply) -> None:
    async def ask(url: str) -> str:
        client = EndpointClient(load_profile("embedded"), url, key=SECRET)
        with pytest.raises(EndpointError) as caught:
            await client.model()
        await client.close()
        return everything(caught.value)

    with ScriptedServer(models=reply) as server:
        assert SECRET not in asyncio.run(ask(server.url))


def test_where_nobody_listens_the_key_is_not_told_either(logged: pytest.LogCaptureFixture) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        assert SECRET not in outcome(f"http://127.0.0.1:{taken.getsockname()[1]}/v1")
    assert SECRET not in logged.text
