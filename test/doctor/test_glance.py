"""The cheap look."""

import asyncio

import pytest
from scripted_server import Ending, ScriptedServer, json_reply, listing, stream

from cosmos_reasoner.doctor.glance import Glance, glance, quota_text
from cosmos_reasoner.embedded.serving import EmbeddedServer
from cosmos_reasoner.endpoints.client import EndpointClient
from cosmos_reasoner.endpoints.profile import Profile
from cosmos_reasoner.endpoints.quota import Quota
from cosmos_reasoner.errors import AuthenticationFailed, EndpointUnreachable


def glanced(url: str) -> Glance:
    async def run() -> Glance:
        client = EndpointClient(Profile(name="test"), url)
        try:
            return await glance(client)
        finally:
            await client.close()

    return asyncio.run(run())


def test_the_embedded_endpoint_is_named_with_its_context() -> None:
    with EmbeddedServer() as server:
        assert str(glanced(server.url)).startswith(f"{server.url} serves embedded-motion, context 65536 tokens")


def test_all_that_is_known_stands_in_one_line() -> None:
    cards = listing("m", max_model_len=4096)
    headers = {"x-ratelimit-limit-requests": "60", "x-ratelimit-remaining-requests": "59"}
    cards = type(cards)(200, {**cards.headers, **headers}, cards.pieces)
    with ScriptedServer(models=cards, others={"GET /version": json_reply({"version": "0.32.0"})}) as server:
        expected = "serves m, context 4096 tokens, server version 0.32.0, 59 of 60 requests left"
        assert str(glanced(server.url)) == f"{server.url} {expected}"
        assert sorted(server.paths) == ["GET /v1/models", "GET /version"]


@pytest.mark.parametrize("page", [json_reply({}, 404), json_reply({"version": 7}), json_reply(["0.32.0"])])
def test_a_server_without_a_version_has_none(page: object) -> None:
    with ScriptedServer(others={"GET /version": page}) as server:  # type: ignore[dict-item]
        assert str(glanced(server.url)) == f"{server.url} serves scripted"


def test_an_endpoint_that_does_not_answer_is_given_up_soon() -> None:
    with (
        ScriptedServer(models=stream(ending=Ending.HELD)) as server,
        pytest.raises(EndpointUnreachable, match="within"),
    ):
        glanced(server.url)


def test_a_refused_key_is_said() -> None:
    refusal = json_reply({"error": "Unauthorized"}, 401)
    with ScriptedServer(models=refusal) as server, pytest.raises(AuthenticationFailed):
        glanced(server.url)


def test_a_quota_is_told_for_the_account_and_for_the_model() -> None:
    told = quota_text(Quota(2000, 1990, 200, None, daily=True)), quota_text(Quota(None, 3, 200, 4))
    assert told == ("1990 of 2000 requests left today", "3 of ? requests left, 4 of 200 requests left for this model")
