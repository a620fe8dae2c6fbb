"""A scripted judge of actions, and a ranking by what it says, over real HTTP."""

import asyncio
import math
import re
import time
from collections.abc import Callable, Mapping, Sequence
from string import ascii_uppercase
from typing import Any

from pictures import SECOND, raw_frame, square
from scripted_server import Reply, ScriptedServer, chunk, spoken, stream, usage

from cosmos_reasoner.clips.clip import Clip
from cosmos_reasoner.endpoints.client import EndpointClient
from cosmos_reasoner.endpoints.profile import Profile
from cosmos_reasoner.reasoning.reasoner import Reasoner
from cosmos_reasoner.reasoning.result import Ranking, Result
from cosmos_reasoner.reasoning.time_budget import TimeBudget
from cosmos_reasoner.tasks.library import TaskLibrary
from cosmos_reasoner.tasks.task import Action, Question, RankingMethod

CLIP = Clip.of([raw_frame(square(0), SECOND)])
SURE = Profile(name="sure", logprobs=20, concurrency=8)
"""Of an endpoint that gives log-probabilities."""
PLAIN = SURE.model_copy(update={"name": "plain", "logprobs": 0})
"""Of one that gives none."""

Script = Callable[[Any], Reply]


def question(count: int, method: RankingMethod = RankingMethod.AUTO) -> Question:
    """About so many actions, the last of which a judge by `value` likes best."""
    actions = tuple(Action(f"id {index}", f"drive to {index}") for index in range(count))
    return Question("rank_actions", actions=actions, goal="arrive", method=method)


def options(body: Mapping[str, Any]) -> list[str]:
    """The actions of a request, in the order of their letters."""
    return re.findall(r"^\([A-Z]\) (.+)$", body["messages"][1]["content"][-1]["text"], re.MULTILINE)


def value(option: str) -> float:
    """How good an action is."""
    return 1.0 + int(option.rsplit(maxsplit=1)[-1])


def said(answer: str, think: str = "I look.") -> Reply:
    """A reply in words, with reasoning or without."""
    if not think:
        return spoken(f"<answer>\n{answer}\n</answer>")
    return spoken(f"<think>\n{think}\n</think>\n\n<answer>\n{answer}\n</answer>")


def best_of(body: Mapping[str, Any]) -> Reply:
    """The letter of the best action, without reasoning, which would be cut where the time is short."""
    values = [value(option) for option in options(body)]
    return said(ascii_uppercase[values.index(max(values))], think="")


def sure_of(body: Mapping[str, Any], first: float = 0.0) -> Reply:
    """The letters' probabilities by the value of the actions; or, with probability `first`, the first letter."""
    values = [value(option) for option in options(body)]
    shares = [(1 - first) * number / sum(values) + first * (index == 0) for index, number in enumerate(values)]
    alternatives = sorted(zip(shares, ascii_uppercase), reverse=True)
    tokens = [_token(letter, share) for share, letter in alternatives]
    before = {**_token("<think>x</think><answer>", 1.0), "top_logprobs": []}
    own = {**tokens[0], "top_logprobs": tokens[:20]}
    return stream(
        chunk(content="<think>x</think><answer>", logprobs={"content": [before]}),
        chunk(content=alternatives[0][1], logprobs={"content": [own]}),
        chunk(content="</answer>"),
        chunk("stop"),
        usage(0, 3),
    )


def biased(body: Mapping[str, Any]) -> Reply:
    """The same, in half of the cases by the place alone."""
    return sure_of(body, first=0.5)


def slowly(seconds: float, script: Script) -> Script:
    """The same reply after so many s."""

    def answer(body: Any) -> Reply:
        time.sleep(seconds)
        return script(body)

    return answer


def rank(
    scripts: Sequence[Reply | Script],
    asked: Question,
    *,
    profile: Profile = SURE,
    seconds: float = 30.0,
    orderings: int = 8,
    method: RankingMethod = RankingMethod.AUTO,
) -> tuple[Result, list[Any]]:
    """Rank once; the result, and the bodies of the requests."""

    async def ask(url: str) -> Result:
        client = EndpointClient(profile, url, "scripted")
        try:
            reasoner = Reasoner([client], TaskLibrary.load(), orderings, method=method)
            return await reasoner.reason(asked, CLIP, TimeBudget(seconds))
        finally:
            await client.close()

    with ScriptedServer(scripts) as server:
        return asyncio.run(ask(server.url)), server.bodies


def ranking(result: Result) -> Ranking:
    """The answer, which must be there."""
    assert isinstance(result.answer, Ranking), result.provenance.status_text
    return result.answer


def order(result: Result) -> list[str]:
    """Ids, best first."""
    return [entry.action.id for entry in ranking(result).actions]


def _token(text: str, share: float) -> dict[str, Any]:
    return {"token": text, "logprob": math.log(share), "bytes": None}
