"""How right rankings are, and how honest their scores, by a simulated judge whose preferences are known.

Run it as `make bench-ranking`, or `scripts/in_env python benchmarks/ranking.py`; it takes some ten minutes. The
judge answers over real HTTP, and the package's own `Reasoner` asks. Each number is drawn from a seed of the problem and
the request alone, so that each run prints the same table.
"""

import asyncio
import math
import re
import sys
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from string import ascii_uppercase
from typing import Any

import numpy as np
from numpy.typing import NDArray

sys.path[:0] = [str(Path(__file__).parents[1] / "test")]

from pictures import plain, raw_frame
from scripted_server import Reply, ScriptedServer, whole

from cosmos_reasoner.clips.clip import Clip
from cosmos_reasoner.endpoints.client import EndpointClient
from cosmos_reasoner.endpoints.profile import Profile
from cosmos_reasoner.reasoning.reasoner import Reasoner
from cosmos_reasoner.reasoning.result import Ranking
from cosmos_reasoner.tasks.library import TaskLibrary
from cosmos_reasoner.tasks.task import Action, Question, RankingMethod

Vector = NDArray[np.float64]

SPREAD = 1.5
"""Standard deviation of the actions' utilities: the best of six is right in half of the cases."""
FIRST, SECOND, LAST = 1.0, 0.4, 0.3
"""What standing first, second and last adds to a utility in the judge's eyes."""
NOISE = 0.5
"""Standard deviation of what one reply's reasoning adds to each utility, by chance."""
SELF_CONFIDENCE = 1.5
"""By how much the numbers that the judge writes are sharper than its probabilities; it rounds them to 0.05."""
TRUTHS = 100
"""How often per problem the action that would have been best is drawn."""
AT_ONCE = 8

CLIP = Clip.of([raw_frame(plain(56, 56))])
WITH = Profile(name="judge", streaming=False, logprobs=20, concurrency=16)
WITHOUT = WITH.model_copy(update={"logprobs": 0})
BEFORE = "<think>\nI weigh them.\n</think>\n\n<answer>\n"


@dataclass(frozen=True)
class Problem:
    """Actions whose utilities are known; the best action is drawn with probabilities softmax(utilities)."""

    number: int
    count: int

    @property
    def question(self) -> Question:
        """What is asked, in an order by chance."""
        actions = tuple(Action(f"{index:02}", f"problem {self.number} action {index}") for index in range(self.count))
        return Question("rank_actions", goal="arrive", actions=actions)

    @property
    def utilities(self) -> Vector:
        """Of the actions."""
        return drawing(self.number).normal(0.0, SPREAD, self.count)

    def truths(self) -> NDArray[np.int64]:
        """Which action was best, as often as it is drawn."""
        return drawing(self.number, 1).choice(self.count, TRUTHS, p=softmax(self.utilities))


@dataclass(frozen=True)
class Way:
    """A way to rank."""

    name: str
    method: RankingMethod
    orderings: int = 8
    profile: Profile = WITH


ONE = Way("one ordering, letter's probabilities", RankingMethod.LOGPROB, 1)
EIGHT = Way("8 orderings, letter's probabilities (the default)", RankingMethod.LOGPROB)
VOTES = Way("8 votes (the default without probabilities)", RankingMethod.VOTE)
PAIRS = Way("pairs, letter's probabilities", RankingMethod.PAIRWISE)
PAIR_VOTES = Way("pairs, votes", RankingMethod.PAIRWISE, profile=WITHOUT)
SMALL = (
    Way("one ordering, one vote", RankingMethod.VOTE, 1),
    ONE,
    EIGHT,
    Way("as many orderings as actions, letter's probabilities", RankingMethod.LOGPROB, 12),
    VOTES,
    Way("one ordering, self-reported", RankingMethod.SELF_REPORTED, 1),
    Way("8 orderings, self-reported", RankingMethod.SELF_REPORTED),
    PAIRS,
    PAIR_VOTES,
)
LARGE = (ONE, EIGHT, VOTES, PAIRS, PAIR_VOTES)


def drawing(*seed: int) -> np.random.Generator:
    """Chance that is the same in every run."""
    return np.random.default_rng([4, *seed])


def softmax(utilities: Vector) -> Vector:
    """Probabilities, each proportional to the exponential."""
    powers = np.exp(utilities - utilities.max())
    return np.asarray(powers / powers.sum())


