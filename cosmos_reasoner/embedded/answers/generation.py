"""A reply as tokens with their log-probabilities."""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass

from cosmos_reasoner.embedded.answers.tokens import split

__all__ = ["Candidate", "Draft", "Generated", "Sampling", "WrittenToken", "generate"]

_IMPOSSIBLE = -9999.0
"""Log-probability of what cannot be, as vLLM gives it; JSON has no minus infinity."""

Candidate = tuple[str, float]
"""An answer and its probability."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A reply whose answer is not drawn yet.

    Attributes:
        before: Text before the answer.
        answers: What the answer may be, with probabilities that sum to 1.
        after: Text after the answer.
    """

    before: str
    answers: tuple[Candidate, ...]
    after: str


@dataclass(frozen=True, slots=True)
class Sampling:
    """How the answer is drawn, and where the reply ends.

    Attributes:
        temperature: 0 takes the likeliest.
        top_p: Share of the probability that may be drawn from.
        seed: None for chance.
        stops: Texts that end the reply; they are left out.
        limit: Tokens at most; None for no limit.
        top: Alternatives to list for each token.
    """

    temperature: float = 0.0
    top_p: float = 1.0
    seed: int | None = None
    stops: Sequence[str] = ()
    limit: int | None = None
    top: int = 0


@dataclass(frozen=True, slots=True)
class WrittenToken:
    """One token, its log-probability, and the likeliest tokens at its place."""

    text: str
    logprob: float
    alternatives: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Generated:
    """One finished reply."""

    tokens: tuple[WrittenToken, ...]
    finish: str


def generate(draft: Draft, sampling: Sampling, count: int) -> list[Generated]:
    """Write replies.

    Args:
        draft: What may be written.
        sampling: How.
        count: How many; with the same seed always the same ones.
    """
    chance = random.Random(sampling.seed)
    return [_one(draft, sampling, _draw(draft.answers, sampling, chance)) for _ in range(count)]


def _one(draft: Draft, sampling: Sampling, answer: str) -> Generated:
    certain = [_certain(text, sampling.top) for text in split(draft.before)]
    chosen = _chosen(answer, draft.answers, sampling.top)
    tokens = [*certain, *chosen, *(_certain(text, sampling.top) for text in split(draft.after))]
    stopped = _stopped(tokens, sampling.stops)
    if sampling.limit is not None and len(stopped) > sampling.limit:
        return Generated(tuple(stopped[: sampling.limit]), "length")
    return Generated(tuple(stopped), "stop")


def _draw(answers: Sequence[Candidate], sampling: Sampling, chance: random.Random) -> str:
    ordered = sorted(answers, key=lambda candidate: -candidate[1])
    if sampling.temperature == 0:
        return ordered[0][0]
    weights, total = [], 0.0
    for _, share in ordered:
        weights.append(share ** (1 / sampling.temperature) if total < sampling.top_p else 0.0)
        total += share
    if not any(weights):
        return ordered[0][0]
    return chance.choices([text for text, _ in ordered], weights)[0]


def _certain(text: str, top: int) -> WrittenToken:
    return WrittenToken(text, 0.0, ((text, 0.0),) if top else ())


def _chosen(answer: str, answers: Sequence[Candidate], top: int) -> list[WrittenToken]:
    """Tokens of an answer: at each place those answers compete that begin alike."""
    cut = [(split(text), share) for text, share in answers]
    tokens: list[WrittenToken] = []
    for place, text in enumerate(split(answer)):
        shares: dict[str, float] = {}
        for other, share in cut:
            if len(other) > place and other[:place] == [token.text for token in tokens]:
                shares[other[place]] = shares.get(other[place], 0.0) + share
        total = sum(shares.values())
        ranked = sorted(((token, _log(share, total)) for token, share in shares.items()), key=lambda entry: -entry[1])
        tokens.append(WrittenToken(text, _log(shares[text], total), tuple(ranked[:top])))
    return tokens


def _log(share: float, total: float) -> float:
    return max(_IMPOSSIBLE, math.log(share / total)) if share > 0 and total > 0 else _IMPOSSIBLE


def _stopped(tokens: list[WrittenToken], stops: Sequence[str]) -> list[WrittenToken]:
    """The tokens before the first stop text."""
    text = "".join(token.text for token in tokens)
    ends = [at for stop in stops if stop and (at := text.find(stop)) >= 0]
    if not ends:
        return tokens
    kept: list[WrittenToken] = []
    room = min(ends)
    for token in tokens:
        if room <= 0:
            break
        kept.append(token if len(token.text) <= room else WrittenToken(token.text[:room], token.logprob, ()))
        room -= len(token.text)
    return kept
