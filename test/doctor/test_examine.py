"""The whole examination, of servers of many kinds."""

import asyncio
from dataclasses import replace

import pytest
from scripted_server import Ending, Reply, ScriptedServer, json_reply, stream
from server_kinds import Kind, KindServer

from cosmos_reasoner.clips.encode import MediaForm
from cosmos_reasoner.clips.processors import ProcessorName
from cosmos_reasoner.doctor.bench import Bench, Trial, question
from cosmos_reasoner.doctor.examine import Report, examine
from cosmos_reasoner.doctor.finding import Finding, Level
from cosmos_reasoner.embedded.serving import EmbeddedServer
from cosmos_reasoner.endpoints.client import EndpointClient
from cosmos_reasoner.endpoints.profile import AuthScheme, ClosingMode, ConstraintMode, Profile, TimeMode
from cosmos_reasoner.endpoints.profile_files import load_profile
from cosmos_reasoner.errors import AuthenticationFailed, EndpointUnreachable, RequestRejected

VLLM = Kind()
QWEN3 = Kind(model="Qwen/Qwen3-VL-8B-Thinking", processor=ProcessorName.QWEN3_VL)
QWEN3_WITH_EVERYTHING = replace(QWEN3, refuses=frozenset(), parser=True, switch=True)
GATEWAY = Kind(
    model="some-model",
    fields={},
    refuses=frozenset({"video_url", "uuid", "structured_outputs", "response_format", "logprobs", "top_logprobs"})
    | {"continue_final_message", "chat_template_kwargs", "media_io_kwargs"},
)
IGNORANT = replace(
    GATEWAY, refuses=frozenset(), ignores=GATEWAY.refuses | {"add_generation_prompt", "thinking_token_budget"}
)


class MediaHung(KindServer):
    """A server that takes requests with pictures or clips, and never answers them."""

    def answer(self, path: str, headers: dict[str, str], body: bytes) -> Reply:
        said = super().answer(path, headers, body)
        return stream(ending=Ending.HELD) if b"_url" in body else said


def examined(kind: Kind, start: Profile | None = None, key: str = "") -> Report:
    with KindServer(kind) as server:
        return asyncio.run(examine(server.url, "", key, start))


def found(report: Report, name: str) -> Finding:
    return next(finding for finding in report.findings if finding.name == name)


def test_a_vllm_without_flags_drops_frames_silently_and_can_do_all_else() -> None:
    report = examined(VLLM)
    assert (report.base, report.server) == ("cosmos_reason1", "vLLM 0.32.0")
    assert "32 of 40" in found(report, "jpeg_sequence").text
    assert "--media-io-kwargs" in found(report, "jpeg_sequence").advice
    assert "2 frames a second" in found(report, "mp4").text
    assert {finding.name for finding in report.findings if finding.level is Level.WARN} == {"jpeg_sequence", "mp4"}
    assert report.profile == load_profile("cosmos_reason1").model_copy(update={"base_url": report.url})


def test_a_server_started_as_advised_keeps_all_frames() -> None:
    report = examined(replace(VLLM, keeps=99, rate=4.0))
    assert [finding for finding in report.findings if finding.level in (Level.WARN, Level.ERROR)] == []


def test_a_model_of_another_name_is_taken_for_the_family_whose_tokens_it_counts() -> None:
    assert examined(replace(VLLM, model="mine")).base == "qwen2_5_vl"
    assert examined(replace(QWEN3, model="mine")).base == "qwen3_vl"


def test_constraints_behind_a_parser_s_reasoning_are_found_to_hold() -> None:
    report = examined(QWEN3_WITH_EVERYTHING)
    assert found(report, "times of frames").level is Level.OK
    assert found(report, "constraints").text == "hold behind the reasoning"
    assert report.profile == load_profile("qwen3_vl").model_copy(update={"base_url": report.url})


def test_a_model_that_cannot_be_told_times_beside_the_request_gets_them_as_text() -> None:
    report = examined(replace(QWEN3, images=8))
    assert "--trust-request-mm-kwargs" in found(report, "times of frames").advice
    assert (report.profile.media.form, report.profile.media.time) == (MediaForm.IMAGES, TimeMode.TEXT)
    assert report.profile.media.max_frames == 8


