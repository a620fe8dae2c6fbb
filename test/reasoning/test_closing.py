"""A think part that takes too long is ended, and the answer comes all the same: over real HTTP."""

import asyncio
import math
import time
from collections.abc import Sequence
from dataclasses import replace
from threading import Event
from typing import Any

import pytest
from pictures import SECOND, raw_frame, square
from scripted_server import Ending, Reply, ScriptedServer, chunk, json_reply, spoken, stream, usage
from scripted_server import whole as whole_reply

from cosmos_reasoner.clips.clip import Clip
from cosmos_reasoner.endpoints.client import EndpointClient
from cosmos_reasoner.endpoints.profile import ClosingMode, Profile
from cosmos_reasoner.endpoints.profile_files import load_profile
from cosmos_reasoner.errors import CosmosReasonerError, TimeBudgetExceeded
from cosmos_reasoner.reasoning.closing import THINK_SHARE, think_deadline
from cosmos_reasoner.reasoning.reasoner import Reasoner
from cosmos_reasoner.reasoning.result import ChoiceAnswer, Ranking, Result, Status, TextAnswer
from cosmos_reasoner.reasoning.time_budget import TimeBudget
from cosmos_reasoner.replies.defects import DefectKind
from cosmos_reasoner.replies.parser import Part, Piece
from cosmos_reasoner.tasks.library import TaskLibrary
from cosmos_reasoner.tasks.task import Action, Question

