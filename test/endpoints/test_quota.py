import asyncio
from dataclasses import replace

import pytest
from asking import BODY, PROFILE, ask
from hypothesis import given
from hypothesis import strategies as st
from scripted_server import Reply, ScriptedServer, json_reply, spoken

from cosmos_reasoner.endpoints.client import EndpointClient
from cosmos_reasoner.endpoints.quota import Quota, read_quota
from cosmos_reasoner.errors import EndpointError, QuotaExhausted, RateLimited

MODELSCOPE = {
    "modelscope-ratelimit-requests-limit": "2000",
    "modelscope-ratelimit-requests-remaining": "1500",
    "modelscope-ratelimit-model-requests-limit": "200",
    "modelscope-ratelimit-model-requests-remaining": "10",
}


def refused(headers: dict[str, str]) -> EndpointError:
    """The error of a 429 with these headers."""
    with (
        ScriptedServer([Reply(429, headers, (b"too many",))]) as server,
        pytest.raises(RateLimited, match="429") as caught,
    ):
        ask(server.url)
    return caught.value


def test_modelscope_counts_a_day_s_requests_and_those_to_the_model() -> None:
    assert read_quota(MODELSCOPE) == Quota(2000, 1500, 200, 10, daily=True)


def test_other_providers_count_requests_only() -> None:
    headers = {"x-ratelimit-limit-requests": "60", "x-ratelimit-remaining-requests": "59"}
    assert read_quota(headers) == Quota(60, 59)


def test_half_of_the_headers_is_enough() -> None:
    assert read_quota({"x-ratelimit-remaining-requests": "3"}) == Quota(remaining=3)
    assert read_quota({"modelscope-ratelimit-model-requests-remaining": "0"}) == Quota(model_remaining=0, daily=True)


@pytest.mark.parametrize("value", ["", "many", "-1", "1.5", "²", "9" * 5000])
def test_a_header_that_is_no_number_says_nothing(value: str) -> None:
    assert read_quota({"x-ratelimit-remaining-requests": value}) is None


def test_the_scarcer_of_both_counts() -> None:
    quota = read_quota(MODELSCOPE)
    assert quota is not None
    assert quota.share == 0.05
    assert not quota.is_used_up
    assert replace(quota, model_remaining=0).is_used_up


def test_without_a_limit_the_share_is_unknown() -> None:
    assert Quota(remaining=3).share is None
    assert Quota(limit=0, remaining=0).share is None


@given(st.dictionaries(st.sampled_from([*MODELSCOPE, "x-ratelimit-remaining-requests"]), st.text()))
def test_whatever_the_headers_hold_they_can_be_read(headers: dict[str, str]) -> None:
    quota = read_quota(headers)
    assert quota is None or quota != Quota()


def test_a_client_knows_the_quota_from_answers_and_from_errors_and_keeps_it_where_nothing_is_said() -> None:
    answered = replace(spoken("yes"), headers={**spoken("").headers, **MODELSCOPE})
    later = {**MODELSCOPE, "modelscope-ratelimit-model-requests-remaining": "9"}
    failed = Reply(500, later, (b"no",))

    async def run(url: str) -> list[int | None]:
        client = EndpointClient(PROFILE, url)
        assert client.quota is None
        left = []
        for _ in range(3):
            try:
                async for _ in client.stream(BODY):
                    pass
            except EndpointError:
                pass
            left.append(client.quota.model_remaining if client.quota else None)
        await client.close()
        return left

    with ScriptedServer([answered, failed, spoken("yes")]) as server:
        assert asyncio.run(run(server.url)) == [10, 9, 9]


def test_a_429_with_nothing_left_of_the_day_means_until_tomorrow() -> None:
    error = refused({"modelscope-ratelimit-requests-remaining": "0"})
    assert type(error) is QuotaExhausted
    assert "until tomorrow" in str(error)


@pytest.mark.parametrize("headers", [{}, MODELSCOPE, *({"x-ratelimit-remaining-requests": left} for left in "01")])
def test_a_429_with_something_left_or_nothing_of_the_minute_means_slow_down(headers: dict[str, str]) -> None:
    assert type(refused(headers)) is RateLimited


@pytest.mark.parametrize(("wait", "kind"), [("30", RateLimited), ("36000", QuotaExhausted)])
def test_who_may_come_back_within_a_minute_has_not_used_up_a_day(wait: str, kind: type[RateLimited]) -> None:
    error = refused({"x-ratelimit-remaining-requests": "0", "Retry-After": wait})
    assert type(error) is kind
    assert error.retry_after == float(wait)


def test_an_account_without_means_is_asked_no_more_today() -> None:
    refusal = json_reply({"error": {"message": "Insufficient Balance"}}, 402)
    with ScriptedServer([refusal]) as server, pytest.raises(QuotaExhausted, match="Insufficient Balance"):
        ask(server.url)