def test_as_many_pictures_as_the_profile_has_are_no_limit() -> None:
    report = examined(replace(QWEN3, images=64), load_profile("qwen3_vl"))
    assert report.profile.media.form is MediaForm.IMAGES
    assert found(report, "images").text == "at least 64 in one request"
    assert report.profile.media.max_frames == 64


def test_fewer_pictures_than_the_profile_has_are_a_limit() -> None:
    report = examined(replace(GATEWAY, images=5))
    assert found(report, "images").text == "at least 4 in one request, but not 32"
    assert report.profile.media.max_frames == 4


@pytest.mark.parametrize(("kind", "name"), [(QWEN3, "cosmos_reason1"), (VLLM, "qwen3_vl")])
def test_coordinates_are_those_of_the_family_that_reads_the_pictures(kind: Kind, name: str) -> None:
    profile = examined(kind, load_profile(name)).profile
    family = load_profile({"cosmos_reason1": "qwen3_vl", "qwen3_vl": "qwen2_5_vl"}[name])
    assert profile.media.processor is kind.processor is family.media.processor
    assert profile.prompting.coordinates == family.prompting.coordinates


def test_without_a_parser_constraints_take_in_the_reasoning() -> None:
    assert examined(QWEN3).profile.constraint is ConstraintMode.REGEX


def test_a_parser_that_switches_constraints_off_is_advised_against() -> None:
    report = examined(replace(VLLM, parser=True, switch=True, ignores=frozenset({"thinking_token_budget"})))
    assert "without --reasoning-parser" in found(report, "constraints").advice
    assert report.profile.constraint is ConstraintMode.NONE


def test_a_gateway_that_refuses_much_gets_pictures_and_plain_questions() -> None:
    report = examined(GATEWAY)
    profile = report.profile
    assert (profile.media.form, profile.media.time) == (MediaForm.IMAGES, TimeMode.TEXT)
    assert (profile.constraint, profile.closing) == (ConstraintMode.NONE, ClosingMode.ASK_AGAIN)
    assert (profile.logprobs, profile.media.uuid) == (0, False)
    assert found(report, "mp4").text.startswith("refused: 400")


def test_what_a_gateway_ignores_is_a_warning_and_not_used() -> None:
    report = examined(IGNORANT)
    for name in ("structured_outputs.choice", "structured_outputs.regex", "structured_outputs.json", "prefill"):
        assert found(report, name).level is Level.WARN
        assert "ignored" in found(report, name).text
    assert "ignored" in found(report, "times of frames").text
    assert "left out" in found(report, "log-probabilities").text
    assert (report.profile.constraint, report.profile.closing) == (ConstraintMode.NONE, ClosingMode.ASK_AGAIN)


@pytest.mark.parametrize(("scheme", "auth"), [("", AuthScheme.PLAIN), ("Bearer ", AuthScheme.BEARER)])
@pytest.mark.parametrize("start", [None, Profile(name="mine", auth=AuthScheme.PLAIN)])
def test_a_key_is_tried_with_and_without_bearer(scheme: str, auth: AuthScheme, start: Profile | None) -> None:
    report = examined(replace(VLLM, key="my-key", scheme=scheme), start, "my-key")
    assert report.profile.auth is auth
    assert "none is needed" not in found(report, "key").text


def test_a_key_that_nobody_needs_is_noticed() -> None:
    assert "none is needed" in found(examined(VLLM, key="my-key"), "key").text


def test_a_key_that_is_refused_both_ways_is_an_error() -> None:
    with pytest.raises(AuthenticationFailed, match="401"):
        examined(replace(VLLM, key="my-key"), key="your-key")


def test_an_endpoint_that_is_not_there_is_an_error() -> None:
    with pytest.raises(EndpointUnreachable):
        asyncio.run(examine("http://127.0.0.1:9/v1", "", ""))


def test_an_endpoint_that_answers_nothing_is_an_error_that_says_why() -> None:
    refusal = json_reply({"error": {"message": "no temperature, please"}}, 400)
    with ScriptedServer([refusal] * 9) as server, pytest.raises(RequestRejected, match="no temperature"):
        asyncio.run(examine(server.url, "", ""))


def test_replies_that_come_whole_only_are_taken_whole() -> None:
    report = examined(replace(VLLM, streams=False))
    assert not report.profile.streaming
    assert found(report, "streaming").level is Level.WARN


