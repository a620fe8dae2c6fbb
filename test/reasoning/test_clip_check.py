"""Whether the endpoint saw the clip as it was sent."""

import asyncio
from threading import Event
from typing import Any

import pytest
from pictures import SECOND, raw_frame, square
from scripted_server import Reply, ScriptedServer, chunk, json_reply, stream, usage

from cosmos_reasoner.clips.clip import Clip
from cosmos_reasoner.endpoints.client import EndpointClient
from cosmos_reasoner.endpoints.profile_files import load_profile
from cosmos_reasoner.reasoning.reasoner import Reasoner
from cosmos_reasoner.reasoning.result import Result, Status
from cosmos_reasoner.replies.defects import DefectKind
from cosmos_reasoner.tasks.library import TaskLibrary
from cosmos_reasoner.tasks.task import Question

CLIP = Clip.of([raw_frame(square(index), SECOND + index * SECOND // 4) for index in range(8)])
"""Eight frames of 320x240 px: four pairs of 14 x 11 tokens with the strip of the time, and two marks."""

OURS = 4 * 14 * 11 + 2
TEXT = 300


class Client(EndpointClient):
    """Says when it knows how long the text is."""

    def __init__(self, url: str) -> None:
        super().__init__(load_profile("cosmos_reason1"), url)
        self.knows = Event()

    async def count_tokens(self, messages: list[dict[str, Any]]) -> int | None:
        count = await super().count_tokens(messages)
        self.knows.set()
        return count


def asked(prompt_tokens: int, tokenizes: bool = True) -> Result:
    """What comes of a question to a server that counts so many tokens of its prompt."""
    others = {"POST /tokenize": json_reply({"count": TEXT})} if tokenizes else {}

    async def ask() -> Result:
        client = Client(server.url)
        yes = chunk(content="<think>\nx\n</think>\n<answer>\nyes\n</answer>")
        replies.append(stream(yes, client.knows, chunk("stop"), usage(prompt_tokens, 9)))
        try:
            return await Reasoner([client], TaskLibrary.load()).reason(Question(text="What moves?"), CLIP)
        finally:
            await client.close()

    replies: list[Reply] = []
    with ScriptedServer(replies, others=others) as server:
        return asyncio.run(ask())


@pytest.mark.parametrize("tokenizes", [True, False])
def test_a_clip_that_arrived_whole_is_no_defect(tokenizes: bool) -> None:
    result = asked(TEXT + OURS, tokenizes)
    assert (result.defects, result.provenance.status) == ((), Status.OK)


def test_an_endpoint_that_counts_nothing_proves_nothing() -> None:
    assert asked(0).defects == ()


@pytest.mark.parametrize(
    ("counted", "words"), [(OURS // 2, "dropped or made smaller"), (2 * OURS, "larger or repeated")]
)
def test_a_clip_that_was_changed_on_the_way_is_a_defect_with_both_numbers(counted: int, words: str) -> None:
    (defect,) = asked(TEXT + counted).defects
    assert defect.kind is DefectKind.CLIP_ALTERED
    assert f"{counted} tokens for 8 frames that take {OURS}" in defect.text and words in defect.text


def test_a_single_token_is_noticed_where_the_endpoint_counts_the_text() -> None:
    assert [defect.kind for defect in asked(TEXT + OURS - 1).defects] == [DefectKind.CLIP_ALTERED]


def test_half_a_clip_is_missed_where_it_does_not() -> None:
    assert [defect.kind for defect in asked(TEXT + OURS // 2, tokenizes=False).defects] == [DefectKind.CLIP_ALTERED]
    assert asked(TEXT + OURS - 1, tokenizes=False).defects == ()


def test_the_answer_stands_all_the_same() -> None:
    assert asked(TEXT + OURS // 2).answer is not None
