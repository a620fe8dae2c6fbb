"""A clip and a question in, a result out: over real HTTP, against an endpoint that says what the test wants."""

import asyncio
import gc
import json
import math
import threading
import time
import weakref
from dataclasses import replace
from typing import Any

import pytest
from pictures import SECOND, raw_frame, square
from scripted_server import Ending, Reply, ScriptedServer, chunk, json_reply, spoken, stream, usage

from cosmos_reasoner.clips.clip import Clip, View
from cosmos_reasoner.endpoints.client import EndpointClient
from cosmos_reasoner.endpoints.profile import Profile, Sampling
from cosmos_reasoner.endpoints.profile_files import load_profile
from cosmos_reasoner.errors import EndpointOverloaded, InvalidRequest, TimeBudgetExceeded
from cosmos_reasoner.reasoning.reasoner import Reasoner
from cosmos_reasoner.reasoning.result import (
    ChoiceAnswer,
    Prediction,
    Ranking,
    Result,
    ScoreAnswer,
    Status,
    TextAnswer,
    VerdictAnswer,
)
from cosmos_reasoner.reasoning.scheduler import Priority
from cosmos_reasoner.reasoning.time_budget import TimeBudget
from cosmos_reasoner.replies.defects import DefectKind
from cosmos_reasoner.replies.levels import Hazard, Origin, Verdict
from cosmos_reasoner.tasks.library import TaskLibrary
from cosmos_reasoner.tasks.task import Action, Question