def judge(body: Any) -> Reply:
    """Answer one request: like an honest model, but for its liking of places and its noise."""
    text = body["messages"][1]["content"][-1]["text"]
    options = [(int(problem), int(action)) for problem, action in re.findall(r"\) problem (\d+) action (\d+)", text)]
    number, count = options[0][0], len(options)
    chance = drawing(number, zlib.crc32(f"{text} {body['seed']}".encode()))
    utilities = Problem(number, 1 + max(action for _, action in options)).utilities
    seen = utilities[[action for _, action in options]] + chance.normal(0.0, NOISE, count)
    seen += np.eye(1, count, 0)[0] * FIRST + np.eye(1, count, 1)[0] * SECOND + np.eye(1, count, count - 1)[0] * LAST
    if "Answer with JSON only" in text:
        shares = np.round(softmax(SELF_CONFIDENCE * seen) / 0.05) * 0.05
        stated = ", ".join(f'"{letter}": {share:.2f}' for letter, share in zip(ascii_uppercase, shares))
        return whole(f"{BEFORE}{{{stated}}}\n</answer>")
    letter = int(chance.choice(count, p=softmax(seen)))
    return (
        lettered(softmax(seen), letter)
        if body.get("logprobs")
        else whole(f"{BEFORE}{ascii_uppercase[letter]}\n</answer>")
    )


def lettered(shares: Vector, chosen: int) -> Reply:
    """A letter with the 20 likeliest alternatives at its place."""
    tops = sorted(zip(shares.tolist(), ascii_uppercase), reverse=True)[:20]
    alternatives = [token(letter, share) for share, letter in tops]
    letter = ascii_uppercase[chosen]
    own = {**token(letter, float(shares[chosen])), "top_logprobs": alternatives}
    around = [{**token(piece, 1.0), "top_logprobs": []} for piece in (BEFORE, "\n</answer>")]
    return whole(f"{BEFORE}{letter}\n</answer>", logprobs={"content": [around[0], own, around[1]]})


def token(text: str, share: float) -> dict[str, Any]:
    """An entry of the log-probabilities."""
    return {"token": text, "logprob": math.log(max(share, 1e-9)), "bytes": None}


async def rank(way: Way, problems: Sequence[Problem], url: str) -> list[Ranking]:
    """Rank the actions of every problem in one way."""
    client = EndpointClient(way.profile, url, "scripted")
    reasoner = Reasoner([client], TaskLibrary.load(), way.orderings, method=way.method)
    turns = asyncio.Semaphore(AT_ONCE)

    async def one(problem: Problem) -> Ranking:
        async with turns:
            ranking = (await reasoner.reason(problem.question, CLIP)).answer
            assert isinstance(ranking, Ranking)
            return ranking

    try:
        await client.count_tokens([])  # once: the judge counts none
        return list(await asyncio.gather(*map(one, problems)))
    finally:
        await client.close()


def kendall(one: Vector, other: Vector) -> float:
    """Kendall's tau-b (Kendall 1945): 1 for the same order, -1 for the opposite; 0 where all are tied."""
    pairs = np.triu_indices(len(one), 1)
    signs = [np.sign(values[pairs[0]] - values[pairs[1]]) for values in (one, other)]
    scale = math.prod(math.sqrt(np.abs(sign).sum()) for sign in signs)
    return float((signs[0] * signs[1]).sum() / scale) if scale else 0.0


def calibration_error(stated: Vector, share_right: Vector, bins: int = 10) -> float:
    """Expected calibration error over equal bins of what was stated (Naeini, Cooper, Hauskrecht 2015)."""
    place = np.minimum((stated * bins).astype(int), bins - 1)
    gaps = [abs(float((stated - share_right)[place == index].sum())) for index in range(bins)]
    return sum(gaps) / len(stated)


def row(way: Way, problems: Sequence[Problem]) -> str:
    """One line of the table."""
    with ScriptedServer([judge] * 100_000) as server:
        rankings = asyncio.run(rank(way, problems, server.url))
        requests = len(server.bodies) / len(problems)
    scores = [np.array([s for _, s in sorted((e.action.id, e.score) for e in each.actions)]) for each in rankings]
    taus = [kendall(score, problem.utilities) for score, problem in zip(scores, problems)]
    first = [int(each.actions[0].action.id) for each in rankings]
    right = np.array([np.mean(problem.truths() == best) for problem, best in zip(problems, first)])
    top = np.mean([best == problem.utilities.argmax() for problem, best in zip(problems, first)])
    error = calibration_error(np.array([each.actions[0].score for each in rankings]), right)
    return f"| {way.name} | {np.mean(taus):.3f} | {top:.0%} | {error:.3f} | {requests:.1f} |"


def table(title: str, ways: Sequence[Way], problems: Sequence[Problem]) -> None:
    """Measure, and print a table."""
    print(f"| {title} | Kendall tau | best is best | ECE of the best's score | requests |\n|---|---|---|---|---|")
    for way in ways:
        print(row(way, problems), flush=True)


def main() -> None:
    """Print both tables."""
    counts = drawing(0).integers(2, 13, 500)
    table("500 problems, 2 to 12 actions", SMALL, [Problem(number, int(n)) for number, n in enumerate(counts)])
    print()
    table("30 problems, 40 actions", LARGE, [Problem(1000 + number, 40) for number in range(30)])


if __name__ == "__main__":
    main()
