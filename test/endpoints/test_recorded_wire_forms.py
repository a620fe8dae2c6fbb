"""Replies as they came from real servers (see wire/README.md), replayed byte by byte, in pieces of any size."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from asking import BODY, ask
from scripted_server import Reply, ScriptedServer

from cosmos_reasoner.endpoints.events import Delta, Finish
from cosmos_reasoner.errors import (
    AccessDenied,
    AuthenticationFailed,
    EndpointError,
    EndpointFailed,
    EndpointOverloaded,
    ModelNotFound,
    QuotaExhausted,
    RateLimited,
    Remedy,
    RequestRejected,
)
from cosmos_reasoner.replies.defects import DefectKind
from cosmos_reasoner.replies.parser import ReplyParser

WIRE = Path(__file__).parent / "wire"
SIZES = {"in one piece": 1 << 20, "7 bytes at a time": 7, "byte by byte": 1}

THOUGHT = "The cup falls over because gravity pulls it down."
CUT = "The cup falls over because"


@dataclass(frozen=True)
class Meant:
    """What a reply means.

    Attributes:
        think: Its reasoning.
        answer: Its answer.
        end: Finish reason, prompt tokens and completion tokens.
        defects: What is wrong with it.
        asked: Whether reasoning was asked for, and whether the answer was to stand in tags.
    """

    think: str
    answer: str
    end: tuple[str, int, int]
    defects: tuple[DefectKind, ...] = ()
    asked: tuple[bool, bool] = (True, True)


BARE = (True, False)

ANSWERS = {
    "tags_streamed": Meant(THOUGHT, "Yes", ("stop", 22, 22)),
    "tags_whole": Meant(THOUGHT, "Yes", ("stop", 22, 22)),
    "cut_in_think_streamed": Meant(CUT, "", ("length", 22, 6), (DefectKind.TRUNCATED, DefectKind.UNCLOSED_THINK)),
    "choice_logprobs_streamed": Meant("", "A", ("stop", 22, 2), asked=(False, False)),
    "reasoning_field_streamed": Meant(THOUGHT, "Yes", ("stop", 11, 15), asked=BARE),
    "reasoning_field_whole": Meant(THOUGHT, "Yes", ("stop", 11, 15), asked=BARE),
    "reasoning_field_cut_streamed": Meant(CUT, "", ("length", 11, 6), (DefectKind.TRUNCATED,), BARE),
    "reasoning_field_cut_whole": Meant(CUT, "", ("length", 11, 6), (DefectKind.TRUNCATED,), BARE),
    "closed_think_streamed": Meant("", "Yes", ("stop", 18, 2), asked=(False, False)),
    "closed_think_whole": Meant("Yes", "", ("stop", 18, 2), (DefectKind.NO_ANSWER,), (False, False)),
    "written_reasoning_content_streamed": Meant("The cup falls.", "Yes", ("stop", 0, 0), asked=BARE),
    "written_modelscope_whole": Meant("杯子滑向桌边。", "杯子会掉下来。", ("stop", 1400, 24)),
}

GIVE_UP, FAIL_OVER, RETRY = Remedy.GIVE_UP, Remedy.FAIL_OVER, Remedy.RETRY

FAILURES: dict[str, tuple[type[EndpointError], Remedy, float | None, str]] = {
    "error_400_too_many_images": (RequestRejected, GIVE_UP, None, "At most 64 image"),
    "error_400_unknown_uuid": (RequestRejected, GIVE_UP, None, "Cache miss for image at index 0"),
    "error_400_top_logprobs": (RequestRejected, GIVE_UP, None, "max allowed: 20"),
    "error_400_n_at_temperature_0": (RequestRejected, GIVE_UP, None, "n must be 1"),
    "error_400_media_io_kwargs": (RequestRejected, GIVE_UP, None, "--trust-request-mm-kwargs"),
    "error_400_prompt_too_long": (RequestRejected, GIVE_UP, None, "maximum context length is 16384"),
    "error_401_key": (AuthenticationFailed, FAIL_OVER, None, "Unauthorized"),
    "error_404_model": (ModelNotFound, FAIL_OVER, None, "`no-such-model` does not exist"),
    "error_500_one_frame_mp4": (EndpointFailed, FAIL_OVER, None, "division by zero"),
    "error_501_not_base64": (EndpointFailed, FAIL_OVER, None, "Only base64 data URLs"),
    "written_error_inside_stream": (EndpointFailed, FAIL_OVER, None, "broke off its answer"),
    "written_error_403_modelscope": (AccessDenied, FAIL_OVER, None, "bind your Alibaba Cloud account"),
    "written_error_422_nim": (RequestRejected, GIVE_UP, None, "At most 5 images"),
    "written_error_429_retry_after": (RateLimited, RETRY, 7.0, "slow down"),
    "written_error_429_modelscope_slow_down": (RateLimited, RETRY, None, "try again later"),
    "written_error_429_modelscope_tomorrow": (QuotaExhausted, FAIL_OVER, None, "nothing is left until tomorrow"),
    "written_error_503_no_retry_after": (EndpointOverloaded, RETRY, None, "overloaded"),
}


def recorded(name: str, size: int) -> Reply:
    """A reply, in pieces of so many bytes."""
    head, _, body = (WIRE / f"{name}.http").read_bytes().partition(b"\n\n")
    status, *lines = head.decode().splitlines()
    pieces = tuple(body[start : start + size] for start in range(0, len(body), size))
    return Reply(int(status.split()[1]), dict(line.split(": ", 1) for line in lines), pieces)


def heard(name: str, size: int) -> list[Delta | Finish]:
    """What the client makes of a reply."""
    body: dict[str, Any] = {**BODY, "stream": "stream" in name}
    with ScriptedServer([recorded(name, size)]) as server:
        return ask(server.url, body)


def deltas(name: str, size: int = 1 << 20) -> list[Delta]:
    """The same without its end."""
    return [event for event in heard(name, size) if isinstance(event, Delta)]


def test_every_file_is_replayed() -> None:
    assert {file.stem for file in WIRE.glob("*.http")} == {*ANSWERS, *FAILURES}


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
@pytest.mark.parametrize("name", ANSWERS)
def test_a_reply_means_the_same_however_its_bytes_arrive(name: str, size: int) -> None:
    meant = ANSWERS[name]
    *pieces, finish = heard(name, size)
    parser = ReplyParser(*meant.asked)
    for piece in pieces:
        assert isinstance(piece, Delta)
        parser.feed_reasoning(piece.reasoning)
        parser.feed(piece.content)
    assert isinstance(finish, Finish)
    reply = parser.finish(finish.reason)
    assert (reply.think, reply.answer) == (meant.think, meant.answer)
    assert tuple(defect.kind for defect in reply.defects) == meant.defects
    assert (finish.reason, finish.prompt_tokens, finish.completion_tokens) == meant.end


@pytest.mark.parametrize("size", [1 << 20, 1], ids=["in one piece", "byte by byte"])
@pytest.mark.parametrize("name", FAILURES)
def test_a_failure_is_of_one_kind_and_says_what_helps(name: str, size: int) -> None:
    kind, remedy, wait, words = FAILURES[name]
    with pytest.raises(EndpointError) as caught:
        heard(name, size)
    assert type(caught.value) is kind
    assert (caught.value.remedy, caught.value.retry_after) == (remedy, wait)
    assert words in str(caught.value)


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_every_token_of_a_stream_is_an_event_however_its_bytes_arrive(size: int) -> None:
    whole = deltas("tags_streamed")
    assert [delta.content for delta in whole[:4]] == ["<think>", "The", " cup", " falls"]
    assert deltas("tags_streamed", size) == whole


def test_the_fields_of_a_server_side_parser_stay_apart() -> None:
    pieces = deltas("reasoning_field_streamed")
    assert "".join(piece.reasoning for piece in pieces).strip() == THOUGHT
    assert "".join(piece.content for piece in pieces) == "\n\nYes"


def test_the_letters_of_a_choice_have_their_probabilities() -> None:
    letter = deltas("choice_logprobs_streamed")[0].tokens[0]
    assert letter.text == "A" and letter.logprob == pytest.approx(-0.6891, abs=1e-4)
    assert [text for text, _ in letter.alternatives] == ["A", "B"]
