"""What an endpoint sends while it answers."""

from dataclasses import dataclass

__all__ = ["Delta", "Finish", "Token"]


@dataclass(frozen=True, slots=True)
class Token:
    """One generated token.

    Attributes:
        text: Its text.
        logprob: Natural logarithm of its probability.
        alternatives: (text, logprob) of the likeliest tokens at this place, itself mostly among them.
    """

    text: str
    logprob: float
    alternatives: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Delta:
    """What was written since the last one.

    Attributes:
        content: Text of the reply proper.
        reasoning: Text of the separate field that a server-side reasoning parser fills.
        tokens: Log-probabilities of the content's tokens, when they were asked for.
    """

    content: str = ""
    reasoning: str = ""
    tokens: tuple[Token, ...] = ()


@dataclass(frozen=True, slots=True)
class Finish:
    """The end of a reply.

    Attributes:
        reason: "stop", "length", ... as the endpoint says; None when it said nothing.
        model: The model that answered.
        prompt_tokens: As the endpoint counted; 0 when it did not say.
        completion_tokens: As the endpoint counted; 0 when it did not say.
    """

    reason: str | None
    model: str
    prompt_tokens: int = 0
    completion_tokens: int = 0
