"""A think part that has used up its share of the time budget, ended so that an answer comes in time."""

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from cosmos_reasoner.endpoints.client import ChatEndpoint
from cosmos_reasoner.endpoints.constraints import Constraint
from cosmos_reasoner.endpoints.profile import ClosingMode
from cosmos_reasoner.endpoints.request import continued
from cosmos_reasoner.errors import EndpointFailed, ProtocolError, RequestRejected
from cosmos_reasoner.reasoning.exchange import Exchange, Listener, converse
from cosmos_reasoner.reasoning.signs import Signs
from cosmos_reasoner.replies.defects import DefectKind
from cosmos_reasoner.tasks.prompt import Prompt

__all__ = ["THINK_SHARE", "conclude", "think_deadline"]

THINK_SHARE = 0.7
"""Of the time that is left when a request is sent, what its think part may take: an answer is short."""


def think_deadline(now: float, left: float | None, rounds: int) -> float:
    """Time from which a think part is ended.

    Args:
        now: Time of the loop, s.
        left: Of the time budget, s; None for no limit.
        rounds: Requests that will follow each other, this one included.
    """
    return math.inf if left is None else now + THINK_SHARE * left / rounds


async def conclude(
    endpoint: ChatEndpoint,
    thought: Exchange,
    body: dict[str, Any],
    constraint: Constraint | None,
    again: Callable[[], tuple[Prompt, dict[str, Any]]],
    listener: Listener | None,
    signs: Signs,
) -> Exchange:
    """Get the answer of a reply that ended in its think part.

    The same reply is continued behind a `</think>` where the endpoint can do that. Where it refuses, or no answer comes
    of it, the question is asked once more, without reasoning.

    Args:
        endpoint: Who answers.
        thought: The reply.
        body: The request that it was answering.
        constraint: What the answer may be.
        again: Makes the same question without reasoning, and its request.
        listener: Is told what the model writes while it writes it.
        signs: Shows those who wait that the endpoint is at work.

    Raises:
        EndpointError: Anything that goes wrong on the way.
    """
    answered = None
    if endpoint.profile.closing is ClosingMode.PREFILL and thought.reply.think:
        answered = await _continued(endpoint, thought, body, constraint, listener, signs)
    if answered is None or not answered.reply.answer:
        prompt, request = again()
        answered = await converse(endpoint, prompt, request, signs, listener)
    return _joined(thought, answered)


def _joined(thought: Exchange, answered: Exchange) -> Exchange:
    """One exchange of both: the reasoning of the first, the answer of the second, and what both cost."""
    kept = tuple(defect for defect in thought.reply.defects if defect.kind is DefectKind.CLIP_ALTERED)
    finish = replace(
        answered.finish,
        prompt_tokens=thought.finish.prompt_tokens + answered.finish.prompt_tokens,
        completion_tokens=thought.finish.completion_tokens + answered.finish.completion_tokens,
    )
    cut = thought.finish.reason == "length"
    return replace(
        answered,
        prompt=thought.prompt,
        reply=replace(answered.reply, think=thought.reply.think, defects=kept + answered.reply.defects),
        finish=finish,
        first_token=thought.first_token,
        thinking=thought.thinking + answered.first_token + answered.thinking,
        waited=thought.waited,
        closed="the token limit cut the reasoning" if cut else "the reasoning took its share of the time",
    )


async def _continued(
    endpoint: ChatEndpoint,
    thought: Exchange,
    body: dict[str, Any],
    constraint: Constraint | None,
    listener: Listener | None,
    signs: Signs,
) -> Exchange | None:
    written = f"<think>\n{thought.reply.think}\n</think>\n\n"
    if endpoint.profile.prompting.answer_tag:
        written += "<answer>\n"
    request = continued(body, endpoint.profile, written, constraint)
    try:
        return await converse(endpoint, thought.prompt, request, signs, listener, written=written)
    except (RequestRejected, EndpointFailed, ProtocolError):
        return None