def test_where_tokens_are_not_told_nothing_is_concluded_from_them() -> None:
    report = examined(replace(VLLM, usage=False))
    assert "not told" in found(report, "usage").text
    assert found(report, "processor").text.startswith("unknown")
    assert report.profile == load_profile("cosmos_reason1").model_copy(update={"base_url": report.url})


def test_a_failure_that_may_pass_concludes_nothing() -> None:
    busy = frozenset({"logprobs", "continue_final_message", "structured_outputs", "video_url", "chat_template_kwargs"})
    report = examined(replace(QWEN3_WITH_EVERYTHING, fails=busy | {"uuid"}))
    assert found(report, "log-probabilities").text.startswith("not found out")
    assert report.profile == load_profile("qwen3_vl").model_copy(update={"base_url": report.url})


def test_what_takes_too_long_is_not_waited_for_and_concludes_nothing() -> None:
    with MediaHung(QWEN3_WITH_EVERYTHING) as server:
        report = asyncio.run(examine(server.url, "", "", seconds=4.0))
        assert report.requests == len(server.bodies)
    names = {finding.name for finding in report.findings if finding.text == "not found out in time"}
    assert {"image", "thinking switch", "jpeg_sequence", "mp4", "log-probabilities", "prefill", "cancel"} <= names
    assert found(report, "models").text == QWEN3.model
    assert report.profile == load_profile("qwen3_vl").model_copy(update={"base_url": report.url})


def test_an_endpoint_that_gives_no_first_reply_in_time_is_an_error() -> None:
    with ScriptedServer([stream(ending=Ending.HELD)]) as server, pytest.raises(EndpointUnreachable, match="in time"):
        asyncio.run(examine(server.url, "", "", seconds=0.5))


def test_a_question_whose_turn_comes_too_late_is_not_sent() -> None:
    async def asked(url: str) -> Trial:
        bench = Bench(EndpointClient(load_profile("qwen3_vl"), url), deadline=0.0)
        trial = await bench.trial(question())
        await bench.client.close()
        return trial

    with ScriptedServer() as server:
        trial = asyncio.run(asked(server.url))
        assert (trial.why, trial.accepted, server.paths) == ("not found out in time", None, [])


def test_a_model_without_eyes_is_an_error() -> None:
    report = examined(replace(GATEWAY, refuses=GATEWAY.refuses | {"image_url"}))
    assert found(report, "image").level is Level.ERROR
    assert found(report, "recommended").level is Level.ERROR


def test_a_short_context_is_a_warning_that_names_the_flag() -> None:
    context = found(examined(replace(VLLM, fields={"max_model_len": 8192})), "context length")
    assert (context.level, "--max-model-len 13312" in context.advice) == (Level.WARN, True)


def test_what_is_left_of_a_quota_is_told() -> None:
    left = {"modelscope-ratelimit-requests-limit": "2000", "modelscope-ratelimit-requests-remaining": "1980"}
    assert found(examined(replace(GATEWAY, headers=left)), "quota").text == "1980 of 2000 requests left today"
    scarce = left | {"modelscope-ratelimit-requests-remaining": "50"}
    assert found(examined(replace(GATEWAY, headers=scarce)), "quota").level is Level.WARN


def test_a_profile_of_ones_own_is_changed_in_nothing_but_what_was_found_out() -> None:
    mine = Profile(name="mine", concurrency=2, description="Our robot's")
    changed = examined(VLLM, mine).profile
    assert (changed.name, changed.concurrency, changed.description) == ("mine", 2, "Our robot's")
    assert (changed.constraint, changed.closing, changed.logprobs) == (ConstraintMode.REGEX, ClosingMode.PREFILL, 20)


def test_the_server_is_watched_while_it_stops() -> None:
    with KindServer(VLLM, metrics=True) as server:
        report = asyncio.run(examine(server.url, "", ""))
    assert found(report, "cancel").text.startswith("a reply that nobody waits for ends within")


def test_questions_are_counted() -> None:
    with KindServer(replace(VLLM, key="my-key")) as server:
        report = asyncio.run(examine(server.url, "", "my-key"))
    assert report.requests == len(server.bodies)


def test_the_embedded_endpoint_is_what_its_profile_says() -> None:
    with EmbeddedServer() as server:
        report = asyncio.run(examine(server.url, "", ""))
    assert report.profile == load_profile("embedded").model_copy(update={"base_url": server.url})
    assert [finding for finding in report.findings if finding.level in (Level.WARN, Level.ERROR)] == []