PROFILE = load_profile("embedded")
CHANCE = PROFILE.model_copy(update={"sampling": Sampling()})
"""The same at a temperature above 0."""
CLIP = Clip.of([raw_frame(square(index), SECOND + index * SECOND // 4) for index in range(8)])
ACTIONS = (Action("1", "stop"), Action("2", "go"), Action("3", "turn"))
RANKING = Question("rank_actions", actions=ACTIONS, goal="arrive")


def reason(
    server: ScriptedServer,
    question: Question,
    *,
    clip: Clip = CLIP,
    profile: Profile = PROFILE,
    seconds: float = 20.0,
    orderings: int = 4,
    heard: list[str] | None = None,
) -> Result:
    """Ask once."""

    async def ask() -> Result:
        client = EndpointClient(profile, server.url)
        try:
            reasoner = Reasoner([client], TaskLibrary.load(), orderings)
            listener = None if heard is None else lambda piece: heard.append(piece.text)
            return await reasoner.reason(question, clip, TimeBudget(seconds), listener)
        finally:
            await client.close()

    return asyncio.run(ask())


def said(answer: str, think: str = "I look.") -> Reply:
    return spoken(f"<think>\n{think}\n</think>\n\n<answer>\n{answer}\n</answer>")


def letter(best: str, probabilities: dict[str, float]) -> Reply:
    """A reply whose letter has these probabilities."""
    tops = [{"token": name, "logprob": math.log(share), "bytes": None} for name, share in probabilities.items()]
    first = [{"token": "<think>x</think><answer>", "logprob": 0.0, "bytes": None, "top_logprobs": []}]
    own = [{"token": best, "logprob": math.log(probabilities[best]), "bytes": None, "top_logprobs": tops}]
    return stream(
        chunk(content="<think>x</think><answer>", logprobs={"content": first}),
        chunk(content=best, logprobs={"content": own}),
        chunk(content="</answer>"),
        chunk("stop"),
        usage(10, 3),
    )


def test_an_answer_in_words_comes_with_its_reasoning() -> None:
    with ScriptedServer([said("It falls.", "It has no support.")]) as server:
        result = reason(server, Question(text="What happens?"))
    assert result.answer == TextAnswer("It falls.")
    assert (result.think, result.reply, result.defects) == ("It has no support.", "It falls.", ())


def test_a_result_tells_how_it_came_to_be() -> None:
    with ScriptedServer([stream(chunk(content="<think>so</think>Yes"), chunk("stop"), usage(900, 5))]) as server:
        source = reason(server, Question(text="?")).provenance
    assert (source.clip_start, source.clip_end) == (SECOND, SECOND + 7 * SECOND // 4)
    assert (source.cameras, source.frame_count, source.model) == (("front",), 8, "scripted")
    assert (source.profile, source.task, source.request_count) == ("embedded", "ask", 1)
    assert (source.prompt_tokens, source.completion_tokens) == (900, 5)
    assert 0 < source.latencies.encode < source.latencies.total
    assert 0 < source.latencies.first_token < source.latencies.total


def test_the_listener_hears_what_is_written_while_it_is_written() -> None:
    heard: list[str] = []
    with ScriptedServer([said("It falls.")]) as server:
        reason(server, Question(text="?"), heard=heard)
    assert "".join(heard) == "I look.It falls." and len(heard) > 2


def test_a_chosen_option_comes_back_as_it_was_given_with_all_probabilities() -> None:
    with ScriptedServer([letter("B", {"A": 0.25, "B": 0.75})]) as server:
        result = reason(server, Question(text="?", options=("to the left", "to the right")))
    assert isinstance(result.answer, ChoiceAnswer)
    assert (result.answer.index, result.answer.option) == (1, "to the right")
    assert result.answer.probabilities == pytest.approx((0.25, 0.75))


def test_outcomes_are_typed_and_their_boxes_are_in_pixels_as_taken() -> None:
    answer = '{"outcomes": [{"text": "It stops.", "probability": 0.2, "hazard": "NONE", "subject": null},'
    answer += '{"text": "It falls.", "probability": 0.7, "hazard": "HIGH", "subject": [28, 56, 84, 112]}]}'
    large = Clip.of([raw_frame(square(0).repeat(3, 0).repeat(3, 1), SECOND * n) for n in (1, 2)])
    with ScriptedServer([said(answer)]) as server:
        result = reason(server, Question("predict_outcome", horizon=3.0), clip=large)
    assert isinstance(result.answer, Prediction)
    likeliest = result.answer.outcomes[0]
    assert (likeliest.text, likeliest.probability, likeliest.hazard) == ("It falls.", 0.7, Hazard.HIGH)
    assert (likeliest.origin, likeliest.horizon) == (Origin.SELF_REPORTED, 3.0)
    assert likeliest.subject is not None
    scale = 960 / 448
    assert likeliest.subject.left == pytest.approx(28 * scale, abs=1)
    assert likeliest.subject.width == pytest.approx(56 * scale, abs=1)
    assert result.answer.outcomes[1].subject is None


def test_with_several_cameras_a_box_counts_only_with_its_cameras_name() -> None:
    views = tuple(
        View(name, tuple(raw_frame(square(n), SECOND + n * SECOND // 4, name) for n in range(4))) for name in ("l", "r")
    )
    outcome = '{"text": "x", "probability": 0.5, "hazard": "LOW", "subject": [28, 28, 56, 56], "camera": %s}'
    answer = '{"outcomes": [' + outcome % '"r"' + "," + outcome % "null" + "]}"
    with ScriptedServer([said(answer)]) as server:
        result = reason(server, Question("predict_outcome"), clip=Clip(views))
    assert isinstance(result.answer, Prediction)
    with_name, without = result.answer.outcomes
    assert with_name.subject is not None and with_name.subject.camera == "r"
    assert without.subject is None


def test_no_more_outcomes_than_asked_for_are_given() -> None:
    answer = json.dumps({"outcomes": [{"text": "t", "probability": 0.1}] * 5})
    with ScriptedServer([said(answer)]) as server:
        result = reason(server, Question("predict_outcome", max_outcomes=2))
    assert isinstance(result.answer, Prediction) and len(result.answer.outcomes) == 2


def test_a_verdict_has_the_probability_that_it_happened() -> None:
    with ScriptedServer([letter("A", {"A": 0.6, "B": 0.2, "C": 0.2})]) as server:
        result = reason(server, Question("verify", text="it fell"))
    assert isinstance(result.answer, VerdictAnswer)
    assert (result.answer.verdict, result.answer.origin) == (Verdict.HAPPENED, Origin.LOGPROB)
    assert result.answer.probability == pytest.approx(0.7)


def test_a_verdict_is_the_likeliest_whichever_letter_the_dice_chose() -> None:
    with ScriptedServer([letter("A", {"A": 0.3, "B": 0.65, "C": 0.05})]) as server:
        result = reason(server, Question("verify", text="it fell"))
    assert isinstance(result.answer, VerdictAnswer)
    assert result.answer.verdict is Verdict.DID_NOT
    assert result.answer.probability == pytest.approx(0.325)


def test_half_a_character_in_a_reply_becomes_a_replacement_character() -> None:
    with ScriptedServer([said("a cup \ud83d", think="no \ude00 way")]) as server:
        result = reason(server, Question(text="What is it?"))
    assert (result.think, result.answer) == ("no \ufffd way", TextAnswer("a cup \ufffd"))


def test_an_imminent_question_does_not_wait_for_all_of_a_ranking_s_orderings() -> None:
    going_on = threading.Event()

    def ordering(_: object) -> Reply:
        going_on.wait(10.0)
        return said("A")

    async def play(url: str) -> None:
        client = EndpointClient(PROFILE.model_copy(update={"concurrency": 1, "logprobs": 0}), url)
        reasoner = Reasoner([client], TaskLibrary.load(), 3)
        turns = reasoner.failover.routes[0].inquiry.turns
        ranking = asyncio.create_task(reasoner.reason(RANKING, CLIP))
        while turns.waiting != (Priority.REQUEST,):  # noqa: ASYNC110  # the first is answered, the second on its way
            await asyncio.sleep(0.01)
        imminent = asyncio.create_task(reasoner.reason(Question(text="?"), CLIP, priority=Priority.IMMINENT))
        while len(turns.waiting) < 2:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        going_on.set()
        await asyncio.gather(imminent, ranking)
        await client.close()

    with ScriptedServer([said("A"), ordering, said("what"), said("A")]) as server:
        asyncio.run(play(server.url))
        assert ["Goal: arrive" in json.dumps(body) for body in server.bodies] == [True, True, False, True]


def test_a_verdict_without_log_probabilities_has_no_probability() -> None:
    with ScriptedServer([said("B")]) as server:
        result = reason(server, Question("verify", text="it fell"))
    assert result.answer == VerdictAnswer("it fell", Verdict.DID_NOT, None, Origin.NONE)


def test_a_score_is_the_median_of_its_samples_which_have_seeds_of_their_own() -> None:
    with ScriptedServer([said("4"), said("2"), said("4")]) as server:
        result = reason(server, Question("critique"), profile=CHANCE)
        assert result.answer == ScoreAnswer(4, 2 / 3, 3)
        assert sorted(body["seed"] for body in server.bodies) == [0, 1, 2]
    assert (result.provenance.request_count, result.provenance.status_text) == (3, "")


def test_a_score_is_taken_from_the_samples_that_can_be_read_and_the_others_are_told() -> None:
    full = json_reply({"error": {"message": "full"}}, 503)
    with ScriptedServer([said("4"), said("many"), full]) as server:
        result = reason(server, Question("critique"), profile=CHANCE)
    assert result.answer == ScoreAnswer(4, None, 1)
    assert result.provenance.status_text == "1 of 3 samples were not answered; 1 of 3 could not be read"


def test_an_endpoint_that_would_say_the_same_again_is_asked_for_a_score_once() -> None:
    with ScriptedServer([said("4")]) as server:
        result = reason(server, Question("critique"))
    assert (result.answer, result.provenance.request_count) == (ScoreAnswer(4, None, 1), 1)


@pytest.mark.parametrize(
    ("reply", "question", "kinds"),
    [
        (said("A robot moves"), Question(text="?", options=("a", "b")), {DefectKind.UNREADABLE}),
        (said("not JSON"), Question("predict_outcome"), {DefectKind.UNREADABLE}),
        (said("9"), Question("critique"), {DefectKind.UNREADABLE}),
        (spoken("Because of", "length"), Question("ocr"), {DefectKind.TRUNCATED, DefectKind.UNREADABLE}),
        (spoken(""), Question(text="?"), {DefectKind.NO_ANSWER, DefectKind.UNREADABLE}),
    ],
    ids=["no letter", "no JSON", "off the scale", "cut off", "empty"],
)
def test_what_cannot_be_read_is_a_defect_and_never_a_guess(
    reply: Reply, question: Question, kinds: set[DefectKind]
) -> None:
    with ScriptedServer([reply] * 3) as server:
        result = reason(server, question)
    assert result.answer is None
    assert result.provenance.status is Status.DEFECTIVE and result.provenance.status_text
    assert kinds <= {defect.kind for defect in result.defects}


def test_a_mended_answer_says_so() -> None:
    with ScriptedServer([said('{"outcomes": [{"text": "It falls.", "probability": "70%"}]}')]) as server:
        result = reason(server, Question("predict_outcome"))
    assert DefectKind.REPAIRED in {defect.kind for defect in result.defects}
    assert result.provenance.status is Status.OK


def first_option(body: dict) -> str:
    """The action that stands first in a ranking's prompt."""
    text = body["messages"][1]["content"][-1]["text"]
    return next(line for line in text.splitlines() if line.startswith("(A) ")).removeprefix("(A) ")


def biased(body: dict) -> Reply:
    """A judge that likes "go" a little, and whatever stands first a lot."""
    order = [line[4:] for line in body["messages"][1]["content"][-1]["text"].splitlines() if line[:1] == "("]
    weights = [(2.0 if index == 0 else 1.0) * (1.5 if text == "go" else 1.0) for index, text in enumerate(order)]
    shares = {name: weight / sum(weights) for name, weight in zip("ABC", weights)}
    return letter(max(shares, key=shares.get), shares)


def test_each_action_stands_first_once_and_a_liking_for_the_first_place_is_cancelled() -> None:
    with ScriptedServer([biased] * 3) as server:
        result = reason(server, RANKING)
        firsts = {first_option(body) for body in server.bodies}
    assert firsts == {"stop", "go", "turn"}
    assert isinstance(result.answer, Ranking)
    scores = {entry.action.id: entry.score for entry in result.answer.actions}
    assert result.answer.actions[0].action.id == "2"
    assert scores["1"] == pytest.approx(scores["3"])
    assert sum(scores.values()) == pytest.approx(1.0)
    assert result.answer.order_sensitivity is not None and result.answer.order_sensitivity > 0.1
    assert (result.answer.orderings, result.provenance.request_count) == (3, 3)


def test_one_ordering_says_nothing_of_the_orders_weight() -> None:
    with ScriptedServer([biased]) as server:
        result = reason(server, RANKING, orderings=1)
    assert isinstance(result.answer, Ranking) and result.answer.order_sensitivity is None


def test_without_log_probabilities_orderings_vote() -> None:
    votes = [said("A"), said("A"), said("C")]
    with ScriptedServer(votes) as server:
        result = reason(server, RANKING)
    assert isinstance(result.answer, Ranking) and result.answer.origin is Origin.VOTE
    assert sum(entry.score for entry in result.answer.actions) == pytest.approx(1.0)


def test_a_ranking_takes_outcome_and_rationale_from_the_reasoning() -> None:
    think = "(A) we stand -- nothing moves\n(B) we arrive -- the way is free"
    with ScriptedServer([said("B", think)]) as server:
        result = reason(server, RANKING, orderings=1)
    assert isinstance(result.answer, Ranking)
    best = result.answer.actions[0]
    assert (best.action.id, best.expected_outcome, best.rationale) == ("2", "we arrive", "the way is free")


def test_orderings_that_fail_or_come_too_late_are_left_out_and_counted_so() -> None:
    held = stream(chunk(content="<think>"), ending=Ending.HELD)
    with ScriptedServer([said("A"), json_reply({"error": {"message": "full"}}, 503), held]) as server:
        result = reason(server, RANKING, seconds=1.5)
    assert isinstance(result.answer, Ranking) and result.answer.orderings == 1
    assert result.provenance.status_text == "2 of 3 orderings were not answered"


def test_a_ranking_that_no_ordering_answers_is_defective() -> None:
    with ScriptedServer([said("none of them")] * 3) as server:
        result = reason(server, RANKING)
    assert result.answer is None and result.provenance.request_count == 3


def test_a_budget_that_runs_out_ends_the_request_at_the_endpoint() -> None:
    held = stream(chunk(content="<think>"), ending=Ending.HELD)
    with ScriptedServer([held]) as server:
        with pytest.raises(TimeBudgetExceeded, match=r"0\.5 s"):
            reason(server, Question(text="?"), seconds=0.5)
        assert server.disconnected.wait(5.0)


def test_an_endpoint_that_fails_raises() -> None:
    full = json_reply({"error": {"message": "full"}}, 503)
    with ScriptedServer([full] * 50) as server, pytest.raises(EndpointOverloaded):
        reason(server, Question(text="?"), seconds=1.0)


def test_no_more_requests_are_sent_at_once_than_the_profile_allows() -> None:
    under_way = [0]
    counting = threading.Lock()

    def slowly(_: Any) -> Reply:
        with counting:
            under_way.append(under_way[-1] + 1)
        time.sleep(0.1)
        with counting:
            under_way.append(under_way[-1] - 1)
        return said("A")

    with ScriptedServer([slowly] * 3) as server:
        reason(server, RANKING, profile=PROFILE.model_copy(update={"concurrency": 1}))
        assert (max(under_way), len(server.bodies)) == (1, 3)


@pytest.mark.parametrize(
    ("question", "words"),
    [
        (Question("nothing"), "nothing"),
        (Question(text=""), "question"),
        (replace(RANKING, actions=ACTIONS[:1]), "2 to 64"),
        (replace(RANKING, actions=(Action("", "x"), Action("b", "y"))), "no id"),
        (replace(RANKING, actions=(Action("a", " "), Action("b", "y"))), "no text"),
        (replace(RANKING, actions=(ACTIONS[0], ACTIONS[0])), "more than once"),
    ],
)
def test_what_cannot_be_asked_is_refused_before_anything_is_sent(question: Question, words: str) -> None:
    with ScriptedServer([]) as server:
        with pytest.raises(InvalidRequest, match=words):
            reason(server, question)
        assert server.paths == []


def test_the_pictures_of_a_clip_are_let_go_with_its_result() -> None:
    pixels = square(0)
    watched = weakref.ref(pixels)
    clip = Clip.of([replace(CLIP.newest, data=memoryview(pixels).cast("B"))])

    async def ask(url: str) -> Result:
        nonlocal clip, pixels
        client = EndpointClient(PROFILE, url)
        result = await Reasoner([client], TaskLibrary.load()).reason(Question("describe"), clip)
        del clip, pixels
        await client.close()
        assert watched() is None
        return result

    gc.disable()  # what waits for it would be let go too late: a clip is large
    try:
        with ScriptedServer([said("It moves.")]) as server:
            assert asyncio.run(ask(server.url)).answer
    finally:
        gc.enable()