COSMOS = load_profile("cosmos_reason1")
BARE = load_profile("qwen3_vl")
AGAIN = COSMOS.model_copy(update={"closing": ClosingMode.ASK_AGAIN})
CLIP = Clip.of([raw_frame(square(index), SECOND + index * SECOND // 4) for index in range(4)])
THINKING = stream(chunk(content="<think>\nThe cup"), chunk(content=" slides"), ending=Ending.HELD)
"""A model that stops writing in mid-thought."""

EITHER = Question(text="What falls?", options=("the cup", "the plate"))


def reason(
    replies: Sequence[Reply], question: Question = EITHER, profile: Profile = COSMOS, seconds: float = 1.0
) -> tuple[Result, ScriptedServer, list[Piece]]:
    """Ask once, of an endpoint that gives these replies."""
    heard: list[Piece] = []

    async def ask() -> Result:
        client = EndpointClient(profile, server.url)
        try:
            budget = TimeBudget(seconds)
            return await Reasoner([client], TaskLibrary.load()).reason(question, CLIP, budget, heard.append)
        finally:
            await client.close()

    with ScriptedServer(replies) as server:
        return asyncio.run(ask()), server, heard


def test_the_same_reply_is_continued_behind_its_reasoning() -> None:
    result, server, _ = reason([THINKING, spoken("B\n")])
    first, second = server.bodies
    assert second["messages"][:-1] == first["messages"]
    assert second["messages"][-1] == {
        "role": "assistant",
        "content": "<think>\nThe cup slides\n</think>\n\n<answer>\n",
    }
    assert (second["continue_final_message"], second["add_generation_prompt"]) == (True, False)
    assert second["structured_outputs"] == {"choice": ["A", "B"]}
    assert isinstance(result.answer, ChoiceAnswer) and result.answer.option == "the plate"


def test_an_answer_that_was_asked_for_says_so() -> None:
    result, _, _ = reason([THINKING, spoken("A")])
    assert result.provenance.status is Status.TRUNCATED_THINK
    assert result.provenance.status_text
    assert result.provenance.request_count == 2
    assert (result.think, result.reply, result.defects) == ("The cup slides", "A", ())


def test_the_reply_that_was_left_is_ended_at_the_endpoint() -> None:
    _, server, _ = reason([THINKING, spoken("A")])
    assert server.disconnected.is_set()


def test_who_listens_hears_the_reasoning_and_then_the_answer() -> None:
    _, _, heard = reason([THINKING, spoken("A")])
    texts = {part: "".join(piece.text for piece in heard if piece.part is part) for part in Part}
    assert (texts[Part.THINK], texts[Part.ANSWER]) == ("The cup slides", "A")


def test_a_model_that_answers_bare_is_continued_bare() -> None:
    result, server, _ = reason([THINKING, spoken("A")], profile=BARE)
    assert server.bodies[1]["messages"][-1]["content"] == "<think>\nThe cup slides\n</think>\n\n"
    assert server.bodies[1]["chat_template_kwargs"] == {"enable_thinking": False}
    assert isinstance(result.answer, ChoiceAnswer)


@pytest.mark.parametrize("refusal", [json_reply({"error": {"message": "no"}}, 400), json_reply({"error": "no"}, 500)])
def test_where_no_reply_can_be_continued_it_is_asked_for_without_reasoning(refusal: Reply) -> None:
    result, server, _ = reason([THINKING, refusal, spoken("B")])
    assert "<think>" not in str(server.bodies[2]["messages"])
    assert server.bodies[2]["messages"][1]["content"][:-1] == server.bodies[0]["messages"][1]["content"][:-1]
    assert isinstance(result.answer, ChoiceAnswer) and result.answer.option == "the plate"
    assert (result.think, result.provenance.status) == ("The cup slides", Status.TRUNCATED_THINK)


def test_an_endpoint_that_continues_nothing_is_not_asked_to() -> None:
    result, server, _ = reason([THINKING, spoken("B")], profile=AGAIN)
    assert len(server.bodies) == 2
    assert server.bodies[1]["messages"][-1]["role"] == "user"
    assert isinstance(result.answer, ChoiceAnswer)


def test_reasoning_that_the_token_limit_cut_is_closed_too() -> None:
    result, _, _ = reason([spoken("<think>\nThe cup slides", "length"), spoken("A")], seconds=math.inf)
    assert isinstance(result.answer, ChoiceAnswer)
    assert result.provenance.status is Status.TRUNCATED_THINK


@pytest.mark.parametrize("end", [{"ending": Ending.HELD}, None])
def test_reasoning_in_a_field_of_its_own_is_closed_too(end: dict[str, Any] | None) -> None:
    written = [chunk(reasoning="The cup"), chunk(reasoning=" slides")]
    thinking = stream(*written, chunk("length")) if end is None else stream(*written, **end)
    result, server, _ = reason([thinking, spoken("A")], profile=BARE)
    assert "The cup slides" in server.bodies[1]["messages"][-1]["content"]
    assert isinstance(result.answer, ChoiceAnswer)


def test_a_continuation_without_an_answer_is_followed_by_the_question_without_reasoning() -> None:
    result, server, _ = reason([THINKING, spoken(""), spoken("B")])
    assert server.bodies[2]["messages"][-1]["role"] == "user"
    assert isinstance(result.answer, ChoiceAnswer) and result.answer.option == "the plate"


def test_a_continuation_that_the_server_takes_for_reasoning_is_the_answer() -> None:
    continued = stream(chunk(reasoning="B"), chunk(reasoning="\n"), chunk("stop"))
    result, server, _ = reason([THINKING, continued])
    assert len(server.bodies) == 2
    assert isinstance(result.answer, ChoiceAnswer) and result.answer.option == "the plate"


def test_a_reply_that_comes_as_a_whole_and_too_late_is_asked_for_without_reasoning() -> None:
    whole = COSMOS.model_copy(update={"streaming": False})
    held = Reply(200, {"Content-Type": "application/json"}, (), Ending.HELD)
    result, server, _ = reason([held, whole_reply("B")], profile=whole)
    assert [body["messages"][-1]["role"] for body in server.bodies] == ["user", "user"]
    assert isinstance(result.answer, ChoiceAnswer)
    assert result.provenance.status is Status.TRUNCATED_THINK


def test_a_reply_that_comes_as_a_whole_is_waited_for_when_there_is_no_limit() -> None:
    whole = COSMOS.model_copy(update={"streaming": False})
    reply = whole_reply("<think>\nThe cup slides\n</think>\n<answer>\nB\n</answer>")
    result, server, _ = reason([reply], profile=whole, seconds=math.inf)
    assert len(server.bodies) == result.provenance.request_count == 1
    assert (result.think, result.provenance.status) == ("The cup slides", Status.OK)


def test_what_both_requests_cost_is_told_and_why_there_were_two() -> None:
    first = stream(chunk(content="<think>\nThe cup"), chunk("length"), usage(2000, 40))
    second = stream(chunk(content="A"), chunk("stop"), usage(2050, 1))
    source = reason([first, second], seconds=math.inf)[0].provenance
    assert (source.prompt_tokens, source.completion_tokens) == (4050, 41)
    assert "token limit" in source.status_text


def test_a_clip_that_was_altered_is_told_of_a_closed_reply_too() -> None:
    first = stream(chunk(content="<think>\nThe cup"), chunk("length"), usage(20, 40))
    result, _, _ = reason([first, spoken("A")], seconds=math.inf)
    assert DefectKind.CLIP_ALTERED in {defect.kind for defect in result.defects}


def test_an_answer_that_the_token_limit_cut_is_not_asked_for_again() -> None:
    result, server, _ = reason(
        [spoken("<think>\nx\n</think>\n\nIt slides and", "length")], replace(EITHER, options=()), BARE
    )
    assert len(server.bodies) == 1
    assert result.provenance.status is Status.DEFECTIVE


def test_a_second_thought_after_the_closing_is_no_answer() -> None:
    result, _, _ = reason([THINKING, spoken("hm, I cannot say")])
    assert result.answer is None
    assert result.provenance.status is Status.DEFECTIVE
    assert DefectKind.UNREADABLE in {defect.kind for defect in result.defects}


def test_an_answer_that_has_begun_is_not_cut_short_by_the_share_of_the_reasoning() -> None:
    go_on = Event()

    def slowly(_: Any) -> Reply:
        return stream(
            chunk(content="<think>\nyes\n</think>\n<answer>\nit "),
            go_on,
            chunk(content="falls\n</answer>"),
            chunk("stop"),
        )

    async def ask(url: str) -> Result:
        client = EndpointClient(COSMOS, url)
        asyncio.get_running_loop().call_later(THINK_SHARE + 0.1, go_on.set)
        try:
            return await Reasoner([client], TaskLibrary.load()).reason(Question(text="?"), CLIP, TimeBudget(1.0))
        finally:
            await client.close()

    with ScriptedServer([slowly]) as server:
        result = asyncio.run(ask(server.url))
    assert result.answer == TextAnswer("it falls")
    assert result.provenance.status is Status.OK


def test_every_ordering_of_a_ranking_may_be_closed() -> None:
    ranking = Question("rank_actions", actions=(Action("a", "stop"), Action("b", "go")), goal="arrive")

    def either(body: Any) -> Reply:
        return spoken("A") if body["messages"][-1]["role"] == "assistant" else THINKING

    result, server, _ = reason([either] * 4, ranking, seconds=3.0)  # type: ignore[list-item]
    assert isinstance(result.answer, Ranking) and result.answer.orderings == 2
    assert len(server.bodies) == result.provenance.request_count == 4
    assert result.provenance.status is Status.TRUNCATED_THINK


def test_without_a_limit_nothing_is_closed() -> None:
    assert think_deadline(5.0, None, 1) == math.inf


def test_rounds_that_follow_each_other_share_the_time() -> None:
    assert think_deadline(5.0, 2.0, 1) == 5.0 + THINK_SHARE * 2.0
    assert think_deadline(5.0, 2.0, 2) == 5.0 + THINK_SHARE * 1.0


STALLS = {
    "before the first token": [stream(ending=Ending.HELD)],
    "in the reasoning": [THINKING, THINKING, THINKING],
    "in the answer": [stream(chunk(content="<think>\nx\n</think>\n<answer>\nit"), ending=Ending.HELD)],
    "in the continued answer": [THINKING, stream(chunk(content="it"), ending=Ending.HELD)],
}


@pytest.mark.parametrize("state", STALLS)
def test_a_budget_ends_in_every_state_of_the_reply(state: str) -> None:
    started = time.monotonic()
    with pytest.raises(TimeBudgetExceeded, match=r"0\.6 s"):
        reason(STALLS[state], replace(EITHER, options=()), seconds=0.6)
    assert time.monotonic() - started >= 0.6


def test_a_budget_ends_while_a_name_is_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    release = Event()
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: release.wait(20.0) and [])

    async def ask() -> None:
        client = EndpointClient(COSMOS, "http://robot.example/v1", "m")
        try:
            await Reasoner([client], TaskLibrary.load()).reason(EITHER, CLIP, TimeBudget(0.3))
        finally:
            release.set()
            await client.close()

    with pytest.raises(CosmosReasonerError, match=r"0\.3 s"):
        asyncio.run(ask())
